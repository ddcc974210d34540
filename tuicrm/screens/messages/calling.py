"""Calling the client of an item: the number is handed over, the call counts, and what came of it is kept with the next step."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import get_args

from tuicrm.config import read_config
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import CallOutcome, MessageWay
from tuicrm.errors import Refusal, StorageError
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens.host import Host
from tuicrm.screens.items.actions import copy
from tuicrm.screens.items.logging_done import next_step_question
from tuicrm.screens.messages.call_box import CallBox
from tuicrm.screens.messages.call_changing import CallForm, minutes_in, outcome_question
from tuicrm.services.items import done_work
from tuicrm.services.items.message_lines import outcome_label
from tuicrm.services.messages import calls, dialling, reaching
from tuicrm.services.messages.calls import CallMade
from tuicrm.services.messages.reaching import Reached
from tuicrm.services.workspace import preferences
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.question import Answer, Question

_WAY = "call_way"
"""The preference of how a number is handed over."""
_ACTIONS = {"tel": "call.open", "command": "call.program", "code": "call.code", "copy": "copy.value"}


async def call(host: Host, ref: Ref) -> None:
    """Call the client of an item. Raises NotFound."""
    to = await choose_number(host, ref)
    if to is not None:
        await _begin(host, to)


async def call_number(host: Host, ref: Ref, numbers: Sequence[str]) -> None:
    """Call one of these numbers of an item; the only one is not asked about. Raises NotFound."""
    name = host.session.title_of(host.session.get(ref))
    to = await _one_of(host, [Reached(number, (ref,), name) for number in dict.fromkeys(numbers)])
    if to is not None:
        await _begin(host, to)


async def _begin(host: Host, to: Reached) -> None:
    offered = ways(os.environ)
    chosen = preferences.own_choice(host.session, _WAY)
    box = CallBox(
        host.surface,
        to,
        [(way, _ACTIONS[way]) for way in offered],
        lambda way: _handed_over(host, to, way),
        chosen if chosen in offered else offered[0],
    )
    outcome: CallOutcome | None = await host.ask(box)
    if box.way != chosen:
        preferences.choose_own(host.session, _WAY, box.way)
    if outcome is not None:
        await log(host, to, "out", outcome, calls.minutes_of(box.seconds) if outcome == "reached" else 0)


async def choose_number(host: Host, ref: Ref) -> Reached | None:
    """Which number; the only one is not asked about. Where there is no number, that is said."""
    found = reaching.numbers(host.session, ref)
    if not found:
        host.say(_("There is no phone number here, nor one of the client."))
        return None
    return await _one_of(host, found)


async def _one_of(host: Host, found: Sequence[Reached]) -> Reached | None:
    if len(found) == 1:
        return found[0]
    choices = [Choice(one.number, one.name, one.number) for one in found]
    chosen = await host.ask(Picker(host.surface, _("Which number"), choices))
    return next((one for one in found if chosen and one.number == chosen[0]), None)


def ways(environ: Mapping[str, str]) -> Sequence[str]:
    """How a number can be handed over here, the likeliest first."""
    found = ["command"] if read_config().call_command else []
    if dialling.has_desktop(environ):
        found.append("tel")
    return [*found, "code", "copy"]


def _handed_over(host: Host, to: Reached, way: str) -> str:
    """Hand the number over; what was done, or why not, as a sentence."""
    if way == "code":
        return _("Point your phone at it to call.")
    if way == "copy":
        copy(host, to.number)
        return _("The number is on the clipboard.")
    try:
        said = dialling.dial(to.number, way, read_config().call_command, os.environ)
    except (Refusal, StorageError) as problem:
        return problem.message
    return _("Dialling {number}").format(number=said)


async def log_by_hand(host: Host, ref: Ref) -> None:
    """Keep a call that was, whoever called. Raises NotFound."""
    found = reaching.numbers(host.session, ref)
    to = await _one_of(host, found) if found else reaching.whom(host.session, host.session.workspace.show_ref(ref))
    if to is not None:
        await log(host, to, "out", "reached", by_hand=True)


async def log(
    host: Host, to: Reached, way: MessageWay, outcome: CallOutcome, minutes: int = 0, *, by_hand: bool = False
) -> bool:
    """Ask what came of a call, and what comes next (`by_hand`: and who called); keep both as one change. False when left."""
    session, done = host.session, list[bool]()

    def save(answers: Mapping[str, Answer]) -> None:
        chosen = answers["outcome"]
        named = next((one for one in get_args(CallOutcome) if chosen and one == chosen[0]), outcome)
        lasted = minutes_in(str(answers["minutes"]))
        following = done_work.read_step(str(answers["what"]), session.context())
        came = by_hand and answers["way"] == ("in",)
        made = CallMade("in" if came else way, lasted, named, str(answers["note"]))
        calls.log_call(session, to, made, following)
        done.append(following is not None)

    questions = [
        Question("note", _("Note"), hint=_("what came of it")),
        next_step_question(session.context()),
        outcome_question(outcome),
        Question("minutes", _("Minutes"), "integer", str(minutes) if minutes else ""),
    ]
    title = f"{_('Call')} {DOT} {to.name or to.number}"
    if by_hand:
        choices = [Choice("out", _("you")), Choice("in", _("they"))]
        questions.insert(0, Question("way", _("Who called"), "list", chosen=(way,), choices=choices, required=True))
    else:
        title = f"{title} {DOT} {outcome_label(outcome)}"
    await host.ask(CallForm(host.surface, title, questions, save, first="note"))
    if done:
        host.reload()
        host.say_done(_("Logged, and the next step planned") if done[0] else _("Logged"))
    return bool(done)
