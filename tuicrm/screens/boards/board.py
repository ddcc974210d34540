"""The board: columns of stages, cards to move, mark, open; quick add, filter, pipelines."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.boards.cards import say_if_filtered_out
from tuicrm.screens.boards.cursor import BoardCursor, BoardHost
from tuicrm.screens.boards.screen import CardBoardScreen, CardMover
from tuicrm.screens.host import Opener
from tuicrm.screens.items.adding import add_item
from tuicrm.screens.items.allowed import why_not_allowed, why_not_new
from tuicrm.screens.items.lacking import ask_of_several
from tuicrm.screens.items.meant_moving import finish_many, move_meant, move_one, tell_moved
from tuicrm.screens.items.stage_moving import choose_stage, stage_ways
from tuicrm.services.boards.board import ORDERS, Board, orders_of
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.items import stages
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.preferences import choose_order, order_choice
from tuicrm.widgets.controller import Controller, Way
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.surface import Surface

_STEPS = {"stage.previous": -1, "stage.next": 1}


class BoardScreen(CardBoardScreen):
    """The board of a type's pipeline, as a filter leaves it."""

    scope = "board"
    board: Board

    def __init__(
        self,
        session: Session,
        surface: Surface,
        type_key: str = "",
        pipeline: str = "",
        shown: ViewSpec | None = None,
    ) -> None:
        """Without a type, the first with pipelines (deals); `shown` is what another view shows. Raises NotFound when there is no such
        board."""
        shown = shown or ViewSpec(type_key, pipeline)
        shown = shown if shown.type else shown._replace(type=_first_type(session))
        order = order_choice(session, LayoutPlace(shown.type))
        board = Board(session, shown.type, shown.pipeline, shown.where, shown.text, order)
        super().__init__(session, surface, board)
        self.hold(StageMoves(self, board, self.cursor), StageColumns(self, board))


class StageMoves(CardMover):
    """Adds cards to a stage, and moves them from stage to stage."""

    def __init__(self, host: BoardHost, board: Board, cursor: BoardCursor) -> None:
        self._host = host
        self._board = board
        self._view = host.view
        self._cursor = cursor

    # -- why not -------------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        session, board = self._host.session, self._board
        if action_id == "new":
            return why_not_new(session, board.type, board.pipeline_key, self._view.stage_key)
        if action_id not in (*_STEPS, "stage.move"):
            return None
        if not self._cursor.meant():
            return _("There is no card under the cursor.")
        if self._view.marked:
            return None  # of several, those that one may not change are told after the move
        return self._why_not_step(_STEPS.get(action_id, 0)) or why_not_allowed(session, "edit", self._cursor.current)

    def _why_not_step(self, step: int) -> str | None:
        if not step or 0 <= self._view.column + step < len(self._board.columns):
            return None
        return _("This is the last stage.") if step > 0 else _("This is the first stage.")

    # -- cards ---------------------------------------------------------------------------------------------------------
    async def do_new(self) -> None:
        """Quick add in the column of the cursor: the type's few fields, and what the stage needs."""
        stage = self._view.stage_key or self._board.pipeline.stages[0].key
        ref = await add_item(self._host, self._board.type, {"pipeline": self._board.pipeline_key, "stage": stage})
        if ref is not None:
            self._host.reload(follow=ref.id)
            say_if_filtered_out(self._host, ref)

    # -- stages --------------------------------------------------------------------------------------------------------
    async def do_stage_next(self) -> None:
        await self._step(1)

    async def do_stage_previous(self) -> None:
        await self._step(-1)

    async def _step(self, step: int) -> None:
        refs, session, pipeline = self._cursor.meant(), self._host.session, self._board.pipeline_key
        if len(refs) == 1:
            item = session.get(refs[0])
            stage = stages.neighbour(session, item, step)
            if stage is not None:
                await move_one(self._host, item.ref, stage, pipeline, self._cursor.unmark)
            return
        items_there = session.many(self._board.type, [ref.id for ref in refs])
        beside = [(item, stages.neighbour(session, item, step)) for item in items_there]
        ends = [stage for _item, stage in beside if stage is not None and stage.semantics == "success"]
        unmark = self._cursor.unmark
        if len(ends) == len(beside) and await finish_many(self._host, items_there, ends[0], unmark):
            return
        moves = [(item, pipeline, stage.key) for item, stage in beside if stage is not None]
        bring = await ask_of_several(self._host, moves)
        if bring is not None:
            await tell_moved(self._host, stages.step_many(session, refs, step, bring=bring), unmark)

    async def do_stage_move(self) -> None:
        await self._choose()

    async def _choose(self, begin: str = "") -> None:
        refs, board = self._cursor.meant(), self._board
        found = await choose_stage(self._host, board.type, board.pipeline_key, self._here, begin)
        if found is not None:
            pipeline, stage = found
            await move_meant(self._host, refs, stage, pipeline.key, self._cursor.unmark)

    @property
    def _here(self) -> str:
        """The stage of what is meant; "" where several are."""
        return "" if self._view.marked else self._view.stage_key

    def ways(self) -> list[Way]:
        host = self._host
        return stage_ways(host.session, self._board.pipeline, self._here, lambda key: host.start(self._choose(key)))

    async def take_to(self, refs: Sequence[Ref], stage_key: str) -> None:
        """Move what the mouse let go over a stage of this board: with all that is asked when keys move it."""
        session, board = self._host.session, self._board
        stage = board.pipeline.stage(stage_key)
        reason = why_not_allowed(session, "edit", session.peek(refs[0])) if len(refs) == 1 else None
        if reason is not None:
            self._host.say(reason, "refused")
        elif stage is not None:
            await move_meant(self._host, refs, stage, board.pipeline_key, self._cursor.unmark)


class StageColumns(Controller):
    """Which stages stand on the board, and how the cards of each are sorted."""

    def __init__(self, host: BoardHost, board: Board) -> None:
        self._host = host
        self._board = board

    async def do_board_order(self) -> None:
        """How the cards of each column are sorted; kept for this person and type."""
        host, board = self._host, self._board
        keys = orders_of(host.session, board.type)
        choices = [Choice(key, _(ORDERS[key].label)) for key in keys]
        here = board.order or keys[0]
        chosen = await host.ask(Picker(host.surface, _("Cards in each column"), choices, chosen=(here,)))
        if chosen:
            choose_order(host.session, LayoutPlace(board.type), chosen[0])
            board.put_in_order(chosen[0])
            host.view.show(board)

    async def do_board_pipeline(self) -> None:
        host, board = self._host, self._board
        choices = [Choice(p.key, host.session.label(p.label)) for p in host.session.workspace.pipelines(board.type)]
        chosen = await host.ask(Picker(host.surface, _("Pipeline"), choices, chosen=(board.pipeline_key,)))
        if chosen:
            host.show_board(chosen[0])

    async def do_board_stages(self) -> None:
        host, board = self._host, self._board
        here = host.view.stage_key
        await opening.arrange_stages(host, host.session, board.type, board.pipeline_key, host.reload, here)


def board_screen(whence: Opener, shown: ViewSpec, _view: str) -> BoardScreen:
    """The board of what another view shows."""
    return BoardScreen(whence.session, whence.surface, shown=shown)


def _first_type(session: Session) -> str:
    """The type whose board opens first: the first with pipelines of its own, else with stages."""
    types = session.workspace.types.values()
    found = next((t for t in types if t.has_pipelines), None) or next(t for t in types if t.has_stages)
    return found.key
