"""Cells as other programs write them: the column's style and the cell give the value, or say what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.exchange.columns import ENGLISH, ITALIAN, ROME, TODAY, field, style_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.exchange.cells import read_cell
from tuicrm.exchange.column_styles import ColumnStyle

US = ENGLISH


@pytest.mark.parametrize(
    ("text", "kind", "style", "expected"),
    [
        ("  ", "number", ENGLISH, None),
        ("2002/1/16", "date", ITALIAN, "2002-01-16"),
        ("2002-01-16T10:00:00Z", "date", ITALIAN, "2002-01-16"),
        ("2026-12-18T00:00:00+02:00", "date", ENGLISH, "2026-12-18"),
        ("3/4/2026", "date", ITALIAN, "2026-04-03"),
        ("3/4/2026", "date", ENGLISH, "2026-03-04"),
        ("18/12/26", "date", ENGLISH, "2026-12-18"),
        ("18/12/45", "date", ENGLISH, "2045-12-18"),
        ("18/12/65", "date", ENGLISH, "1965-12-18"),
        ("18-Dec-2026", "date", ITALIAN, "2026-12-18"),
        ("18-dic-26", "date", ENGLISH, "2026-12-18"),
        ("18 dicembre 2026", "date", ENGLISH, "2026-12-18"),
        ("December 18, 2026", "date", ITALIAN, "2026-12-18"),
        ("Fri, 18 Dec 2026", "date", ITALIAN, "2026-12-18"),
        ("20261218", "date", ENGLISH, "2026-12-18"),
        ("18. 12. 2026", "date", ENGLISH, "2026-12-18"),
        ("2026. 12. 18.", "date", ENGLISH, "2026-12-18"),
        ("2006-04-15T03:23:15.000Z", "datetime", ENGLISH, "2006-04-15T03:23:15Z"),
        ("2024-08-30 14:29:00+02:00", "datetime", ENGLISH, "2024-08-30T12:29:00Z"),
        ("2026-12-18 14:30:00+0530", "datetime", ENGLISH, "2026-12-18T09:00:00Z"),
        ("2026-12-18 14:30 -08:00", "datetime", ENGLISH, "2026-12-18T22:30:00Z"),
        ("20261218T143000Z", "datetime", ITALIAN, "2026-12-18T14:30:00Z"),
        ("2026-12-18 9:30", "datetime", ENGLISH, "2026-12-18T09:30:00Z"),
        ("2026-12-18 9:30", "datetime", ITALIAN, "2026-12-18T08:30:00Z"),
        ("18.12.2026 14:30:00", "datetime", ITALIAN, "2026-12-18T13:30:00Z"),
        ("12/18/2026 02:30 PM", "datetime", ENGLISH, "2026-12-18T14:30:00Z"),
        ("12/18/2026 12:05 a.m.", "datetime", ENGLISH, "2026-12-18T00:05:00Z"),
        ("12/18/26, 2:30\u202fPM", "datetime", ENGLISH, "2026-12-18T14:30:00Z"),
        ("Friday, December 18, 2026 at 2:30 PM", "datetime", ENGLISH, "2026-12-18T14:30:00Z"),
        ("3/4/2026", "datetime", ITALIAN, "2026-04-02T22:00:00Z"),
        ("TRUE", "boolean", ENGLISH, True),
        ("1", "boolean", ENGLISH, True),
        ("no", "boolean", ENGLISH, False),
        ("1,234.50", "number", ENGLISH, "1234.50"),
        ("1.234,50", "number", ITALIAN, "1234.50"),
        ("1.234", "number", ITALIAN, "1234"),
        ("1.234", "number", ENGLISH, "1.234"),
        ("1 234,5", "number", ITALIAN, "1234.5"),
        ("12,5%", "number", ENGLISH, "12.5"),
        ("(3,5)", "number", ENGLISH, "-3.5"),
        ("3.5-", "number", ENGLISH, "-3.5"),
        ("1.2345E+6", "number", ITALIAN, "1234500"),
        ("5E-3", "number", ENGLISH, "0.005"),
        ("45%", "integer", ENGLISH, 45),
        ("-12", "integer", ENGLISH, -12),
        ("1,200", "integer", ENGLISH, 1200),
        ("1 200", "integer", ENGLISH, 1200),
        ("Blue", "list", ENGLISH, "Blue"),
    ],
)
def test_a_cell(text: str, kind: str, style: ColumnStyle, expected: Any) -> None:
    assert read_cell(text, field(kind), style) == expected


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$10,000.00", "10000.00", "USD"),
        ("10000", "10000", ""),
        ("38.000,50 EUR", "38000.50", "EUR"),
        ("-1234.50", "-1234.50", ""),
        ("(1,234.50)", "-1234.50", ""),
        ("$(1,234.50)", "-1234.50", "USD"),
        ("-$1234.50", "-1234.50", "USD"),
        ("1234.50-", "-1234.50", ""),
        ("\u22121234.50", "-1234.50", ""),
        ("1'234'567.50", "1234567.50", ""),
        ("1\u2019234\u2019567.50", "1234567.50", ""),
        ("1\u202f234\u202f567.50", "1234567.50", ""),
        ("1\u2009234\u2009567.50", "1234567.50", ""),
        ("1\u00a0234\u00a0567,50", "1234567.50", ""),
        ("1234.50 €", "1234.50", "EUR"),
        ("€1234.50", "1234.50", "EUR"),
        ("CHF 1234.50", "1234.50", "CHF"),
        ("1234.50CHF", "1234.50", "CHF"),
        ("1234.50 ₽", "1234.50", "RUB"),
        ("1 234,50 руб.", "1234.50", "RUB"),
        ("¥1234", "1234", "JPY"),
        ("₹12,34,567.50", "1234567.50", "INR"),
        ("1234.50 zł", "1234.50", "PLN"),
        ("R$ 1234.50", "1234.50", "BRL"),
        ("$1,234.50 USD", "1234.50", "USD"),
        ("$1,234.50 CAD", "1234.50", "CAD"),
        ("1.2345E+6", "1234500", ""),
        ("500000.0", "500000.0", ""),
        ("+1234.50", "1234.50", ""),
        ("1234.-", "1234", ""),
        ("1'234.\u2013", "1234", ""),
        ("12,--", "12", ""),
    ],
)
def test_an_amount(text: str, amount: str, currency: str) -> None:
    """Each of these is one number, whoever reads it."""
    for style in (ENGLISH, ITALIAN, ColumnStyle("dmy", None)):
        assert read_cell(text, field("money"), style) == {"amount": amount, "currency": currency}


def test_a_sign_that_several_currencies_share() -> None:
    assert read_cell("$5", field("money"), ColumnStyle(currency="CAD"))["currency"] == "CAD"
    assert read_cell("kr 5", field("money"), ColumnStyle(currency="SEK"))["currency"] == "SEK"
    with pytest.raises(BadValue, match="an amount"):
        read_cell("kr 5", field("money"), ENGLISH)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("soon", "date"),
        ("2026-02-30", "date"),
        ("31/31/2026", "date"),
        ("2026-12-18 or later", "date"),
        ("18/12/2026 24:30", "date"),
        ("29/02/2027", "date"),
        ("2026-02-01T99:00:00Z", "datetime"),
        ("2026-12-18 14:30 CET", "datetime"),
        ("2026-12-18 13:30 PM", "datetime"),
        ("14:30", "datetime"),
        ("perhaps", "boolean"),
        ("12,34,5x", "number"),
        ("1 2", "number"),
        ("1-2", "number"),
        ("--5", "number"),
        ("1E400", "number"),
        ("5 kg", "number"),
        ("1.5", "integer"),
        ("EUR 5 USD", "money"),
        ("12%", "money"),
        ("much", "money"),
    ],
)
def test_a_cell_that_does_not_fit_says_what_is_expected(text: str, kind: str) -> None:
    with pytest.raises(BadValue, match="expected") as caught:
        read_cell(text, field(kind), ENGLISH)
    assert caught.value.value == text


# -- as each locale writes it ------------------------------------------------------------------------------------------
_LOCALES = st.sampled_from(
    ["en_GB", "en_US", "en_IN", "it_IT", "it_CH", "de_DE", "de_CH", "fr_FR", "es_ES", "pt_BR", "nl_NL", "pl_PL", "ru_RU", "sv_SE"]
)  # fmt: skip
_NUMBER = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


@settings(deadline=None, max_examples=examples(100))
@given(_NUMBER, _LOCALES, st.sampled_from(["#,##0.00;(#,##0.00)", "#,##0.00;#,##0.00-", "#,##0.00"]))
def test_a_number_of_any_locale_is_read_back(number: Decimal, locale: str, pattern: str) -> None:
    """Two decimals show what mark they stand behind, whatever the person's locale is."""
    text = format_decimal(number, pattern, locale=locale)
    for style in (style_of("number", [text], ENGLISH), style_of("number", [text], ITALIAN)):
        assert Decimal(read_cell(text, field("number"), style)) == number


