"""Which layout a card has and why, and the others that a person may use."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tuicrm.domain.context import Choice
from tuicrm.domain.layout_use import Place, Use
from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Run
from tuicrm.render.text import cut, wrap
from tuicrm.services import layouts, preferences
from tuicrm.services.session import Session
from tuicrm.services.views import member_names
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.surface import Surface


class LayoutPicker(Picker):
    """Ends with the key of a choice (`choice` reads it), or with `NEW` for a layout of one's own that does not exist yet."""

    NEW = "new"
    _FIRST = "first"

    def __init__(self, session: Session, surface: Surface, place: Place) -> None:
        found = layouts.available(session, place)
        used, chosen = layouts.in_use(session, place), preferences.layout_choice(session, place)
        choices = [Choice(use.choice, layouts.describe(use), self._detail(session, use)) for use in found]
        if not any(use.kind == "personal" for use in found) and session.access.has("personal_layout"):
            choices.append(Choice(self.NEW, _("a layout of my own"), _("begins as the card stands now")))
        if chosen:
            choices.append(Choice(self._FIRST, _("whichever comes first"), layouts.describe(found[0])))
        super().__init__(surface, _("Layout of this card"), choices, chosen=(used.choice,))
        self._now = _("now: {layout}").format(layout=layouts.describe(used))
        self._why = wrap(layouts.explain(session, place), self.cells - 6)

    @classmethod
    def choice(cls, key: str) -> str:
        """What `layouts.switch` takes."""
        return "" if key == cls._FIRST else key

    @staticmethod
    def _detail(session: Session, use: Use) -> str:
        if use.kind == "view" and use.kept is not None:
            return ", ".join(member_names(session, use.kept.record.members))
        return {
            "personal": _("only yours"),
            "common": _("what all have"),
        }.get(use.kind, _("ships with tuicrm"))

    def contents(self) -> Iterable[Widget]:
        """Under the list, why."""
        return *super().contents(), *(OneLine(self.surface.look, _told(line)) for line in self._why)

    def counted(self) -> str:
        return self._now


def _told(text: str) -> LineSource:
    return lambda cells: pad((Run(f" {cut(text, cells - 1)}", "dim"),), cells)
