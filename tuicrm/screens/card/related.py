"""A tab of the items of one type that belong with the card's item."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, cut
from tuicrm.screens.card.item import CardHost, open_card
from tuicrm.screens.card.tab import CardTab
from tuicrm.screens.items.adding import add_item
from tuicrm.screens.items.allowed import why_not_allowed, why_not_new
from tuicrm.screens.items.deleting import delete
from tuicrm.services.boards import list_columns
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.items import related
from tuicrm.widgets.column_edges import Resized
from tuicrm.widgets.item_list import ItemListPane
from tuicrm.widgets.one_line import OneLine


class RelatedTab(CardTab):
    """The items; what they come to stands above them, where the card's item is their client."""

    def __init__(self, card: CardHost, type_key: str, told: Callable[[], str]) -> None:
        """`told` says what they come to; "" for nothing."""
        self._type = type_key
        self._told = told
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
        self._sold.display = bool(self._told())
        self._sold.update()

    def on_resized(self, message: Resized) -> None:
        """A column has another width: the person's own, as in the type's list."""
        key = self.items.items.columns[message.column].key
        list_columns.resize(self.card.session, self._type, key, message.cells)
        self.items.items.load()
        self.items.show_items(self.items.items)

    @property
    def _empty(self) -> str:
        if self.why_not("new") is not None:
            return _("Nothing here yet.")
        return _("Nothing here yet: {key} adds one.").format(key=self.card.surface.keys.key("new"))

    def _sold_line(self, cells: int) -> Line:
        return pad((Run(" "), Run(cut(clean(self._told()), max(cells - 2, 1)), "value")), cells)

    @property
    def _here(self) -> Ref | None:
        """The item under the cursor."""
        return None if self.items.cursor is None else Ref(self._type, self.items.cursor)

    def why_not(self, action_id: str) -> str | None:
        """Why no item can be added here, or the one under the cursor cannot be deleted, as a sentence; None otherwise."""
        session = self.card.session
        if action_id == "new":
            reason = why_not_new(session, self._type)
            return reason or related.why_not_new(session, self.card.shown.ref.type, self._type)
        if action_id == "delete":
            item = session.peek(self._here) if self._here is not None else None
            return why_not_allowed(session, "delete", item) if item is not None else _("There is nothing here.")
        return None

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        if self._here is not None:
            open_card(self.card, self._here, Walk(self._type, self.items.items.ids))

    async def do_new(self) -> None:
        """One that belongs to the card's item."""
        card, shown = self.card, self.card.shown
        ref = await add_item(card, self._type, related.new_values(card.session, shown.item, self._type), shown.ref)
        if ref is not None and card.is_attached:
            card.reload()
            self.show_item(shown.item, ref.id)

    def do_delete(self) -> None:
        if self._here is not None:
            told = delete(self.card.session, [self._here])
            self.card.reload()
            self.card.say_done(told)
