"""What fills a tab of a card: a container that takes part in finding what a key does. Its pane has the cursor, the tab has the `do_…`
methods."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Container

from tuicrm.domain.items import Item
from tuicrm.screens.card.item import CardHost
from tuicrm.widgets.pane import LinePane


class CardTab(Container):
    """Base of what fills a tab. Subclasses make their `pane` and show an item in it."""

    def __init__(self, card: CardHost, pane: LinePane[Any]) -> None:
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
