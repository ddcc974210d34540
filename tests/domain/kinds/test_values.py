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

from tests.domain.kinds.test_kinds import EN, EXACT, IT, NOW, US, Names, eur, field
from tuicrm.domain.conditions import Sort, Test
from tuicrm.domain.context import Context
from tuicrm.domain.kinds import BadValue
from tuicrm.domain.kinds.dates import day_heading, late_text, short_when
from tuicrm.domain.kinds.values import edit_field, format_field, parse_field, read_field
from tuicrm.domain.matching import comparable_of, matcher, sort_key
from tuicrm.i18n import set_language

TOKYO = Context(Names(), NOW, ZoneInfo("Asia/Tokyo"), "en", "en_GB")
LORD_HOWE = Context(Names(), NOW, ZoneInfo("Australia/Lord_Howe"), "en", "en_AU")
"""Its summer time is half an hour."""
CONTEXTS = [EN, IT, US, TOKYO, LORD_HOWE, EXACT]

_DAYS = st.dates().map(lambda day: day.isoformat())
_MOMENTS = st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "Z")
_IN_AUTUMN = (NOW.replace(month=10, day=24, tzinfo=None), NOW.replace(day=1, tzinfo=None))
_AUTUMN = st.datetimes(*_IN_AUTUMN).map(lambda moment: moment.replace(second=0, microsecond=0).isoformat() + "Z")
_NUMBERS = st.decimals(-(10**17), 10**17, places=4).map(lambda number: f"{number or Decimal(0):.4f}")


def as_stored(kind: str, value: Any) -> Any:
    return read_field(value, field(kind), EXACT)


@settings(deadline=None, max_examples=300)
@given(_DAYS, st.sampled_from(CONTEXTS))
@example("0001-01-01", IT)
@example("0099-05-05", EN)
@example("9999-12-31", US)
def test_any_day_is_offered_as_itself(value: str, context: Context) -> None:
    assert parse_field(edit_field(value, field("date"), context), field("date"), context) == value


@settings(deadline=None, max_examples=500)
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


@settings(deadline=None, max_examples=300)
@given(_NUMBERS, st.sampled_from(CONTEXTS), st.sampled_from(["EUR", "JPY", "KWD", "USD"]))
def test_any_number_and_amount_is_offered_as_itself(number: str, context: Context, currency: str) -> None:
    assert parse_field(edit_field(number, field("number"), context), field("number"), context) == number
    amount = as_stored("money", {"amount": number, "currency": currency})
    assert parse_field(edit_field(amount, field("money"), context), field("money"), context) == amount


def test_the_second_of_two_equal_hours_is_kept() -> None:
    """In Rome 02:30 comes twice on 25 October 2026; saving without a change must not move it by an hour."""
    assert edit_field("2026-10-25T00:30:00Z", field("datetime"), IT) == "2026-10-25 02:30"
    assert edit_field("2026-10-25T01:30:00Z", field("datetime"), IT) == "2026-10-25T01:30:00Z"


@settings(deadline=None, max_examples=200)
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
