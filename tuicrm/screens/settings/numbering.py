"""How the items of a type are numbered: a form that shows the number that comes next."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from tuicrm.domain.context import Choice
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.numbering import RESETS, WORDS, problems
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.services.definitions import numbering
from tuicrm.widgets.question import Answer, Question


async def change_numbering(screen: Host, type_key: str) -> None:
    """Ask for pattern, start, step, reset and next number, beginning with those there are; each is kept when the form is finished."""
    from tuicrm.widgets.form import Form

    session = screen.session
    reason = numbering.why_not_change(session)
    if reason is not None:
        screen.say(reason)
        return
    found = numbering.numbering(session, type_key)
    before = found.numerator
    present = {
        "pattern": before.pattern,
        "reset": before.reset,
        "start": str(before.start),
        "step": str(before.step),
        "next": str(found.next),
    }

    def check(text: str) -> str:
        """The next number as it would be written."""
        tried = replace(before, pattern=text.strip(), reset="never")
        wrong = next(iter(problems(tried)), None)
        if wrong is not None:
            raise BadValue(wrong.message, text)
        return numbering.example(session, tried, found.next)

    def save(answers: Mapping[str, Answer]) -> None:
        said = {key: answer if isinstance(answer, str) else next(iter(answer), "") for key, answer in answers.items()}
        changed = {key: text for key, text in said.items() if text.strip() != present[key]}
        if changed:
            numbering.change_numbering(session, type_key, changed)

    resets = [Choice(key, _(name)) for key, name in RESETS.items()]
    questions = [
        Question("pattern", _("Pattern"), text=before.pattern, check=check, required=True, hint=WORDS),
        Question("reset", _("Restarts"), "list", chosen=(before.reset,), choices=resets, required=True),
        Question("start", _("Start"), "integer", present["start"], required=True),
        Question("step", _("Step"), "integer", present["step"], required=True),
        Question("next", _("Next number"), "integer", present["next"], required=True),
    ]
    title = _("Numbers: {types}").format(types=session.label(session.workspace.type(type_key).plural))
    if await screen.ask(Form(screen.surface, title, questions, save)) is not None:
        screen.reload()
        screen.say_done(_("Changed"))
