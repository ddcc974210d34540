"""A room's calendar shows what fields of items book, once for all rooms of a value, and to others only that it is taken."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.conftest import OpenAs
from tests.doors import restrict_field
from tuicrm.domain.items import Ref
from tuicrm.services.calendar import occurrences, planning
from tuicrm.services.calendar.shown import Shown, Whose
from tuicrm.services.definitions import field_words
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)
MONDAY = datetime(2027, 1, 11, tzinfo=UTC)
TUESDAY = datetime(2027, 1, 12, tzinfo=UTC)


@pytest.fixture
def booked(seeded: Session) -> Session:
    """Two rooms, an activity in one, and a field that books both."""
    with seeded.change("rooms") as change:
        for key in ("blue", "green"):
            change.put("room", {"key": key, "label": key.title()})
    field_words.add(seeded, "deal", "Visit", "booking", {})
    items.edit(seeded, D1, {"visit": {"rooms": ["blue", "green"], "start": "2027-01-11T10:00:00Z", "minutes": 90}})
    at, end = "2027-01-11T14:00:00Z", "2027-01-11T15:00:00Z"
    planning.plan(seeded, D1, "Meet", at=at, start=at, end=end, kind="meeting", rooms=["blue"])
    return seeded


def between(session: Session, *rooms: str, people: tuple[str, ...] = ()) -> list[Shown]:
    return occurrences.between(session, MONDAY, TUESDAY, Whose(people=people, rooms=rooms))


def test_what_a_field_books_stands_beside_activities_once(booked: Session) -> None:
    visit, meet = between(booked, "blue", "green")
    assert (visit.what, visit.title, visit.owner, visit.rooms) == ("Visit", "Website redesign", D1, ("blue", "green"))
    assert visit.activity < 0 < meet.activity
    assert [one.what for one in between(booked, "green")] == ["Visit"]
    assert [one.what for one in between(booked, people=("anna",))] == ["Meet"], "it is the room that is taken"
    [day] = occurrences.days(booked, date(2027, 1, 11), date(2027, 1, 11), Whose(rooms=("blue",)), 8)
    assert (day.count, [one.what for one in day.first]) == (2, ["Visit", "Meet"])
    items.edit(booked, D1, {"visit": None})
    assert [one.what for one in between(booked, "blue")] == ["Meet"]


def test_others_see_of_a_hidden_field_that_the_room_is_taken(booked: Session, open_as: OpenAs) -> None:
    restrict_field(booked, "deal", "visit", ["anna"])
    busy, _meet = between(open_as("luca"), "blue")
    assert (busy.what, busy.busy, busy.title, busy.owner, busy.responsible) == ("busy", True, "", None, "")
