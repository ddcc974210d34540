"""What was done just now: a call, a meeting, what was planned; with its result and the next step, as one change."""

from __future__ import annotations

from datetime import timedelta

from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.next_step import split_step
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import COMMENT
from tuicrm.services.items.activities import (
    NextStep,
    default_time,
    end_of_today,
    known,
    label_of,
    next_hour,
    open_of,
    planned_doc,
    ticked,
)
from tuicrm.services.items.activity_kinds import kind_of
from tuicrm.services.items.series import finish
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Record


def likeliest(session: Session, owner: Ref) -> Record | None:
    """The planned activity that was done just now, most likely: the soonest, where its time has come or will within the hour, or it
    is a call of today; None for something that was not planned."""
    planned, context = open_of(session, owner), session.context()
    if not planned:
        return None
    soon = end_of_today(context) if planned[0].doc.get("kind") == "call" else stamp(context.now + timedelta(hours=1))
    return planned[0] if planned[0].doc["at"] < soon else None


def read_step(text: str, context: Context) -> NextStep | None:
    """The next step as it was typed, `Send the offer tomorrow 10`; None where nothing was typed. Without a day, in three working days.
    Raises Refused for a day alone."""
    what, moment = split_step(text, context, next_hour(context))
    if not what and moment is None:
        return None
    if not what:
        told = _("say what is to be done, then when")
        raise Refused(told, [FieldProblem("what", told, text)])
    return NextStep(what, default_time(context) if moment is None else stamp(moment))


def log_done(
    session: Session,
    owner: Ref,
    result: str,
    *,
    kind: str = "call",
    finishing: int = 0,
    following: NextStep | None = None,
) -> tuple[int, int]:
    """What was done just now, with its result, and the next step, as one change: an activity of a kind, or one that was planned
    (`finishing`), which may have no result. Returns the numbers of both; 0 where nothing is planned. Raises Refused, with the fields
    `result`, `finishing` and `what`, and NotFound."""
    result = result.strip()
    COMMENT.check("result", result)
    doc = planned_doc(session, owner, following) if following is not None else None
    if finishing:
        record = known(session, finishing)
        _check_open(record, owner)
        what = record.doc["what"]
    else:
        if not result:
            raise Refused(_("What came of it?"), [FieldProblem("result", _("is required"), result)])
        record, what = None, session.label(kind_of(session, kind).label)
    label = _("done: “{what}”").format(what=what) if record is None else label_of(_("done: “{what}”"), record.doc)
    if doc is not None and not (record is not None and record.doc.get("private")):
        label = _("done: “{what}”; plan “{next}”").format(what=what, next=doc["what"])
    with session.change(label) as change:
        if record is None:
            made = planned_doc(session, owner, NextStep(what, stamp(session.moment())), kind)
            logged = change.put(ACTIVITIES, {**made, **ticked(session), "result": result})
        else:
            fields = {**ticked(session), **({"result": result} if result else {})}
            logged = finish(change, record, fields, base=record.doc)
        return logged, change.put(ACTIVITIES, doc) if doc is not None else 0


def _check_open(record: Record, owner: Ref) -> None:
    """Raises Refused where an activity is done already, or another item's."""
    what = record.doc["what"]
    if record.doc.get("owner") != str(owner):
        told = _("“{what}” is planned on another item.").format(what=what)
    elif record.doc.get("done"):
        told = _("“{what}” is done already.").format(what=what)
    else:
        return
    raise Refused(told, [FieldProblem("finishing", told, record.id)])
