"""Days with very much in them: counted, and the first few read; the same as when all is read."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import OpenAs
from tests.services.calendar.test_calendar_days import D1, put
from tuicrm.domain.activities.lasting import marked
from tuicrm.domain.calendar import shown_days
from tuicrm.services.calendar import calendar_days, planning
from tuicrm.services.calendar.calendar_days import CalendarReader
from tuicrm.services.calendar.crowded_days import Crowds, can_count
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES, stamp
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

MONTH = shown_days("month", date(2026, 11, 23))
ALL = (Whose(), Whose(people=("anna",)), Whose(people=("anna", "luca"), rooms=("blue",)), Whose(department="company"))


def fill(session: Session, count: int) -> None:
    """All kinds of them: moments, blocks also over midnight, apart from their deadline, whole days, several days, done ones."""
    chance = random.Random(str(count))
    ops = []
    for n in range(1, count + 1):
        begin = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(minutes=15 * chance.randrange(55 * 96))
        end = begin + timedelta(minutes=chance.choice((15, 60, 300, 600, 1500)))
        doc = {"owner": "deal:1", "what": f"n{n}", "at": stamp(begin), "kind": "todo", "done": chance.random() < 0.2}
        doc |= {"responsible": chance.choice(("anna", "luca", "nobody"))}
        kind = chance.randrange(6)
        if kind == 1:
            doc |= {"end": stamp(end)}
        elif kind == 2:
            doc |= {"start": stamp(begin), "end": stamp(end), "at": stamp(end + timedelta(days=chance.randrange(9)))}
        elif kind == 3:
            doc |= {"day": begin.date().isoformat()}
        elif kind == 4:
            last = begin.date() + timedelta(days=chance.randrange(1, 9))
            doc |= {"day": begin.date().isoformat(), "last_day": last.isoformat()}
        elif kind == 5:
            doc |= {"people": {"luca": chance.choice(("asked", "declined"))}, "rooms": ["blue"]}
        ops.append(Op(ACTIVITIES, n, marked(doc)))
    session.store.commit(ops)


def repeat(session: Session) -> None:
    """What repeats besides: twice a week, whole days every month, one that is over."""
    planning.plan(
        session,
        D1,
        "twice",
        at="2026-11-03T22:30:00Z",
        end="2026-11-04T00:30:00Z",
        rule="FREQ=WEEKLY;BYDAY=TU,FR",
        zone="UTC",
    )
    planning.plan(session, D1, "monthly", day="2026-10-20", rule="FREQ=MONTHLY", zone="Europe/Rome", responsible="luca")
    over = planning.plan(session, D1, "over", at="2026-11-10T09:00:00Z", rule="FREQ=DAILY;COUNT=1", zone="UTC")
    activities.done(session, over)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Rome", "Australia/Lord_Howe"])
def test_counted_is_as_many_as_read(seeded: Session, zone: str) -> None:
    seeded.zone = ZoneInfo(zone)
    fill(seeded, 600)
    repeat(seeded)
    for whose in ALL:
        read = CalendarReader(seeded, whose).days(MONTH)
        with mock.patch.object(calendar_days, "_MANY", 0):
            counted = CalendarReader(seeded, whose).days(MONTH, 5)
        assert [len(day.entries) + day.more for day in counted] == [len(day.entries) for day in read]
        for few, all_of in zip(counted, read, strict=True):
            assert set(few.entries) <= set(all_of.entries), "and each is as when all is read"
            assert len(few.entries) >= min(5, len(all_of.entries))


def test_only_what_is_drawn_is_read(seeded: Session) -> None:
    fill(seeded, 600)
    crowds = Crowds(seeded, Whose(), 3)
    assert crowds.count(MONTH) > 400
    read = {number for day in crowds.days(MONTH) for number in day.first}
    assert len(read) < 450


def test_few_are_all_read(seeded: Session) -> None:
    put(seeded, "call", "2026-11-23T15:00:00Z")
    days = CalendarReader(seeded, Whose()).days(MONTH, 1)
    assert sum(day.more for day in days) == 0
    assert [one.what for day in days for one in day.entries] == ["call"]


def test_what_changes_is_counted_anew(seeded: Session) -> None:
    fill(seeded, 600)
    reader = CalendarReader(seeded, Whose())
    at = MONTH.index(date(2026, 11, 23))
    before = reader.days(MONTH, 3)[at]
    number = put(seeded, "call", "2026-11-23T15:00:00Z")
    after = reader.days(MONTH, 3)[at]
    assert len(after.entries) + after.more == len(before.entries) + before.more + 1
    activities.delete(seeded, number)
    assert reader.days(MONTH, 3)[at] == before


def test_who_may_not_read_all_is_not_told_how_many_there_are(seeded: Session, open_as: OpenAs) -> None:
    assert can_count(seeded, Whose())
    luca = open_as("luca")
    with mock.patch.object(type(luca.access), "readable", return_value=None):
        assert not can_count(luca, Whose())
        assert can_count(luca, Whose(people=("anna",))), "of somebody's calendar, that they are busy is told"
