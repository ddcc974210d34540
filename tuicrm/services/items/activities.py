"""Planned work on items: what, when, whose, done. Rights are those of the item (reference §7, §11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from msgspec import Struct

from tuicrm.domain.activities.planned import moved
from tuicrm.domain.board import Timing
from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.moments import local, parse_moment
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.limits import ACTIVITY, COMMENT
from tuicrm.services.items.series import apart, finish, put_off, set_apart, standing
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Record


class NextStep(Struct, frozen=True):
    """What is to be done next, and when (a UTC ISO time; "" for in three working days)."""

    what: str
    at: str = ""
    responsible: str = ""


def add(
    session: Session,
    owner: Ref,
    what: str,
    at: str,
    *,
    kind: str = "todo",
    responsible: str = "",
    text: str = "",
    finishing: int = 0,
) -> int:
    """Plan an activity. `at` is a UTC ISO time; `finishing` is another activity that is done with it, in the same change. Raises
    Refused when `what` is empty."""
    doc = planned_doc(session, owner, NextStep(what, at, responsible), kind, text)
    what = doc["what"]
    label = _("plan “{what}”").format(what=what)
    if finishing:
        finished = known(session, finishing).doc
        label = label_of(_("done: “{what}”; plan “{next}”"), finished, next=what)
    with session.change(label) as change:
        if finishing:
            finish(change, known(session, finishing), ticked(session))
        return change.put(ACTIVITIES, doc)


def planned_doc(session: Session, owner: Ref, step: NextStep, kind: str = "todo", text: str = "") -> dict[str, Any]:
    """An activity as it is kept when it is planned. Raises Refused where nothing is to be done."""
    what = step.what.strip()
    if not what:
        raise Refused(_("What needs to be done?"), [FieldProblem("what", _("is required"), what)])
    ACTIVITY.check("what", what)
    COMMENT.check("text", text)
    doc: dict[str, Any] = {
        "owner": str(owner),
        "what": what,
        "at": step.at or default_time(session.context()),
        "kind": kind,
        "done": False,
        "responsible": step.responsible or session.person_key,
        "by": session.person_key,
        "created": stamp(session.moment()),
    }
    return {**doc, "text": text} if text else doc


def edit(session: Session, activity: int, fields: Mapping[str, Any], *, base: Mapping[str, Any] | None = None) -> None:
    """Change what, when or whose. `base` is the activity as it was seen: Conflict where somebody else has changed the same."""
    if "what" in fields and not str(fields["what"] or "").strip():
        raise Refused(_("What needs to be done?"), [FieldProblem("what", _("is required"), fields["what"])])
    record = known(session, activity)
    if fields.get("at"):
        fields = {**fields, **moved(record.doc, str(fields["at"]))}
        if (repeated := standing(record)) is not None:
            with session.change(_("change an activity")) as change:
                seen = record if base is None else record._replace(doc=dict(base))
                set_apart(change, seen, repeated, {**apart(repeated, repeated.next), **fields})
            return
    with session.change(_("change an activity")) as change:
        change.patch(ACTIVITIES, activity, fields, base=base)


def planned_at(session: Session, activity: int) -> str:
    """When an activity is to be done (UTC ISO). Raises NotFound."""
    return str(known(session, activity).doc["at"])


def owner_of(session: Session, activity: int) -> Ref:
    """The item that an activity hangs on. Raises NotFound."""
    return Ref.parse(str(known(session, activity).doc["owner"]))


def done(session: Session, activity: int, *, undone: bool = False) -> int:
    """Tick an activity off, or open it again; of a series, its next occurrence. Returns the number of what is done now. Raises
    NotFound."""
    record = known(session, activity)
    with session.change(label_of(_("reopen “{what}”") if undone else _("done: “{what}”"), record.doc)) as change:
        if not undone:
            return finish(change, record, ticked(session))
        change.patch(ACTIVITIES, activity, ticked(session, undone=True))
        return activity


def known(session: Session, activity: int) -> Record:
    """An activity by its number. Raises NotFound."""
    try:
        return session.record(ACTIVITIES, activity)
    except NotFound:
        raise NotFound(_("There is no activity {n}.").format(n=activity)) from None


def label_of(label: str, doc: Mapping[str, Any], **named: str) -> str:
    """The label of a change that names an activity as `{what}`. Of a private one nothing is named: everybody reads the journal."""
    return _("change an activity") if doc.get("private") else label.format(what=doc["what"], **named)


def ticked(session: Session, *, undone: bool = False) -> dict[str, Any]:
    """What an activity holds when it is done, or open again."""
    at, who = (None, None) if undone else (stamp(session.moment()), session.person_key)
    return {"done": not undone, "done_at": at, "done_by": who}


def delete(session: Session, *numbers: int) -> None:
    """Delete activities, as one change. Raises NotFound."""
    for number in numbers:
        known(session, number)
    with session.change(ngettext("delete an activity", "delete {n} activities", len(numbers))) as change:
        for number in numbers:
            change.remove(ACTIVITIES, number)


def move(session: Session, numbers: Sequence[int], when: Callable[[str], str]) -> list[str]:
    """Put activities off, as one change (of a series, its next occurrence alone): `when` makes the new time (UTC ISO) of the one that
    is planned. Returns the new times, in the order of the numbers. Raises NotFound, and what `when` raises."""
    found = [known(session, number) for number in numbers]
    times = [when(record.doc["at"]) for record in found]
    with session.change(ngettext("postpone an activity", "postpone {n} activities", len(found))) as change:
        for record, at in zip(found, times, strict=True):
            put_off(change, record, at)
    return times


def open_of(session: Session, owner: Ref) -> list[Record]:
    """The open activities of an item, soonest first."""
    return _soonest_first(session.owned(ACTIVITIES, owner))


def _soonest_first(records: Iterable[Record]) -> list[Record]:
    return sorted((r for r in records if not r.doc.get("done")), key=lambda r: (r.doc["at"], r.id))


def next_of(session: Session, owner: Ref, context: Context) -> tuple[Timing, str]:
    """The next activity of an item as timing and words: "Wed 09:30", "today 15:00", "3 d late"; "" where nothing is planned."""
    planned = open_of(session, owner)
    if not planned:
        return "none", ""
    when, words = due_words(planned[0], context)
    kind = session.workspace.activity_kinds.get(str(planned[0].doc.get("kind")))
    return when, f"{kind.symbol} {words}" if kind is not None and kind.symbol else words


def due_words(planned: Record, context: Context) -> tuple[Timing, str]:
    """When a planned activity is to be done, as timing and words."""
    from tuicrm.domain.kinds.dates import late_text, short_when

    at = planned.doc["at"]
    when = timing(at, context)
    if when == "late":
        return when, late_text(at, context)
    told = short_when(at, context)
    return when, _("today {time}").format(time=told) if when == "today" else told


def default_time(context: Context) -> str:
    """Three working days from now, rounded up to the full hour (reference §11), by the workspace's working time."""
    from tuicrm.domain.activities.working import default_due, working_time

    return stamp(default_due(context.now.astimezone(context.zone), working_time(context.settings)))


