"""Which days a calendar shows, and how what overlaps stands side by side."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tuicrm.domain.calendar import (
    CalendarEntry,
    CalendarLook,
    WorkHours,
    days_with,
    free_minutes,
    held,
    in_order,
    lanes,
    paged,
    shown_days,
)

MONDAY = date(2026, 11, 23)
LOOKS: tuple[CalendarLook, ...] = ("day", "week", "month", "agenda", "side")


def entry(begin: str, end: str, what: str = "x", *, number: int = 1, whole: bool = False) -> CalendarEntry:
    """`entry("2026-11-23T09:00", "2026-11-23T10:00")`."""
    return CalendarEntry(number, datetime.fromisoformat(begin), datetime.fromisoformat(end), what, whole=whole)


def test_a_week_begins_as_the_locale_has_it() -> None:
    assert shown_days("week", date(2026, 11, 25))[0] == MONDAY
    assert shown_days("week", date(2026, 11, 25), first_weekday=6)[0] == date(2026, 11, 22)
    assert len(shown_days("week", MONDAY)) == 7


@pytest.mark.parametrize(
    ("day", "first", "weeks"),
    [
        (date(2026, 11, 30), date(2026, 10, 26), 6),  # a month that begins on a Sunday and ends on a Monday
        (date(2027, 2, 10), date(2027, 2, 1), 4),  # twenty-eight days from a Monday on
        (date(2026, 12, 31), date(2026, 11, 30), 5),
    ],
)
def test_a_month_has_whole_weeks(day: date, first: date, weeks: int) -> None:
    days = shown_days("month", day)
    assert (days[0], len(days)) == (first, weeks * 7)
    assert day in days


def test_a_page_of_months_keeps_the_day_or_the_last_there_is() -> None:
    assert paged("month", date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert paged("month", date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert paged("month", date(2027, 1, 15), -1) == date(2026, 12, 15)
    assert paged("week", MONDAY, -1) == date(2026, 11, 16)
    assert paged("side", MONDAY, 1) == date(2026, 11, 24)


@pytest.mark.parametrize("day", [date.min, date(2, 1, 1), date.max, date(9998, 12, 31)])
@pytest.mark.parametrize("look", LOOKS)
def test_at_the_two_ends_of_time_pages_end_too(look: CalendarLook, day: date) -> None:
    for pages in (-1, 1):
        to = paged(look, held(day), pages)
        assert shown_days(look, to)


@given(st.lists(st.tuples(st.integers(0, 47), st.integers(1, 12)), max_size=25))
def test_no_two_in_one_lane_overlap(spans: list[tuple[int, int]]) -> None:
    taken = sorted((begin, begin + length) for begin, length in spans)
    found = lanes(taken, lambda one: one)
    for at, (one, lane) in enumerate(zip(taken, found, strict=True)):
        assert 0 <= lane.lane < lane.of
        for other, its in list(zip(taken, found, strict=True))[at + 1 :]:
            if one[0] < other[1] and other[0] < one[1]:
                assert lane.knot == its.knot, "what overlaps shares its lanes"
                assert lane.lane != its.lane


def test_those_that_only_touch_stand_below_each_other() -> None:
    found = lanes([(1, 2), (2, 3)], lambda one: one)
    assert [(one.lane, one.of) for one in found] == [(0, 1), (0, 1)]
    assert found[0].knot != found[1].knot


def test_an_entry_stands_in_all_of_its_days_and_in_no_other() -> None:
    over = entry("2026-11-23T22:00", "2026-11-25T00:00")
    days = days_with([over], shown_days("week", MONDAY))
    assert [len(day.entries) for day in days] == [1, 1, 0, 0, 0, 0, 0]
    assert over.on(MONDAY) == (22 * 60, 24 * 60)
    assert over.on(MONDAY + timedelta(days=1)) == (0, 24 * 60)


def test_one_that_lasts_for_ages_costs_no_more_than_the_days_shown() -> None:
    ages = entry("0002-01-01T00:00", "9998-01-01T00:00", whole=True)
    assert all(day.entries for day in days_with([ages], shown_days("month", MONDAY)))


def test_whole_days_come_first_and_the_longest_of_those_that_begin_at_once() -> None:
    short, long = entry("2026-11-23T09:00", "2026-11-23T09:30"), entry("2026-11-23T09:00", "2026-11-23T12:00")
    whole = entry("2026-11-23T00:00", "2026-11-24T00:00", whole=True)
    early = entry("2026-11-23T08:00", "2026-11-23T08:30")
    assert in_order([short, long, early, whole]) == [whole, early, long, short]


def test_free_is_when_nobody_is_busy() -> None:
    one, two, whole = (
        replace(entry(f"2026-11-23T{begin}", f"2026-11-2{end}"), takes=True)
        for begin, end in (("08:00", "3T10:00"), ("09:30", "3T11:00"), ("00:00", "4T00:00"))
    )
    to_do = entry("2026-11-23T12:00", "2026-11-23T12:30")
    days = [days_with([each], [MONDAY])[0] for each in (one, two, to_do)]
    assert free_minutes(days, WorkHours()) == ((11 * 60, 18 * 60),), "what is to be done by then takes no time"
    assert free_minutes([], WorkHours()) == ((9 * 60, 18 * 60),)
    assert free_minutes(days_with([whole], [MONDAY]), WorkHours()) == ()
