"""What screens with columns of cards have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from msgspec.structs import replace
from textual.widget import Widget

from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Item
from tuicrm.i18n import _
from tuicrm.render.heads import board_head
from tuicrm.render.line import Line
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.boards.cards import BoardCards, BoardViews
from tuicrm.screens.boards.cursor import BoardCursor
from tuicrm.screens.following import why_type_gone
from tuicrm.screens.items.actions import ItemActions
from tuicrm.screens.places import places
from tuicrm.screens.settling import A_MOMENT
from tuicrm.services.boards.board_base import CardBoard
from tuicrm.services.boards.item_views import views_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.widgets.board_view import BoardView
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.surface import Surface


class CardBoardScreen(CrmScreen):
    """Base of boards: subclasses make the `board` and hold what moves cards between its columns."""

    view_key = "board"
    """Which view of the type's items it is (`services/boards/item_views.py`)."""

    def __init__(self, session: Session, surface: Surface, board: CardBoard) -> None:
        super().__init__(session, surface)
        self.board = board
        self.view = BoardView(board, surface.look, surface.keys.key("new"), surface.keys.key("back"))
        self.cursor = BoardCursor(self)
        self.cards = BoardCards(self, self.cursor)
        self.everywhere.places = lambda: places(self, board.type)
        self.following.why_gone = self._why_gone
        self.following.shows = lambda ref: ref.type == self.board.type and self.view.in_sight(ref.id)
        self.settling.then(self._get_ready)

    def hold(self, *movers: Controller) -> None:
        """Have cards moved by these."""
        items = ItemActions(self, self.cursor)
        self.controllers = (self.cursor, self.cards, BoardViews(self), *movers, items, self.everywhere)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return board_head(replace(self.board.head, others=presence.names(self.session)), cells)

    def body(self) -> Iterable[Widget]:
        yield self.view

    def _get_ready(self) -> None:
        if self.board.waits:
            self.run_worker(self._readied())

    async def _readied(self) -> None:
        await asyncio.sleep(A_MOMENT)
        await asyncio.to_thread(self.board.get_ready)
        if self.is_attached:
            self.reload()

    # -- data ----------------------------------------------------------------------------------------------------------
    def _why_gone(self) -> str:
        gone = why_type_gone(self.session, self.board.type)
        there = gone or self.view_key in views_of(self.session, self.board.type)
        return gone if there else _("This view no longer exists: the item type was changed.")

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.cursor.current

    def reload(self, follow: int | None = None) -> None:
        super().reload()
        self.board.load()
        self.view.show(self.board, follow)
        self.top.update()
        self.refresh_hints()

    def show_board(self, pipeline: str = "", where: Condition | None = None, text: str = "") -> None:
        """Another pipeline or filter of the same type."""
        self.board.look_at(pipeline or self.board.pipeline_key, where, text)
        self.view.show(self.board)
        if self.view.current is None:
            self.view.go_to_first()
        self.top.update()
        self.refresh_hints()

    # -- events --------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        self.view.focus()

    def on_screen_resume(self) -> None:
        self.view.focus()

    def on_board_view_moved(self) -> None:
        self.refresh_hints()

    def on_board_view_opened(self) -> None:
        self.cards.do_open()
