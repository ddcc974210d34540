"""What is done to a series: its next occurrence, or another one; this and all that follow; all of them. Each is one change, one undo.

`occurrence` is the name of one (`2027-01-18T10:00`, a day for whole days); "" means the next that is open. `base` is the series as it
was seen: Conflict where somebody else changed the same. Rights are those of the item. All raise NotFound for what is not there, and
Refused for an activity that does not repeat and for an occurrence that is not open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal, TypeAlias

from tuicrm.domain.activities import checks, steps
from tuicrm.domain.activities.planned import Activity, moved, read
from tuicrm.domain.activities.series import Occurrence, next_after
from tuicrm.domain.activities.steps import OpenSeries
from tuicrm.domain.activities.wall import read_wall, write_wall
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import N_, _
from tuicrm.services.calendar.planning import DEADLINE, tidied
from tuicrm.services.calendar.repeating import refused
from tuicrm.services.items.activities import known as known_record
from tuicrm.services.items.activities import label_of, ticked
from tuicrm.services.items.series import NEXT, Finished, finish, set_apart, standing
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Record

Which: TypeAlias = Literal["this", "following", "all"]
WHICH: Mapping[Which, str] = {
    "this": N_("only this one"),
    "following": N_("this one and all that follow"),
    "all": N_("all of them"),
}
"""What can be meant, as people choose it."""
_SINGLE = ("rule", "wall", "skipped", "more")


def is_series(session: Session, activity: int) -> bool:
    """Whether an activity repeats, and something of it is to come. Raises NotFound."""
    return standing(known_record(session, activity)) is not None


def times_of(session: Session, activity: int, occurrence: str) -> dict[str, Any]:
    """When an occurrence is, as fields of its series' record. Raises NotFound, Refused."""
    _record, known, one = _meant(session, activity, occurrence)
    return steps.times(known, one)


def shown(session: Session, activity: int, occurrence: str = "") -> Activity:
    """An activity with all its parts, as this person may see it; of a series, an occurrence of it."""
    record = known_record(session, activity)
    known = standing(record)
    if known is None or not occurrence:
        return read(record.id, record.rev, record.doc)
    _record, known, one = _meant(session, activity, occurrence)
    return read(record.id, record.rev, {**record.doc, **steps.times(known, one)})


def do(session: Session, activity: int, occurrence: str = "", *, result: str = "", which: Which = "this") -> int:
    """Tick an occurrence off, with what came of it; returns the number of the activity that is done now. `following`: the series ends
    with it, those before it stay open; `all`: nothing of it is open any more."""
    record = _meant(session, activity, occurrence)[0]
    fields = {**ticked(session), **({"result": result} if result else {})}
    with session.change(label_of(_("done: “{what}”"), record.doc)) as change:
        return finish(change, record, fields, finished(session, activity, which, occurrence))


def finished(session: Session, activity: int, which: Which | None, occurrence: str = "") -> Finished:
    """What `planning.plan` and `follow_up` tick off of a series where this is chosen (None: it does not repeat)."""
    if which is None:
        return NEXT
    one = _meant(session, activity, occurrence)[2]
    return Finished("" if which == "all" else one.wall, ends=which != "this")


def change(
    session: Session,
    activity: int,
    fields: Mapping[str, Any],
    which: Which,
    occurrence: str = "",
    *,
    base: Mapping[str, Any] | None = None,
) -> int:
    """Change parts of an occurrence (as in `planning.edit`; None takes one away), of it and all that follow, or of all; returns the
    number of the activity that holds the change. Of all, the times move by as much as those of the one; a `rule` begins with it."""
    record, known, one = _meant(session, activity, occurrence)
    before = {**record.doc, **steps.times(known, one)}
    after = tidied(session, Ref.parse(str(fields.get("owner") or record.doc["owner"])), fields, before)
    checks.check(before, after)
    changed = {name: after.get(name) for name in {*before, *after} if after.get(name) != before.get(name)}
    if not changed:
        return activity
    if which == "this" and "rule" in changed:
        told = _("one occurrence does not repeat: choose this and the following, or all")
        raise Refused(told, [FieldProblem("rule", told, changed["rule"])])
    with session.change(label_of(_("change “{what}”"), {**before, **after})) as draft:
        if which == "this":
            apart = {**steps.apart(known, one), **{k: v for k, v in changed.items() if k not in _SINGLE}}
            kept = {name: value for name, value in apart.items() if value is not None}
            return set_apart(draft, _as_seen(record, base), known, kept, one.wall)
        return _change_on(session, draft, _as_seen(record, base), known, one, changed, which)


