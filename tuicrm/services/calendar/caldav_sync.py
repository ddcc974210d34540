"""A person's calendar here and on a server, made alike: what each side changed since they were last alike goes to the other.

What is done to one event is whole before the next begins, and what is known of the server is written after it was done there or here:
so a connection that breaks off leaves nothing by half, and the next run finds by UID and state what was done already. What is known is
no part of what undo goes back through; undoing what came from a server is a change here like any other, and goes there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.channels.caldav import CaldavCalendar, CaldavServer, RemoteEvent, RemoteListing, StaleRemote
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict, Refused, UsageError
from tuicrm.exchange.ical.events import IcalEvent, IcalFile, IcalRemark
from tuicrm.exchange.ical.merging import Prefer, changed
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.exchange.ical.writing import write_calendar
from tuicrm.i18n import _
from tuicrm.services.calendar.caldav_account import CalendarAccount
from tuicrm.services.calendar.caldav_clashes import known_clash
from tuicrm.services.calendar.ical_files import CalendarTarget, planned_for, write_taken
from tuicrm.services.calendar.ical_here import ActivityHere, activities_here, with_stand_ins
from tuicrm.services.calendar.ical_known import (
    TABLE,
    KnownEvent,
    all_known,
    by_occurrence,
    keep_known,
    known_doc,
    token_doc,
    token_of,
)
from tuicrm.services.calendar.ical_taking import CalendarRow, EventsByOccurrence, TakenEvents, Taking
from tuicrm.services.calendar.ical_times import zone_key
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.conflicts import step_aside
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Key, Record

_PASSES = 5
"""Times that a run begins anew where somebody changed the server, or the same here, meanwhile."""
_AT_ONCE = 20
"""What is sent before it is written down as sent."""


class Server(Protocol):
    """A calendar on a server (`channels/caldav.py`)."""

    url: str

    def listing(self, token: str = "") -> RemoteListing:
        """What changed since a token."""

    def fetch(self, hrefs: Iterable[str]) -> dict[str, RemoteEvent]:
        """Objects that are there."""

    def new_href(self, uid: str) -> str:
        """Where a new object of a UID may lie."""

    def put(self, href: str, data: bytes, etag: str = "") -> str:
        """Write an object; its state."""

    def delete(self, href: str, etag: str = "") -> None:
        """Delete an object."""


class SyncReport(Struct, frozen=True):
    """What came of a run: a row an event that changed on either side or could not, what there is to know of events, and the
    transaction that wrote what came in (0: nothing did)."""

    rows: tuple[CalendarRow, ...]
    remarks: tuple[IcalRemark, ...] = ()
    seq: int = 0


@contextmanager
def opened_server(kept: CalendarAccount, password: str) -> Iterator[CaldavCalendar]:
    """The calendar of an account, for as long as it is worked with. Raises UsageError where the library for it is not installed,
    AccessDenied, NotFound, Unreachable."""
    try:
        server = CaldavServer(kept.url, kept.user, password)
    except ImportError as missing:
        raise UsageError(_("Calendars on servers need a library: pip install 'tuicrm[caldav]'")) from missing
    try:
        yield server.calendar(kept.calendar)
    finally:
        server.close()


def sync_calendar(session: Session, server: Server, *, on: Ref | None = None, prefer: Prefer = "") -> SyncReport:
    """Make a person's own calendar and the one on a server alike. What both sides changed otherwise is a row, and stays as it is on
    both until somebody decides (`prefer`). Raises Unreachable where the connection breaks off: what was done until then stays."""
    if on is not None:
        session.get(on)
    rows: dict[tuple[str, str], CalendarRow] = {}
    remarks: list[IcalRemark] = []
    seq = 0
    for attempt in range(1, _PASSES + 1):
        run = _Run(session, server, on, prefer)
        try:
            run.through()
        except Conflict:
            # Another run, or somebody at work, was quicker here.
            if attempt == _PASSES:
                raise
            step_aside()
            session.store.refresh()
            continue
        rows |= {(row.uid, row.outcome): row for row in run.rows}
        remarks += run.remarks
        seq = run.seq or seq
        if not run.stale:
            break
    return SyncReport(tuple(rows.values()), tuple(remarks), seq)


class _Push(Struct, frozen=True):
    """What is to be sent: events of one UID over a known state; nothing, where they are to go."""

    known: KnownEvent
    events: EventsByOccurrence = {}
    title: str = ""


class _Run:
    """One time through."""

    def __init__(self, session: Session, server: Server, on: Ref | None, prefer: Prefer) -> None:
        self._session, self._server, self._prefer = session, server, prefer
        self._taking = Taking(session, on, prefer, others=True)
        self._known = all_known(session, server.url)
        self._here = self._activities()
        self._ours = {number: self._taking.ours(here) for number, here in self._here.items()}
        self._numbers = {events[None].uid: number for number, events in self._ours.items()}
        self._taken: list[TakenEvents] = []
        self._keep: dict[str, KnownEvent] = {}
        self._drop: list[KnownEvent] = []
        self._pushes: list[_Push] = []
        self._seen: set[str] = set()
        self.rows: list[CalendarRow] = []
        self.remarks: list[IcalRemark] = []
        self.stale = False
        self.seq = 0

    def through(self) -> None:
        """Look, take in, send; at the end, note up to where the server was seen."""
        listing = self._server.listing(token_of(self._session, self._server.url))
        by_href = {known.href: known for known in self._known.values() if known.href}
        news = [href for href, etag in listing.etags.items() if href not in by_href or by_href[href].etag != etag]
        news += [known.href for known in by_href.values() if known.pending]
        # What may be gone: each is asked for by name before it is taken for that.
        missing = [href for href in by_href if href in listing.gone or (listing.whole and href not in listing.etags)]
        objects = self._server.fetch([*news, *missing])
        for event in objects.values():
            self._come(event)
        for href, known in by_href.items():
            if href not in objects and (known.pending or href in missing):
                self._gone(known)
        self._of_here()
        self._write()
        self._send()
        self._note([token_doc(self._session, self._server.url, listing.token)])

    # -- what is here --------------------------------------------------------------------------------------------------
    def _activities(self) -> dict[int, ActivityHere]:
        """What of a person's calendar is on the server or belongs there, by number: what is open, and what was there before."""
        me = self._session.person_key
        target = CalendarTarget(people=(me,))
        found = {record.id: record for record in planned_for(self._session, target, only_open=True)}
        known = [one.activity for one in self._known.values() if one.activity and one.activity not in found]
        for record in self._session.store.get(ACTIVITIES, known):
            owner = Ref.read(record.doc.get("owner"))
            if owner is not None and self._session.peek(owner) is not None and _is_of(record, me):
                found[record.id] = self._session.seen(record)
        named = with_stand_ins(self._session, {str(number): record for number, record in found.items()})
        return {int(number): here for number, here in named.items()}

    def _of_here(self) -> None:
        """What changed here alone, and what is new here."""
        for known in self._known.values():
            if known.uid in self._seen or not known.activity:
                continue
            here = self._here.get(known.activity)
            if here is None:
                self._pushes.append(_Push(known, title=_title(known.theirs)))
            elif _differ(known.ours, self._ours[known.activity]):
                self._take(known.uid, known.theirs, here, known, known.href, known.etag)
        there = {known.activity for known in self._known.values()} | {known.activity for known in self._keep.values()}
        for number, here in self._here.items():
            events = self._ours[number]
            uid = events[None].uid
            if number in there or uid in self._seen or here.record.doc.get("done"):
                continue
            before = self._known.get(uid)
            if before is None or not before.href:
                fresh = KnownEvent(id=before.id if before is not None else 0, uid=uid, activity=number, ours=events)
                self._pushes.append(_Push(fresh, events, events[None].summary))

    # -- what is there -------------------------------------------------------------------------------------------------
    def _come(self, event: RemoteEvent) -> None:
        """An object that is new on the server, or other than it was."""
        try:
            file = read_calendar(event.data, event.href.rpartition("/")[2], zone=zone_key(self._session))
        except Refused as refused:
            self.rows.append(CalendarRow(event.href, event.href, "left_out", message=refused.message))
            return
        self.remarks += file.remarks
        if not file.events:
            return
        uid = file.events[0].uid
        theirs = by_occurrence(one for one in file.events if one.uid == uid)
        known = self._known.get(uid)
        if uid in self._seen or (
            known is not None and known.href not in ("", event.href) and known.href in self._hrefs
        ):
            return
        self._seen.add(uid)
        here = self._here.get(known.activity) if known is not None else None
        if known is not None and known.activity and here is None:
            self._come_of_deleted(known, theirs, event)
            return
        if here is None:
            self._taking.look([uid])
            here = self._by_uid(uid)
        master = theirs.get(None)
        if master is not None and master.cancelled:
            self._called_off(uid, theirs, here, known, event)
            return
        self._take(uid, theirs, here, known, event.href, event.etag)

    @property
    def _hrefs(self) -> set[str]:
        """Where something of this run was found already."""
        return {known.href for known in self._keep.values()}

    def _by_uid(self, uid: str) -> ActivityHere | None:
        return self._here.get(self._numbers.get(uid, 0)) or activities_here(self._session, [uid]).get(uid)

    def _take(
        self,
        uid: str,
        theirs: EventsByOccurrence,
        here: ActivityHere | None,
        known: KnownEvent | None,
        href: str,
        etag: str,
    ) -> None:
        """Events as they are there, put together with what is here."""
        self._seen.add(uid)
        self._taking.prefer = self._side(known, here, etag)
        taken = self._taking.take(uid, theirs, here, known)
        record = known.id if known is not None else 0
        if taken.known is None:
            # It waits: for somebody who decides, or says where it belongs.
            self.rows.append(taken.row)
            waiting = known or KnownEvent(id=record, uid=uid, activity=here.record.id if here is not None else 0)
            self._keep[uid] = _waiting(replace(waiting, href=href, etag=etag), taken.row, here)
            return
        seen = replace(taken.known, id=record, href=href, etag=etag, pending=False)
        if taken.change is not None:
            self._taken.append(taken)
            self.rows.append(taken.row)
        if taken.theirs is None:
            self._keep[uid] = seen
        else:
            sent = {at: _revised(event, theirs.get(at)) for at, event in taken.theirs.items()}
            self._pushes.append(_Push(seen, sent, _title(taken.theirs)))

    def _come_of_deleted(self, known: KnownEvent, theirs: EventsByOccurrence, event: RemoteEvent) -> None:
        """Deleted here, and perhaps changed there."""
        current = replace(known, href=event.href, etag=event.etag)
        side = self._side(known, None, event.etag)
        if side == "mine" or not (known.pending or _differ(known.theirs, theirs)):
            self._pushes.append(_Push(current, title=_title(theirs)))
        elif side == "theirs":
            self._taking.look([known.uid])
            self._take(known.uid, theirs, None, replace(known, activity=0), event.href, event.etag)
        else:
            row = CalendarRow(known.uid, _title(theirs), "clash", message=_("deleted here, changed there"))
            self.rows.append(row)
            self._keep[known.uid] = _waiting(current, row, None)

    def _called_off(
        self,
        uid: str,
        theirs: EventsByOccurrence,
        here: ActivityHere | None,
        known: KnownEvent | None,
        event: RemoteEvent,
    ) -> None:
        """An event that stays on the server with a line through it goes here, and is not sent again."""
        seen = KnownEvent(id=known.id if known else 0, uid=uid, href=event.href, etag=event.etag, theirs=theirs)
        if here is not None and not here.record.doc.get("done"):
            self._taken.append(self._removal(uid, _title(theirs), here))
        self._keep[uid] = seen

    def _gone(self, known: KnownEvent) -> None:
        """An object that was deleted on the server."""
        self._seen.add(known.uid)
        here = self._here.get(known.activity)
        if here is None or here.record.doc.get("done"):
            self._drop.append(known)
            return
        events, side = self._ours[known.activity], self._side(known, here, known.etag)
        if not _differ(known.ours, events) or side == "theirs":
            taken = self._removal(known.uid, _title(known.ours), here)
            self._taken.append(taken)
            self._drop.append(known)
        elif side == "mine":
            self._pushes.append(_Push(replace(known, href="", etag="", ours=events), events, _title(events)))
        else:
            told = _("deleted there, changed here")
            row = CalendarRow(known.uid, _title(known.ours), "clash", known.activity, message=told)
            self.rows.append(row)
            self._keep[known.uid] = _waiting(known, row, here)

    def _side(self, known: KnownEvent | None, here: ActivityHere | None, etag: str) -> Prefer:
        """The side that holds: that of this run, else what somebody decided of just what is here and there now."""
        if self._prefer or known is None or known.etag != etag:
            return self._prefer
        return known.decided if known.seen == _revision(here) else ""

    def _removal(self, uid: str, title: str, here: ActivityHere) -> TakenEvents:
        change = Change(self._session, "")
        for record in (here.record, *(one for one in here.stand_ins if not one.doc.get("done"))):
            change.remove(ACTIVITIES, record.id)
        try:
            change.try_out()
        except Refused as refused:
            return TakenEvents(CalendarRow(uid, title, "left_out", here.record.id, message=refused.message))
        row = CalendarRow(uid, title, "cancelled", here.record.id)
        self.rows.append(row)
        return TakenEvents(row, change)

    # -- writing -------------------------------------------------------------------------------------------------------
    def _write(self) -> None:
        """What came in, as one change; then what is known of it."""
        self.seq = write_taken(self._session, [one._replace(known=None) for one in self._taken])
        self._note([(known.id, known_doc(self._session, self._server.url, known)) for known in self._keep.values()])
        self._forget(self._drop)

    def _send(self) -> None:
        """What goes to the server, one after the other; what was sent is written down, also where the connection breaks off."""
        done: list[tuple[int, Doc]] = []
        gone: list[KnownEvent] = []
        try:
            for push in self._pushes:
                try:
                    known = self._sent(push)
                except StaleRemote:
                    self.stale = True
                    continue
                if known is None:
                    gone.append(push.known)
                else:
                    done.append((known.id, known_doc(self._session, self._server.url, known)))
                if len(done) >= _AT_ONCE:
                    self._note(done)
                    done.clear()
        finally:
            self._note(done)
            self._forget(gone)

    def _sent(self, push: _Push) -> KnownEvent | None:
        """Send one; what is known then, None of what is gone. Raises StaleRemote, Unreachable."""
        known = push.known
        if not push.events:
            if known.href:
                self._server.delete(known.href, known.etag)
            self.rows.append(CalendarRow(known.uid, push.title, "withdrawn"))
            return None
        events = sorted(push.events.values(), key=lambda event: str(event.occurrence or ""))
        data = write_calendar(IcalFile(events=tuple(events)))
        href = known.href or self._server.new_href(known.uid)
        etag = self._server.put(href, data, known.etag)
        self.rows.append(CalendarRow(known.uid, push.title, "sent", known.activity))
        alike = replace(known, pending=False, clash=None, decided="", seen=0)
        return replace(alike, href=href, etag=etag, theirs=by_occurrence(read_calendar(data).events))

    def _note(self, docs: Sequence[tuple[int, Doc]]) -> None:
        """Write down what is known; nothing where it is known so already."""
        if not docs:
            return

        with self._session.change(_("what is known of a calendar"), fixed=True) as change:
            change.follow(lambda draft: keep_known(draft, docs))

    def _forget(self, known: Sequence[KnownEvent]) -> None:
        numbers = [one.id for one in known if one.id]
        if not numbers:
            return

        def drop(draft: Draft) -> None:
            for number in numbers:
                key = Key(TABLE, number)
                if draft.get(key) is not None:
                    draft.put(key, None)

        with self._session.change(_("what is known of a calendar"), fixed=True) as change:
            change.follow(drop)


