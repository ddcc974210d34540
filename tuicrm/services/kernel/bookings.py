"""Bookings of rooms: what activities and booking fields take is written in the very commit that writes them, and nothing overlaps.

`follow` looks at what a change is about to write, whichever way it comes (add, edit, move, undo, redo, import, …), and gives up and
takes what follows from it. Who takes anything writes the room's record (`GUARDS`): of two at once, the later one is drafted again and
meets the booking of the first. A big change cannot rest on a record that others write meanwhile; it looks again when it is closed, and
rests on the bookings that it found (`settle`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from tuicrm.domain.activities import claims
from tuicrm.domain.activities.claims import RoomSlot
from tuicrm.domain.booking_values import slots_of
from tuicrm.domain.conditions import And, Empty, Not, OneOf, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Conflict, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel import invited
from tuicrm.services.kernel.booked_rooms import (
    held_by,
    in_room,
    refuse_unless_bookable,
    refused,
    slot_of,
    within,
)
from tuicrm.services.kernel.conflicts import step_aside
from tuicrm.services.kernel.drafts import Draft, NewIds
from tuicrm.services.kernel.invited import INVITED
from tuicrm.services.kernel.numbers import InCommit
from tuicrm.services.kernel.reader import ACTIVITIES, BOOKINGS
from tuicrm.store.protocol import Doc, Find, Key, Op, QueryAnswer

if TYPE_CHECKING:
    from tuicrm.domain.rooms import BookableRoom
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.kernel.reader import Reader
    from tuicrm.store.parts import Batch

GUARDS = "booked"
"""One record a room, of the room's own id: how often it was booked. Whoever books writes it."""
DERIVED = frozenset((BOOKINGS, GUARDS, INVITED))
"""Tables that follow from others: nobody writes them by hand, and undo writes them anew."""

ROOMS_OF_ACTIVITY = "rooms"
_ATTEMPTS = 40


class _Wish(Struct, frozen=True):
    """What somebody (`activity:17`, `deal:7/FIELD`) is to have, in place of all that they had; `field` is what a refusal names."""

    holder: str
    slots: frozenset[RoomSlot]
    field: str
    of: str = ""
    parks: bool = False
    """What they had is kept aside: it is wanted again when the field comes back."""


class Ledger:
    """What one change has taken and given up so far, in all its lines. `big`: it is closed by `close`, and rests on nothing before."""

    def __init__(self, *, big: bool = False) -> None:
        self.big = big
        self.had: dict[str, dict[RoomSlot, int]] = {}
        """By holder, what they have now and the ids of the bookings."""
        self.freed: set[int] = set()
        self.touched: set[RoomSlot] = set()
        """All that was taken or given up: what a big change rests on."""

    @property
    def is_empty(self) -> bool:
        """Whether no booking was touched."""
        return not self.touched

    def mine(self, room: str) -> Iterator[tuple[RoomSlot, str]]:
        """What this change has of a room, with who has it."""
        return ((slot, holder) for holder, had in self.had.items() for slot in had if slot.room == room)

    def holds(self, ref: Ref) -> bool:
        """Whether a field of an item books anything here."""
        return any(holder.partition("/")[0] == str(ref) and holder != str(ref) for holder in self.had)


def follow(draft: Draft, ledger: Ledger) -> None:
    """Write what follows from a draft. Raises Refused where somebody else has a room, saying who, and when it is next free; where the
    room is not there or retired; AccessDenied where it is for others."""
    if not draft.workspace.rooms:
        return
    wishes = list(_wishes(draft, ledger))
    for wish in wishes:
        _give_up(draft, ledger, wish)
    for wish in wishes:
        _take(draft, ledger, wish)


def tried(draft: Draft, ledger: Ledger) -> None:
    """Raise what `follow` would raise, and keep nothing of it: `draft` is thrown away."""
    trial = Ledger(big=True)
    trial.had = {holder: dict(had) for holder, had in ledger.had.items()}
    trial.freed = set(ledger.freed)
    follow(draft, trial)


