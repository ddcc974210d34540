"""Events of one UID taken in: made, changed, called off, answered; each as a change that is tried before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from tuicrm.domain.conditions import OneOf
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.errors import Refusal
from tuicrm.exchange.ical.events import IcalEvent, IcalRemark, IcalWhen
from tuicrm.exchange.ical.merging import IcalClash, Prefer, TwoSides, changed, merge
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_here import ActivityHere
from tuicrm.services.calendar.ical_in import KEYS, EventsIn
from tuicrm.services.calendar.ical_known import KnownEvent, by_occurrence
from tuicrm.services.calendar.ical_out import KEPT, EventsOut, digest
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.ical_times import read_wall, wall_text
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Find, Record

__all__ = ["CalendarRow", "EventsByOccurrence", "IcalRemark", "Prefer", "TakenEvents", "Taking", "answered"]

CalendarOutcome: TypeAlias = Literal[
    "added", "changed", "unchanged", "cancelled", "answered", "clash", "left_out", "sent", "withdrawn"
]
_AT_ONCE = 500
EventsByOccurrence: TypeAlias = Mapping[IcalWhen | None, IcalEvent]


class CalendarRow(Struct, frozen=True):
    """What came of one UID: the activity (0: none), the item that it hangs on, why where there is something to say."""

    uid: str
    title: str
    outcome: CalendarOutcome
    activity: int = 0
    on: str = ""
    message: str = ""
    clashes: tuple[IcalClash, ...] = ()


class TakenEvents(NamedTuple):
    """What came of events: the row, what is to be written, what is known then, and what the other side is to have (None: as it is).

    What is new rests on there being still no more activities of this UID than `there` (ids; those that others keep to themselves)."""

    row: CalendarRow
    change: Change | None = None
    known: KnownEvent | None = None
    theirs: EventsByOccurrence | None = None
    there: frozenset[int] | None = None


class Taking:
    """Takes events in, for one person. `on` is the item that they hang on; with `others` only of those whose people reach none."""

    def __init__(self, session: Session, on: Ref | None = None, prefer: Prefer = "", *, others: bool = False) -> None:
        self.session, self.on, self.prefer = session, on, prefer
        self._others = others
        self._there: dict[str, set[int]] = {}
        self.book = AddressBook(session)
        self.out, self.into = EventsOut(session, self.book), EventsIn(session, self.book)

    def look(self, uids: Iterable[str]) -> None:
        """See which activities of some UIDs there are, whoever may read them: to be done before they are looked for."""
        wanted = list(dict.fromkeys(map(fold, uids)))
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            self._there |= {uid: set() for uid in some}
            for record in self.session.whole.find(Find(ACTIVITIES, OneOf("uid", "string", tuple(some)))).records:
                self._there.setdefault(fold(str(record.doc.get("uid"))), set()).add(record.id)

    def ours(self, here: ActivityHere) -> dict[IcalWhen | None, IcalEvent]:
        """An activity as its events."""
        return by_occurrence(self.out.series(here.record, here.stand_ins))

    def take(
        self, uid: str, theirs: EventsByOccurrence, here: ActivityHere | None, known: KnownEvent | None
    ) -> TakenEvents:
        """Events of one UID as they are there now. What is refused is a row."""
        title = _title(theirs)
        try:
            if here is None:
                return self._new(uid, theirs)
            return self._merged(uid, theirs, here, known)
        except Refusal as refused:
            return TakenEvents(CalendarRow(uid, title, "left_out", message=refused.message))

    # -- what is new ---------------------------------------------------------------------------------------------------
    def _new(self, uid: str, theirs: EventsByOccurrence) -> TakenEvents:
        master = theirs.get(None)
        title = _title(theirs)
        if master is None:
            told = _("only some occurrences of a series that is not here")
            return TakenEvents(CalendarRow(uid, title, "left_out", message=told))
        owner = self._owner(master)
        if owner is None:
            told = _("it reaches no contact: name the item that it belongs to (--on)")
            return TakenEvents(CalendarRow(uid, title, "left_out", message=told))
        replaced = {at: event for at, event in theirs.items() if at is not None}
        doc = self.into.doc(master, owner, map(wall_text, replaced))
        # Ids come with the change; what is kept beside hangs on the document alone.
        inner: dict[IcalWhen | None, Doc] = {at: self.into.doc(event, owner) for at, event in replaced.items()}
        change = Change(self.session, "")
        events = self._as_kept(uid, doc, inner)
        series = change.put(ACTIVITIES, doc)
        for one in inner.values():
            change.put(ACTIVITIES, {**one, "of": series})
        change.try_out()
        row = CalendarRow(uid, title, "added", series, self._called(owner))
        known = KnownEvent(id=0, uid=uid, activity=series, ours=events, theirs=theirs)
        return TakenEvents(row, change, known, there=frozenset(self._there.get(fold(uid), ())))

    def _as_kept(self, uid: str, doc: Doc, inner: Mapping[IcalWhen | None, Doc]) -> dict[IcalWhen | None, IcalEvent]:
        """The events that new documents are; each is marked as what it came as."""
        records = [Record(ACTIVITIES, at, 0, one) for at, one in enumerate(inner.values(), 1)]
        events = by_occurrence(self.out.series(Record(ACTIVITIES, 0, 0, {**doc, "uid": uid}), records))
        for at, one in ((None, doc), *inner.items()):
            if at in events:
                one[KEPT] = {**one.get(KEPT, {}), "as": digest(events[at])}
        return events

    def _owner(self, event: IcalEvent) -> Ref | None:
        """The item of an event: the one that was named, else the first whom an address of it reaches."""
        if self.on is not None and not self._others:
            return self.on
        organizer = [event.organizer.address] if event.organizer is not None else []
        return self.book.first_item([*organizer, *(guest.address for guest in event.guests)]) or self.on

    def _called(self, owner: Ref) -> str:
        item = self.session.peek(owner)
        return f"{self.session.workspace.show_ref(owner)} {self.session.title_of(item)}" if item is not None else ""

    # -- what is here --------------------------------------------------------------------------------------------------
    def _merged(
        self, uid: str, theirs: EventsByOccurrence, here: ActivityHere, known: KnownEvent | None
    ) -> TakenEvents:
        ours = self.ours(here)
        plan = _Plan(self, here, ours, theirs, known)
        for at in dict.fromkeys((None, *ours, *theirs)):
            plan.put_together(at)
        owner = Ref.parse(str(here.record.doc["owner"]))
        title, on = _title(theirs) or str(here.record.doc.get("what")), self._called(owner)
        if plan.clashes:
            message = _("changed here and there")
            row = CalendarRow(uid, title, "clash", here.record.id, on, message, tuple(plan.clashes))
            return TakenEvents(row)
        change = plan.change(owner)
        if change is not None:
            change.try_out()
        row = CalendarRow(uid, title, "changed" if change is not None else "unchanged", here.record.id, on)
        seen = KnownEvent(
            id=known.id if known else 0,
            uid=uid,
            activity=here.record.id,
            href=known.href if known else "",
            etag=known.etag if known else "",
            ours=plan.ours,
            theirs=plan.theirs,
        )
        return TakenEvents(row, change, seen, plan.theirs if plan.theirs != theirs else None)


class _Plan:
    """The events of one UID on both sides, put together one after the other."""

    def __init__(
        self,
        taking: Taking,
        here: ActivityHere,
        ours: EventsByOccurrence,
        theirs: EventsByOccurrence,
        known: KnownEvent | None,
    ) -> None:
        self._taking, self._here, self._known = taking, here, known
        self._before = ours
        self.ours, self.theirs = dict(ours), dict(theirs)
        self.clashes: list[IcalClash] = []
        self._gone: list[IcalWhen] = []

    def put_together(self, at: IcalWhen | None) -> None:
        """One event: as both sides have it, or only one does."""
        ours, theirs = self.ours.get(at), self.theirs.get(at)
        then = self._known.sides(at) if self._known is not None else None
        if ours is not None and theirs is not None:
            merged = merge(then, TwoSides(ours, theirs), self._taking.prefer)
            self.ours[at], self.theirs[at] = merged.ours, merged.theirs
            self.clashes += merged.clashes
        elif at is not None and ours is not None and then is not None and not changed(then.ours, ours):
            # It was there, and is an occurrence like any other again.
            del self.ours[at]
            self._gone.append(at)
        elif at is not None and theirs is not None and then is not None and not changed(then.theirs, theirs):
            del self.theirs[at]
        elif ours is not None:
            self.theirs[at] = ours
        elif theirs is not None:
            self.ours[at] = theirs

    def change(self, owner: Ref) -> Change | None:
        """What is to be written here; None where nothing is other than it was."""
        groups = {at: changed(self._before[at], event) for at, event in self.ours.items() if at in self._before}
        fresh = [at for at in self.ours if at not in self._before]
        if not any(groups.values()) and not fresh and not self._gone:
            return None
        docs = self._docs(groups, fresh, owner)
        change = Change(self._taking.session, "")
        for at, record in self._records().items():
            if at in self._gone:
                change.remove(ACTIVITIES, record.id)
            elif docs.get(at) != record.doc:
                after = docs[at]
                patch = {key: after.get(key) for key in (*record.doc, *after) if after.get(key) != record.doc.get(key)}
                change.patch(ACTIVITIES, record.id, patch, base=record.doc)
        for at in fresh:
            change.put(ACTIVITIES, {**docs[at], "of": self._here.record.id})
        return change

    def _records(self) -> dict[IcalWhen | None, Record]:
        found: dict[IcalWhen | None, Record] = {None: self._here.record}
        for one in self._here.stand_ins:
            at = read_wall(str(one.doc.get("occurrence")))
            if at in self._before or at in self._gone:
                found[at] = one
        return found

    def _docs(
        self, groups: Mapping[IcalWhen | None, Sequence[str]], fresh: Iterable[IcalWhen | None], owner: Ref
    ) -> dict[IcalWhen | None, Doc]:
        """The documents as they are to be, each marked as what it came as."""
        docs = {at: self._doc(record.doc, at, groups.get(at, ())) for at, record in self._records().items()}
        docs = {at: doc for at, doc in docs.items() if at not in self._gone}
        for at in fresh:
            docs[at] = self._taking.into.doc(self.ours[at], owner)
        head = docs[None]
        inner: dict[IcalWhen, Doc] = {at: doc for at, doc in docs.items() if at is not None}
        walls = {wall_text(at) for at in (*inner, *self.ours[None].skipped)}
        if walls != set(head.get("skipped") or ()):
            head["skipped"] = sorted(walls)
        if not walls:
            head.pop("skipped", None)
        uid = self.ours[None].uid
        records = [Record(ACTIVITIES, number, 0, one) for number, one in enumerate(inner.values(), 1)]
        events = by_occurrence(self._taking.out.series(Record(ACTIVITIES, 0, 0, {**head, "uid": uid}), records))
        for at, doc in docs.items():
            if at in events and KEPT in doc:
                doc[KEPT] = {**doc[KEPT], "as": digest(events[at])}
        self.ours = dict(events)
        return docs

    def _doc(self, before: Mapping[str, Any], at: IcalWhen | None, groups: Sequence[str]) -> Doc:
        if not groups:
            return dict(before)
        event = self.ours[at]
        replaced = [wall_text(one) for one in self.ours if one is not None] if at is None else []
        fields = self._taking.into.fields(event, replaced, self._since(before))
        named = {key for group in groups for key in KEYS[group]} | {KEPT}
        after = {**before, **{key: fields.get(key) for key in named}}
        theirs = self.theirs.get(at)
        if theirs is not None:
            after |= {"uid": event.uid, "sequence": theirs.sequence or None}
        return {key: value for key, value in after.items() if value is not None}

    def _since(self, before: Mapping[str, Any]) -> datetime:
        """From when on an occurrence is open: one that is late stays so."""
        now = self._taking.session.clock()
        try:
            return min(now, datetime.fromisoformat(str(before.get("at"))))
        except (ValueError, TypeError):
            return now


def answered(here: ActivityHere, events: Iterable[IcalEvent], book: AddressBook) -> dict[str, Any]:
    """What changes of an activity where its guests answered (METHOD:REPLY); {} where none of them takes part."""
    doc, fields = here.record.doc, dict[str, Any]()
    people, contacts = dict(doc.get("people") or {}), list(doc.get("contacts") or ())
    answers, kept = dict(doc.get("answers") or {}), dict(doc.get(KEPT) or {})
    guests = [dict(one) for one in kept.get("guests") or () if isinstance(one, dict)]
    for guest in (guest for event in events for guest in event.guests):
        person, item = book.person(guest.address), book.item(guest.address)
        if person in people:
            fields["people"] = people = {**people, person: guest.answer}
        elif item is not None and str(item) in contacts:
            fields["answers"] = answers = {**answers, str(item): guest.answer}
        elif any(one.get("address") == guest.address for one in guests):
            guests = [{**one, "answer": guest.answer} if one.get("address") == guest.address else one for one in guests]
            fields[KEPT] = {**kept, "guests": guests}
    return fields


def _title(events: EventsByOccurrence) -> str:
    return next((event.summary.split("\n")[0] for event in events.values() if event.summary), "")
