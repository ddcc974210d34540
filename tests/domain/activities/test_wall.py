"""Times on the wall, and moments: both changes of clocks, in Rome, New York, Sydney and on Lord Howe (half an hour)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.activities.wall import (
    midnight,
    name_of,
    place,
    read_day,
    read_wall,
    told,
    wall_of,
    whole_days,
    write_wall,
    zone_named,
)
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.base import BadValue

CONTEXT = Context(NoNames(), datetime(2026, 11, 23, 10, tzinfo=UTC))
ZONES = ("Europe/Rome", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu")


def zone(name: str) -> tzinfo:
    found = zone_named(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "wall", "moment", "odd"),
    [
        # The clocks go forward: what they jump over moves by as much.
        ("Europe/Rome", "2027-03-28T01:59", "2027-03-28T00:59", ""),
        ("Europe/Rome", "2027-03-28T02:30", "2027-03-28T01:30", "skipped"),
        ("Europe/Rome", "2027-03-28T03:00", "2027-03-28T01:00", ""),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30", "skipped"),
        ("Australia/Sydney", "2027-10-03T02:30", "2027-10-02T16:30", "skipped"),
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45", "skipped"),
        ("Australia/Lord_Howe", "2027-10-03T02:30", "2027-10-02T15:30", ""),
        # They go back: of two, the first.
        ("Europe/Rome", "2027-10-31T02:30", "2027-10-31T00:30", "twice"),
        ("Europe/Rome", "2027-10-31T03:00", "2027-10-31T02:00", ""),
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30", "twice"),
        ("Australia/Sydney", "2027-04-04T02:30", "2027-04-03T15:30", "twice"),
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45", "twice"),
        ("Australia/Lord_Howe", "2027-04-04T01:15", "2027-04-03T14:15", ""),
    ],
)
def test_a_time_on_the_wall_is_one_moment(name: str, wall: str, moment: str, odd: str) -> None:
    placed = place(datetime.fromisoformat(wall), zone(name))
    assert (placed.moment, placed.odd) == (datetime.fromisoformat(moment).replace(tzinfo=UTC), odd)


def test_it_is_told_where_a_time_is_not_as_it_seems() -> None:
    rome, howe = zone("Europe/Rome"), zone("Australia/Lord_Howe")
    assert told(datetime(2027, 3, 28, 2, 30), rome, CONTEXT) == (
        "There is no 02:30 on 28 Mar 2027 in Europe/Rome, as the clocks go forward: 03:30 is meant."
    )
    assert told(datetime(2027, 10, 3, 2, 15), howe, CONTEXT).endswith("as the clocks go forward: 02:45 is meant.")
    assert told(datetime(2027, 10, 31, 2, 30), rome, CONTEXT) == (
        "The clocks of Europe/Rome show 02:30 twice on 31 Oct 2027: the first is meant."
    )
    assert told(datetime(2027, 10, 31, 4, 30), rome, CONTEXT) == ""


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.sampled_from(ZONES))
def test_there_and_back_is_the_same_but_where_the_clocks_jump(wall: datetime, name: str) -> None:
    wall = wall.replace(second=0, microsecond=0)
    placed = place(wall, zone(name))
    back = wall_of(placed.moment, zone(name))
    if placed.odd == "skipped":
        assert timedelta() < back - wall <= timedelta(hours=1)
    else:
        assert back == wall
    assert read_wall(write_wall(wall)) == wall


def test_a_day_is_as_long_as_the_clocks_make_it() -> None:
    rome = zone("Europe/Rome")
    for day, hours in ((date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 1), 24)):
        begin, end = whole_days(day, day, rome)
        assert end - begin == timedelta(hours=hours)
    assert midnight(date(2027, 6, 1), rome) == datetime(2027, 5, 31, 22, tzinfo=UTC)


def test_at_the_ends_of_the_calendar_nothing_breaks() -> None:
    with pytest.raises(BadValue):
        place(datetime(1, 1, 1), zone("Australia/Sydney"))
    assert wall_of(datetime.max.replace(tzinfo=UTC), zone("Australia/Sydney")) == datetime.max
    assert whole_days(date.max, date.max, UTC)[1] == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", None, 7, "soon", "2027-01-11T10:00Z", "2027-01-11T10:00+01:00", "2027-13-01T10:00"]
)
def test_what_is_no_time_on_the_wall_is_not_read(text: object) -> None:
    assert read_wall(text) is None
    assert read_day(text) is None


def test_zones_by_name() -> None:
    assert zone_named("UTC") is UTC
    for name in ("", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "Europe", "\0"):
        assert zone_named(name) is None
    assert name_of(zone("Europe/Rome")) == "Europe/Rome"
    assert name_of(UTC) == name_of(timezone(timedelta(hours=2))) == "UTC"