def move(session: Session, activity: int, when: Callable[[str], str], which: Which, occurrence: str = "") -> str:
    """Put an occurrence off, or it and others by as much: `when` makes the new moment (UTC ISO) of the one that is planned. Returns
    that."""
    _record, known, one = _meant(session, activity, occurrence)
    doc = {**known.doc, **steps.times(known, one)}
    at = when(str(doc["at"]))
    fields = moved(doc, at)
    if doc.get("day"):
        fields = {name: fields.get(name) for name in ("day", "last_day")}
    elif doc.get("start"):
        fields = {"start": fields["start"], "end": fields.get("end"), DEADLINE: at}
    else:
        fields = {"start": at}
    change(session, activity, fields, which, occurrence)
    return at


def _change_on(
    session: Session,
    draft: Change,
    record: Record,
    known: OpenSeries,
    one: Occurrence,
    changed: Mapping[str, Any],
    which: Which,
) -> int:
    """From an occurrence on, or all."""
    try:
        if which == "following" and one.wall != known.next.wall:
            begun = steps.begun_at(known, one, anew=True)
            following = steps.standing(record.id, begun)
            if following is None:
                raise BadValue(_("nothing would be left of the series: its end comes before it"), one.wall)
            doc = steps.changed(following, following.next, changed)
            draft.patch(ACTIVITIES, record.id, steps.ended_before(known, one), base=record.doc)
            return draft.put(ACTIVITIES, {**doc, "created": stamp(session.moment()), "by": session.person_key})
        doc = steps.changed(known, one, changed)
    except BadValue as bad:
        raise refused(bad) from bad
    was = known.doc
    fields = {name: doc.get(name) for name in {*was, *doc} if doc.get(name) != was.get(name)}
    draft.patch(ACTIVITIES, record.id, fields, base=record.doc)
    return record.id


def delete(
    session: Session,
    activity: int,
    which: Which,
    occurrence: str = "",
    *,
    base: Mapping[str, Any] | None = None,
) -> None:
    """Leave an occurrence out; end the series before it; or delete all of it that is not done. What was done stays."""
    record, known, one = _meant(session, activity, occurrence)
    seen = _as_seen(record, base)
    label = _("leave out “{what}” once") if which == "this" else _("delete “{what}”")
    with session.change(label_of(label, record.doc)) as draft:
        fields: dict[str, Any] | None = None
        if which == "this":
            fields = steps.left_out(known, one)
        elif which == "following" and one.wall != known.next.wall:
            fields = steps.ended_before(known, one)
        if fields is not None:
            draft.patch(ACTIVITIES, record.id, fields, base=seen.doc)
        else:
            draft.remove(ACTIVITIES, record.id)
        if which != "this":
            for number in _apart_from(session, record, "" if which == "all" else one.wall):
                draft.remove(ACTIVITIES, number)


def _apart_from(session: Session, record: Record, wall: str) -> list[int]:
    """The open activities that stand for occurrences of a series, from a time on the wall on."""
    owner = Ref.parse(str(record.doc["owner"]))
    return [
        one.id
        for one in session.owned(ACTIVITIES, owner)
        if one.doc.get("of") == record.id and not one.doc.get("done") and str(one.doc.get("occurrence") or "") >= wall
    ]


def _meant(session: Session, activity: int, occurrence: str) -> tuple[Record, OpenSeries, Occurrence]:
    record = known_record(session, activity)
    known = standing(record)
    if known is None:
        told = _("This activity does not repeat.")
        raise Refused(told, [FieldProblem("rule", told, record.doc.get("rule"))])
    one = steps.occurrence_of(known, occurrence)
    if one is None:
        told = _("there is no open occurrence at {when}; the next is at {next}").format(
            when=occurrence, next=known.next.wall
        )
        raise Refused(told, [FieldProblem("occurrence", told, occurrence)])
    return record, known, one


def _as_seen(record: Record, base: Mapping[str, Any] | None) -> Record:
    return record if base is None else record._replace(doc=dict(base))


def on_day(session: Session, activity: int, day: str) -> str:
    """The name of the open occurrence on a day (`2027-01-18`; a whole name stays as it is). Raises as the others do."""
    record, known, _one = _meant(session, activity, "")
    if known.next.day == day[:10] or known.next.wall == day:
        return known.next.wall
    if len(day) > len("2027-01-18"):
        return day
    begin = read_wall(day)
    found = next_after(known.series, write_wall(begin - timedelta(seconds=1))) if begin and begin.year > 1 else None
    if found is not None and found.day == day and found.wall > known.next.wall:
        return found.wall
    return _meant(session, record.id, day)[2].wall
