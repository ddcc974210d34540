"""Planned work on items: what, when, whose, done. Rights are those of the item (reference §7, §11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from msgspec import Struct

from tuicrm.domain.board import Timing
from tuicrm.domain.conditions import Aggregate, And, Test
from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.session import ACTIVITIES, Session, stamp
from tuicrm.store.protocol import Record

KINDS = ("todo", "call", "meeting")
_WORKING_DAYS_AHEAD = 3


class Due(Struct, frozen=True):
    """How many open activities are late and how many are still to do today."""

    late: int
    today: int


def add(
    session: Session, owner: Ref, what: str, at: str, *, kind: str = "todo", responsible: str = "", text: str = ""
) -> int:
    """Plan an activity. `at` is a UTC ISO time. Raises Refused when `what` is empty."""
    what = what.strip()
    if not what:
        raise Refused(_("What is to be done?"), [FieldProblem("what", _("must be filled"), what)])
    doc: dict[str, Any] = {
        "owner": str(owner),
        "what": what,
        "at": at,
        "kind": kind,
        "done": False,
        "responsible": responsible or session.person_key,
        "by": session.person_key,
        "created": stamp(session.clock()),
    }
    if text:
        doc["text"] = text
    with session.change(_("plan “{what}”").format(what=what)) as change:
        return change.put(ACTIVITIES, doc)


def edit(session: Session, activity: int, fields: dict[str, Any]) -> None:
    """Change what, when or whose."""
    if "what" in fields and not str(fields["what"] or "").strip():
        raise Refused(_("What is to be done?"), [FieldProblem("what", _("must be filled"), fields["what"])])
    with session.change(_("change an activity")) as change:
        change.patch(ACTIVITIES, activity, fields)


def done(session: Session, activity: int, *, undone: bool = False) -> None:
    """Tick an activity off, or open it again."""
    record = session.record(ACTIVITIES, activity)
    label = _("reopen “{what}”") if undone else _("done: “{what}”")
    fields = {"done": not undone, "done_at": None if undone else stamp(session.clock())}
    with session.change(label.format(what=record.doc["what"])) as change:
        change.patch(ACTIVITIES, activity, {**fields, "done_by": None if undone else session.person_key})


def delete(session: Session, activity: int) -> None:
    """Delete an activity."""
    with session.change(_("delete an activity")) as change:
        change.remove(ACTIVITIES, activity)


def open_of(session: Session, owner: Ref) -> list[Record]:
    """The open activities of an item, soonest first."""
    return _soonest_first(session.owned(ACTIVITIES, owner))


def _soonest_first(records: Iterable[Record]) -> list[Record]:
    return sorted((r for r in records if not r.doc.get("done")), key=lambda r: (r.doc["at"], r.id))


def default_time(context: Context) -> str:
    """Three working days from now, rounded up to the full hour (reference §11)."""
    moment = context.now.astimezone(context.zone)
    if (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    days = _WORKING_DAYS_AHEAD
    while days:
        moment += timedelta(days=1)
        if moment.weekday() < 5:
            days -= 1
    return stamp(moment)


def timing(at: str, context: Context) -> Timing:
    """Whether something due at `at` is late, due today, or planned."""
    if at < stamp(context.now):
        return "late"
    return "today" if at < end_of_today(context) else "planned"


def end_of_today(context: Context) -> str:
    """When the person's own day ends, in UTC."""
    tomorrow = context.now.astimezone(context.zone).date() + timedelta(days=1)
    return stamp(datetime.combine(tomorrow, time(), context.zone).astimezone(UTC))


def due(session: Session, type_key: str, among: set[int] | None = None) -> Due:
    """Count late and today's open activities of a type's items (only of those ids, when given)."""
    context = session.context()
    end, now = end_of_today(context), stamp(context.now)
    late = today = 0
    open_and_due = (Test("done", "boolean", "=", False), Test("at", "datetime", "<", end))
    count = (Aggregate("count"),)
    for where, is_late in (
        (And((*open_and_due, Test("at", "datetime", "<", now))), True),
        (And((*open_and_due, Test("at", "datetime", ">=", now))), False),
    ):
        for group in session.store.fold(ACTIVITIES, where, "owner", count):
            owner = Ref.read(group.key)
            if owner is None or owner.type != type_key or (among is not None and owner.id not in among):
                continue
            if is_late:
                late += group.results[0]
            else:
                today += group.results[0]
    return Due(late, today)
