"""Telling people by mail that they are invited, that something is other, or called off: what is due (`kernel/invited.py`), each once.

Who sends something first takes it out of what is due, in a commit that two cannot make. What the server does not take is due again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.activities.planned import read
from tuicrm.domain.conditions import Empty, Not, Test
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.errors import NotFound, StorageError
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.invitations import (
    Invitation,
    address_of,
    called_off,
    everybody,
    invitation,
    request,
    send,
)
from tuicrm.services.items.activities import known
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.invited import CANCEL, INVITED, REQUEST, Method, due_of, noted, off_of, told_of
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.mail_servers import MailServer
from tuicrm.store.protocol import Doc, Find, Key, Record

_AGAIN = timedelta(minutes=5)
"""When that is tried again which reached nobody."""


_DIED = timedelta(minutes=10)
"""Who has not said by then what became of what they took to send never will."""


class Told(Struct, frozen=True):
    """A message that was sent: of which activity, whether it is called off for them, to which address."""

    activity: int
    cancelled: bool
    to: str


def waiting(session: Session) -> list[Record]:
    """What this person is to send: what they caused, for an administrator also what others did. Private ones are their owners'."""
    found = session.whole.find(Find(INVITED, Test("waits", "boolean", "=", True))).records
    now = stamp(session.clock())
    return sorted(
        (one for one in found if str(one.doc.get("after") or "") <= now and _is_for(session, one)),
        key=lambda one: one.id,
    )


def perhaps_sent(session: Session) -> dict[int, tuple[str, ...]]:
    """The activities of which somebody took messages to send and died over it, with who may not have got theirs. Each is told once."""
    found: dict[int, tuple[str, ...]] = {}
    before = stamp(session.clock() - _DIED)
    for record in session.whole.find(Find(INVITED, Not(Empty("taken")))).records:
        at, who = _taken(record.doc)
        if at < before and _is_for(session, record):
            _put_back(session, record.id, record.doc, {})
            found[record.id] = tuple(who)
    return found


def _taken(state: Mapping[str, Any]) -> tuple[str, list[str]]:
    """When somebody took messages to send, and to whom."""
    taken = state.get("taken")
    at, who = (taken.get("at"), taken.get("who")) if isinstance(taken, dict) else ("", [])
    return str(at or ""), [str(one) for one in who] if isinstance(who, list) else []


def next_at(session: Session) -> datetime | None:
    """When what reached nobody is tried again; None where there is nothing of it."""
    found = session.whole.find(Find(INVITED, Test("waits", "boolean", "=", True))).records
    times = [str(one.doc["after"]) for one in found if one.doc.get("after") and _is_for(session, one)]
    return read_stamp(min(times)) if times else None


def send_due(session: Session, server: MailServer, sender: str) -> list[Told]:
    """Send all of it; returns what was sent. Raises StorageError where the server took something not: that is due again."""
    session.store.refresh()
    told: list[Told] = []
    failed: StorageError | None = None
    for record in waiting(session):
        try:
            taken = _take(session, record.id)
        except NotFound:
            continue
        left, left_off = dict[str, Method](), dict[str, tuple[str, ...]]()
        off = [(name, wall) for name, walls in off_of(taken).items() for wall in walls]
        for name, method, wall in (
            *((name, CANCEL, wall) for name, wall in off),
            *((name, method, "") for name, method in due_of(taken).items()),
        ):
            made = _message(session, record.id, taken, name, method, sender, wall)
            if made is None:
                continue
            try:
                send(server, made, sender)
            except StorageError as error:
                failed = error
                if (name, wall) in off and method == CANCEL:
                    left_off[name] = (*left_off.get(name, ()), wall)
                else:
                    left[name] = method
            else:
                told += [Told(record.id, method == CANCEL, to) for to in made.to]
        _put_back(session, record.id, taken, left, left_off)
    if failed is not None:
        raise failed
    return told


def _is_for(session: Session, record: Record) -> bool:
    if record.doc.get("by") == session.person_key:
        return True
    return session.access.admin and not _activity(session, record.id, record.doc).doc.get("private")


