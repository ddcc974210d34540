"""The cursor of a board with what is marked and folded; and what a board is for those that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Item, Ref
from tuicrm.i18n import _, ngettext
from tuicrm.screens.host import Workplace
from tuicrm.services.boards.board_base import CardBoard
from tuicrm.widgets.board_view import BoardView
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.top_line import TopLine


class BoardHost(Workplace, Protocol):
    """A board on screen, as far as its controllers need it."""

    @property
    def board(self) -> CardBoard:
        """What is shown: the columns, and the ids of the items in each."""

    @property
    def view(self) -> BoardView:
        """The widget that draws it and holds the cursor."""

    @property
    def view_key(self) -> str:
        """Which view of the type's items it is (`services/boards/item_views.py`)."""

    def reload(self, follow: int | None = None) -> None:
        """Read again; the cursor goes to an item where one is given."""

    def show_board(self, pipeline: str = "", where: Condition | None = None, text: str = "") -> None:
        """Show another pipeline or filter of the same type."""

    @property
    def top(self) -> TopLine:
        """The line above the columns."""

    def refresh_hints(self) -> None:
        """Ask again what can be done."""

    def leave(self) -> None:
        """Close the board."""


_OF_ALL = ("triage.start", "list.export")
"""Actions on the marked, else on all that is shown."""

_ON_CARDS = (
    "open",
    "delete",
    "create",
    "stage.move",
    "when.move",
    "when.date",
    "activity.new",
    "activity.log",
    "mark",
    "copy.value",
    "copy.card",
    "edit_many",
    "triage.start",
    "list.export",
)


class BoardCursor(Controller):
    """Moves the cursor, marks cards, folds columns; knows which cards an action is about."""

    def __init__(self, host: BoardHost) -> None:
        self._host = host
        self._view = host.view
        self._board = host.board
        self._read: tuple[tuple[int | None, int], Item | None] = (None, -1), None
        """The item under the cursor, as of a transaction."""

    def why_not(self, action_id: str) -> str | None:
        there = self._board.head.count if action_id in _OF_ALL else self._view.current is not None
        if action_id in _ON_CARDS and not (self._view.marked or there):
            return _("There is no card under the cursor.")
        if action_id == "mark_all" and not self._board.head.count:
            return _("There is nothing to mark.")
        return None

    # -- what is meant -------------------------------------------------------------------------------------------------
    @property
    def current(self) -> Item | None:
        """The item under the cursor as it is now. The footer asks a dozen times for it."""
        here, session = self._view.current, self._host.session
        if here is None:
            return None
        if self._read[0] != (asked := (here, session.store.seq())):
            self._read = asked, session.peek(Ref(self._board.type, here))
        return self._read[1]

    def meant(self) -> list[Ref]:
        """The marked items, else the one under the cursor."""
        if self._view.marked:
            return [ref for ref in self._board.refs() if ref.id in self._view.marked]
        return [Ref(self._board.type, self._view.current)] if self._view.current is not None else []

    def carried(self, item_id: int) -> list[Ref]:
        """What goes along when the mouse takes a card: all that are marked where it is one of them, else that card alone."""
        if item_id in self._view.marked:
            return self.meant()
        return [Ref(self._board.type, item_id)] if self._board.place(item_id) is not None else []

    def queue(self) -> list[Ref]:
        """What triage goes through and an export holds: the marked, else all that is shown."""
        return self.meant() if self._view.marked else self._board.refs()

    def unmark(self, refs: Sequence[Ref]) -> None:
        self._view.marked -= {ref.id for ref in refs}

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def do_move_left(self) -> None:
        self._view.move_column(-1)

    def do_move_right(self) -> None:
        self._view.move_column(1)

    def do_move_down(self) -> None:
        self._view.move_row(1)

    def do_move_up(self) -> None:
        self._view.move_row(-1)

    def do_move_page_down(self) -> None:
        self._view.move_row(self._view.capacity)

    def do_move_page_up(self) -> None:
        self._view.move_row(-self._view.capacity)

    def do_move_first(self) -> None:
        self._view.move_to(0)

    def do_move_last(self) -> None:
        self._view.move_to(-1)

    # -- marks and folds -----------------------------------------------------------------------------------------------
    def do_mark(self) -> None:
        self._view.toggle_mark()
        self._view.move_row(1)
        self._say_marked()

    def do_mark_all(self) -> None:
        self._view.mark_all()
        self._say_marked()

    def _say_marked(self) -> None:
        if self._view.marked:
            self._host.say(ngettext("{n} marked", "{n} marked", len(self._view.marked)))

    def do_board_fold(self) -> None:
        self._view.toggle_fold()
