"""The tabs of a card: their order, and which are in the bar."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.domain.tabs import GENERAL
from tuicrm.i18n import _
from tuicrm.render.symbols import MARKED
from tuicrm.screens.arranging import Arranging
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, tabs
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.surface import Surface


class Tabs(Arranging):
    """The tabs of a layout."""

    scope = "tabs"
    steps = ("tabs.", "customise.")

    def __init__(self, session: Session, surface: Surface, place: LayoutPlace, layout: LayoutUse | None = None) -> None:
        """`layout` is the one that is shaped, where that is not the one that the person shapes there."""
        super().__init__(session, surface)
        self.title = _("Tabs")
        self._at = place
        self.about = place.type
        self._layout = layout

    @property
    def _use(self) -> LayoutUse:
        return layouts.as_kept(self.session, self._at, self._layout)

    def rows(self) -> Sequence[ArrangerRow]:
        shown, hidden = tabs.arranged(self.session, self._at, self._use)
        label = self.session.label
        return [
            *(ArrangerRow(tab.key, label(tab.label), MARKED) for tab in shown),
            *(ArrangerRow(tab.key, label(tab.label), "", _("hidden"), faint=True) for tab in hidden),
        ]

    def told(self) -> str:
        return "" if self.why_gone() else layouts.describe(self._use)

    def why_no_step(self, action_id: str) -> str | None:
        reason = layouts.why_not_edit(self.session, self._use)
        if reason is not None:
            return reason
        if action_id == "tabs.toggle" and self.current == GENERAL:
            return _("This tab contains the card's own fields and cannot be hidden.")
        return None

    def do_customise_down(self) -> None:
        self.step(lambda: tabs.move(self.session, self._at, self.current, 1, self._layout))

    def do_customise_up(self) -> None:
        self.step(lambda: tabs.move(self.session, self._at, self.current, -1, self._layout))

    def do_tabs_toggle(self) -> None:
        hidden = {tab.key for tab in tabs.arranged(self.session, self._at, self._use).hidden}
        change = tabs.show if self.current in hidden else tabs.hide
        self.step(lambda: change(self.session, self._at, self.current, self._layout))

    def do_tabs_reset(self) -> None:
        self.step(lambda: tabs.reset(self.session, self._at, self._layout))
