"""Rooms and resources as they stand: which there are, who has them when, and when they are free.

Bookings follow from activities and from fields, in the commit (`services/kernel/bookings.py`); nobody makes one by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from tuicrm.domain.activities import spans
from tuicrm.domain.activities.claims import MOST_OCCURRENCES, RoomSlot, is_endless, slots, span_of
from tuicrm.domain.activities.spans import Span
from tuicrm.domain.rooms import BookableRoom
from tuicrm.domain.stamps import stamp
from tuicrm.services.kernel import booked_rooms
from tuicrm.services.kernel.booked_rooms import BookedBy, booked_by, in_room, slot_of
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session


class Booking(Struct, frozen=True):
    """A room that is taken for a time, and by whom and what for, as far as this person may know it."""

    room: str
    span: Span
    by: BookedBy


# -- which there are ---------------------------------------------------------------------------------------------------
def rooms(session: Session, *, retired: bool = False) -> list[BookableRoom]:
    """All there are, in their order; those that are no longer booked as well when asked for."""
    return [room for room in session.workspace.rooms.values() if retired or not room.retired]


def bookable(session: Session) -> list[BookableRoom]:
    """Those that this person may book."""
    return [room for room in rooms(session) if booked_rooms.may_book(session, room)]


# -- who has them ------------------------------------------------------------------------------------------------------
def bookings(session: Session, room: str, within: Span) -> list[Booking]:
    """Who has a room (by its key) in a stretch of time, soonest first."""
    found = in_room(session, room, stamp(within.start), stamp(within.end))
    return [
        Booking(room, span_of(slot), booked_by(session, one.doc))
        for one in found
        if (slot := slot_of(one.doc)) is not None
    ]


def next_booking(session: Session, room: str) -> Booking | None:
    """Who has a room now, or will have it first."""
    for record in in_room(session, room, stamp(session.clock())):
        slot = slot_of(record.doc)
        if slot is not None:
            return Booking(room, span_of(slot), booked_by(session, record.doc))
    return None


def busy(session: Session, room: str, within: Span) -> list[Span]:
    """When a room is taken in a stretch of time, by whomever."""
    return [span_of(slot) for slot in _slots(session, room, within.start, within.end)]


def _slots(session: Session, room: str, start: datetime, end: datetime | None = None) -> Iterator[RoomSlot]:
    for record in in_room(session, room, stamp(start), stamp(end) if end is not None else ""):
        slot = slot_of(record.doc)
        if slot is not None:
            yield slot


# -- when they are free ------------------------------------------------------------------------------------------------
def free_rooms(session: Session, span: Span) -> list[BookableRoom]:
    """The rooms and resources that this person may book and that nobody has in a stretch of time."""
    return [room for room in bookable(session) if not busy(session, room.key, span)]


def free_times(session: Session, room: str, within: Span, length: timedelta = timedelta(minutes=1)) -> list[Span]:
    """When a room is free in a stretch of time, in pieces of at least that length."""
    return spans.free(busy(session, room, within), [within], length)


def next_free(session: Session, room: str, length: timedelta, after: datetime) -> datetime:
    """The first moment (UTC), from one on, from which a room is free for so long."""
    return booked_rooms.next_free(_slots(session, room, after), length, after.astimezone(UTC))


# -- series ------------------------------------------------------------------------------------------------------------
def booked_until(session: Session, activity: int) -> datetime | None:
    """Until when a series has its rooms where that is not its end, which is to be said; None for all else. Raises NotFound."""
    doc = session.record(ACTIVITIES, activity).doc
    taken = {span_of(slot) for slot in slots(doc)}
    if not taken or not (is_endless(doc) or len(taken) >= MOST_OCCURRENCES):
        return None
    return max(span.end for span in taken)


def plain(room: BookableRoom) -> dict[str, object]:
    """A room as JSON tells it."""
    told: dict[str, object] = msgspec.to_builtins(room)
    return told


def span_words(session: Session, span: Span) -> str:
    """`Tue 12 Jan 10:00–11:00` on the person's clock."""
    return booked_rooms.span_text(session, stamp(span.start), stamp(span.end))


def moment_words(session: Session, when: datetime) -> str:
    """`Tue 12 Jan 10:00` on the person's clock."""
    return booked_rooms.moment_text(session, stamp(when))
