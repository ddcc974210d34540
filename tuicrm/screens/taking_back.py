"""Undo and redo on screen: said with what they are about, and asked once where that cannot be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.dates import short_when
from tuicrm.i18n import _
from tuicrm.screens.host import Asks
from tuicrm.services.history.undo import Undone, UndoStep, next_step, redo, undo
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.confirm import Confirm


class Sees(Asks, Protocol):
    """A screen that tells what it shows."""

    @property
    def knows_of(self) -> Callable[[int, Sequence[Ref]], bool]:
        """Whether a step was done here, or one of the items that it is about is in sight."""


async def take_back(screen: Sees, session: Session, *, again: bool = False) -> Undone | None:
    """Take the last step back, or do the last one `again` that was; None where the person would not. Raises what `undo` raises."""
    step = next_step(session, again=again)
    if step is not None and not screen.knows_of(step.stood, step.refs):
        title = _("Do this again?") if again else _("Take this back?")
        if not await screen.ask(Confirm(screen.surface, title, _question(session, step))):
            return None
    do: Callable[[Session, int], Undone] = redo if again else undo
    return do(session, step.seq if step is not None else 0)


def said(done: Undone, *, again: bool = False) -> str:
    """What was taken back, or done again."""
    return (_("Done again: {what}") if again else _("Undone: {what}")).format(what=done.about)


def _question(session: Session, step: UndoStep) -> str:
    when = short_when(step.at, session.context())
    whence = (
        _("You did this on another screen, {when}.")
        if step.own
        else _("You did this in another place, {when}: on the command line, or in another session of yours.")
    )
    return f"{step.about}\n{whence.format(when=when)}"
