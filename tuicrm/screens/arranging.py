"""Lists that customise mode and the settings put in order: each step is one change, taken back with the keys of everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.errors import Refusal
from tuicrm.i18n import _
from tuicrm.screens.host import Asks
from tuicrm.screens.taking_back import said, take_back
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import Arranged, Arranger, ArrangerRow
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.question import Question
from tuicrm.widgets.surface import Surface


class Arranging(Arranged):
    """What is put in order of a session. Subclasses give `rows`, say with which `steps` (beginnings of action ids) these are put in
    order, and why one of them cannot be taken now."""

    about = ""
    """The key of the item type that it is about; "" when it is about no type."""
    steps: tuple[str, ...] = ("customise.",)

    def __init__(self, session: Session, surface: Surface) -> None:
        self.session = session
        self.surface = surface

    # -- for subclasses ------------------------------------------------------------------------------------------------
    def rows(self) -> Sequence[ArrangerRow]:
        """What there is now."""
        raise NotImplementedError

    def why_gone(self) -> str:
        """Why there is nothing to put in order any more, as a sentence; "" where there is. Call this one too."""
        gone = bool(self.about) and self.about not in self.session.workspace.types
        return _("This item type was removed by someone. Choose another.") if gone else ""

    def why_no_step(self, action_id: str) -> str | None:
        """Why a step cannot be taken now; None when it can."""
        return None

    # -- what all do ---------------------------------------------------------------------------------------------------
    def follow(self) -> None:
        self.dialog.show()

    def load(self) -> Sequence[ArrangerRow]:
        return () if self.why_gone() else self.rows()

    def why_empty(self) -> str:
        return self.why_gone() or super().why_empty()

    def why_not(self, action_id: str) -> str | None:
        return (self.why_gone() or self.why_no_step(action_id)) if action_id.startswith(self.steps) else None


class StepsBack(Controller):
    """Takes steps back, and does them again."""

    def __init__(self, arranging: Arranging) -> None:
        self._arranging = arranging

    async def do_undo(self) -> None:
        await self._go()

    async def do_redo(self) -> None:
        await self._go(again=True)

    async def _go(self, *, again: bool = False) -> None:
        arranging = self._arranging
        try:
            done = await take_back(arranging.host, arranging.session, again=again)
        except Refusal as error:
            arranging.host.messages.say_error(error)
        else:
            if done is None:
                return
            arranging.host.say(said(done, again=again), "done")
        arranging.again()


async def arrange(host: Asks, arranging: Arranging, changed: Callable[[], None]) -> None:
    """Show it in a dialog until that is left; `changed` is called after every step."""
    await host.ask(Arranger(host.surface, arranging, changed, StepsBack(arranging)))


async def ask_name(host: Asks, title: str, text: str = "") -> str | None:
    """A name; None when left."""
    from tuicrm.widgets.form import Form

    answers = await host.ask(Form(host.surface, title, [Question("name", _("Name"), text=text, required=True)]))
    return str(answers["name"]) if answers is not None else None
