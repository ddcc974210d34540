"""Planning on screen: one line that tells what it is understood as, the form with every part, and what came of it once it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import Conflict, Refused
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens.host import Host
from tuicrm.screens.items.planning_parts import PlanningForm
from tuicrm.services.calendar import lines, planning, series_changes
from tuicrm.services.calendar.series_changes import Which
from tuicrm.services.items import activities
from tuicrm.services.kernel import conflicts
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.form import Form, Notice
from tuicrm.widgets.question import Answer, Question

_WHOLE = "whole"
"""Where one goes from the line: to the form with every part."""


async def plan(
    host: Host,
    ref: Ref,
    activity: Mapping[str, Any] | None = None,
    activity_id: int = 0,
    *,
    finishing: int = 0,
    which: Which | None = None,
    occurrence: str = "",
) -> bool:
    """Ask what, when and the rest; plan it (`finishing` another one), or change the one given. `which` is meant of a series
    that is finished or changed, from its `occurrence` on ("" for the next). False when left."""
    if activity_id:
        return await _form(host, ref, activity or {}, activity_id, which=which, occurrence=occurrence)
    begun = dict(activity or {})
    line = await _line(host, ref, begun, finishing, which)
    if line is None:
        return await _form(host, ref, begun, finishing=finishing, which=which)
    return line


async def _line(host: Host, ref: Ref, begun: dict[str, Any], finishing: int, which: Which | None) -> bool | None:
    """Ask for one line; None where the form is wanted instead, which then begins with what was typed (`begun`)."""
    session, done = host.session, list[bool]()
    meant = series_changes.finished(session, finishing, which)

    def read(text: str) -> dict[str, Any]:
        return _understood(session, text, begun)

    def check(text: str) -> str:
        if not text.strip():
            return ""
        try:
            return f" {DOT} ".join(lines.told(session, ref, read(text)))
        except Refused as refused:
            raise BadValue(refused.message, text) from refused

    def save(answers: Mapping[str, Answer]) -> None:
        fields = read(str(answers["what"]))
        what = str(fields.pop("what"))
        planning.plan(session, ref, what, finishing=finishing, meant=meant, **fields)
        done.append(True)

    asked = Question(
        "what", _("What"), check=check, required=True, hint=_("call Paolo tomorrow 15 30min @Blue +mario !15m")
    )
    every = Notice(_("every part has its place in a form"), _WHOLE)
    form = Form(host.surface, _("Plan an activity"), [asked], save, lambda _answers: every)
    form.notice = every
    await host.ask(form)
    if form.gone_to:
        text = str(form.fields[0].answer)
        begun |= _begun_with(session, ref, text, begun)
        return None
    if done:
        host.say_done(_("Planned"))
    return bool(done)


def _understood(session: Session, text: str, begun: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a line; without a time, what it begins with here (a column of a board by dates). Raises Refused."""
    return lines.fields_of(session, text, begins=True, usual=str(begun.get("at") or ""))


def _begun_with(session: Session, ref: Ref, text: str, begun: Mapping[str, Any]) -> dict[str, Any]:
    """What the form begins with once a line was typed: what was understood of it, else the text alone."""
    if not text.strip():
        return {}
    try:
        fields = _understood(session, text, begun)
        return planning.outcome(session, ref, str(fields.pop("what")), **fields)
    except Refused:
        return {"what": text.strip()}


async def _form(
    host: Host,
    ref: Ref,
    activity: Mapping[str, Any],
    activity_id: int = 0,
    *,
    finishing: int = 0,
    which: Which | None = None,
    occurrence: str = "",
) -> bool:
    """The form with every part."""
    session, context = host.session, host.session.context()
    base: Mapping[str, Any] = {
        "at": activities.default_time(context),
        "responsible": session.person_key,
        **activity,
    }
    known = {**base, **(series_changes.times_of(session, activity_id, occurrence) if occurrence else {})}
    parts = PlanningForm(session, known)
    meant = series_changes.finished(session, finishing, which if finishing else None)
    done: list[bool] = []

    def save(answers: Mapping[str, Answer]) -> None:
        fields = parts.changed(answers)
        if activity_id:
            change(fields)
        else:
            given = _given(known) | fields
            planning.plan(session, ref, str(given.pop("what", "")), finishing=finishing, meant=meant, **given)
        done.append(True)

    def change(fields: Mapping[str, Any]) -> None:
        """Only what was changed here: the rest may be another's by now. Twice the same answer is an answer to both values."""
        nonlocal base
        try:
            if which is None:
                planning.edit(session, activity_id, fields, base=base)
            else:
                series_changes.change(session, activity_id, fields, which, occurrence, base=base)
        except Conflict as conflict:
            base = conflict.current or base
            key = host.surface.keys.key("form.save")
            told = [conflicts.told(session, ref, clash) for clash in conflict.clashes]
            raise Refused("; ".join((*told, _("press {key} again to replace it").format(key=key)))) from conflict

    title = _("Change the activity") if activity_id else _("Plan an activity")
    await host.ask(Form(host.surface, title, parts.questions, save))
    if done:
        host.say_done(_("Changed") if activity_id else _("Planned"))
    return bool(done)


def _given(known: Mapping[str, Any]) -> dict[str, Any]:
    """What a new activity begins with, as fields of `planning.plan`."""
    fields = {name: value for name, value in known.items() if name in planning.PARTS and name not in ("owner", "done")}
    if fields.get("day"):
        fields.pop("at", None)
    return fields


async def finish(host: Host, ref: Ref, activity: int, which: Which | None = None, occurrence: str = "") -> None:
    """An activity is done: ask what came of it, and what comes next; with that, or with nothing where it is left, it is ticked off, as
    one change. Of a series, what is chosen (`which`) from an `occurrence` on."""
    session, answered = host.session, list[bool]()
    record = activities.known(session, activity)
    meant = series_changes.finished(session, activity, which, occurrence)

    def check(text: str) -> str:
        if not text.strip():
            return ""
        try:
            return f" {DOT} ".join(lines.told(session, ref, lines.fields_of(session, text, begins=True)))
        except Refused as refused:
            raise BadValue(refused.message, text) from refused

    def save(answers: Mapping[str, Answer]) -> None:
        result, step = str(answers["result"]).strip(), str(answers["what"]).strip()
        fields = lines.fields_of(session, step, begins=True) if step else {}
        planning.follow_up(session, activity, result, fields, finishing=True, meant=meant)
        answered.append(True)

    title = _("Done: {what}").format(what=record.doc["what"])
    questions = [
        Question("result", _("Result"), hint=_("what came of it")),
        Question("what", _("Next step"), check=check, hint=_("such as: Send the offer tomorrow 10")),
    ]
    await host.ask(Form(host.surface, title, questions, save))
    if not answered:
        planning.follow_up(session, activity, "", {}, finishing=True, meant=meant)
