"""Whether bookings are as activities and fields have them: nothing overlaps, nothing is left over, nothing is missing.

The commit holds this (`services/kernel/bookings.py`); what writes past the door may break it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tuicrm.domain.activities import claims
from tuicrm.domain.activities.claims import RoomSlot
from tuicrm.domain.booking_values import slots_of
from tuicrm.domain.conditions import Empty, Not
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.services.kernel.booked_rooms import slot_of
from tuicrm.services.kernel.bookings import ROOMS_OF_ACTIVITY, booking_fields
from tuicrm.services.kernel.reader import ACTIVITIES, BOOKINGS
from tuicrm.store.parts import Fault
from tuicrm.store.protocol import Find, Record, Store

if TYPE_CHECKING:
    from tuicrm.domain.workspace import Workspace


def faults(store: Store, workspace: Workspace, now: datetime) -> Iterator[Fault]:
    """What is wrong with bookings, each fault at the record that is to be looked at."""
    wanted = {holder: slots for holder, slots in _wanted(store, workspace) if slots}
    sound: list[tuple[RoomSlot, Record]] = []
    for record in store.find(Find(BOOKINGS)).records:
        slot = slot_of(record.doc)
        reason = _why_wrong(workspace, record, slot, wanted)
        if reason:
            yield Fault(f"{BOOKINGS} {record.id}", reason)
        elif slot is not None and not record.doc.get("off"):
            sound.append((slot, record))
    yield from _overlaps(workspace, sound)
    there = {(str(record.doc.get("holder")), slot) for slot, record in sound}
    for holder, slots in wanted.items():
        for slot in sorted(slots):
            if slot.room in workspace.rooms and slot.end > stamp(now) and (holder, slot) not in there:
                told = _("{room} is not booked for it from {start} to {end}")
                place = holder.partition("/")[0].replace(":", " ")
                yield Fault(place, told.format(room=workspace.rooms[slot.room].label, start=slot.start, end=slot.end))


def _wanted(store: Store, workspace: Workspace) -> Iterator[tuple[str, frozenset[RoomSlot]]]:
    """What everybody is to have, by holder."""
    for record in store.find(Find(ACTIVITIES, Not(Empty(ROOMS_OF_ACTIVITY)))).records:
        owner = Ref.read(record.doc.get("owner"))
        if owner is not None and owner.type in workspace.types and store.get(owner.type, [owner.id]):
            yield f"{ACTIVITIES}:{record.id}", claims.slots(record.doc)
    for type_key in workspace.types:
        for field in booking_fields(workspace, type_key):
            for record in store.find(Find(type_key, Not(Empty(field)))).records:
                yield f"{Ref(type_key, record.id)}/{field}", slots_of(record.doc.get(field))


def _why_wrong(
    workspace: Workspace, record: Record, slot: RoomSlot | None, wanted: Mapping[str, frozenset[RoomSlot]]
) -> str:
    """What is wrong with one booking for itself; "" for nothing."""
    if slot is None or slot.start >= slot.end:
        return _("it names no room, or no time from and to")
    if slot.room not in workspace.rooms:
        return _("there is no room “{room}”").format(room=slot.room)
    holder = str(record.doc.get("holder"))
    if record.doc.get("off"):
        type_key, _slash, field = str(record.doc.get("of")).partition("/")
        known = type_key in workspace.types and field in workspace.deleted_fields(type_key)
        return "" if known else _("it is kept for a field that is not deleted")
    if slot not in wanted.get(holder, ()):
        return _("nothing books it: {holder} has no such booking").format(holder=holder)
    return ""


def _overlaps(workspace: Workspace, bookings: list[tuple[RoomSlot, Record]]) -> Iterator[Fault]:
    """Bookings of one room that share a moment, each with the one before it that ends last."""
    latest: dict[str, tuple[RoomSlot, Record]] = {}
    for slot, record in sorted(bookings, key=lambda one: (one[0].room, one[0].start, one[1].id)):
        before = latest.get(slot.room)
        if before is not None and slot.start < before[0].end:
            told = _("it overlaps with booking {other} of {room}")
            room = workspace.rooms[slot.room].label
            yield Fault(f"{BOOKINGS} {record.id}", told.format(other=before[1].id, room=room))
        if before is None or slot.end > before[0].end:
            latest[slot.room] = (slot, record)
