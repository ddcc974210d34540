"""Cards of a board that the mouse takes to another column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from textual.geometry import Offset
from textual.message import Message

from tuicrm.i18n import ngettext
from tuicrm.render.symbols import EMPTY
from tuicrm.services.boards.board_base import CardBoard
from tuicrm.services.boards.in_order import id_at


class CardDropped(Message):
    """The mouse let a card go over a column: its id, and the column's key."""

    def __init__(self, item_id: int, column: str) -> None:
        super().__init__()
        self.item_id = item_id
        self.column = column


class CardsInColumns(Protocol):
    """The board, as far as taking its cards along needs it."""

    board: CardBoard
    marked: set[int]

    def post_message(self, message: Message) -> bool: ...
    def ids(self, column: int) -> Sequence[int]:
        """The ids of the items in a column, from the top down; columns count from 0."""

    def place_of(self, x: int, y: int) -> tuple[int, int] | None:
        """Column and row under a cell of the widget; row -1 on a head, None beside the columns."""

    def go_to(self, item_id: int) -> None:
        """Put the cursor on an item; it stays where it is when the item is not on the board."""

    def sign(self, column: int | None) -> None:
        """Draw the sign in the column where a card would fall; None takes it away."""

    def slide(self, step: int) -> bool:
        """While a card is on its way: open the next column on that side; 0 when it no longer is. Whether that changed anything."""


class CardCarrier:
    """A card's id and its column, on the way to the column of a number (`dragging.Carrier`). While it rests at a side,
    folded columns open there, one after the other."""

    pace = 0.4

    def __init__(self, view: CardsInColumns) -> None:
        self._view = view

    def thing_at(self, here: Offset) -> tuple[int, int] | None:
        column, row = self._view.place_of(here.x, here.y) or (0, -1)
        item_id = id_at(self._view.ids(column), row) if row >= 0 else None
        return (item_id, column) if item_id is not None else None

    def place_at(self, thing: tuple[int, int], here: Offset) -> int | None:
        place = self._view.place_of(here.x, here.y)
        return place[0] if place is not None and place[0] != thing[1] else None

    def show(self, thing: tuple[int, int] | None, place: int | None) -> str:
        view = self._view
        view.sign(place)
        if thing is None:
            view.slide(0)
            return ""
        view.go_to(thing[0])
        count = len(view.marked) if thing[0] in view.marked else 1
        card = view.board.card(thing[0]) if count == 1 else None
        what = card.title if card is not None else ngettext("{n} card", "{n} cards", count)
        return f"{what} → {view.board.columns[place].label if place is not None else EMPTY}"

    def drop(self, thing: tuple[int, int], place: int) -> None:
        self._view.post_message(CardDropped(thing[0], self._view.board.columns[place].key))

    def scroll(self, by: Offset) -> bool:
        return by.x != 0 and self._view.slide(by.x)