# -- what is wished ----------------------------------------------------------------------------------------------------
def _wishes(draft: Draft, ledger: Ledger) -> Iterator[_Wish]:
    """What those who are touched are to have from now on."""
    workspace, touched = draft.workspace, draft.touched()
    items = [key for key in touched if key.table in workspace.types]
    activities = [key for key in touched if key.table == ACTIVITIES]
    for key in dict.fromkeys([*activities, *_activities_of(draft, items, ledger)]):
        yield from _of_activity(draft, key, ledger)
    fields = {table: booking_fields(workspace, table) for table in {key.table for key in items}}
    for key in items:
        yield from _of_item(draft, key, fields[key.table])
    for key in touched:
        if key.table == "field":
            yield from _of_field(draft, key)


def _activities_of(draft: Draft, items: Iterable[Key], ledger: Ledger) -> Iterator[Key]:
    """The activities with rooms of items that go or come back. Who deletes an item rests on there being no more of them."""
    owners = [str(Ref(*key)) for key in items if draft.get(key) is None or draft.comes_back(key)]
    if owners:
        where = And((OneOf("owner", "string", tuple(map(fold, owners))), Not(Empty(ROOMS_OF_ACTIVITY))))
        found = draft.session.whole.ids(ACTIVITIES, where)
        if not ledger.big:
            draft.answers.append(QueryAnswer(ACTIVITIES, where, frozenset(found)))
        yield from (Key(ACTIVITIES, number) for number in found)


def _of_activity(draft: Draft, key: Key, ledger: Ledger) -> Iterator[_Wish]:
    record, after = draft.record(key), draft.get(key)
    before = record.doc if record is not None else {}
    if not before.get(ROOMS_OF_ACTIVITY) and not (after or {}).get(ROOMS_OF_ACTIVITY):
        return
    slots = claims.slots(after) if after is not None and _lives(draft, after, ledger) else frozenset[RoomSlot]()
    yield _Wish(f"{ACTIVITIES}:{key.id}", slots, ROOMS_OF_ACTIVITY)


def _lives(draft: Draft, activity: Doc, ledger: Ledger) -> bool:
    """Whether there is an item that the activity hangs on; what is booked rests on that."""
    owner = Ref.read(activity.get("owner"))
    if owner is None or owner.type not in draft.workspace.types:
        return False
    if not ledger.big:
        draft.hold(Key(*owner))
    return draft.get(Key(*owner)) is not None


def _of_item(draft: Draft, key: Key, fields: Iterable[str]) -> Iterator[_Wish]:
    record, after = draft.record(key), draft.get(key) or {}
    before = record.doc if record is not None else {}
    for field in fields:
        if before.get(field) or after.get(field):
            yield _Wish(f"{Ref(*key)}/{field}", slots_of(after.get(field)), field, f"{key.table}/{field}")


def booking_fields(workspace: Workspace, type_key: str) -> list[str]:
    """The keys of the fields of a type that book."""
    return [key for key, field in workspace.fields(type_key).items() if field.traits.books]


def _of_field(draft: Draft, key: Key) -> Iterator[_Wish]:
    """Of a field that is deleted, or comes back: its values cannot be read meanwhile, so that what they booked is kept aside."""
    record, after = draft.record(key), draft.get(key)
    before: Doc = record.doc if record is not None else {}
    said = after if after is not None else before
    was_off, is_off = bool(before.get("deleted")), after is None or bool(after.get("deleted"))
    if was_off == is_off:
        return
    name, of = str(said.get("key")), f"{said.get('type')}/{said.get('key')}"
    found = draft.session.whole.find(Find(BOOKINGS, Test("of", "list", "=", of))).records
    parked = [one for one in found if one.doc.get("off")]
    for one in parked if not is_off else ():
        draft.record(Key(BOOKINGS, one.id))
        draft.put(Key(BOOKINGS, one.id), None)
    for holder in dict.fromkeys(str(one.doc.get("holder")) for one in (found if is_off else parked)):
        slots = [slot_of(one.doc) for one in parked if one.doc.get("holder") == holder]
        wanted = frozenset(slot for slot in slots if slot is not None) if not is_off else frozenset[RoomSlot]()
        yield _Wish(holder, wanted if _is_there(draft, holder) else frozenset(), name, of, parks=is_off)


