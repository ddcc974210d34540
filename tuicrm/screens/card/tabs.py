"""The tabs of a card: which one is open, and what fills it, made when it is opened first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.containers import Horizontal

from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.relations import KIND as RELATIONS
from tuicrm.domain.tabs import DOCUMENTS, GENERAL, HISTORY
from tuicrm.i18n import _
from tuicrm.render.chips import Chips
from tuicrm.render.tabs import tab_bar
from tuicrm.screens.card.item import CardHost
from tuicrm.screens.card.related import RelatedTab
from tuicrm.screens.card.tab import CardTab
from tuicrm.widgets.chip_line import ChipLine
from tuicrm.widgets.controller import Controller, Way
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.timeline_pane import TimelinePane

_NUMBERED = 9
"""How many tabs can have a digit as their key."""


class CardTabs(Controller):
    """The bar of tabs, and what stands beside the timeline."""

    def __init__(self, host: CardHost, fields: FieldPane, timeline: TimelinePane) -> None:
        self._host = host
        self._fields = fields
        self._timeline = timeline
        self.tab = GENERAL
        """The key of the tab that is open."""
        self.made: dict[str, CardTab] = {}
        """What fills the tabs that were opened, by their kind; cards are used again, for items of other types too."""
        self.bar = ChipLine(host.surface.look, self.chips, id="tabs")
        self.panes = Horizontal(fields, timeline, id="panes")

    @property
    def is_narrow(self) -> bool:
        """Whether the panes take turns."""
        return self._host.size.width < 100

    @property
    def _kind(self) -> str:
        """What fills the open tab."""
        tabs = self._host.session.workspace.type(self._host.shown.ref.type).tabs
        return next((tab.kind for tab in tabs if tab.key == self.tab), GENERAL)

    @property
    def open(self) -> CardTab | None:
        """What fills the open tab; None for the fields."""
        return self.made.get(self._kind)

    @property
    def left(self) -> LinePane[Any]:
        """What stands beside the timeline."""
        return self._fields if self.open is None else self.open.pane

    @property
    def left_name(self) -> str:
        """What stands beside the timeline, in a word."""
        tab = next((tab for tab in self._host.shown.view.tabs if tab.key == self.tab), None)
        return _("fields") if tab is None or tab.key == GENERAL else tab.label

    def chips(self, cells: int) -> Chips:
        """The bar of tabs; where the panes take turns, what is behind."""
        hint = ""
        if self.is_narrow:
            key = self._host.surface.keys.key("card.other_pane")
            total = self._timeline.view.total
            beyond = f"{_('timeline')} {total}" if total else _("timeline")
            hint = f"{key}: {self.left_name if self._timeline.has_focus else beyond}"
        return tab_bar(self._host.shown.view.tabs, self.tab, cells, hint=hint, compact=self.is_narrow)

    def ways(self) -> list[Way]:
        """The palette has the tabs too: those beyond the ninth have no number."""

        def to(key: str) -> Callable[[], None]:
            return lambda: self._host.start(self.go_to(key))

        return [
            Way(_("Tab {name}").format(name=tab.label), (str(at),) if at <= _NUMBERED else (), to(tab.key))
            for at, tab in enumerate(self._host.shown.view.tabs, 1)
        ]

    async def do_card_tab(self) -> None:
        pressed, tabs = self._host.dispatcher.pressed, self._host.shown.view.tabs
        at = int(pressed) - 1 if pressed.isdigit() else 0
        if at >= len(tabs):
            self._host.say(_("There is no tab {n}.").format(n=at + 1))
            return
        await self.go_to(tabs[at].key)

    async def go_to(self, key: str) -> None:
        """Open a tab."""
        self.tab = key
        kind = self._kind
        if kind != GENERAL and kind not in self.made:
            self.made[kind] = self._make(kind)
            await self.panes.mount(self.made[kind], before=self._timeline)
        self.show(key)

    def come_back(self, key: str) -> None:
        """Open the tab that was open when the card was left, where there still is one."""
        if key != self.tab and any(tab.key == key for tab in self._host.shown.view.tabs):
            self._host.start(self.go_to(key))

    async def go_to_products(self) -> None:
        """Open the tab of the product rows."""
        tabs = self._host.session.workspace.type(self._host.shown.ref.type).tabs
        await self.go_to(next(tab.key for tab in tabs if tab.kind == PRODUCTS))

    def show(self, key: str) -> None:
        """Show a tab that was opened before."""
        self.tab = key
        for each in self.made.values():
            each.set_class(each is self.open, "-open")
        self._host.set_class(self.open is not None, "-tab")
        self.show_item()
        self._host.set_focus(self.left)
        self.bar.update()

    def show_item(self) -> None:
        """Have the open tab show the item as it is now."""
        if self.open is not None:
            self.open.show_item(self._host.shown.item)

    def _make(self, kind: str) -> CardTab:
        """What fills a tab of that kind (`Tab.kind`): product rows, relations, or for a type's key the items of it that name this
        one."""
        if kind == PRODUCTS:
            from tuicrm.screens.card.products import ProductsTab

            return ProductsTab(self._host, lambda: self._host.set_focus(self._timeline))
        if kind == RELATIONS:
            from tuicrm.screens.card.relations import RelationsTab

            return RelationsTab(self._host)
        if kind == HISTORY:
            from tuicrm.screens.card.history import HistoryTab

            return HistoryTab(self._host)
        if kind == DOCUMENTS:
            from tuicrm.screens.card.documents import DocumentsTab

            return DocumentsTab(self._host)
        return RelatedTab(self._host, kind, self._told)

    def _told(self) -> str:
        """What the items of the open tab come to."""
        return next((tab.told for tab in self._host.shown.view.tabs if tab.key == self.tab), "")
