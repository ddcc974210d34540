"""The form of an activity: what, when and who."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.kinds.values import edit_field
from tuicrm.domain.schema import Field
from tuicrm.errors import Conflict, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.screens.asking import question
from tuicrm.screens.host import Host
from tuicrm.services.items import activities
from tuicrm.services.kernel import conflicts
from tuicrm.widgets.question import Answer, Question

_FIELDS: tuple[Field, Field] = Field("at", "datetime", "When"), Field("responsible", "person", "Who")
"""What the form reads with: no item has these fields."""


async def plan(
    host: Host, ref: Ref, activity: Mapping[str, Any] | None = None, activity_id: int = 0, *, finishing: int = 0
) -> bool:
    """Ask what, when and who; plan it (`finishing` another one), or change the one given. False when left."""
    from tuicrm.widgets.form import Form

    session, context = host.session, host.session.context()
    known = activity or {"at": activities.default_time(context), "responsible": session.person_key}
    at, who = _FIELDS

    def check(text: str) -> str:
        return preview(activities.read_time(text, context, known["at"]), at, context) if text.strip() else ""

    questions = [
        Question("what", _("What"), text=str(known.get("what", "")), required=True),
        Question("at", _("When"), "datetime", edit_field(known["at"], at, context), check=check, required=True),
        question(session, who, known.get("responsible"))._replace(label=_("Who")),
    ]
    done: list[bool] = []
    base = known

    def save(answers: Mapping[str, Answer]) -> None:
        if not str(answers["at"]).strip():
            raise Refused(_("When?"), [FieldProblem("at", _("is required"))])
        try:
            moment = activities.read_time(str(answers["at"]), context, known["at"])
        except BadValue as bad:
            raise Refused(bad.message, [FieldProblem("at", bad.message, answers["at"])]) from bad
        text = str(answers["what"])
        responsible = answers["responsible"][0] if answers["responsible"] else session.person_key
        if activity_id:
            change({"what": text.strip(), "at": moment, "responsible": responsible})
        else:
            activities.add(session, ref, text, moment, responsible=responsible, finishing=finishing)
        done.append(True)

    def change(values: Mapping[str, Any]) -> None:
        """Only what was changed here: the rest may be another's by now. Twice the same answer is an answer to both values."""
        nonlocal base
        edited = {key: value for key, value in values.items() if value != known.get(key)}
        try:
            activities.edit(session, activity_id, edited, base=base)
        except Conflict as conflict:
            base = conflict.current or base
            key = host.surface.keys.key("form.save")
            told = [conflicts.told(session, ref, clash) for clash in conflict.clashes]
            raise Refused("; ".join((*told, _("press {key} again to replace it").format(key=key)))) from conflict

    title = _("Change the activity") if activity_id else _("Plan an activity")
    await host.ask(Form(host.surface, title, questions, save))
    if done:
        host.say_done(_("Changed") if activity_id else _("Planned"))
    return bool(done)
