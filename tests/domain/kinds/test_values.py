"""Values that may stand in a record, whoever wrote them: each is shown, and what an editor offers for it is that very value."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.domain.kinds.test_kinds import EN, EXACT, IT, NOW, US, Names, eur, field
from tests.examples import examples
from tuicrm.domain.conditions import Sort, Test
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.dates import day_heading, late_text, short_when
from tuicrm.domain.kinds.money import short_money, whole_money
from tuicrm.domain.kinds.values import edit_field, format_field, parse_field, read_field
from tuicrm.domain.matching import comparable_of, matcher, sort_key
from tuicrm.domain.money import round_money
from tuicrm.i18n import set_language

TOKYO = Context(Names(), NOW, ZoneInfo("Asia/Tokyo"), "en", "en_GB")
LORD_HOWE = Context(Names(), NOW, ZoneInfo("Australia/Lord_Howe"), "en", "en_AU")
"""Its summer time is half an hour."""
NOWHERE = Context(Names(), NOW, UTC, "en", "en_GB")
"""In a workspace of which nobody has said the country."""
CONTEXTS = [EN, IT, US, TOKYO, LORD_HOWE, EXACT]

_DAYS = st.dates().map(lambda day: day.isoformat())
_MOMENTS = st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "Z")
_IN_AUTUMN = (NOW.replace(month=10, day=24, tzinfo=None), NOW.replace(day=1, tzinfo=None))
_AUTUMN = st.datetimes(*_IN_AUTUMN).map(lambda moment: moment.replace(second=0, microsecond=0).isoformat() + "Z")
_NUMBERS = st.decimals(-(10**17), 10**17, places=4).map(lambda number: f"{number or Decimal(0):.4f}")


def as_stored(kind: str, value: Any) -> Any:
    return read_field(value, field(kind), EXACT)


@settings(deadline=None, max_examples=examples(300))
@given(_DAYS, st.sampled_from(CONTEXTS))
@example("0001-01-01", IT)
@example("0099-05-05", EN)
@example("9999-12-31", US)
def test_any_day_is_offered_as_itself(value: str, context: Context) -> None:
    assert parse_field(edit_field(value, field("date"), context), field("date"), context) == value


@settings(deadline=None, max_examples=examples(500))
@given(_MOMENTS | _AUTUMN, st.sampled_from(CONTEXTS))
@example("2026-10-25T00:30:00Z", IT)
@example("2026-10-25T01:30:00Z", IT)
@example("2026-04-04T15:15:00Z", LORD_HOWE)
@example("9999-12-31T23:00:00Z", TOKYO)
@example("0001-01-01T00:00:00Z", US)
@example("0001-01-01T04:56:02Z", US)
def test_any_moment_is_shown_and_offered_as_itself(value: str, context: Context) -> None:
    for shown in (
        format_field(value, field("datetime"), context),
        short_when(value, context),
        late_text(value, context),
    ):
        assert shown
    assert day_heading(value, context)
    assert parse_field(edit_field(value, field("datetime"), context), field("datetime"), context) == value


@settings(deadline=None, max_examples=examples(300))
@given(_NUMBERS, st.sampled_from(CONTEXTS), st.sampled_from(["EUR", "JPY", "KWD", "USD"]))
def test_any_number_and_amount_is_offered_as_itself(number: str, context: Context, currency: str) -> None:
    assert parse_field(edit_field(number, field("number"), context), field("number"), context) == number
    rounded = f"{round_money(Decimal(number), currency):f}"
    amount = as_stored("money", {"amount": rounded, "currency": currency})
    assert parse_field(edit_field(amount, field("money"), context), field("money"), context) == amount


def test_the_second_of_two_equal_hours_is_kept() -> None:
    """In Rome 02:30 comes twice on 25 October 2026; saving without a change must not move it by an hour."""
    assert edit_field("2026-10-25T00:30:00Z", field("datetime"), IT) == "2026-10-25 02:30"
    assert edit_field("2026-10-25T01:30:00Z", field("datetime"), IT) == "2026-10-25T01:30:00Z"


@settings(deadline=None, max_examples=examples(200))
@given(st.lists(_NUMBERS, min_size=2, max_size=6))
def test_order_is_what_filters_say(numbers: list[str]) -> None:
    docs = [{"f": number} for number in numbers]
    order = sort_key([Sort("f", "number")])
    ranked = sorted(docs, key=lambda doc: order(doc, 0))
    for before, after in pairwise(ranked):
        assert matcher(Test("f", "number", "<=", comparable_of("number", after["f"])))(before)
        assert not matcher(Test("f", "number", ">", comparable_of("number", after["f"])))(before)


@pytest.mark.parametrize("text", ["0000-01-01", "99999-01-01", "1/1/0", "+99999y", "-9999y", "9999-12-31+1d"])
def test_days_that_no_calendar_has_are_refused(text: str) -> None:
    for kind in ("date", "datetime"):
        with pytest.raises(BadValue, match=r"no such day|is expected"):
            parse_field(text, field(kind), EN)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9pm", "2026-11-23T20:00:00Z"),
        ("3 pm", "2026-11-23T14:00:00Z"),
        ("tomorrow 3 pm", "2026-11-24T14:00:00Z"),
        ("12:00 am", "2026-11-22T23:00:00Z"),
    ],
)
def test_times_of_twelve_hours(typed: str, kept: str) -> None:
    assert parse_field(typed, field("datetime"), EN) == kept


def test_a_wrong_moment_says_that_a_moment_is_expected() -> None:
    with pytest.raises(BadValue, match="a day and time is expected"):
        parse_field("whenever", field("datetime"), EN)


PHONES = [
    (EN, "02 5555 0142 ext 12", "+390255550142;ext=12", "+39 02 5555 0142 ext. 12"),
    (EN, "+39 02 5555 0142 int. 12", "+390255550142;ext=12", "+39 02 5555 0142 ext. 12"),
    (EN, "0039 02 5555 0142", "+390255550142", "+39 02 5555 0142"),
    (US, "(212) 555-0142", "+12125550142", "+1 212-555-0142"),
    (EN, "112", "112", "112"),
    (US, "416-555-0142x752", "+14165550142;ext=752", "+1 416-555-0142 ext. 752"),
    (EN, "416-555-0142x752", "4165550142;ext=752", "416-555-0142x752"),
    (EN, "212.555.0142 ext. 41", "2125550142;ext=41", "212.555.0142 ext. 41"),
    (NOWHERE, "02 5555 0142", "0255550142", "02 5555 0142"),
    (NOWHERE, "+39 02 5555 0142", "+390255550142", "+39 02 5555 0142"),
    (EN, "0255550142.0", "+390255550142", "+39 02 5555 0142"),
    (EN, "+999 123", "+999123", "+999123"),
]


@pytest.mark.parametrize(("context", "typed", "kept", "shown"), PHONES)
def test_phones_abroad_with_extensions_and_what_is_no_number(
    context: Context, typed: str, kept: str, shown: str
) -> None:
    value = parse_field(typed, field("phone"), context)
    assert (value["value"], value["typed"]) == (kept, typed)
    assert format_field(value, field("phone"), context) == shown
    assert parse_field(edit_field(value, field("phone"), context), field("phone"), context) == value


@pytest.mark.parametrize("typed", ["3.91235E+11", "3,91E+11", "'3.91E11", "-3.9E+10"])
def test_a_number_that_a_spreadsheet_has_shortened_is_none(typed: str) -> None:
    with pytest.raises(BadValue, match="shortened"):
        parse_field(typed, field("phone"), EN)


@pytest.mark.parametrize(
    "kept",
    [
        {"value": "3766949481", "typed": "(376)694-9481", "type": "work"},
        {"value": "4165550142;ext=752", "typed": "416-555-0142x752", "type": "work"},
        {"value": "+390255550142", "typed": "02 5555 0142", "type": "work"},
        {"value": "0255550142", "typed": "02 5555 0142", "type": "work"},
        {"value": "+73011234567", "typed": "8 (301) 123-45-67", "type": "work"},
        {"value": "+73011234567;ext=5", "typed": "8 (301) 123-45-67 доб. 5", "type": "work"},
    ],
)
def test_a_number_once_read_stays_that_of_its_country_or_of_no_country(kept: dict[str, str]) -> None:
    for context in (EN, US, NOWHERE):
        assert read_field(kept, field("phone"), context) == kept


def test_a_number_that_is_not_what_was_typed_is_read_anew() -> None:
    for value in ("02 5555 0142", "+1999", "12"):
        given = {"value": value, "typed": "02 5555 0142", "type": "work"}
        assert read_field(given, field("phone"), EN)["value"] == "+390255550142"


AMOUNTS = [
    ("(1,234.50)", eur("-1234.50")),
    ("1234.50-", eur("-1234.50")),
    ("\u22121234.50", eur("-1234.50")),
    ("$(1,234.50)", {"amount": "-1234.50", "currency": "USD"}),
    ("R$ 1.234,50", {"amount": "1234.50", "currency": "BRL"}),
    ("₹12,34,567.50", {"amount": "1234567.50", "currency": "INR"}),
    ("1\u2009234\u2009567.50 €", eur("1234567.50")),
    ("1\u2019234.-", eur("1234.00")),
    ("38k€", eur("38000.00")),
    ("1,5 mln CHF", {"amount": "1500000.00", "currency": "CHF"}),
    ("3,100", eur("3100.00")),
    ("10.500", None),
    ("10.5000", eur("10.50")),
    ("10.005", None),
    ("10.0005", None),
    ("1.234 KWD", {"amount": "1.234", "currency": "KWD"}),
    ("1,234 JPY", {"amount": "1234", "currency": "JPY"}),
    ("1.5 JPY", None),
    ("0.12345678 BTC", None),
    ("0.123456 BTC", {"amount": "0.123456", "currency": "BTC"}),
    ("12%", None),
    ("kr 5", None),
]


@pytest.mark.parametrize(("typed", "kept"), AMOUNTS, ids=[typed for typed, _kept in AMOUNTS])
def test_amounts_as_they_are_written_anywhere(typed: str, kept: Any) -> None:
    """What could be a thousand times more or less is refused: euros have no third decimal."""
    context = replace(EN, currencies=frozenset({"BTC"}))
    if kept is None:
        with pytest.raises(BadValue, match=r"expected|decimal"):
            parse_field(typed, field("money"), context)
    else:
        assert parse_field(typed, field("money"), context) == kept


@pytest.mark.parametrize("context", [EN, IT, EXACT])
def test_an_amount_has_no_more_decimals_than_its_currency(context: Context) -> None:
    """On screen, on the command line, in JSON alike; but a price has as many as its field says."""
    with pytest.raises(BadValue, match="EUR has at most 2 decimals"):
        read_field({"amount": "10.005", "currency": "EUR"}, field("money"), context)
    with pytest.raises(BadValue, match="JPY has no decimals"):
        read_field({"amount": "10.5", "currency": "JPY"}, field("money"), context)
    assert read_field({"amount": "10.500000", "currency": "EUR"}, field("money"), context) == eur("10.50")
    assert read_field({"amount": "0.0832", "currency": "EUR"}, field("money", precision=4), context) == eur("0.0832")


def test_a_mark_that_could_be_either_is_refused_with_both() -> None:
    for context, typed, both in ((IT, "3,100", "3100 or 3,100"), (EN, "3.100", "3100 or 3.100")):
        with pytest.raises(BadValue, match=f"{typed} could be {both}.*EUR"):
            parse_field(typed, field("money"), context)


def test_ten_cents_are_not_nothing() -> None:
    for amount, shown in (("0.10", "€ 0.10"), ("-0.04", "-€ 0.04"), ("0.99", "€ 0.99"), ("0", "€ 0"), ("1.10", "€ 1")):
        assert whole_money(Decimal(amount), "EUR", EN) == shown
        assert short_money(Decimal(amount), "EUR", EN) == shown


@pytest.mark.parametrize(
    ("kind", "context", "typed", "kept"),
    [
        ("date", EN, "20261218", "2026-12-18"),
        ("date", EN, "18-Dec-2026", "2026-12-18"),
        ("date", IT, "18-dic-26", "2026-12-18"),
        ("date", EN, "18/12/65", "1965-12-18"),
        ("datetime", EN, "18.12.2026 14:30:00", "2026-12-18T13:30:00Z"),
        ("datetime", US, "12/18/2026 02:30:15 PM", "2026-12-18T19:30:15Z"),
        ("datetime", EN, "2026-12-18 9:30", "2026-12-18T08:30:00Z"),
        ("datetime", EN, "2026-12-18 14:30 -08:00", "2026-12-18T22:30:00Z"),
        ("datetime", IT, "18 dicembre 2026, 14:30", "2026-12-18T13:30:00Z"),
    ],
)
def test_days_and_times_as_other_programs_write_them(kind: str, context: Context, typed: str, kept: str) -> None:
    assert parse_field(typed, field(kind), context) == kept


def test_words_around_a_value_are_in_the_language_of_the_program() -> None:
    set_language("it")
    extended = parse_field("02 5555 0142 ext 12", field("phone"), IT)
    assert format_field(extended, field("phone"), IT) == "+39 02 5555 0142 int. 12"
    mail = parse_field("casa: anna@example.com", field("email"), IT)
    assert mail == {"value": "anna@example.com", "type": "home"}
    assert parse_field(format_field(mail, field("email"), IT), field("email"), IT) == mail


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("anna@münchen.example", "anna@münchen.example"),
        ("anna@xn--mnchen-3ya.example", "anna@münchen.example"),
        ("ännä@example.com", "ännä@example.com"),
    ],
)
def test_addresses_of_international_domains(typed: str, kept: str) -> None:
    assert parse_field(typed, field("email"), EN)["value"] == kept


@pytest.mark.parametrize("typed", ["a@b", "a@localhost", "\u202ea@example.com", "Anna <anna@example.com>"])
def test_what_is_no_e_mail_address(typed: str) -> None:
    with pytest.raises(BadValue, match="e-mail"):
        parse_field(typed, field("email"), EN)


def test_files_go_by_their_extensions_and_odd_settings_allow_all() -> None:
    value = {"blob": "a" * 64, "name": "offer.PDF", "size": 3}
    assert read_field(value, field("file", extensions=[".pdf"]), EN) == value
    with pytest.raises(BadValue, match="docx"):
        read_field(value, field("file", extensions=["docx"]), EN)
    oddities: tuple[object, ...] = (5, True, 1.5, {}, None)
    for odd in oddities:
        assert read_field(value, field("file", extensions=odd), EN) == value


def test_an_amount_is_the_same_in_each_way_of_writing() -> None:
    for context, texts in ((IT, ("1.234,50", "€ 1.234,5", "1234,5 eur")), (EN, ("1,234.50", "EUR 1234.5", "1234.50€"))):
        assert {str(parse_field(text, field("money"), context)) for text in texts} == {str(eur("1234.50"))}


def test_moments_of_old_records_without_a_zone_are_the_persons_own() -> None:
    assert format_field("2026-11-23T15:00:00", field("datetime"), TOKYO) == "Mon 23 Nov 15:00"
    assert short_when("2026-11-23T22:00:00Z", Context(Names(), NOW, UTC)) == "22:00"
