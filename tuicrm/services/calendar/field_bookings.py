"""What fields of items book of a room, as it stands in the room's calendar beside its activities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tuicrm.domain.activities.claims import RoomSlot, span_of
from tuicrm.domain.activities.spans import Span
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.services.calendar.shown import Shown
from tuicrm.services.kernel.booked_rooms import in_room, slot_of
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Record


def booked_by_fields(session: Session, rooms: Sequence[str], within: Span) -> list[Shown]:
    """The bookings of these rooms, one for all that a value books at once. What the person may not read is busy.

    `activity` is the number of the booking, below zero: it is no activity."""
    together: dict[tuple[str, str, str], list[tuple[Record, RoomSlot]]] = {}
    for record, slot in _held(session, rooms, within):
        together.setdefault((str(record.doc.get("holder")), slot.start, slot.end), []).append((record, slot))
    return [_shown(session, holder, of) for (holder, _start, _end), of in together.items()]


def _held(session: Session, rooms: Sequence[str], within: Span) -> Iterator[tuple[Record, RoomSlot]]:
    for room in rooms:
        for record in in_room(session, room, stamp(within.start), stamp(within.end)):
            slot = slot_of(record.doc)
            if slot is not None and not str(record.doc.get("holder")).startswith(f"{ACTIVITIES}:"):
                yield record, slot


def _shown(session: Session, holder: str, of: Sequence[tuple[Record, RoomSlot]]) -> Shown:
    first, slot = of[0]
    place, _slash, name = holder.partition("/")
    ref, taken = Ref.read(place), tuple(slot.room for _record, slot in of)
    item = session.peek(ref) if ref is not None else None
    field = session.workspace.field(item.type, name) if item is not None else None
    busy = item is None or field is None or not session.access.sees(field)
    return Shown(
        activity=-first.id,
        what=_("busy") if busy or field is None else session.label(field.label),
        span=span_of(slot),
        owner=None if busy or item is None else item.ref,
        title="" if busy or item is None else session.title_of(item),
        responsible="" if busy else str(first.doc.get("by") or ""),
        rooms=taken,
        busy=busy,
        takes=True,
    )