def read_time(text: str, context: Context, planned: str = "") -> str:
    """When something is to be done, as a UTC ISO time. Raises BadValue.

    A day alone keeps the time that is `planned` (a UTC ISO time), else means the hour that it is now, rounded up, on that day: at its
    first minute it would be late when the day begins."""
    from tuicrm.domain.kinds.dates import clock_time

    clock = clock_time(planned, context)
    at = time.fromisoformat(clock) if clock else next_hour(context)
    return stamp(parse_moment(text, context, alone=at))


def next_hour(context: Context) -> time:
    """The hour that it is now on the person's clock, rounded up, of the same day."""
    return time(min(context.now.astimezone(context.zone).hour + 1, 23))


def time_on(day: date, context: Context, planned: str = "") -> str:
    """A time (UTC ISO) on a day: at the hour that is `planned`, else the hour that it is now, rounded up; not one that has passed."""
    at = read_time(day.isoformat(), context, planned)
    if at > stamp(context.now):
        return at
    at = read_time(day.isoformat(), context)
    return at if at > stamp(context.now) else stamp(local(day, time(23, 59), context))


def timing(at: str, context: Context) -> Timing:
    """Whether something due at `at` is late, due today, or planned."""
    if at < stamp(context.now):
        return "late"
    return "today" if at < end_of_today(context) else "planned"


def end_of_today(context: Context) -> str:
    """When the person's own day ends, in UTC."""
    tomorrow = context.now.astimezone(context.zone).date() + timedelta(days=1)
    return stamp(datetime.combine(tomorrow, time(), context.zone).astimezone(UTC))
