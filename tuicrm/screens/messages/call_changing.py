"""A call that was kept, changed: its note, its outcome, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from tuicrm.domain.context import Choice
from tuicrm.domain.messages.message import CallOutcome, Message
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens import opening
from tuicrm.screens.host import Host
from tuicrm.services.items.message_lines import outcome_label
from tuicrm.services.messages import calls, records
from tuicrm.widgets.form import Form, Notice
from tuicrm.widgets.question import Answer, Question


class CallForm(Form):
    """What was typed is not lost by one key: the first `esc` says how to keep it."""

    _warned: tuple[Answer, ...] = ()

    def do_cancel(self) -> None:
        """Leave it; with something typed, at the second time."""
        typed = tuple(field.answer for field in self.fields)
        begun = tuple(one.chosen if one.is_chosen else one.text for one in (field.question for field in self.fields))
        if typed in (begun, self._warned):
            self.leave()
            return
        self._warned = typed
        save, cancel = self.surface.keys.key("form.save"), self.surface.keys.key("cancel")
        self.host.say(_("{save} saves, {cancel} again discards it").format(save=save, cancel=cancel))


async def change_call(host: Host, number: int) -> None:
    """Ask what is to be otherwise of a call, and keep that. Raises NotFound, AccessDenied."""
    session = host.session
    one = records.by_id(session, number).record
    changed: list[bool] = []

    def save(answers: Mapping[str, Answer]) -> None:
        fields = _other(one, answers)
        if fields:
            calls.change_call(session, number, fields)
            changed.append(True)

    whole = Notice(_("the items that it is on, and who may read it"), "message")
    title = f"{_('Call')} {DOT} {calls.number_of(one) or '?'}"
    form = CallForm(host.surface, title, _questions(one), save, lambda _answers: whole)
    form.notice = whole
    await host.ask(form)
    if form.gone_to:
        await opening.show_message(host, number)
    elif changed:
        host.reload()
        host.say_done(_("Changed"))


def _questions(one: Message) -> list[Question]:
    minutes = str(one.minutes) if one.minutes else ""
    return [
        Question("note", _("Note"), "text", one.text),
        outcome_question(one.outcome),
        Question("minutes", _("Minutes"), "integer", minutes, check=_checked),
    ]


def outcome_question(outcome: CallOutcome) -> Question:
    """How a call went, from a list."""
    outcomes = [Choice(one, outcome_label(one)) for one in get_args(CallOutcome) if one]
    return Question(
        "outcome", _("Outcome"), "list", chosen=(outcome,) if outcome else (), choices=outcomes, required=True
    )


def _checked(text: str) -> str:
    """Nothing to tell of minutes but what is wrong with them."""
    minutes_in(text)
    return ""


def minutes_in(text: str) -> int:
    """Minutes as they were typed; nothing is 0. Raises Refused with the field `minutes` for what is no whole number."""
    typed = text.strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS):
        told = _("a whole number of minutes is expected")
        raise Refused(told, [FieldProblem("minutes", told, text)])
    return int(typed or 0)


def _other(one: Message, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """The fields of the record that were answered otherwise than they stood."""
    outcome = answers["outcome"]
    said: dict[str, Any] = {
        "text": str(answers["note"]).strip(),
        "outcome": outcome[0] if outcome else "",
        "minutes": minutes_in(str(answers["minutes"])),
    }
    return {name: value for name, value in said.items() if value != getattr(one, name)}


_DIGITS = 6
"""More are no minutes of anybody's."""
