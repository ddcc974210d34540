"""Telling people by mail that they are invited, that something is other, or called off: what is due (`kernel/invited.py`), each once.

Who sends something first takes it out of what is due, in a commit that two cannot make. What the server does not take is due again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from tuicrm.domain.activities.inviting import guests
from tuicrm.domain.conditions import Test
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.errors import NotFound, StorageError
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.invitations import Invitation, address_of, called_off, invitation, request, send
from tuicrm.services.items.activities import known
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.invited import CANCEL, INVITED, REQUEST, Method, due_of, noted, told_of
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.mail_servers import MailServer
from tuicrm.store.protocol import Doc, Find, Key, Record

_AGAIN = timedelta(minutes=5)
"""When that is tried again which reached nobody."""


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
        left: dict[str, Method] = {}
        for name, method in due_of(taken).items():
            made = _message(session, record.id, taken, name, method, sender)
            if made is None:
                continue
            try:
                send(server, made, sender)
            except StorageError as error:
                failed, left[name] = error, method
            else:
                told += [Told(record.id, method == CANCEL, to) for to in made.to]
        if left:
            _put_back(session, record.id, taken, left)
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
    session: Session, number: int, state: Mapping[str, Any], name: str, method: Method, sender: str
) -> Invitation | None:
    """What one guest is told; None where they have no address."""
    record = _activity(session, number, state)
    if not record.doc.get("what"):
        return None
    if method == CANCEL:
        return called_off(session, record, name, sender)
    return request(session, record, name, sender)


def invite(session: Session, activity: int, server: MailServer, sender: str) -> tuple[str, ...]:
    """Send an invitation now, because somebody says so, one message each; returns to whom. Raises what `invitation` raises,
    StorageError where the server takes none."""
    made = invitation(session, activity, sender)
    if not session.workspace.invites:
        send(server, made, sender or session.person.email)
        return made.to
    book, asked = AddressBook(session), set(made.to)
    names = [one for one in guests(known(session, activity).doc) if address_of(book, one)[0] in asked]
    before = _take(session, activity, names)
    try:
        send(server, made, sender or session.person.email)
    except StorageError:
        _put_back(session, activity, before, {one: REQUEST for one in names if one in due_of(before)})
        raise
    return made.to


# -- taking ------------------------------------------------------------------------------------------------------------
def _take(session: Session, number: int, names: Collection[str] | None = None) -> Doc:
    """Take what is due of an activity: nobody else does. Raises NotFound where somebody has. `names`: these alone are told that they
    are invited, whether that is due or not."""
    taken: list[Doc] = []

    def intent(draft: Draft) -> None:
        state = draft.get(Key(INVITED, number)) or {}
        due = due_of(state)
        if names is None and not due:
            raise NotFound(_("There is no activity {n}.").format(n=number))
        taken[:] = [state]
        left = {} if names is None else {name: method for name, method in due.items() if name not in names}
        there = told_of(state) | {name for name, method in due.items() if method == REQUEST and name not in left}
        there -= {name for name, method in due.items() if method == CANCEL and name not in left}
        gone = {} if left else {"was": None, "rev": None, "after": None}
        by = {"by": state.get("by") or session.person_key}
        draft.put(Key(INVITED, number), noted(state, left, there | set(names or ()), **by, **gone))

    # Everybody reads the journal: it names nothing.
    with session.change(_("invitations"), fixed=True) as change:
        change.follow(intent)
    return taken[0]


def _put_back(session: Session, number: int, taken: Mapping[str, Any], left: Mapping[str, Method]) -> None:
    """What reached nobody is due again, unless something else is by now."""

    def intent(draft: Draft) -> None:
        state = draft.get(Key(INVITED, number)) or {}
        due = {**left, **due_of(state)}
        there = (told_of(state) - left.keys()) | (told_of(taken) & left.keys())
        kept = {name: state.get(name) or taken.get(name) for name in ("by", "was", "rev")}
        draft.put(Key(INVITED, number), noted(state, due, there, after=stamp(session.clock() + _AGAIN), **kept))

    with session.change(_("invitations"), fixed=True) as change:
        change.follow(intent)
