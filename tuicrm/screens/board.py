"""The board: columns of stages, cards to move, mark, open; quick add, filter, pipelines."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.layout_use import Place
from tuicrm.domain.schema import Stage
from tuicrm.i18n import _
from tuicrm.screens.card_board import CardBoardScreen
from tuicrm.screens.host import Opener
from tuicrm.services import stages
from tuicrm.services.board import Board
from tuicrm.services.item_views import Shown
from tuicrm.services.preferences import choose_order, order_choice
from tuicrm.services.session import Session
from tuicrm.widgets.surface import Surface

_OF_SEVERAL = ("stage.next", "stage.previous", "stage.move")


class BoardScreen(CardBoardScreen):
    """One board: (type, pipeline, filter)."""

    scope = "board"
    board: Board

    def __init__(
        self,
        session: Session,
        surface: Surface,
        type_key: str = "",
        pipeline: str = "",
        shown: Shown | None = None,
    ) -> None:
        """Without a type, the first with pipelines (deals); `shown` is what another view shows. Raises NotFound when there is no such
        board."""
        shown = shown or Shown(type_key, pipeline)
        shown = shown if shown.type else shown._replace(type=_first_type(session))
        order = order_choice(session, Place(shown.type))
        board = Board(session, shown.type, shown.pipeline, shown.where, shown.text, order)
        super().__init__(session, surface, board)

    # -- why not -------------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        if action_id in ("stage.next", "stage.previous") and (reason := self._why_not_step(action_id)):
            return reason
        if action_id == "new":
            return self.why_not_new(self.board.type, self.board.pipeline_key, self.view.stage_key)
        # Of several, those that one may not change are told after the move.
        return None if self.view.marked and action_id in _OF_SEVERAL else super().why_not(action_id)

    def _why_not_step(self, action_id: str) -> str | None:
        if not self.chosen():
            return _("There is no card under the cursor.")
        step = 1 if action_id == "stage.next" else -1
        at = self.view.column + step
        if not self.view.marked and not 0 <= at < len(self.board.columns):
            return _("This is the last stage.") if step > 0 else _("This is the first stage.")
        return None

    # -- cards ---------------------------------------------------------------------------------------------------------
    async def do_new(self) -> None:
        """Quick add in the column of the cursor: the type's few fields, and what the stage needs."""
        stage = self.view.stage_key or self.board.pipeline.stages[0].key
        ref = await self.add_item(self.board.type, {"pipeline": self.board.pipeline_key, "stage": stage})
        if ref is not None:
            self.reload(follow=ref.id)
            self.say_if_filtered_out(ref)

    # -- stages --------------------------------------------------------------------------------------------------------
    async def do_stage_next(self) -> None:
        await self._step(1)

    async def do_stage_previous(self) -> None:
        await self._step(-1)

    async def _step(self, step: int) -> None:
        refs = self.chosen()
        if len(refs) == 1:
            item = self.session.get(refs[0])
            stage = stages.neighbour(self.session, item, step)
            if stage is not None:
                await self._move_one(item.ref, stage, self.board.pipeline_key)
            return
        items_there = self.session.many(self.board.type, [ref.id for ref in refs])
        beside = [(item, stages.neighbour(self.session, item, step)) for item in items_there]
        ends = [stage for _item, stage in beside if stage is not None and stage.semantics == "success"]
        if len(ends) == len(beside) and await self._finish_many(items_there, ends[0]):
            return
        moves = [(item, self.board.pipeline_key, stage.key) for item, stage in beside if stage is not None]
        bring = await self.ask_of_several(moves)
        if bring is not None:
            await self.tell_moved(stages.step_many(self.session, refs, step, bring=bring))

    async def do_stage_move(self) -> None:
        refs = self.chosen()
        here = "" if self.view.marked else self.view.stage_key
        found = await self.choose_stage(self.board.type, self.board.pipeline_key, here)
        if found is None:
            return
        pipeline, stage = found
        if len(refs) == 1:
            await self._move_one(refs[0], stage, pipeline.key)
            return
        items_there = self.session.many(self.board.type, [ref.id for ref in refs])
        if stage.semantics == "success" and pipeline.key == self.board.pipeline_key:
            coming = [item for item in items_there if item.get("stage") != stage.key]
            if await self._finish_many(coming, stage):
                return
        bring = await self.ask_of_several([(item, pipeline.key, stage.key) for item in items_there])
        if bring is not None:
            await self.tell_moved(stages.move_many(self.session, refs, stage.key, pipeline.key, bring=bring))

    async def _finish_many(self, coming: Sequence[Item], stage: Stage) -> bool:
        """Offer what success makes of several; whether that was settled, and they are not just to be moved."""
        from tuicrm.screens.creating import finish_many_by_creating
        from tuicrm.services.conversion.proposing import finishing

        if len(coming) < 2 or not finishing(self.session, self.board.type):
            return False
        return await finish_many_by_creating(self, [item.ref for item in coming], stage)

    async def _move_one(self, ref: Ref, stage: Stage, pipeline: str) -> None:
        """Move, asking for what the stage needs; the cursor goes along."""
        if await self.move_item(ref, stage, pipeline):
            self.view.marked.discard(ref.id)
            self.reload(follow=ref.id)

    # -- boards --------------------------------------------------------------------------------------------------------
    async def do_board_order(self) -> None:
        """How the cards of each column are sorted; kept for this person and type."""
        from tuicrm.domain.context import Choice
        from tuicrm.services.board import ORDERS, orders_of
        from tuicrm.widgets.picker import Picker

        keys = orders_of(self.session, self.board.type)
        choices = [Choice(key, _(ORDERS[key].label)) for key in keys]
        here = self.board.order or keys[0]
        chosen = await self.ask(Picker(self.surface, _("Cards in each column"), choices, chosen=(here,)))
        if chosen:
            choose_order(self.session, Place(self.board.type), chosen[0])
            self.board.put_in_order(chosen[0])
            self.view.show(self.board)

    async def do_board_pipeline(self) -> None:
        from tuicrm.domain.context import Choice
        from tuicrm.widgets.picker import Picker

        pipelines = self.session.workspace.pipelines(self.board.type)
        choices = [Choice(p.key, self.session.label(p.label)) for p in pipelines]
        chosen = await self.ask(Picker(self.surface, _("Pipeline"), choices, chosen=(self.board.pipeline_key,)))
        if chosen:
            self.show_board(chosen[0])

    async def do_board_stages(self) -> None:
        from tuicrm.screens.stage_list import Stages

        await self.ask(
            Stages(
                self.session, self.surface, self.board.type, self.board.pipeline_key, self.reload, self.view.stage_key
            )
        )


def board_screen(whence: Opener, shown: Shown, _view: str) -> BoardScreen:
    """The board of what is shown."""
    return BoardScreen(whence.session, whence.surface, shown=shown)


def _first_type(session: Session) -> str:
    """The type whose board opens first: the first with pipelines of its own, else with stages."""
    types = session.workspace.types.values()
    found = next((t for t in types if t.has_pipelines), None) or next(t for t in types if t.has_stages)
    return found.key
