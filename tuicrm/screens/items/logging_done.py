"""The form of what was done just now: a call with its result, and the next step in the same breath."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.context import Choice, Context
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.schema import Field
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens.host import Host
from tuicrm.services.items import activity_kinds, done_work
from tuicrm.services.items.activities import due_words, open_of
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.question import Answer, Question

_AT = Field("at", "datetime", "When")
"""What the preview reads with: no item has this field."""


async def log_done(host: Host, ref: Ref) -> bool:
    """Ask what was done, what came of it, and what comes next; keep both as one change. False when left."""
    from tuicrm.widgets.form import Form

    session, done = host.session, list[bool]()

    def save(answers: Mapping[str, Answer]) -> None:
        chosen, result, step = answers["finishing"], str(answers["result"]), str(answers["what"])
        key = chosen[0] if chosen else "call"
        number = int(key) if key.isdigit() else 0
        following = done_work.read_step(step, session.context())
        done_work.log_done(session, ref, result, kind="call" if number else key, finishing=number, following=following)
        done.append(following is not None)

    title = f"{_('Log a call')} {DOT} {session.names.related(ref)}"
    await host.ask(
        Form(host.surface, title, _questions(session, ref, host.surface.keys.key("form.choose")), save, first="result")
    )
    if done:
        host.say_done(_("Logged, and the next step planned") if done[0] else _("Logged"))
    return bool(done)


def _questions(session: Session, ref: Ref, choose: str) -> list[Question]:
    context = session.context()
    planned = [
        Choice(str(one.id), f"{one.doc['what']} {DOT} {due_words(one, context)[1]}") for one in open_of(session, ref)
    ]
    kinds = [Choice(one.key, session.label(one.label)) for one in activity_kinds.kinds(session)]
    likeliest = done_work.likeliest(session, ref)
    chosen = str(likeliest.id) if likeliest is not None else kinds[0].key
    hint = _("{key} lists the others, and what was planned").format(key=choose)
    return [
        Question(
            "finishing", _("Done"), "list", chosen=(chosen,), choices=[*planned, *kinds], required=True, hint=hint
        ),
        Question("result", _("Result"), hint=_("what came of it")),
        next_step_question(context),
    ]


def next_step_question(context: Context) -> Question:
    """What comes next, and when, in one line (`done_work.read_step` reads the answer)."""
    hint = _("such as: Send the offer tomorrow 10")
    return Question("what", _("Next step"), check=lambda text: _understood(text, context), hint=hint)


def _understood(text: str, context: Context) -> str:
    """What is planned, and when: `Send the offer · 24 Nov 2026, 10:00`."""
    try:
        step = done_work.read_step(text, context)
    except Refused as refused:
        raise BadValue(refused.message, text) from refused
    return f"{step.what} {DOT} {preview(step.at, _AT, context)}" if step is not None else ""
