"""The tabs of a card: what fills each kind, made when it is opened first.

A tab is a container that takes part in finding what a key does (`Keyed`): its pane has the cursor, the tab has the `do_…` methods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.containers import Container

from tuicrm.domain.card import CardView
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.relations import KIND as RELATIONS
from tuicrm.domain.tabs import GENERAL, HISTORY
from tuicrm.i18n import _
from tuicrm.render.chips import Chips
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.tabs import tab_bar
from tuicrm.render.text import clean, cut
from tuicrm.screens.working import Working
from tuicrm.services import items, related
from tuicrm.services.lists import ItemList
from tuicrm.widgets.controller import Way
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.item_list import ItemListPane
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.timeline_pane import TimelinePane

_NUMBERED = 9
"""How many tabs can have a digit as their key."""


class TabActions(Working):
    """Mixed into the card: which tab is open, and what stands beside the timeline for it."""

    item: Item
    ref: Ref
    card: CardView
    fields: FieldPane
    timeline: TimelinePane
    tab: str
    """The key of the tab that is open."""

    def open_card(self, ref: Ref, walk: Walk | None = None) -> None:
        """Another card on top of this one."""
        raise NotImplementedError

    def do_card_right(self) -> None:
        """To the timeline."""
        raise NotImplementedError

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.tabs: dict[str, CardTab] = {}
        """What fills the tabs that were opened, by their kind; cards are used again, for items of other types too."""

    @property
    def is_narrow(self) -> bool:
        """Whether the panes take turns."""
        return self.size.width < 100

    @property
    def _kind(self) -> str:
        """What fills the open tab."""
        tabs = self.session.workspace.type(self.ref.type).tabs
        return next((tab.kind for tab in tabs if tab.key == self.tab), GENERAL)

    @property
    def open_tab(self) -> CardTab | None:
        """What fills the open tab; None for the fields."""
        return self.tabs.get(self._kind)

    @property
    def left(self) -> LinePane[Any]:
        """What stands beside the timeline."""
        return self.fields if self.open_tab is None else self.open_tab.pane

    @property
    def left_name(self) -> str:
        """What stands beside the timeline, in a word."""
        tab = next((tab for tab in self.card.tabs if tab.key == self.tab), None)
        return _("fields") if tab is None or tab.key == GENERAL else tab.label

    def tab_chips(self, cells: int) -> Chips:
        """The bar of tabs; where the panes take turns, what is behind."""
        hint = ""
        if self.is_narrow:
            key = self.surface.keys.key("card.other_pane")
            total = self.timeline.view.total
            beyond = f"{_('timeline')} {total}" if total else _("timeline")
            hint = f"{key}: {self.left_name if self.timeline.has_focus else beyond}"
        return tab_bar(self.card.tabs, self.tab, cells, hint=hint, compact=self.is_narrow)

    def ways(self) -> list[Way]:
        """The palette has the tabs too: those beyond the ninth have no number."""

        def to(key: str) -> Callable[[], None]:
            return lambda: self.start(self.go_to_tab(key))

        return [
            Way(_("Tab {name}").format(name=tab.label), (str(at),) if at <= _NUMBERED else (), to(tab.key))
            for at, tab in enumerate(self.card.tabs, 1)
        ]

    async def do_card_tab(self) -> None:
        at = int(self.dispatcher.pressed) - 1 if self.dispatcher.pressed.isdigit() else 0
        if at >= len(self.card.tabs):
            self.say(_("There is no tab {n}.").format(n=at + 1))
            return
        await self.go_to_tab(self.card.tabs[at].key)

    async def go_to_tab(self, key: str) -> None:
        """Open a tab."""
        self.tab = key
        kind = self._kind
        if kind != GENERAL and kind not in self.tabs:
            self.tabs[kind] = make_tab(self, kind)
            await self.query_one("#panes").mount(self.tabs[kind], before=self.timeline)
        self.show_tab(key)

    def show_tab(self, key: str) -> None:
        """Show a tab that was opened before."""
        self.tab = key
        for each in self.tabs.values():
            each.set_class(each is self.open_tab, "-open")
        self.set_class(self.open_tab is not None, "-tab")
        self.show_in_tab()
        self.set_focus(self.left)
        self.query_one("#tabs", OneLine).update()

    def show_in_tab(self) -> None:
        """Have the open tab show the item as it is now."""
        if self.open_tab is not None:
            self.open_tab.show_item(self.item)


class CardTab(Container):
    """Base of what fills a tab. Subclasses make their `pane` and show an item in it."""

    def __init__(self, card: TabActions, pane: LinePane[Any]) -> None:
        super().__init__(classes="card-tab")
        self.card = card
        self.pane = pane

    def compose(self) -> ComposeResult:
        yield self.pane

    def show_item(self, item: Item) -> None:
        """Show what the item has here, read again: it is the card's item now, or has changed."""
        raise NotImplementedError

    def do_open(self) -> None:
        """Open what the cursor is on."""