def _is_there(draft: Draft, holder: str) -> bool:
    ref = Ref.read(holder.partition("/")[0])
    return ref is not None and ref.type in draft.workspace.types and draft.get(Key(*ref)) is not None


# -- giving up, taking -------------------------------------------------------------------------------------------------
def _had(draft: Draft, ledger: Ledger, holder: str) -> dict[RoomSlot, int]:
    if holder not in ledger.had:
        ledger.had[holder] = held_by(draft.session, holder)
    return ledger.had[holder]


def _give_up(draft: Draft, ledger: Ledger, wish: _Wish) -> None:
    had = _had(draft, ledger, wish.holder)
    for slot in [slot for slot in had if slot not in wish.slots]:
        gone = had.pop(slot)
        record = draft.record(Key(BOOKINGS, gone))
        parked = {**record.doc, "off": True} if record is not None and wish.parks else None
        draft.put(Key(BOOKINGS, gone), parked)
        ledger.freed.add(gone)
        ledger.touched.add(slot)


def _take(draft: Draft, ledger: Ledger, wish: _Wish) -> None:
    """What is over is taken by nobody: it stands in nobody's way."""
    had, now = _had(draft, ledger, wish.holder), stamp(draft.session.clock())
    new = sorted(slot for slot in wish.slots if slot not in had and slot.end > now)
    for room in dict.fromkeys(slot.room for slot in new):
        _take_room(draft, ledger, wish, [slot for slot in new if slot.room == room])


def _take_room(draft: Draft, ledger: Ledger, wish: _Wish, new: list[RoomSlot]) -> None:
    session, key = draft.session, new[0].room
    room = draft.workspace.rooms.get(key)
    refuse_unless_bookable(session, room, key, wish.field)
    entry = draft.workspace.entry("room", key)
    if room is None or entry is None:
        return
    draft.rest_on("room", entry)
    # Before the bookings are read: what comes between the two, the commit finds out by this.
    guard = (None if ledger.big else draft.get(Key(GUARDS, entry.id))) or {"room": key}
    others = _others(session, ledger, wish.holder, key, new[0].start, max(slot.end for slot in new))
    for slot in new:
        if any(_in_the_way(one, slot) for one in others):
            others = _others(session, ledger, wish.holder, key, slot.start)
            raise _refusal(session, room, slot, others, wish.field)
        booking: Doc = {"room": key, "start": slot.start, "end": slot.end, "holder": wish.holder}
        booking |= {"by": session.person_key, **({"of": wish.of} if wish.of else {})}
        made = draft.new_id(BOOKINGS)
        draft.put(Key(BOOKINGS, made), booking)
        ledger.had[wish.holder][slot] = made
        ledger.touched.add(slot)
    if not ledger.big:
        draft.put(Key(GUARDS, entry.id), {**guard, "n": _count(guard) + 1})


def _count(guard: Doc) -> int:
    found = guard.get("n")
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def _others(session: Reader, ledger: Ledger, holder: str, room: str, start: str, end: str = "") -> list[Doc]:
    """What others have of a room in a stretch of time, in the store and in this change."""
    there = [one.doc for one in in_room(session, room, start, end) if one.id not in ledger.freed]
    mine = [
        {"room": room, "start": slot.start, "end": slot.end, "holder": other, "by": session.person_key}
        for slot, other in ledger.mine(room)
    ]
    return [one for one in (*there, *mine) if one.get("holder") != holder]


def _in_the_way(doc: Doc, slot: RoomSlot) -> bool:
    return bool(doc["start"] < slot.end and slot.start < doc["end"])


def _refusal(session: Reader, room: BookableRoom, slot: RoomSlot, others: list[Doc], field: str) -> Refused:
    first = min((one for one in others if _in_the_way(one, slot)), key=lambda one: str(one["start"]))
    busy = [found for one in others if (found := slot_of(one)) is not None]
    return refused(session, room, slot, first, busy, field)


# -- what is written past a change's draft -----------------------------------------------------------------------------
class NewBookings(Struct, frozen=True):
    """What follows from operations that are ready to be written: more of them, and what those stand on."""

    ops: list[Op]
    expect: dict[Key, int]
    answers: list[QueryAnswer]