@settings(deadline=None, max_examples=examples(100))
@given(_NUMBER, _LOCALES, st.sampled_from(["EUR", "USD", "GBP", "CHF", "PLN", "BRL", "INR", "RUB"]))
def test_an_amount_of_any_locale_is_read_back(number: Decimal, locale: str, currency: str) -> None:
    texts = [
        format_currency(number, currency, locale=locale),
        format_currency(number, currency, "#,##0.00 ¤¤", locale=locale),
    ]
    for text in texts:
        found = read_cell(text, field("money"), style_of("money", [text], ENGLISH))
        assert Decimal(found["amount"]) == number, text
        assert found["currency"] == currency, text


@settings(deadline=None, max_examples=examples(100))
@given(st.integers(min_value=1, max_value=10**12), _LOCALES)
def test_a_whole_amount_of_any_locale_is_a_whole_amount(number: int, locale: str) -> None:
    """Never a thousand times less: euros have no third decimal."""
    text = format_decimal(number, locale=locale)
    for default in (ENGLISH, ITALIAN):
        assert Decimal(read_cell(text, field("money"), style_of("money", [text], default))["amount"]) == number


_DAY = st.dates(date(1947, 1, 1), date(2046, 12, 31))
"""As far as years of two digits go from TODAY."""


_OF_DAYS = st.sampled_from(["short", "medium", "long", "full", "dd.MM.yyyy", "yyyyMMdd", "d-MMM-yy", "EEE d MMMM yyyy"])
_OURS = st.sampled_from(["en_GB", "en_US", "it_IT"])


