"""Calendars of people and rooms as files, and files of other calendars as activities."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.conditions import And, Condition, OneOf, Or, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Conflict, Refusal
from tuicrm.exchange.ical.events import IcalEvent, IcalFile, IcalRemark, IcalWhen
from tuicrm.exchange.ical.mails import calendar_of_mail
from tuicrm.exchange.ical.merging import Prefer
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.exchange.ical.writing import write_calendar
from tuicrm.i18n import _, ngettext
from tuicrm.services.calendar.ical_here import ActivityHere, activities_here, stand_ins
from tuicrm.services.calendar.ical_known import FILES, KnownEvent, by_occurrence, keep_known, known_doc, known_of
from tuicrm.services.calendar.ical_out import EventsOut, busy
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.ical_taking import CalendarRow, EventsByOccurrence, TakenEvents, Taking, answered
from tuicrm.services.calendar.ical_times import wall_text, zone_key
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.conflicts import step_aside
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Record

_BACK = timedelta(days=366)
_ATTEMPTS = 5
_LINE = 100
"""Changes that are written in one line of a big one."""


class CalendarTarget(Struct, frozen=True):
    """Whose calendar: people and rooms by their keys, and where its file lies (None: nowhere). `name` is what it is called."""

    people: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    name: str = ""
    path: Path | None = None


class RefreshedFile(Struct, frozen=True):
    """A calendar's file: how many events are in it, and whether it was written anew."""

    events: int
    written: bool


class CalendarReport(Struct, frozen=True):
    """What came of a file: a row a UID, what there is to know of its events, the transaction that wrote it (0: none was needed)."""

    method: str
    rows: tuple[CalendarRow, ...]
    remarks: tuple[IcalRemark, ...] = ()
    seq: int = 0

    def count(self, outcome: str) -> int:
        """How many rows came out so."""
        return sum(row.outcome == outcome for row in self.rows)


# -- out ---------------------------------------------------------------------------------------------------------------
def export_calendar(session: Session, target: CalendarTarget) -> tuple[bytes, int]:
    """A calendar as a file, with the number of its events: what is open, and what was planned in the last year. What is private and
    somebody else's is busy time."""
    out = EventsOut(session, AddressBook(session))
    records = planned_for(session, target, since=stamp(session.clock() - _BACK))
    of = stand_ins(session, [record.id for record in records if record.doc.get("rule")])
    events: list[IcalEvent] = []
    for record in records:
        if _is_seen_whole(session, record):
            events += out.series(record, of.get(record.id, ()))
        else:
            events += map(busy, out.series(record._replace(doc={**record.doc, "kind": "meeting"})))
    return write_calendar(IcalFile(name=target.name, events=tuple(events))), len(events)


