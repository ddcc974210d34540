"""Who has a room, from when to when, and when it is free: read from the bookings, which `bookings.py` writes.

A room can be booked by all who may; what it is booked for is told to those who may read it, to others it is busy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tuicrm.domain.access import nearness
from tuicrm.domain.activities.claims import RoomSlot, span_of
from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.conditions import And, Condition, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.day_names import day_text, weekday
from tuicrm.domain.rooms import BookableRoom
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.reader import ACTIVITIES, BOOKINGS
from tuicrm.store.protocol import Doc, Find, Record

if TYPE_CHECKING:
    from tuicrm.services.kernel.reader import Reader


class BookedBy(Struct, frozen=True):
    """What a booking is for, as one person may know it: who has the room and what for; "" where they may not, for whom it is busy.

    `ref` is the item, `activity` the number of the activity (0 for what a field books)."""

    who: str = ""
    what: str = ""
    ref: str = ""
    activity: int = 0


# -- which there are ---------------------------------------------------------------------------------------------------
def within(room: str, start: str = "", end: str = "") -> Condition:
    """The bookings of a room that share a moment with a stretch of time; "": no bound on that side."""
    parts: list[Condition] = [Test("room", "list", "=", room)]
    if start:
        parts.append(Test("end", "datetime", ">", start))
    if end:
        parts.append(Test("start", "datetime", "<", end))
    return And(tuple(parts))


def in_room(session: Reader, room: str, start: str = "", end: str = "") -> list[Record]:
    """Those of a room in a stretch of time, soonest first."""
    found = session.whole.find(Find(BOOKINGS, within(room, start, end))).records
    return sorted((one for one in found if _is_held(one.doc)), key=lambda one: (one.doc["start"], one.id))


def held_by(session: Reader, holder: str) -> dict[RoomSlot, int]:
    """What an activity or field has booked, with the ids of the bookings."""
    found = session.whole.find(Find(BOOKINGS, Test("holder", "list", "=", holder))).records
    return {slot: one.id for one in found if (slot := slot_of(one.doc)) is not None and not one.doc.get("off")}


def _is_held(doc: Mapping[str, Any]) -> bool:
    """Whether a booking takes its room: it says what, and its field is not deleted."""
    return slot_of(doc) is not None and not doc.get("off")


def slot_of(doc: Mapping[str, Any]) -> RoomSlot | None:
    """What a booking takes; None for one that says nothing sound: a script may have written it."""
    room, start, end = doc.get("room"), doc.get("start"), doc.get("end")
    sound = isinstance(room, str) and read_stamp(start) is not None and read_stamp(end) is not None
    return RoomSlot(room, start, end) if sound else None  # type: ignore[arg-type]  # moments are texts


# -- when it is free ---------------------------------------------------------------------------------------------------
def next_free(busy: Iterable[RoomSlot], length: timedelta, after: datetime) -> datetime:
    """The first moment, from one on, from which nothing stands in the way for so long. `busy` are the slots of one room."""
    at = after
    for start, end in sorted(map(span_of, busy)):
        if start - at >= length:
            break
        at = max(at, end)
    return at


# -- who has it --------------------------------------------------------------------------------------------------------
def booked_by(session: Reader, doc: Mapping[str, Any]) -> BookedBy:
    """What a booking is for, as far as this person may know it."""
    holder = str(doc.get("holder") or "")
    table, _colon, rest = holder.partition(":")
    if table == ACTIVITIES and rest.isdigit():
        return _by_activity(session, int(rest))
    place, _slash, field = holder.partition("/")
    ref = Ref.read(place)
    item = session.peek(ref) if ref is not None else None
    known = session.workspace.field(item.type, field) if item is not None else None
    if item is None or known is None or not session.access.sees(known):
        return BookedBy()
    who = session.names.person(str(doc.get("by") or "")) or str(doc.get("by") or "")
    return BookedBy(who, session.title_of(item), session.workspace.show_ref(item.ref))


def _by_activity(session: Reader, number: int) -> BookedBy:
    doc: Doc = next((one.doc for one in session.whole.get(ACTIVITIES, [number])), {})
    ref = Ref.read(doc.get("owner"))
    if ref is None or session.peek(ref) is None or (doc.get("private") and not is_of(doc, session.person_key)):
        return BookedBy()
    key = str(doc.get("responsible") or doc.get("by") or "")
    return BookedBy(
        session.names.person(key) or key, str(doc.get("what") or ""), session.workspace.show_ref(ref), number
    )


# -- refusing ----------------------------------------------------------------------------------------------------------
def refuse_unless_bookable(session: Reader, room: BookableRoom | None, key: str, field: str) -> None:
    """Raise Refused for a room that is not there or retired, AccessDenied for one that is for others to book."""
    if room is None:
        message = _("there is no room “{room}”").format(room=key)
        raise Refused(message, [FieldProblem(field, message, key)])
    if room.retired:
        message = _("{room} is retired and cannot be booked").format(room=room.label)
        raise Refused(message, [FieldProblem(field, message, key)])
    if not may_book(session, room):
        raise AccessDenied(_("You may not book {room}.").format(room=room.label))


def may_book(session: Reader, room: BookableRoom) -> bool:
    """Whether a room is for this person to book; administrators may book all."""
    if not room.bookers or session.access.admin:
        return True
    return nearness(session.workspace, session.person, room.bookers) is not None


def refused(
    session: Reader, room: BookableRoom, wanted: RoomSlot, doc: Mapping[str, Any], busy: Iterable[RoomSlot], field: str
) -> Refused:
    """That somebody else has the room: who and what for, from when to when, and when it is next free for as long."""
    start, end = span_of(wanted)
    free = next_free(busy, end - start, start)
    had = booked_by(session, doc)
    told = (
        _("{room} is booked by {who} ({what}), {when}; it is free from {free}")
        if had.who
        else _("{room} is busy, {when}; it is free from {free}")
    )
    message = told.format(
        room=room.label,
        who=had.who,
        what=f"{had.ref} {had.what}".strip(),
        when=span_text(session, str(doc["start"]), str(doc["end"])),
        free=moment_text(session, stamp(free)),
    )
    return Refused(message, [FieldProblem(field, message, room.key)])


def moment_text(session: Reader, at: str) -> str:
    """`Tue 12 Jan 10:00` on the person's clock; with the year where it is another one."""
    when = read_stamp(at)
    if when is None:
        return at
    return _day(session, when) + f" {when.astimezone(session.zone):%H:%M}"


def span_text(session: Reader, start: str, end: str) -> str:
    """`Tue 12 Jan 10:00–11:00`; with both days where they are two."""
    begin, stop = read_stamp(start), read_stamp(end)
    if begin is None or stop is None:
        return f"{start}–{end}"
    here, there = begin.astimezone(session.zone), stop.astimezone(session.zone)
    if here.date() == there.date():
        return f"{_day(session, begin)} {here:%H:%M}–{there:%H:%M}"
    return f"{moment_text(session, start)} – {moment_text(session, end)}"


def _day(session: Reader, when: datetime) -> str:
    context = session.context()
    here = when.astimezone(session.zone).date()
    year = here.year != context.now.astimezone(session.zone).year
    return f"{weekday(here, context)} {day_text(here, context, year=year)}"
