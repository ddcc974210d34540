"""Reminders that have come for a person, and which comes next. Each is given once, however many sessions and workers there are.

Who gives one writes it down first (the table `reminded`), in a commit that rests on nobody having written it meanwhile. A record is of
one activity, one occurrence, one person and one minute, so that what is moved to another time reminds anew. Putting off is a record as
well: it says when to remind again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from tuicrm.domain.conditions import Condition, Test
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.errors import Conflict, StorageError
from tuicrm.i18n import _, ngettext
from tuicrm.services.calendar.reminder_times import Reminder, planned, still_open
from tuicrm.services.kernel.conflicts import step_aside
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Key

REMINDED = "reminded"
"""The table of what was given."""
GivenBy: TypeAlias = Literal["session", "mail", "command"]

LOOKED_BACK = timedelta(days=30)
"""What came longer ago reminds nobody any more: it is late, and counted so."""
MISSED = timedelta(minutes=10)
"""Who is reminded later than that had been away."""
ONE_BY_ONE = 5
"""Reminders that are told each by itself; of more, one line."""
_KEPT = LOOKED_BACK + timedelta(days=5)
_SWEPT = 100
_AHEAD = timedelta(days=1)
"""How far ahead the next one is looked for."""
_ATTEMPTS = 40


class Given(Struct, frozen=True):
    """Reminders that are to be shown: each by itself, and those that came while the person was away, of which one line tells."""

    now: tuple[Reminder, ...] = ()
    missed: tuple[Reminder, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.now or self.missed)


class _Kept(NamedTuple):
    """What is kept of the person: what was given, and what is to be given again, and when."""

    given: frozenset[tuple[int, str, str]]
    put_off: dict[tuple[int, str], str]
    ids: frozenset[int]
    old: tuple[int, ...]


# -- giving ------------------------------------------------------------------------------------------------------------
def take(session: Session, by: GivenBy, heard: set[tuple[int, str, str]] | None = None) -> Given:
    """The reminders that have come and that nobody has given yet: from now on they are given. `heard` are those that this session
    gave where nothing can be written (a full disk, a folder for reading): there they are given once a session."""
    session.store.refresh()
    for _attempt in range(_ATTEMPTS):
        kept = _kept(session)
        come = [one for one in _come(session, kept) if heard is None or one.key not in heard]
        if not come:
            return Given()
        try:
            _write(session, [_doc(session, one, by) for one in come], kept, rests=True)
        except Conflict:
            step_aside()
            session.store.refresh()
            continue
        except StorageError:
            if heard is None:
                raise
            heard.update(one.key for one in come)
        return _sorted_out(session, come)
    return Given()


def given(session: Session, most: int = 50) -> list[Reminder]:
    """What the person was reminded of and is still open, the newest first, each activity once: unless put off."""
    kept, since = _kept(session), stamp(session.clock() - LOOKED_BACK)
    found: dict[tuple[int, str], Reminder] = {}
    for activity, occurrence, at in sorted(kept.given, key=lambda one: one[2], reverse=True):
        if (activity, occurrence) in found or (activity, occurrence) in kept.put_off or at < since:
            continue
        one = still_open(session, activity, occurrence, at)
        if one is not None:
            found[activity, occurrence] = one
            if len(found) == most:
                break
    return list(found.values())


def next_at(session: Session) -> datetime:
    """When to look again: the minute of the next reminder, a day from now at the latest."""
    now, kept = session.clock(), _kept(session)
    until = now + _AHEAD
    times = [one.at for one in planned(session, now, until) if one.key not in kept.given]
    times += [at for at in kept.put_off.values() if at > stamp(now)]
    soonest = read_stamp(min(times)) if times else None
    return min(soonest, until) if soonest is not None else until


def put_off(session: Session, reminder: Reminder, until: datetime) -> None:
    """Be reminded again at a moment. Raises NotFound where the activity is gone."""
    session.record(ACTIVITIES, reminder.activity)
    again = stamp(until.replace(second=0, microsecond=0))
    doc = {**_doc(session, reminder, "session"), "again": again}
    _write(session, [doc], _kept(session), rests=False)


def _sorted_out(session: Session, come: Sequence[Reminder]) -> Given:
    present, since = stamp(session.clock()), stamp(session.clock() - MISSED)
    newest = {(one.activity, one.occurrence): one for one in come}.values()
    # What is still to begin is not missed, however late it is told.
    now = tuple(one for one in newest if one.at >= since or ("T" in one.begins and one.begins > present))
    if len(now) > ONE_BY_ONE:
        return Given((), tuple(newest))
    return Given(now, tuple(one for one in newest if one not in now))


def summary(missed: Sequence[Reminder]) -> str:
    """One line of what came while the person was away: "3 reminders: Call Paolo, Meet, …"."""
    names = list(dict.fromkeys(one.what for one in missed))
    told = ", ".join((*names[:3], *(["…"] if len(names) > 3 else [])))
    return ngettext("{n} reminder: {names}", "{n} reminders: {names}", len(missed), names=told)


# -- what is kept ------------------------------------------------------------------------------------------------------
def _mine(session: Session) -> Condition:
    return Test("person", "string", "=", session.person_key)


def _kept(session: Session) -> _Kept:
    oldest, found, again, old = stamp(session.clock() - _KEPT), set(), dict[tuple[int, str], str](), []
    records = session.store.find(Find(REMINDED, _mine(session))).records
    for record in sorted(records, key=lambda one: one.id):
        doc = record.doc
        number, occurrence, at = doc.get("activity"), str(doc.get("occurrence") or ""), doc.get("at")
        if not isinstance(number, int) or not isinstance(at, str):
            continue
        if at < oldest and str(doc.get("again") or "") < oldest:
            old.append(record.id)
        found.add((number, occurrence, at))
        again.pop((number, occurrence), None)
        if isinstance(doc.get("again"), str):
            again[number, occurrence] = doc["again"]
    return _Kept(frozenset(found), again, frozenset(one.id for one in records), tuple(old[:_SWEPT]))


def _doc(session: Session, one: Reminder, by: GivenBy) -> dict[str, Any]:
    doc = {
        "activity": one.activity,
        "person": session.person_key,
        "at": one.at,
        "when": stamp(session.moment()),
        "by": by,
    }
    return {**doc, "occurrence": one.occurrence} if one.occurrence else doc


def _write(session: Session, docs: Sequence[dict[str, Any]], kept: _Kept, *, rests: bool) -> None:
    """Write records, and sweep old ones. `rests`: on nobody having written any of the person's meanwhile."""
    ids = session.store.new_ids(REMINDED, len(docs))

    def intent(draft: Draft) -> None:
        for number, doc in zip(ids, docs, strict=True):
            draft.put(Key(REMINDED, number), doc)
        for number in kept.old:
            if draft.record(Key(REMINDED, number)) is not None:
                draft.put(Key(REMINDED, number), None)

    # Everybody reads the journal: it names nothing.
    with session.change(_("reminders"), fixed=True) as change:
        change.follow(intent)
        if rests:
            change.still(REMINDED, kept.ids, _mine(session))


# -- what has come -----------------------------------------------------------------------------------------------------
def _come(session: Session, kept: _Kept) -> list[Reminder]:
    """What has come by now and was not given, soonest first."""
    now = session.clock()
    found = [one for one in planned(session, now - LOOKED_BACK, now) if one.key not in kept.given]
    for (activity, occurrence), at in kept.put_off.items():
        if at <= stamp(now) and (one := still_open(session, activity, occurrence, at)) is not None:
            found.append(one)
    return sorted(found, key=lambda one: (one.at, one.activity))