def _waiting(known: KnownEvent, row: CalendarRow, here: ActivityHere | None) -> KnownEvent:
    """What is known of an event that stays as it is on both sides, until somebody decides where both changed it."""
    clash = known_clash(row) if row.outcome == "clash" else None
    return replace(known, pending=True, clash=clash, decided="", seen=_revision(here) if clash is not None else 0)


def _revision(here: ActivityHere | None) -> int:
    """The revision of what is here, that of all its occurrences; 0 where it is gone."""
    return sum(record.rev for record in (here.record, *here.stand_ins)) if here is not None else 0


def _is_of(record: Record, person: str) -> bool:
    """Whether an activity is in somebody's calendar: planned for them, or with them unless they declined."""
    people = record.doc.get("people")
    answer = people.get(person, "declined") if isinstance(people, dict) else "declined"
    return record.doc.get("responsible") == person or answer != "declined"


def _differ(before: EventsByOccurrence, now: EventsByOccurrence) -> bool:
    """Whether any event is other than it was, new or gone."""
    return before.keys() != now.keys() or any(changed(before[at], event) for at, event in now.items())


def _revised(event: IcalEvent, before: IcalEvent | None) -> IcalEvent:
    """An event with a revision above the one that is there, where it says something else."""
    if before is None or not changed(before, event):
        return event
    return replace(event, sequence=max(event.sequence, before.sequence + 1))


def _title(events: EventsByOccurrence) -> str:
    return next((event.summary.split("\n")[0] for event in events.values() if event.summary), "")
