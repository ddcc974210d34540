"""The days of a calendar, read for one person on their own clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.calendar import CalendarDay
from tuicrm.domain.items import Ref
from tuicrm.services.boards import filters
from tuicrm.services.calendar import planning
from tuicrm.services.calendar.calendar_days import CalendarReader, with_moved
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

D1, D2 = Ref("deal", 1), Ref("deal", 2)
MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]


def put(session: Session, what: str, at: str, owner: Ref = D1, **fields: Any) -> int:
    """An activity with what no service writes yet."""
    number = planning.plan(session, owner, what, at=at, responsible=fields.pop("responsible", ""))
    if fields:
        with session.change("more of it") as change:
            change.patch(ACTIVITIES, number, fields)
    return number


def told(session: Session, whose: Whose | None = None, **more: Any) -> dict[date, list[str]]:
    """What stands in the week, by day."""
    days = CalendarReader(session, whose or Whose(), **more).days(WEEK)
    return {day.day: [one.what for one in day.entries] for day in days if day.entries}


def test_blocks_points_and_whole_days_stand_in_their_days(seeded: Session) -> None:
    put(seeded, "call", "2026-11-23T15:00:00Z")
    put(seeded, "meet", "2026-11-24T09:00:00Z", start="2026-11-24T09:00:00Z", end="2026-11-24T10:30:00Z")
    put(seeded, "fair", "2026-11-26T23:59:59Z", day="2026-11-25", last_day="2026-11-26")
    put(seeded, "night", "2026-11-28T22:00:00Z", start="2026-11-28T22:00:00Z", end="2026-11-29T02:00:00Z")
    put(seeded, "before", "2026-11-22T23:59:00Z")
    put(seeded, "after", "2026-11-30T00:00:00Z")
    assert told(seeded) == {
        MONDAY: ["call"],
        WEEK[1]: ["meet"],
        WEEK[2]: ["fair"],
        WEEK[3]: ["fair"],
        WEEK[5]: ["night"],
        WEEK[6]: ["night"],
    }
    [meet] = CalendarReader(seeded, Whose()).days([WEEK[1]])[0].entries
    assert (meet.begin.hour, meet.end.hour, meet.end.minute, meet.owner, meet.about) == (
        9,
        10,
        30,
        D1,
        "Website redesign",
    )
    [fair] = CalendarReader(seeded, Whose()).days([WEEK[3]])[0].entries
    assert fair.whole
    assert (fair.begin.date(), fair.last) == (WEEK[2], WEEK[3])


def test_a_deadline_does_not_move_the_block(seeded: Session) -> None:
    put(seeded, "work", "2026-11-27T17:00:00Z", start="2026-11-24T09:00:00Z", end="2026-11-24T10:00:00Z")
    assert told(seeded) == {WEEK[1]: ["work"]}


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [("Europe/Rome", WEEK[1], 0), ("America/New_York", MONDAY, 18), ("Australia/Sydney", WEEK[1], 10)],
)
def test_each_reader_sees_their_own_times(seeded: Session, zone: str, day: date, hour: int) -> None:
    put(seeded, "call", "2026-11-23T23:30:00Z")
    seeded.zone = ZoneInfo(zone)
    assert told(seeded) == {day: ["call"]}
    [entry] = CalendarReader(seeded, Whose()).days([day])[0].entries
    assert (entry.begin.hour, entry.begin.minute) == (hour, 30)


def test_an_hour_that_comes_twice_still_has_a_length(seeded: Session) -> None:
    seeded.zone = ZoneInfo("Europe/Rome")
    put(seeded, "night", "2026-10-25T00:45:00Z", start="2026-10-25T00:45:00Z", end="2026-10-25T01:15:00Z")
    [day] = CalendarReader(seeded, Whose()).days([date(2026, 10, 25)])
    assert day.entries[0].begin < day.entries[0].end


def test_whose_they_are(seeded: Session) -> None:
    put(seeded, "mine", "2026-11-23T15:00:00Z")
    put(seeded, "lucas", "2026-11-23T16:00:00Z", responsible="luca")
    put(seeded, "together", "2026-11-23T17:00:00Z", people={"luca": "accepted"})
    put(seeded, "without", "2026-11-23T18:00:00Z", people={"luca": "declined"})
    put(seeded, "in blue", "2026-11-23T19:00:00Z", rooms=["blue"])
    assert told(seeded, Whose(people=("luca",))) == {MONDAY: ["lucas", "together"]}
    assert told(seeded, Whose(rooms=("blue",))) == {MONDAY: ["in blue"]}
    assert told(seeded, Whose(people=("luca",), rooms=("blue",))) == {MONDAY: ["lucas", "together", "in blue"]}
    assert len(told(seeded)[MONDAY]) == 5
    assert len(told(seeded, Whose(department="company"))[MONDAY]) == 5, "both work there"
    assert told(seeded, Whose(department="nowhere")) == {}


def test_what_one_may_not_know_is_busy_and_nothing_else(seeded: Session, open_as: OpenAs) -> None:
    put(seeded, "secret", "2026-11-23T15:00:00Z", private=True, place="home", colour="3")
    assert told(seeded, Whose(people=("anna",))) == {MONDAY: ["secret"]}
    luca = open_as("luca")
    [day] = CalendarReader(luca, Whose(people=("anna",))).days([MONDAY])
    [entry] = day.entries
    assert (entry.busy, entry.owner, entry.about, entry.place, entry.colour) == (True, None, "", "", "")
    assert "secret" not in entry.what


def test_of_a_type_and_what_a_filter_leaves(seeded: Session) -> None:
    put(seeded, "of a deal", "2026-11-23T15:00:00Z")
    put(seeded, "of another", "2026-11-23T16:00:00Z", owner=D2)
    put(seeded, "of a lead", "2026-11-23T17:00:00Z", owner=Ref("lead", 1))
    assert told(seeded, type_key="deal") == {MONDAY: ["of a deal", "of another"]}
    where = filters.compile_for(seeded, "deal", "amount > 20000")
    assert told(seeded, type_key="deal", where=where) == {MONDAY: ["of another"]}


def test_late_and_done(seeded: Session) -> None:
    put(seeded, "late", "2026-11-23T09:00:00Z")
    activities.done(seeded, put(seeded, "done", "2026-11-23T09:00:00Z"))
    put(seeded, "to come", "2026-11-23T11:00:00Z")
    [day] = CalendarReader(seeded, Whose()).days([MONDAY])
    assert {one.what: (one.late, one.done) for one in day.entries} == {
        "late": (True, False),
        "done": (False, True),
        "to come": (False, False),
    }


@pytest.mark.parametrize(
    "at", ["", "never", "2026-11-23T10:00:00+25:00", "2026-11-23", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]
)
def test_whatever_a_script_wrote_is_shown_somewhere_or_nowhere(seeded: Session, at: str) -> None:
    strange = {"owner": "deal:1", "what": "strange", "done": False, "responsible": "anna"}
    strange |= {"at": at, "start": at, "end": at, "day": at, "last_day": at, "people": at, "rooms": at}
    seeded.store.commit([Op(ACTIVITIES, 1, strange)])
    told(seeded)
    CalendarReader(seeded, Whose(people=("anna",))).days(WEEK)


def test_one_is_shown_where_it_would_go(seeded: Session) -> None:
    put(seeded, "call", "2026-11-23T15:00:00Z")
    days = CalendarReader(seeded, Whose()).days(WEEK)
    from msgspec.structs import replace

    entry = days[0].entries[0]
    gone = replace(
        entry, begin=datetime.fromisoformat("2026-11-25T10:00"), end=datetime.fromisoformat("2026-11-25T11:00")
    )
    assert [len(day.entries) for day in with_moved(days, gone)] == [0, 0, 1, 0, 0, 0, 0]


def test_of_a_day_with_much_only_some_are_read_and_the_rest_is_counted(seeded: Session) -> None:
    for n in range(9):
        put(seeded, f"call {n}", f"2026-11-23T{9 + n:02}:00:00Z")
    put(seeded, "fair", "2026-11-24T23:59:59Z", day="2026-11-23", last_day="2026-11-24")
    days = CalendarReader(seeded, Whose()).days(WEEK, 3)
    assert [(len(day.entries), day.more) for day in days[:3]] == [(3, 7), (1, 0), (0, 0)]
    assert CalendarReader(seeded, Whose(department="nowhere")).days(WEEK, 3) == [CalendarDay(day) for day in WEEK]
    of_type = CalendarReader(seeded, Whose(), "deal").days(WEEK, 3)
    assert (len(of_type[0].entries), of_type[0].more) == (10, 0), "what a filter leaves is read"
