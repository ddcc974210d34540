"""What screens with columns of cards have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from textual.widget import Widget

from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Item, Ref
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
from tuicrm.screens.viewing import view_spot
from tuicrm.services.boards.board_base import CardBoard
from tuicrm.services.boards.item_views import ViewSpec, views_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.widgets.board_view import BoardView, seen_on
from tuicrm.widgets.card_drag import CardDropped
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.surface import Surface


def shown_on(board: CardBoard) -> ViewSpec:
    """What a board shows, for other views of it."""
    return ViewSpec(board.type, board.pipeline_key, board.where, board.text)


def _seen(screen: CardBoardScreen) -> list[tuple[Ref, str]]:
    session, found = screen.session, [Ref(screen.board.type, item_id) for item_id in seen_on(screen.view)]
    return [(ref, session.title_of(item)) for ref in found if (item := session.peek(ref)) is not None]


def _begin_at(view: BoardView, ref: Ref) -> None:
    if ref.type == view.board.type:
        view.column, view.row = view.board.place(ref.id) or (view.column, view.row)


class CardMover(Controller):
    """Moves cards from column to column."""

    async def take_to(self, refs: Sequence[Ref], key: str) -> None:
        """Move cards to a column, asking what keys would ask."""
        raise NotImplementedError


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
        self.everywhere.places = lambda: places(self, board.type, board.pipeline_key)
        self.following.why_gone = self._why_gone
        self.following.shows = lambda ref: ref.type == self.board.type and self.view.in_sight(ref.id)
        self.standing.spot = lambda: view_spot(self, shown_on(board), self.view_key, self.view.current)
        self.standing.stand_on = lambda cursor: self.view.go_to(cursor) if cursor is not None else None
        self.standing.seen = lambda: _seen(self)
        self.standing.begin_at = lambda ref: _begin_at(self.view, ref)
        self.settling.then(self._get_ready)

    def hold(self, mover: CardMover, *others: Controller) -> None:
        """Let this one move the cards."""
        items = ItemActions(self, self.cursor)
        self._mover = mover
        self.controllers = (self.cursor, self.cards, BoardViews(self), mover, *others, items, self.everywhere)

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

    def on_card_dropped(self, message: CardDropped) -> None:
        refs = self.cursor.carried(message.item_id)
        if refs:
            self.start(self._mover.take_to(refs, message.column))
