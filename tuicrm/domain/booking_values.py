"""The value of a booking field: which rooms and resources, from when, for how long (reference, “resource booking”)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tuicrm.domain.activities.claims import RoomSlot, span_of, taken
from tuicrm.domain.activities.spans import Span
from tuicrm.domain.stamps import read_stamp


def slots_of(value: object) -> frozenset[RoomSlot]:
    """What one value of such a field takes, or all values of one that holds several; nothing for what is no sound value."""
    found = [slot for one in (value if isinstance(value, list) else [value]) for slot in _slots(one)]
    rooms = dict.fromkeys(slot.room for slot in found)
    return frozenset(
        slot for room in rooms for slot in taken([room], [span_of(one) for one in found if one.room == room])
    )


def _slots(value: object) -> Iterator[RoomSlot]:
    if not isinstance(value, dict):
        return
    start, minutes, rooms = read_stamp(value.get("start")), value.get("minutes"), value.get("rooms")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes <= 0:
        return
    if start is None or not isinstance(rooms, list):
        return
    try:
        span = Span(start, start + timedelta(minutes=minutes))
    except OverflowError:
        return
    yield from taken((room for room in rooms if isinstance(room, str) and room), [span])