def refresh_file(session: Session, target: CalendarTarget) -> RefreshedFile:
    """Write a calendar's file anew, in one step, where it is other than it was. Raises StorageError."""
    from tuicrm.services.kernel.saving import save_file

    content, count = export_calendar(session, target)
    if target.path is None or _holds(target.path, content):
        return RefreshedFile(count, written=False)
    save_file(target.path, content, replace=True)
    return RefreshedFile(count, written=True)


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file is there already, and no link to one."""
    try:
        there = path.lstat()
        return stat.S_ISREG(there.st_mode) and there.st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def planned_for(session: Session, target: CalendarTarget, *, since: str = "", only_open: bool = False) -> list[Record]:
    """The activities of these people (planned for them, or with them unless they declined) and in these rooms, by id. Those that are
    done are left out, or those that were due before `since`."""
    mine = [Test("responsible", "string", "=", fold(key)) for key in target.people]
    with_them = [Or(tuple(Test(f"people.{key}", "string", "=", answer) for answer in _COMING)) for key in target.people]
    rooms = [Test("rooms", "string", "=", fold(key)) for key in target.rooms]
    parts: list[Condition] = [Or((*mine, *with_them, *rooms))]
    still = Test("done", "boolean", "=", False)
    if only_open:
        parts.append(still)
    elif since:
        parts.append(Or((still, Test("at", "datetime", ">=", since))))
    found = session.store.find(Find(ACTIVITIES, And(tuple(parts)))).records
    # Those that stand in for one occurrence come with their series.
    return sorted((session.seen(one) for one in found if _is_readable(session, one)), key=lambda one: one.id)


_COMING = ("asked", "accepted", "maybe")


def _is_readable(session: Session, record: Record) -> bool:
    owner = Ref.read(record.doc.get("owner"))
    return owner is not None and not record.doc.get("of") and session.peek(owner) is not None


def _is_seen_whole(session: Session, record: Record) -> bool:
    return not record.doc.get("private") or is_of(record.doc, session.person_key)


# -- in ----------------------------------------------------------------------------------------------------------------
def import_calendar(
    session: Session,
    data: bytes,
    name: str,
    *,
    on: Ref | None = None,
    dry_run: bool = False,
    prefer: Prefer = "",
    encoding: str = "",
    tell: Callable[[int], None] = lambda _done: None,
) -> CalendarReport:
    """Take a file in, or a mail that holds one, as one change that one undo takes back: each event by its UID, so that nothing comes
    twice. `on` is the item for events whose people reach no contact. Raises Refused for what is no calendar;
    what is wrong with one event is a row."""
    read = read_calendar(calendar_of_mail(data), name, zone=zone_key(session), encoding=encoding, tell=tell)
    if on is not None:
        session.get(on)
    for attempt in range(_ATTEMPTS):
        try:
            return _import(session, read, on=on, dry_run=dry_run, prefer=prefer)
        except Conflict:
            # Somebody takes in the same meanwhile, or changes it: it is looked at again.
            if attempt == _ATTEMPTS - 1:
                raise
            step_aside()
            session.store.refresh()
    raise AssertionError("unreachable: the last attempt raises or returns")


def _import(session: Session, read: IcalFile, *, on: Ref | None, dry_run: bool, prefer: Prefer) -> CalendarReport:
    groups: dict[str, list[IcalEvent]] = {}
    for event in read.events:
        groups.setdefault(event.uid, []).append(event)
    taking = Taking(session, on, prefer)
    taking.look(groups)
    here, known = activities_here(session, groups), known_of(session, FILES, groups)
    importer = _Importer(taking, read.method)
    taken = [importer.take(uid, events, here.get(uid), known.get(uid)) for uid, events in groups.items()]
    seq = 0 if dry_run else write_taken(session, taken)
    rows = [one.row for one in taken]
    if dry_run:
        rows = [row if row.outcome != "added" else _unnumbered(row) for row in rows]
    return CalendarReport(read.method, tuple(rows), read.remarks, seq)


class _Importer:
    """What a file asks for, event by event."""

    def __init__(self, taking: Taking, method: str) -> None:
        self._taking, self._method = taking, method
        self._session = taking.session

    def take(
        self, uid: str, events: Sequence[IcalEvent], here: ActivityHere | None, known: KnownEvent | None
    ) -> TakenEvents:
        title = next((event.summary for event in events if event.summary), "")
        if self._method in ("COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"):
            told = _("{method} is not understood: open it in the calendar that sent it").format(method=self._method)
            return TakenEvents(CalendarRow(uid, title, "left_out", message=told))
        try:
            if self._method == "REPLY":
                return self._reply(uid, title, events, here)
            theirs = by_occurrence(events)
            if self._is_called_off(theirs):
                return self._cancel(uid, title, here)
            return self._taken(uid, title, theirs, here, known)
        except Refusal as refused:
            return TakenEvents(CalendarRow(uid, title, "left_out", message=refused.message))

    def _is_called_off(self, theirs: EventsByOccurrence) -> bool:
        master = theirs.get(None)
        return master is not None and (master.cancelled or self._method == "CANCEL")

    def _taken(
        self, uid: str, title: str, theirs: EventsByOccurrence, here: ActivityHere | None, known: KnownEvent | None
    ) -> TakenEvents:
        whole = self._without_cancelled(theirs, here)
        if here is None or whole is None:
            if whole is None:
                return TakenEvents(CalendarRow(uid, title, "unchanged", message=_("called off, and not here")))
            return self._taking.take(uid, whole, None, known)
        ours = self._taking.ours(here)
        if known is None or None not in known.theirs:
            # It was made here, and comes back: what is newer holds.
            newer = max(_version(event) for event in whole.values()) > _version(ours[None])
            known = KnownEvent(id=known.id if known else 0, uid=uid, ours=ours, theirs=ours) if newer else None
            if known is None:
                return self._old(uid, title, here)
        elif max(map(_version, whole.values())) < max(map(_version, known.theirs.values())):
            return self._old(uid, title, here)
        return self._taking.take(uid, whole, here, known)

    def _old(self, uid: str, title: str, here: ActivityHere) -> TakenEvents:
        told = _("what is here is as new, or newer")
        return TakenEvents(CalendarRow(uid, title, "unchanged", here.record.id, message=told))

    def _without_cancelled(self, theirs: EventsByOccurrence, here: ActivityHere | None) -> EventsByOccurrence | None:
        """The events, those called off skipped. Where the file says nothing of the series itself, it is as here."""
        off = [at for at, event in theirs.items() if at is not None and (event.cancelled or self._method == "CANCEL")]
        ours = self._taking.ours(here) if here is not None else {}
        master = theirs.get(None) or ours.get(None)
        if None in theirs and not off:
            return theirs
        if master is None:
            return theirs if not off else None
        beside = {} if None in theirs else ours
        kept = {at: event for at, event in {**beside, **theirs}.items() if at not in off}
        newest = max((_version(event) for event in theirs.values()), default=_version(master))
        skipped = tuple(sorted({*master.skipped, *off}, key=str))
        return {**kept, None: replace(master, skipped=skipped, sequence=max(master.sequence, newest[0]))}

    def _cancel(self, uid: str, title: str, here: ActivityHere | None) -> TakenEvents:
        if here is None:
            return TakenEvents(CalendarRow(uid, title, "unchanged", message=_("called off, and not here")))
        if here.record.doc.get("done"):
            told = _("called off, but done here already")
            return TakenEvents(CalendarRow(uid, title, "unchanged", here.record.id, message=told))
        change = Change(self._session, "")
        for record in (here.record, *(one for one in here.stand_ins if not one.doc.get("done"))):
            change.remove(ACTIVITIES, record.id)
        change.try_out()
        return TakenEvents(CalendarRow(uid, title, "cancelled", here.record.id), change)

    def _reply(self, uid: str, title: str, events: Sequence[IcalEvent], here: ActivityHere | None) -> TakenEvents:
        who = ", ".join(guest.name or guest.address for event in events for guest in event.guests)
        if here is None:
            told = _("{who} answers about something that is not here").format(who=who)
            return TakenEvents(CalendarRow(uid, title, "left_out", message=told))
        change = Change(self._session, "")
        for at, some in _by_time(events).items():
            one = here if at is None else _stand_in(here, at)
            fields = answered(one, some, self._taking.book) if one is not None else {}
            if one is None or not fields:
                told = _("{who} does not take part in it here").format(who=who)
                return TakenEvents(CalendarRow(uid, title, "left_out", here.record.id, message=told))
            change.patch(ACTIVITIES, one.record.id, fields, base=one.record.doc)
        change.try_out()
        return TakenEvents(
            CalendarRow(uid, title or str(here.record.doc["what"]), "answered", here.record.id, message=who), change
        )


def _by_time(events: Iterable[IcalEvent]) -> dict[IcalWhen | None, list[IcalEvent]]:
    found: dict[IcalWhen | None, list[IcalEvent]] = {}
    for event in events:
        found.setdefault(event.occurrence, []).append(event)
    return found


def _stand_in(here: ActivityHere, at: IcalWhen) -> ActivityHere | None:
    found = next((one for one in here.stand_ins if one.doc.get("occurrence") == wall_text(at)), None)
    return ActivityHere(found) if found is not None else None


def _version(event: IcalEvent) -> tuple[int, str]:
    """What is greater the newer an event is (RFC 5546 §2.1.5)."""
    return event.sequence, event.modified or event.stamp


def _unnumbered(row: CalendarRow) -> CalendarRow:
    """A row of a dry run: what was not made has no number."""
    return replace(row, activity=0)


def write_taken(session: Session, taken: Sequence[TakenEvents]) -> int:
    """Write it all as one change; the transaction, 0 where there was nothing to write. Raises Conflict where somebody wrote the same
    meanwhile."""
    made = [one for one in taken if one.change is not None]
    if not made:
        return 0
    label = ngettext("take in {n} event", "take in {n} events", len(made))
    if len(made) <= _LINE:
        whole = Change(session, label)
        _still_new(whole, made)
        for one in made:
            _with_known(session, whole, one)
        return whole.commit()
    with session.bulk(label) as bulk:
        for at in range(0, len(made), _LINE):
            with bulk.change() as line:
                _still_new(line, made[at : at + _LINE])
                for one in made[at : at + _LINE]:
                    _with_known(session, line, one)
    return bulk.seq


def _still_new(change: Change, taken: Sequence[TakenEvents]) -> None:
    """What is added rests on nobody having added the same UID since it was looked for."""
    added = [one for one in taken if one.there is not None]
    if added:
        where = OneOf("uid", "string", tuple(fold(one.row.uid) for one in added))
        change.still(ACTIVITIES, frozenset[int]().union(*(one.there or () for one in added)), where)


def _with_known(session: Session, whole: Change, taken: TakenEvents) -> None:
    """A change with what is known then, which is undone with it."""
    if taken.change is not None:
        whole.take_over(taken.change)
    if taken.known is not None:
        known = taken.known.id, known_doc(session, FILES, taken.known)
        whole.follow(lambda draft: keep_known(draft, [known]))
