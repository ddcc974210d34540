"""What an activity's record takes of rooms: by its block of time, whole days, and nothing where nothing sound stands there."""

from __future__ import annotations

from typing import Any

import pytest

from tuicrm.domain.activities.claims import RoomSlot, slots

TEN, ELEVEN = "2027-01-12T10:00:00Z", "2027-01-12T11:00:00Z"


def activity(**said: Any) -> dict[str, Any]:
    return {"owner": "deal:1", "what": "x", "at": TEN, "end": ELEVEN, "done": False, "rooms": ["blue"], **said}


def test_it_takes_each_room_for_its_time() -> None:
    assert slots(activity(rooms=["blue", "car"])) == {RoomSlot("blue", TEN, ELEVEN), RoomSlot("car", TEN, ELEVEN)}
    other = activity(at="2027-01-14T10:00:00Z", start="2027-01-12T11:30:00+01:00")
    assert slots(other) == {RoomSlot("blue", "2027-01-12T10:30:00Z", ELEVEN)}, "the start, not the deadline"


def test_without_an_end_it_takes_half_an_hour() -> None:
    for end in (None, "", TEN, "2027-01-12T09:00:00Z", 7, "soon"):
        assert slots(activity(end=end)) == {RoomSlot("blue", TEN, "2027-01-12T10:30:00Z")}


def test_whole_days_are_of_the_zone_that_they_are_meant_in() -> None:
    days = activity(day="2027-03-27", last_day="2027-03-28", zone="Europe/Rome")
    assert slots(days) == {RoomSlot("blue", "2027-03-26T23:00:00Z", "2027-03-28T22:00:00Z")}, "47 hours, in spring"
    one = activity(day="2027-01-12", zone="No/Where")
    assert slots(one) == {RoomSlot("blue", "2027-01-12T00:00:00Z", "2027-01-13T00:00:00Z")}


@pytest.mark.parametrize(
    "bad",
    [
        {"rooms": "blue"}, {"rooms": [7, None, {}, ""]}, {"rooms": None}, {"at": 7}, {"at": "soon", "start": "later"},
        {"at": "2027-01-12T10:00:00"}, {"at": "9999-12-31T23:59:59Z", "end": ""}, {"at": "0001-01-01T00:00:00+14:00"},
        {"day": "2027-02-31"}, {"day": "9999-12-31"}, {"day": 7}, {"done": True},
    ],
)  # fmt: skip
def test_of_what_says_no_sound_time_nothing_is_taken(bad: dict[str, Any]) -> None:
    assert slots(activity(**bad)) == frozenset()