def _activity(session: Session, number: int, state: Mapping[str, Any]) -> Record:
    """The activity, or as it was before it went."""
    was, rev = state.get("was"), state.get("rev")
    if isinstance(was, dict):
        return Record(ACTIVITIES, number, rev if isinstance(rev, int) else 0, was)
    return next(iter(session.whole.get(ACTIVITIES, [number])), Record(ACTIVITIES, number, 0, {}))


def _message(
    session: Session, number: int, state: Mapping[str, Any], name: str, method: Method, sender: str, wall: str = ""
) -> Invitation | None:
    """What one guest is told; None where they have no address."""
    record = _activity(session, number, state)
    if not record.doc.get("what"):
        return None
    if method == CANCEL:
        return called_off(session, record, name, sender, wall)
    return request(session, record, name, sender)


def invite(session: Session, activity: int, server: MailServer, sender: str) -> tuple[str, ...]:
    """Send an invitation now, because somebody says so, one message each; returns to whom. Raises what `invitation` raises,
    StorageError where the server takes none."""
    made = invitation(session, activity, sender)
    record, book, asked = known(session, activity), AddressBook(session), set(made.to)
    names = [one for one in everybody(session, record) if address_of(book, one)[0] in asked]
    each = [one for name in names if (one := request(session, record, name, sender)) is not None]
    rest = tuple(one for one in made.to if all(one not in message.to for message in each))
    before = None
    number = read(record.id, record.rev, record.doc).of or activity
    if session.workspace.invites:
        before = _take(session, number, names)
    try:
        for message in (*each, replace(made, to=rest)):
            send(server, message, sender or session.person.email)
    except StorageError:
        if before is not None:
            _put_back(session, number, before, {one: REQUEST for one in names if one in due_of(before)})
        raise
    if before is not None:
        _put_back(session, number, before, {})
    return made.to


# -- taking ------------------------------------------------------------------------------------------------------------
def _take(session: Session, number: int, names: Collection[str] | None = None) -> Doc:
    """Take what is due of an activity: nobody else does. Raises NotFound where somebody has. `names`: these alone are told that they
    are invited, whether that is due or not."""
    taken: list[Doc] = []

    def intent(draft: Draft) -> None:
        state = draft.get(Key(INVITED, number)) or {}
        due = due_of(state)
        if names is None and not (due or off_of(state)):
            raise NotFound(_("There is no activity {n}.").format(n=number))
        taken[:] = [state]
        left = {} if names is None else {name: method for name, method in due.items() if name not in names}
        there = told_of(state) | {name for name, method in due.items() if method == REQUEST and name not in left}
        there -= {name for name, method in due.items() if method == CANCEL and name not in left}
        off = {} if names is None else off_of(state)
        gone = {} if left or off else {"was": None, "rev": None, "after": None}
        by: Doc = {"by": state.get("by") or session.person_key}
        who = sorted({*due, *off_of(state)} if names is None else names)
        by["taken"] = {"at": stamp(session.clock()), "who": who}
        draft.put(Key(INVITED, number), noted(state, left, off, there | set(names or ()), **by, **gone))

    # Everybody reads the journal: it names nothing.
    with session.change(_("invitations"), fixed=True) as change:
        change.follow(intent)
    return taken[0]


def _put_back(
    session: Session,
    number: int,
    taken: Mapping[str, Any],
    left: Mapping[str, Method],
    left_off: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> None:
    """It is over, one way or the other: what reached nobody is due again, unless something else is by now."""

    def intent(draft: Draft) -> None:
        state = draft.get(Key(INVITED, number)) or {}
        due = {**left, **due_of(state)}
        there = (told_of(state) - left.keys()) | (told_of(taken) & left.keys())
        before = taken if left or left_off else {}
        kept = {name: state.get(name) or before.get(name) for name in ("by", "was", "rev")}
        off = off_of(state)
        off |= {name: tuple({*off.get(name, ()), *walls}) for name, walls in left_off.items()}
        if left or left_off:
            kept["after"] = stamp(session.clock() + _AGAIN)
        draft.put(Key(INVITED, number), noted(state, due, off, there, taken=None, **kept))

    with session.change(_("invitations"), fixed=True) as change:
        change.follow(intent)