@settings(deadline=None, max_examples=examples(100))
@given(_DAY, _OF_DAYS, _OURS)
def test_a_day_of_any_of_our_locales_is_read_back(day: date, form: str, locale: str) -> None:
    style = ColumnStyle("mdy" if locale == "en_US" else "dmy", today=TODAY)
    text = format_date(day, form, locale=locale)
    assert read_cell(text, field("date"), style_of("date", [text], style)) == day.isoformat()


_OF_MOMENTS = st.sampled_from(
    ["short", "medium", "dd.MM.yyyy HH:mm:ss", "MM/dd/yyyy hh:mm a", "yyyy-MM-dd H:mm", "yyyy-MM-dd'T'HH:mm:ssXXX"]
)


@settings(deadline=None, max_examples=examples(100))
@given(
    st.integers(631_152_000, 2_240_000_000),
    _OF_MOMENTS,
    _OURS,
    st.sampled_from([UTC, ROME, ZoneInfo("America/New_York")]),
)
def test_a_moment_of_any_of_our_locales_keeps_its_time(seconds: int, form: str, locale: str, zone: Any) -> None:
    """To the minute, on the person's own clock."""
    style = ColumnStyle("mdy" if locale == "en_US" or form.startswith("MM") else "dmy", today=TODAY, zone=zone)
    moment = datetime.fromtimestamp(seconds // 60 * 60, UTC)
    shown = moment.astimezone(zone)
    # Of two equal hours in autumn the first is meant.
    assume(not shown.fold or "XXX" in form)
    text = format_datetime(shown, form, tzinfo=zone, locale=locale)
    read = datetime.fromisoformat(read_cell(text, field("datetime"), style_of("datetime", [text], style)))
    assert read == moment, text
