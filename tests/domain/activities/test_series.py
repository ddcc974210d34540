"""Series keep their time on the wall, through both changes of clocks, wherever the reader is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.activities.planned import read
from tuicrm.domain.activities.series import (
    Occurrence,
    Series,
    check,
    next_after,
    occurrence_at,
    occurrences,
    series_of,
)
from tuicrm.domain.activities.wall import wall_of, zone_named
from tuicrm.domain.kinds.base import BadValue

HOUR = timedelta(hours=1)


def zone(name: str) -> tzinfo:
    found = zone_named(name)
    assert found is not None
    return found


def first_occurrences(series: Series, n: int) -> list[Occurrence]:
    """The first so many, one after the other."""
    found, one = list[Occurrence](), next_after(series)
    while one is not None and len(found) < n:
        found.append(one)
        one = next_after(series, one.wall)
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["Europe/Rome", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe"])
def test_a_weekly_meeting_stays_at_ten_all_year(name: str) -> None:
    series = Series("FREQ=WEEKLY;BYDAY=MO", "2027-01-11T10:00", name, HOUR)
    found = occurrences(series, utc("2027-01-01"), utc("2028-01-20"))
    assert len(found) == 53 + 1
    assert {f"{wall_of(one.span.start, zone(name)):%a %H:%M}" for one in found if one.span} == {"Mon 10:00"}
    assert {one.span.length for one in found if one.span} == {HOUR}
    # Both changes are within: the moments differ by as much as the clocks are changed.
    in_utc = {one.span.start.time() for one in found if one.span}
    assert len(in_utc) == 2


def test_for_a_reader_in_sydney_ten_in_rome_moves_with_either_clock() -> None:
    series = Series("FREQ=WEEKLY;BYDAY=MO", "2027-01-11T10:00", "Europe/Rome", HOUR)
    sydney = zone("Australia/Sydney")
    shown = {
        one.day: f"{wall_of(one.span.start, sydney):%H:%M}"
        for one in occurrences(series, utc("2027-01-01"), utc("2027-12-31"))
        if one.span
    }
    # Rome: 28 March and 31 October; Sydney: 4 April and 3 October.
    assert [shown[day] for day in ("2027-03-22", "2027-03-29", "2027-04-05", "2027-09-27", "2027-10-04", "2027-11-01")] == [
        "20:00", "19:00", "18:00", "18:00", "19:00", "20:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wall", "day", "moment"),
    [
        ("Europe/Rome", "02:30", "2027-03-28", "2027-03-28T01:30"),
        ("Europe/Rome", "02:30", "2027-10-31", "2027-10-31T00:30"),
        ("America/New_York", "02:30", "2027-03-14", "2027-03-14T07:30"),
        ("America/New_York", "01:30", "2027-11-07", "2027-11-07T05:30"),
        ("Australia/Sydney", "02:30", "2027-10-03", "2027-10-02T16:30"),
        ("Australia/Sydney", "02:30", "2027-04-04", "2027-04-03T15:30"),
        ("Australia/Lord_Howe", "02:15", "2027-10-03", "2027-10-02T15:45"),
        ("Australia/Lord_Howe", "01:45", "2027-04-04", "2027-04-03T14:45"),
    ],
)
def test_a_daily_one_in_the_hour_of_the_change_is_there_once(name: str, wall: str, day: str, moment: str) -> None:
    series = Series("FREQ=DAILY", f"2027-01-01T{wall}", name, timedelta(minutes=30))
    around = occurrences(series, utc(day) - timedelta(days=4), utc(day) + timedelta(days=4))
    of_day = [one for one in around if one.day == day]
    assert [one.span.start for one in of_day if one.span] == [utc(moment)]
    assert of_day[0].wall == f"{day}T{wall}"
    # The name by which it is found again is its time on the wall, though the clocks never showed it.
    assert occurrence_at(series, of_day[0].wall) == of_day[0]
    after = next_after(series, of_day[0].wall)
    assert after is not None
    assert after.wall[11:] == wall


def test_whole_days_are_dates_for_everybody() -> None:
    series = Series("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31", "Pacific/Auckland", days=2, whole_day=True)
    found = occurrences(series, utc("2027-01-01"), utc("2027-08-01"))
    assert [one.day for one in found] == ["2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31"]
    assert {one.span for one in found} == {None}
    # The second of its days is in a span that begins then; what ends before it is not.
    assert [one.day for one in occurrences(series, utc("2027-02-01"), utc("2027-02-02"))] == ["2027-01-31"]
    assert occurrences(series, utc("2027-02-02"), utc("2027-03-31")) == []


def test_months_without_a_31st_and_years_without_a_29_february_are_left_out() -> None:
    monthly = Series("FREQ=MONTHLY", "2027-01-31T10:00")
    assert [one.day for one in first_occurrences(monthly, 3)] == ["2027-01-31", "2027-03-31", "2027-05-31"]
    yearly = Series("FREQ=YEARLY", "2028-02-29", whole_day=True)
    assert [one.day for one in first_occurrences(yearly, 3)] == ["2028-02-29", "2032-02-29", "2036-02-29"]


def test_ends_are_included_skipped_ones_are_out_and_extra_ones_in() -> None:
    series = Series(
        "FREQ=WEEKLY;UNTIL=20270201",
        "2027-01-11T10:00",
        "Europe/Rome",
        skipped=("2027-01-18T10:00", "nonsense"),
        more=("2027-01-20T15:00", "2027-01-25T10:00", "2027-03-01T09:00", "?"),
    )
    assert [one.wall for one in first_occurrences(series, 10)] == [
        "2027-01-11T10:00", "2027-01-20T15:00", "2027-01-25T10:00", "2027-02-01T10:00", "2027-03-01T09:00",
    ]  # fmt: skip
    assert next_after(series, "2027-03-01T09:00") is None
    assert occurrence_at(series, "2027-01-18T10:00") is None
    assert occurrence_at(series, "2027-01-12T10:00") is None
    counted = Series("FREQ=DAILY;COUNT=3", "2027-01-11T10:00")
    assert [one.day[-2:] for one in first_occurrences(counted, 10)] == ["11", "12", "13"]


def test_spans_are_half_open() -> None:
    series = Series("FREQ=DAILY", "2027-01-11T10:00", "UTC", HOUR)
    assert occurrences(series, utc("2027-01-12T11:00"), utc("2027-01-13T10:00")) == []
    assert len(occurrences(series, utc("2027-01-12T10:59"), utc("2027-01-13T10:01"))) == 2
    assert len(occurrences(series, utc("2027-01-01"), utc("2060-01-01"), most=7)) == 7
    # A night that began the day before is here.
    night = Series("FREQ=DAILY", "2027-01-11T22:00", "UTC", timedelta(hours=30))
    assert len(occurrences(night, utc("2027-01-14T03:00"), utc("2027-01-14T03:30"))) == 2


@pytest.mark.parametrize(("begin", "end"), [(datetime.min, datetime.max), (datetime(9999, 1, 1), datetime.max)])
def test_nothing_breaks_at_the_ends_of_the_calendar(begin: datetime, end: datetime) -> None:
    series = Series("FREQ=YEARLY", "2027-01-11T10:00", "Australia/Sydney", HOUR)
    assert len(occurrences(series, begin.replace(tzinfo=UTC), end.replace(tzinfo=UTC), most=5)) <= 5


@given(st.integers(0, 500), st.integers(1, 60))
def test_next_after_goes_through_all_that_a_span_has(day: int, length: int) -> None:
    series = Series(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", "2027-01-05T02:30", "Europe/Rome", HOUR, skipped=("2027-03-28T02:30",)
    )
    begin = utc("2027-01-01") + timedelta(days=day)
    end = begin + timedelta(days=length)
    found = occurrences(series, begin, end)
    for one, other in pairwise(found):
        assert next_after(series, one.wall) == other
    if found:
        following = next_after(series, found[-1].wall)
        assert following is not None
        assert following.span is not None
        assert following.span.start >= end


def test_a_rule_that_falls_on_nothing_is_refused() -> None:
    check("FREQ=WEEKLY", "2027-01-11T10:00")
    with pytest.raises(BadValue, match="no day at all"):
        check("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(BadValue, match="no day at all"):
        check("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "2027-02-10T10:00")


BASE = {"owner": "deal:1", "what": "Meet", "at": "2027-01-11T09:00:00Z", "zone": "Europe/Rome", "rule": "FREQ=WEEKLY"}


def test_the_series_of_a_record() -> None:
    timed = series_of(read(1, 1, {**BASE, "start": "2027-01-11T09:00:00Z", "end": "2027-01-11T10:30:00Z"}))
    assert timed == Series("FREQ=WEEKLY", "2027-01-11T10:00", "Europe/Rome", timedelta(minutes=90))
    days = series_of(read(1, 1, {**BASE, "day": "2027-01-11", "last_day": "2027-01-12", "wall": "2027-01-04"}))
    assert days == Series("FREQ=WEEKLY", "2027-01-04", "Europe/Rome", days=2, whole_day=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "FREQ=SECONDLY"},
        {"rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
        {"rule": 7},
        {"rule": ""},
        {"at": "soon"},
        {"day": "never", "wall": "never"},
    ],
)
def test_what_a_script_wrote_badly_is_no_series(wrong: dict[str, object]) -> None:
    assert series_of(read(1, 1, {**BASE, **wrong})) is None