class RelatedTab(CardTab):
    """The items of a type that belong with the card's item; what they come to stands above them, where it is their client."""

    def __init__(self, card: TabActions, type_key: str) -> None:
        self._type = type_key
        self._sold = OneLine(card.surface.look, self._sold_line)
        self.items = ItemListPane(card.surface.look, ItemList(card.session, type_key, ids=()))
        super().__init__(card, self.items)

    def compose(self) -> ComposeResult:
        yield self._sold
        yield self.pane

    def show_item(self, item: Item, cursor: int | None = None) -> None:
        ids = related.ids(self.card.session, item, self._type)
        self.items.empty = self._empty
        self.items.show_items(ItemList(self.card.session, self._type, ids=ids), cursor)
        self._sold.display = bool(self._told)
        self._sold.update()

    @property
    def _empty(self) -> str:
        if self.why_not("new") is not None:
            return _("Nothing here yet.")
        return _("Nothing here yet: {key} adds one.").format(key=self.card.surface.keys.key("new"))

    @property
    def _told(self) -> str:
        return next((tab.told for tab in self.card.card.tabs if tab.key == self.card.tab), "")

    def _sold_line(self, cells: int) -> Line:
        return pad((Run(" "), Run(cut(clean(self._told), max(cells - 2, 1)), "value")), cells)

    @property
    def _here(self) -> Ref | None:
        """The item under the cursor."""
        return None if self.items.cursor is None else Ref(self._type, self.items.cursor)

    def why_not(self, action_id: str) -> str | None:
        if action_id == "new":
            why_not = self.card.why_not_new(self._type)
            return why_not or related.why_not_new(self.card.session, self.card.ref.type, self._type)
        if action_id == "delete":
            item = self.card.session.peek(self._here) if self._here is not None else None
            return self.card.why_not_allowed("delete", item) if item is not None else _("There is nothing here.")
        return None

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        if self._here is not None:
            self.card.open_card(self._here, Walk(self._type, self.items.items.ids))

    async def do_new(self) -> None:
        """One that belongs to the card's item."""
        card = self.card
        ref = await card.add_item(self._type, related.new_values(card.session, card.item, self._type), card.ref)
        if ref is not None and card.is_attached:
            card.reload()
            self.show_item(card.item, ref.id)

    def do_delete(self) -> None:
        if self._here is not None:
            name = self.card.session.workspace.show_ref(self._here)
            items.delete(self.card.session, [self._here])
            self.card.reload()
            self.card.say_done(_("{ref} is deleted").format(ref=name))


def make_tab(card: TabActions, kind: str) -> CardTab:
    """What fills a tab of that kind (`Tab.kind`): product rows, relations, or for a type's key the items of it that name this one."""
    if kind == PRODUCTS:
        from tuicrm.screens.card_products import ProductsTab

        return ProductsTab(card)
    if kind == RELATIONS:
        from tuicrm.screens.card_relations import RelationsTab

        return RelationsTab(card)
    if kind == HISTORY:
        from tuicrm.screens.card_history import HistoryTab

        return HistoryTab(card)
    return RelatedTab(card, kind)
