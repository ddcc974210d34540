"""Who is busy when, and when several are free together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tuicrm.domain.activities.spans import Span
from tuicrm.domain.items import Ref
from tuicrm.services.calendar import planning
from tuicrm.services.calendar.free_busy import busy, next_free
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.items import activities
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

D1, D3 = Ref("deal", 1), Ref("deal", 3)
BOTH = Whose(people=("anna", "luca"))
HOUR = timedelta(hours=1)


@pytest.fixture
def rome(seeded: Session) -> Session:
    seeded.zone = ZoneInfo("Europe/Rome")
    return seeded


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(begin: str, end: str) -> Span:
    return Span(utc(f"2027-01-{begin}"), utc(f"2027-01-{end}"))


def test_meetings_and_what_has_a_length_take_time_and_tasks_do_not(rome: Session) -> None:
    def plan(what: str, **given: Any) -> int:
        return planning.plan(rome, D1, what, **given)

    plan("Task", at="2027-01-11T08:00:00Z")
    plan("Some day", day="2027-01-11")
    plan("Call", kind="call", at="2027-01-11T09:00:00Z")
    plan("Work", at="2027-01-11T09:30:00Z", end="2027-01-11T11:00:00Z")
    plan("Meet", kind="meeting", at="2027-01-11T10:00:00Z", end="2027-01-11T10:30:00Z", responsible="luca")
    plan("Fair", kind="meeting", day="2027-01-13")
    done = plan("Done", kind="meeting", at="2027-01-12T09:00:00Z")
    activities.done(rome, done)
    plan("No", kind="meeting", at="2027-01-12T13:00:00Z", people={"luca": "declined"})
    week = utc("2027-01-11"), utc("2027-01-16")
    anna = [span("11T09:00", "11T11:00"), span("12T13:00", "12T13:30"), span("12T23:00", "13T23:00")]
    assert busy(rome, Whose(people=("anna",)), *week) == anna
    assert busy(rome, Whose(people=("luca",)), *week) == [span("11T10:00", "11T10:30")]


def test_the_next_time_is_free_for_all_in_working_hours(rome: Session) -> None:
    # Monday: Anna has the morning, Luca the afternoon until five; every day at nine they meet.
    planning.plan(rome, D1, "A", at="2027-01-11T08:00:00Z", end="2027-01-11T12:00:00Z")
    planning.plan(rome, D1, "L", at="2027-01-11T12:00:00Z", end="2027-01-11T16:00:00Z", responsible="luca")
    daily: dict[str, Any] = {
        "at": "2027-01-11T08:00:00Z",
        "end": "2027-01-11T09:00:00Z",
        "people": {"luca": "accepted"},
    }
    planning.plan(rome, D1, "Daily", rule="FREQ=DAILY", kind="meeting", **daily)
    monday = utc("2027-01-11T06:00")
    assert next_free(rome, BOTH, HOUR, monday) == span("11T16:00", "11T17:00")
    # Two hours are not left on that day; nobody works at night, and at nine they meet.
    assert next_free(rome, BOTH, 2 * HOUR, monday) == span("12T09:00", "12T11:00")
    assert next_free(rome, Whose(people=("luca",)), HOUR, monday) == span("11T09:00", "11T10:00")
    # From a Friday evening on it is Monday.
    assert next_free(rome, BOTH, HOUR, utc("2027-01-15T17:30")) == span("18T09:00", "18T10:00")
    assert next_free(rome, BOTH, 10 * HOUR, monday) is None
    assert next_free(rome, BOTH, HOUR, datetime.max.replace(tzinfo=UTC)) is None


def test_ten_in_the_morning_stays_ten_through_the_change_of_clocks(rome: Session) -> None:
    planning.plan(
        rome, D1, "Nine", kind="meeting", at="2027-03-22T08:00:00Z", end="2027-03-22T09:00:00Z", rule="FREQ=DAILY"
    )
    for day, at in (("2027-03-26", "09:00"), ("2027-03-29", "08:00")):
        found = next_free(rome, Whose(people=("anna",)), HOUR, utc(f"{day}T05:00"))
        assert found is not None
        assert found.start == utc(f"{day}T{at}")


def test_rooms_are_busy_with_activities_and_with_bookings_of_fields(rome: Session) -> None:
    booked: dict[str, Any] = {
        "room": "blue",
        "start": "2027-01-11T08:00:00Z",
        "end": "2027-01-11T10:00:00Z",
        "holder": "deal:1/hall",
    }
    more = [
        {**booked, "start": "2027-01-11T10:00:00Z", "end": "2027-01-11T11:00:00Z"},
        {**booked, "room": "red", "end": "2027-01-11T12:00:00Z"},
        {**booked, "start": "2027-01-11T12:00:00Z", "end": "2027-01-11T13:00:00Z", "off": True},
        {**booked, "start": "2027-01-11T14:00:00Z", "end": "soon"},
    ]
    rome.store.commit([Op("booking", n, doc) for n, doc in enumerate([booked, *more], 1)])
    blue = Whose(rooms=("blue",))
    assert busy(rome, blue, utc("2027-01-11"), utc("2027-01-12")) == [span("11T08:00", "11T11:00")]
    assert next_free(rome, Whose(people=("anna",), rooms=("blue",)), HOUR, utc("2027-01-11T06:00")) == span(
        "11T11:00", "11T12:00"
    )
