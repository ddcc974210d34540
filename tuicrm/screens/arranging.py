"""Lists that customise mode and the settings put in order: each step is one change, taken back with the keys of everywhere."""

from __future__ import annotations

from tuicrm.i18n import _
from tuicrm.services.session import Session
from tuicrm.services.undo import redo, undo
from tuicrm.widgets.arranger import Arranger
from tuicrm.widgets.question import Question


class Arranging(Arranger):
    """An arranger over a session."""

    session: Session

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
