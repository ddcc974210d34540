"""Activities in the settings: when people work, what is asked, and kinds of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tuicrm.domain.activities.planned import COLOURS
from tuicrm.domain.config_records import ActivityKind
from tuicrm.domain.context import Choice
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.services.items import activity_kinds
from tuicrm.services.items.activity_kinds import KindChanges
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import shared_settings
from tuicrm.services.workspace.shared_settings import ASK_NEXT_STEP, SHARED_SETTINGS
from tuicrm.widgets.question import Answer, Question

_NEW = "+"
"""The line of the list that makes a kind; no kind has such a key."""
_ON, _OFF = "on", "off"


def why_not_set(session: Session) -> str | None:
    """Why this person may not change what holds for everyone; None where they may."""
    return None if session.access.has("settings") else _("You may not change the definitions of this workspace.")


async def change_working(screen: Host) -> None:
    """Ask for working time, holidays and what is asked, beginning with what holds."""
    from tuicrm.widgets.form import Form

    session = screen.session
    if reason := why_not_set(session):
        screen.say(reason)
        return
    present = {one.key: shared_settings.value_of(session, one.key) for one in SHARED_SETTINGS}

    def save(answers: Mapping[str, Answer]) -> None:
        said = {key: answer if isinstance(answer, str) else next(iter(answer), _OFF) for key, answer in answers.items()}
        changed = {key: text for key, text in said.items() if text.strip() != present[key]}
        if changed:
            shared_settings.change(session, changed)

    def check(read: Callable[[str], str]) -> Callable[[str], str]:
        return lambda text: read(text) if text.strip() else ""

    hints = {"working_hours": "09:00-18:00", "working_days": "mon-fri", "holidays": "IT, 2026-12-24, 08-15"}
    questions = []
    for one in SHARED_SETTINGS:
        if one.key == ASK_NEXT_STEP:
            choices = [Choice(_ON, _("yes")), Choice(_OFF, _("no"))]
            questions.append(Question(one.key, _(one.label), "boolean", chosen=(present[one.key],), choices=choices))
        else:
            questions.append(
                Question(
                    one.key, _(one.label), text=present[one.key], check=check(one.read), hint=hints.get(one.key, "")
                )
            )
    if await screen.ask(Form(screen.surface, _("Working time"), questions, save)) is not None:
        screen.reload()


async def change_kinds(screen: Host) -> None:
    """List the kinds of one's own, to change one or make one."""
    from tuicrm.widgets.picker import Picker

    session = screen.session
    if reason := why_not_set(session):
        screen.say(reason)
        return
    own = [one for one in activity_kinds.kinds(session, retired=True) if one.key in session.workspace.activity_kinds]
    choices = [
        Choice(one.key, f"{one.symbol} {session.label(one.label)}".strip(), _("retired") if one.retired else "")
        for one in own
    ]
    chosen = await screen.ask(
        Picker(screen.surface, _("Kinds of activities"), [*choices, Choice(_NEW, _("New kind…"))])
    )
    if chosen:
        await _ask_kind(screen, next((one for one in own if one.key == chosen[0]), None))


async def _ask_kind(screen: Host, kind: ActivityKind | None) -> None:
    from tuicrm.widgets.form import Form

    session = screen.session

    def save(answers: Mapping[str, Answer]) -> None:
        colour = next(iter(answers["colour"]), "")
        label, symbol = str(answers["label"]), str(answers["symbol"])
        if kind is None:
            activity_kinds.add_kind(session, label, symbol=symbol, colour=colour)
            return
        activity_kinds.edit_kind(session, kind.key, KindChanges(label, symbol, colour))
        retired = answers["retired"] == (_ON,)
        if retired != kind.retired:
            activity_kinds.retire_kind(session, kind.key, back=not retired)

    colours = [Choice(key, _("colour {n}").format(n=key)) for key in COLOURS]
    questions = [
        Question("label", _("Name"), text=session.label(kind.label) if kind else "", required=True),
        Question("symbol", _("Sign"), text=kind.symbol if kind else "", hint=_("one sign, such as ⌂")),
        Question("colour", _("Colour"), "list", chosen=(kind.colour,) if kind and kind.colour else (), choices=colours),
    ]
    if kind is not None:
        choices = [Choice(_ON, _("yes")), Choice(_OFF, _("no"))]
        questions.append(
            Question("retired", _("Retired"), "boolean", chosen=(_ON if kind.retired else _OFF,), choices=choices)
        )
    title = _("Change the kind") if kind else _("New kind of activity")
    if await screen.ask(Form(screen.surface, title, questions, save)) is not None:
        screen.reload()
