"""What stands in a document for a value: every modifier, in English and Italian, whatever language the program speaks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal, getcontext
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import format_currency, format_decimal

from tuicrm.domain.documents.languages import locale_of
from tuicrm.domain.documents.printing import NAME_PARTS, check_modifier, printed
from tuicrm.domain.documents.values import (
    AddressValue,
    DateValue,
    DocValue,
    FlagValue,
    ListValue,
    MomentValue,
    MoneyValue,
    NameValue,
    NumberValue,
    OneValue,
    PictureValue,
    TextValue,
    ValueKind,
)
from tuicrm.i18n import set_language

DAY = DateValue(date(2026, 3, 5))
MOMENT = MomentValue(datetime(2026, 3, 5, 14, 7, 9, tzinfo=ZoneInfo("Europe/Rome")))
MONEY = MoneyValue(Decimal("38000.50"), "EUR")
WHOLE = MoneyValue(Decimal("1952.00"), "EUR")
NUMBER = NumberValue(Decimal("1234.50"))
NAME = NameValue("Dr", "Ada", "Maria", "Rossi")
PLACE = AddressValue({"line1": "Via Roma 12", "postcode": "20900", "city": "Monza", "province": "MB", "country": "IT"})

CASES: list[tuple[DocValue, str, str, str]] = [
    (DAY, "", "5 March 2026", "5 marzo 2026"),
    (DAY, "d.m.Y", "05.03.2026", "05.03.2026"),
    (DAY, "j F, Y", "5 March, 2026", "5 marzo, 2026"),
    (DAY, r"l j F \d\i Y", "Thursday 5 March di 2026", "giovedì 5 marzo di 2026"),
    (DAY, "D M jS", "Thu Mar 5th", "gio mar 5º"),
    (DAY, "H:i e", "00:00 ", "00:00 "),
    (MOMENT, "", "5 March 2026 14:07", "5 marzo 2026 14:07"),
    (MOMENT, "Y-m-d H:i:s", "2026-03-05 14:07:09", "2026-03-05 14:07:09"),
    (MOMENT, "g:i A", "2:07 PM", "2:07 PM"),
    (MomentValue(MOMENT.when, as_day=True), "", "5 March 2026", "5 marzo 2026"),
    (MONEY, "", "€38,000.50", "38.000,50\xa0€"),
    (MONEY, "NO_SIGN=Y", "38,000.50", "38.000,50"),
    (MONEY, "WZ=Y", "€38,000.50", "38.000,50\xa0€"),
    (WHOLE, "WZ=Y", "€1,952", "1.952\xa0€"),
    (WHOLE, "WZ=Y,NO_SIGN=Y", "1,952", "1.952"),
    (WHOLE, "W=N", "€1,952.00", "1.952,00\xa0€"),
    (
        WHOLE,
        "W=Y",
        "one thousand, nine hundred and fifty-two and 00/100 euros",
        "millenovecentocinquantadue/00 euro",
    ),
    (WHOLE, "WORDS=Y, WZ=Y", "one thousand, nine hundred and fifty-two euros", "millenovecentocinquantadue euro"),
    (MONEY, "W=Y,NO_SIGN=Y", "thirty-eight thousand and 50/100", "trentottomila/50"),
    (MoneyValue(Decimal("-0.5"), "EUR"), "W=Y", "minus zero and 50/100 euros", "meno zero/50 euro"),
    (MoneyValue(Decimal(1500), "JPY"), "", "JP¥1,500", "1.500\xa0JPY"),
    (MoneyValue(Decimal(21), "JPY"), "W=Y", "twenty-one Japanese yen", "ventuno yen giapponesi"),
    (MoneyValue(Decimal("1.5"), "KWD"), "W=Y,NO_SIGN=Y", "one and 500/1000", "uno/500"),
    (MoneyValue(Decimal("0.0025"), "EUR"), "", "€0.0025", "0,0025\xa0€"),
    (NUMBER, "", "1,234.50", "1.234,50"),
    (NumberValue(Decimal("12.00"), "%"), "WZ=Y", "12 %", "12 %"),
    (NumberValue(Decimal(12), "%"), "NO_SIGN=Y", "12", "12"),
    (NumberValue(Decimal("-1.5")), "W=Y", "minus one point five", "meno uno virgola cinque"),
    (NAME, "", "Dr Ada Maria Rossi", "Dr Ada Maria Rossi"),
    (NAME, "Format=#TITLE# #LAST_NAME# #NAME# #SECOND_NAME#", "Dr Rossi Ada Maria", "Dr Rossi Ada Maria"),
    (NAME, "Format=#LAST_NAME#, #NAME_SHORT# #SECOND_NAME_SHORT#", "Rossi, A. M.", "Rossi, A. M."),
    (NameValue(last="Rossi"), "Format=#TITLE# #LAST_NAME#, #NAME#", "Rossi", "Rossi"),
    (PLACE, "", "Via Roma 12, 20900 Monza MB, Italy", "Via Roma 12, 20900 Monza MB, Italia"),
    (PLACE, "Format=#POSTAL_CODE# #CITY#, #ADDRESS_2#, #COUNTRY#", "20900 Monza, Italy", "20900 Monza, Italia"),
    (FlagValue(True), "", "yes", "sì"),
    (FlagValue(False), "", "no", "no"),
    (PictureValue("0" * 64, "Logo.PNG"), "", "", ""),
    (PictureValue("0" * 64, "terms.pdf"), "", "terms.pdf", "terms.pdf"),
    (ListValue((DAY, DAY)), "d/m", "05/03, 05/03", "05/03, 05/03"),
    (TextValue("a\n{Name}\tb"), "W=Y", "a\n{Name}\tb", "a\n{Name}\tb"),
]


@pytest.mark.parametrize("spoken", ["en", "it"])
@pytest.mark.parametrize("at", range(len(CASES)), ids=[f"{type(one).__name__} {mod}" for one, mod, _en, _it in CASES])
def test_it_is_printed_in_the_documents_language(at: int, spoken: str) -> None:
    """Whichever the program speaks."""
    set_language(spoken)
    value, modifier, english, italian = CASES[at]
    assert printed(value, modifier, "en") == english
    assert printed(value, modifier, "it") == italian


def test_every_kind_of_value_is_printed_and_checked() -> None:
    assert {type(value) for value, *_ in CASES} >= set(get_args(OneValue))
    for kind in get_args(ValueKind):
        assert check_modifier(kind, "") is None
        assert check_modifier(kind, "Nix=Q,#") is not None


def test_no_value_prints_nothing() -> None:
    assert printed(None, "W=Y", "it") == ""
    assert printed(ListValue(()), "", "en") == ""


@pytest.mark.parametrize("language", ["de", "de_CH", "pt-BR", "it_IT.UTF-8"])
def test_other_languages_are_written_as_they_are(language: str) -> None:
    assert printed(DAY, "", language) != printed(DAY, "", "en")
    assert printed(WHOLE, "W=Y", language) != printed(WHOLE, "", language)


@pytest.mark.parametrize("language", ["", "xx", "../../etc", "en\0", "\u202e", "x" * 10_000])
def test_what_is_no_language_is_printed_as_english(language: str) -> None:
    for value, modifier, _english, _italian in CASES:
        assert isinstance(printed(value, modifier, language), str)
    assert printed(DAY, "", language) == "5 March 2026"
    assert printed(WHOLE, "W=Y", language) == "€1,952.00"  # nobody can say it in words


@pytest.mark.parametrize("number", ["0", "1e30", "9" * 40, "-" + "9" * 40, "0." + "1" * 38, "1e-20"])
def test_no_number_is_too_large_or_fine(number: str) -> None:
    for value in (MoneyValue(Decimal(number), "EUR"), NumberValue(Decimal(number))):
        for modifier in ("", "W=Y", "WZ=Y", "NO_SIGN=Y"):
            for language in ("en", "it", "ja", "ar"):
                assert printed(value, modifier, language)
    exact = printed(NumberValue(Decimal(number)), "", "en").replace(",", "")
    assert Decimal(exact) == Decimal(number)


def test_arithmetic_stays_as_exact_as_it_was() -> None:
    """What num2words has for Arabic sets the precision of the whole program by the digits of the number."""
    before = getcontext().prec
    for language in ("en", "it", "ar"):
        printed(NumberValue(Decimal("9" * 40)), "W=Y", language)
    assert getcontext().prec == before


def test_a_currency_that_nobody_knows_has_its_code() -> None:
    assert printed(MoneyValue(Decimal(5), "QQQ"), "W=Y", "it") == "cinque/00 QQQ"
    assert "QQQ" in printed(MoneyValue(Decimal(5), "QQQ"), "", "en")


HOSTILE = [
    "~",
    "#",
    "=Y",
    "W=",
    ",,,",
    "Format=",
    "Format=#",
    "Format=" + "#NAME#" * 5_000,
    "\\",
    "W=Y" * 3_000,
    "\0\x1b[2J",
    "{Name}",
]


@pytest.mark.parametrize("modifier", HOSTILE, ids=range(len(HOSTILE)))
def test_no_modifier_breaks_anything(modifier: str) -> None:
    for value, *_ in CASES:
        assert isinstance(printed(value, modifier, "it"), str)
    for kind in get_args(ValueKind):
        told = check_modifier(kind, modifier)
        assert told is None or told


@pytest.mark.parametrize(
    ("kind", "modifier", "said"),
    [
        ("text", "W=Y", "leave out ~W=Y"),
        ("flag", "x", "leave out ~x"),
        ("money", "W=Y,Q=Y", "Q does not say"),
        ("money", "words", "words does not say"),
        ("money", "W=maybe", "W: Y or N"),
        ("date", "d.q.Y", "q means nothing"),
        ("name", "d.m.Y", "Format=#TITLE#"),
        ("name", "Format=#NIX#", "#NIX# is not a part"),
        ("address", "Format=#NAME#", "#NAME# is not a part"),
    ],
)
def test_what_is_wrong_with_a_modifier_is_said(kind: ValueKind, modifier: str, said: str) -> None:
    assert said in (check_modifier(kind, modifier) or "")


@pytest.mark.parametrize(
    ("kind", "modifier"),
    [
        ("money", "W=Y"),
        ("money", "ns=y, wz=n"),
        ("number", "WORDS=Y"),
        ("date", r"d.m.Y \a\t H:i"),
        ("moment", "c"),
        ("name", f"Format={' '.join(f'#{part}#' for part in NAME_PARTS)} #NOBR#x#/NOBR#"),
        ("address", "Format=#CITY#, #COUNTRY#"),
    ],
)
def test_a_good_modifier_is_left_alone(kind: ValueKind, modifier: str) -> None:
    assert check_modifier(kind, modifier) is None


def test_a_moment_is_of_its_own_zone() -> None:
    assert printed(MOMENT, "P T e U", "en") == "+01:00 CET Europe/Rome 1772716029"
    assert printed(MomentValue(MOMENT.when.astimezone(UTC)), "H:i p", "en") == "13:07 Z"


PLACES = {"hi": "#,##,##0.00"}
"""Where numbers are not grouped by thousands alone."""


@pytest.mark.parametrize("language", ["en", "it", "de_CH", "fr", "hi", "ar", "ja", "sv", "fa", "pl"])
def test_numbers_are_written_as_babel_writes_them(language: str) -> None:
    locale = locale_of(language)
    for number in ("0.00", "1.00", "-1.50", "1234.00", "-12345678.91", "999999999999.25"):
        amount = Decimal(number)
        assert (
            printed(NumberValue(amount), "", language)
            == format_decimal(amount, "#,##0.00", locale, group_separator=True)
            or language == "hi"
        )
        assert printed(MoneyValue(amount, "EUR"), "", language) == format_currency(amount, "EUR", locale=locale)