def anything_follows(workspace: Workspace) -> bool:
    """Whether there is anything that could follow: rooms to be booked, people to be told."""
    return bool(workspace.rooms) or workspace.invites


def following(session: Reader, ops: Iterable[Op], ledger: Ledger, workspace: Workspace | None = None) -> NewBookings:
    """What follows from them. Raises as `follow`."""
    known = workspace or session.workspace
    if not anything_follows(known):
        return NewBookings([], {}, [])
    ready = [op for op in ops if _concerns(known, op)]
    draft = Draft(session, known, NewIds(session), InCommit())
    for op in ready:
        draft.put(Key(op.table, op.id), op.doc, op.previous)
        draft.record(Key(op.table, op.id))
    follow(draft, ledger)
    if known.invites:
        invited.follow(draft)
    more, expect = draft.operations()
    written = {Key(op.table, op.id) for op in ready}
    rooms = {key: rev for key, rev in expect.items() if key.table in (*DERIVED, "room") and key not in written}
    new = [op for op in more if op.table in DERIVED and Key(op.table, op.id) not in written]
    return NewBookings(new, rooms, draft.answers)


def _concerns(workspace: Workspace, op: Op) -> bool:
    """Whether bookings may follow from an operation, or it is one of theirs: of a big change, the rest is not kept in memory."""
    if op.table in workspace.types:
        return op.doc is None or bool(op.previous) or bool(booking_fields(workspace, op.table))
    return op.table in (ACTIVITIES, "field", *DERIVED)


def refusal_of(error: Refused, label: str) -> Conflict:
    """What undo says where somebody else has the room by now."""
    message = _("Cannot undo “{label}”: {reason}").format(label=label, reason=error.message)
    return Conflict(message, fields=[FieldProblem(one.field, one.message, one.value) for one in error.fields])


# -- a big change ------------------------------------------------------------------------------------------------------
def settle(session: Reader, ledger: Ledger) -> tuple[list[Op], list[QueryAnswer]]:
    """What a big change writes last, and the bookings that it rests on: nothing of all that it takes overlaps with others' by now.

    Raises Refused where something does."""
    guards, answers = list[Op](), list[QueryAnswer]()
    for key in dict.fromkeys(slot.room for slot in sorted(ledger.touched)):
        touched = [slot for slot in ledger.touched if slot.room == key]
        begin, end = min(slot.start for slot in touched), max(slot.end for slot in touched)
        found = in_room(session, key, begin, end)
        where = within(key, begin, end)
        answers.append(QueryAnswer(BOOKINGS, where, frozenset(session.whole.ids(BOOKINGS, where))))
        room, entry = session.workspace.rooms.get(key), session.workspace.entry("room", key)
        if room is None or entry is None:
            continue
        others = [one for one in found if one.id not in ledger.freed]
        for slot, holder in ledger.mine(key):
            theirs = [one.doc for one in others if one.doc.get("holder") != holder]
            if any(_in_the_way(one, slot) for one in theirs):
                raise _refusal(session, room, slot, theirs, ROOMS_OF_ACTIVITY)
        guard = next((one.doc for one in session.whole.get(GUARDS, [entry.id])), {"room": key})
        guards.append(Op(GUARDS, entry.id, {**guard, "n": _count(guard) + 1}))
    return guards, answers


def close(
    session: Reader,
    batch: Batch,
    ledger: Ledger,
    expect: Mapping[Key, int] | None = None,
    answers: Iterable[QueryAnswer] = (),
) -> tuple[int, list[Key]]:
    """Make a big change visible. Whoever booked one of its rooms meanwhile is looked at again; all of it is refused where it is in
    their way. Raises Refused, Conflict, StorageError."""
    rest = list(answers)
    if ledger.is_empty:
        return batch.close(expect, rest)
    for attempt in range(_ATTEMPTS):
        session.store.refresh()
        guards, found = settle(session, ledger)
        batch.add(guards)
        try:
            return batch.close(expect, [*rest, *found])
        except Conflict as stale:
            if stale.table not in DERIVED or attempt == _ATTEMPTS - 1:
                raise
            step_aside()
    raise AssertionError("unreachable: the last attempt raises or returns")
