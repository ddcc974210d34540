"""Lists that customise mode and the settings put in order: each step is one change, taken back with the keys of everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.i18n import _
from tuicrm.services.session import Session
from tuicrm.services.undo import redo, undo
from tuicrm.widgets.arranger import Arranger, Row
from tuicrm.widgets.question import Question


class Arranging(Arranger):
    """An arranger over a session. Subclasses give `rows`, say with which `steps` (beginnings of action ids) these are put in order,
    and why one of them cannot be taken now."""

    session: Session
    about = ""
    """The key of the item type that it is about; "" for none."""
    steps: tuple[str, ...] = ("customise.",)

    # -- for subclasses ------------------------------------------------------------------------------------------------
    def rows(self) -> Sequence[Row]:
        """What there is now."""
        raise NotImplementedError

    def why_gone(self) -> str:
        """Why there is nothing to put in order any more, as a sentence; "" where there is. Call this one too."""
        gone = bool(self.about) and self.about not in self.session.workspace.types
        return _("This item type is gone: somebody removed it.") if gone else ""

    def why_no_step(self, action_id: str) -> str | None:
        """Why a step cannot be taken now; None when it can."""
        return None

    # -- what all do ---------------------------------------------------------------------------------------------------
    def follow(self) -> None:
        self._show()

    def load(self) -> Sequence[Row]:
        return () if self.why_gone() else self.rows()

    def why_empty(self) -> str:
        return self.why_gone() or super().why_empty()

    def why_not(self, action_id: str) -> str | None:
        return (self.why_gone() or self.why_no_step(action_id)) if action_id.startswith(self.steps) else None

    async def ask_name(self, title: str, text: str = "") -> str | None:
        """A name; None when left."""
        from tuicrm.widgets.form import Form

        answers = await self.host.ask(
            Form(self.surface, title, [Question("name", _("Name"), text=text, required=True)])
        )
        return str(answers["name"]) if answers is not None else None

    def do_undo(self) -> None:
        self.step(lambda: self.say(_("Undone: {what}").format(what=undo(self.session).label), "done"))

    def do_redo(self) -> None:
        self.step(lambda: self.say(_("Done again: {what}").format(what=redo(self.session).label), "done"))
