"""The activities that events of a file are here, found by their UIDs, as far as a person may see them whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.conditions import OneOf
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.services.calendar.ical_out import activity_of_uid, own_uid
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Record

_AT_ONCE = 500


class ActivityHere(NamedTuple):
    """An activity, and those that stand in for occurrences of it."""

    record: Record
    stand_ins: tuple[Record, ...] = ()


def activities_here(session: Session, uids: Iterable[str]) -> dict[str, ActivityHere]:
    """By UID: the activity that has it. Of several (of what others brought in), the one that came first."""
    wanted, found = dict.fromkeys(uids), dict[str, Record]()
    numbers = [number for uid in wanted if (number := activity_of_uid(uid))]
    for record in _whole(session, session.store.get(ACTIVITIES, numbers)):
        if (uid := own_uid(session, record)) in wanted:
            found[uid] = record
    for start in range(0, len(wanted), _AT_ONCE):
        some = [*wanted][start : start + _AT_ONCE]
        where = OneOf("uid", "string", tuple(map(fold, some)))
        for record in _whole(session, session.store.find(Find(ACTIVITIES, where)).records):
            uid = str(record.doc.get("uid"))
            if uid in some and not record.doc.get("of"):
                found.setdefault(uid, record)
    return with_stand_ins(session, found)


def with_stand_ins(session: Session, found: dict[str, Record]) -> dict[str, ActivityHere]:
    """Activities by any name, each with those that stand in for occurrences of it."""
    of = stand_ins(session, [record.id for record in found.values() if record.doc.get("rule")])
    return {name: ActivityHere(record, of.get(record.id, ())) for name, record in found.items()}


def stand_ins(session: Session, series: Iterable[int]) -> dict[int, tuple[Record, ...]]:
    """Those that stand in for occurrences of some series, by the series."""
    wanted, found = list(series), dict[int, list[Record]]()
    for start in range(0, len(wanted), _AT_ONCE):
        where = OneOf("of", "integer", tuple(wanted[start : start + _AT_ONCE]))
        for record in _whole(session, session.store.find(Find(ACTIVITIES, where)).records):
            if isinstance(record.doc.get("occurrence"), str):
                found.setdefault(record.doc["of"], []).append(record)
    return {of: tuple(records) for of, records in found.items()}


def _whole(session: Session, records: Iterable[Record]) -> list[Record]:
    """Those that the person may read, and that are no private ones of others."""
    found = []
    for record in records:
        owner = Ref.read(record.doc.get("owner"))
        private = record.doc.get("private") and not is_of(record.doc, session.person_key)
        if owner is not None and not private and session.peek(owner) is not None:
            found.append(session.seen(record))
    return sorted(found, key=lambda one: one.id)
