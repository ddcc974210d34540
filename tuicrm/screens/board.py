"""The board: columns of stages, cards to move, mark, open; quick add, filter, pipelines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from textual.widget import Widget

from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Stage
from tuicrm.i18n import _, ngettext
from tuicrm.render.heads import board_head
from tuicrm.render.line import Line
from tuicrm.render.symbols import DOT
from tuicrm.screens.base import A_MOMENT
from tuicrm.screens.places import places
from tuicrm.screens.working import Working
from tuicrm.services import items, presence, stages
from tuicrm.services.board import Board
from tuicrm.services.session import Session
from tuicrm.widgets.board_view import BoardView
from tuicrm.widgets.menu import Entry
from tuicrm.widgets.surface import Surface

_OF_SEVERAL = ("stage.next", "stage.previous", "stage.move")


class BoardScreen(Working):
    """One board: (type, pipeline, filter)."""

    scope = "board"

    def __init__(self, session: Session, surface: Surface, type_key: str = "", pipeline: str = "") -> None:
        """Without a type, the first with pipelines (deals). Raises NotFound when there is no such board."""
        super().__init__(session, surface)
        self.board = Board(session, type_key or _first_type(session), pipeline)
        self.view = BoardView(self.board, surface.look, surface.keys.key("new"), surface.keys.key("back"))

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return board_head(replace(self.board.head, others=presence.names(self.session)), cells)

    def body(self) -> Iterable[Widget]:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()

    def shown(self) -> None:
        super().shown()
        if self.board.waits:
            self.run_worker(self._readied())

    async def _readied(self) -> None:
        await asyncio.sleep(A_MOMENT)
        await asyncio.to_thread(self.board.get_ready)
        if self.is_attached:
            self.reload()

    def places(self) -> Sequence[Entry]:
        return places(self)

    # -- data ----------------------------------------------------------------------------------------------------------
    def reload(self, follow: int | None = None) -> None:
        super().reload()
        self.board.load()
        self.view.show(self.board, follow)
        self.refresh_top()
        self.refresh_hints()

    def touches(self, tables: set[str]) -> bool:
        """Whether a change of these tables may show here."""
        return self.board.touches_tables(tables)

    def show_board(self, pipeline: str = "", where: Condition | None = None, text: str = "") -> None:
        """Another pipeline or filter of the same type."""
        self.board.look_at(pipeline or self.board.pipeline_key, where, text)
        self.view.show(self.board)
        if self.view.current is None:
            self.view.go_to_first()
        self.refresh_top()
        self.refresh_hints()

    @property
    def current(self) -> Item | None:
        """The item under the cursor, read anew."""
        if self.view.current is None:
            return None
        return self.session.peek(Ref(self.board.type, self.view.current))

    def chosen(self) -> list[Ref]:
        """The marked items, else the one under the cursor."""
        if self.view.marked:
            return [ref for ref in self.board.refs() if ref.id in self.view.marked]
        return [Ref(self.board.type, self.view.current)] if self.view.current is not None else []

    # -- why not -------------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        on_cards = ("open", "delete", "stage.move", "activity.new", "mark", "copy.value", "copy.card")
        if action_id in on_cards and not self.chosen():
            return _("There is no card under the cursor.")
        if action_id in ("stage.next", "stage.previous") and (reason := self._why_not_step(action_id)):
            return reason
        if action_id == "new":
            return self.why_not_new(self.board.type, self.board.pipeline_key, self.view.stage_key)
        if action_id == "board.pipeline" and len(self.session.workspace.pipelines(self.board.type)) < 2:
            return _("There is only one pipeline.")
        if action_id == "mark_all" and not self.board.head.count:
            return _("There is nothing to mark.")
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

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def do_move_left(self) -> None:
        self.view.move_column(-1)

    def do_move_right(self) -> None:
        self.view.move_column(1)

    def do_move_down(self) -> None:
        self.view.move_row(1)

    def do_move_up(self) -> None:
        self.view.move_row(-1)

    def do_move_page_down(self) -> None:
        self.view.move_row(self.view.capacity)

    def do_move_page_up(self) -> None:
        self.view.move_row(-self.view.capacity)

    def do_move_first(self) -> None:
        self.view.move_to(0)

    def do_move_last(self) -> None:
        self.view.move_to(-1)

    def on_board_view_moved(self) -> None:
        self.refresh_hints()

    def on_board_view_opened(self) -> None:
        self.do_open()

    # -- marks and folds -----------------------------------------------------------------------------------------------
    def do_mark(self) -> None:
        self.view.toggle_mark()
        self.view.move_row(1)
        self._say_marked()

    def do_mark_all(self) -> None:
        self.view.mark_all()
        self._say_marked()

    def _say_marked(self) -> None:
        if self.view.marked:
            self.say(ngettext("{n} marked", "{n} marked", len(self.view.marked)))

    def do_board_fold(self) -> None:
        self.view.toggle_fold()

    def do_back(self) -> None:
        """`esc` first lets marks and the filter go; on a bare board it says how to leave."""
        if self.view.marked:
            self.view.marked.clear()
            self.view.refresh()
        elif self.board.where is not None:
            self.show_board()
        elif len(self.app.screen_stack) > 2:
            self.leave()
        else:
            self.say(_("{key} leaves tuicrm").format(key=self.surface.keys.key("quit")))

    # -- cards ---------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        from tuicrm.screens.card import show_card

        if self.view.current is not None:
            show_card(self, Ref(self.board.type, self.view.current), self.board.walk(), self._came_back)

    def _came_back(self, last: Ref) -> None:
        """The cursor goes to the card that was shown last: `[` and `]` may have gone further."""
        self.catch_up()
        self.view.go_to(last.id)

    def on_screen_resume(self) -> None:
        self.view.focus()

    async def do_new(self) -> None:
        """Quick add in the column of the cursor: the type's few fields, and what the stage needs."""
        stage = self.view.stage_key or self.board.pipeline.stages[0].key
        ref = await self.add_item(self.board.type, {"pipeline": self.board.pipeline_key, "stage": stage})
        if ref is not None:
            self.reload(follow=ref.id)
            self._say_if_filtered_out(ref)

    def _say_if_filtered_out(self, ref: Ref) -> None:
        if self.board.place(ref.id) is None:
            self.say(_("{ref} is made; the filter leaves it out.").format(ref=self.session.workspace.show_ref(ref)))

    def do_delete(self) -> None:
        refs = self.chosen()
        items.delete(self.session, refs)
        self.view.marked.clear()
        self.reload()
        self.say_done(ngettext("{n} deleted", "{n} deleted", len(refs)))

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
        moves = [(item, self.board.pipeline_key, stage.key) for item, stage in beside if stage is not None]
        bring = await self.ask_of_several(moves)
        if bring is not None:
            await self._tell_moved(stages.step_many(self.session, refs, step, bring=bring))

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
        bring = await self.ask_of_several([(item, pipeline.key, stage.key) for item in items_there])
        if bring is not None:
            await self._tell_moved(stages.move_many(self.session, refs, stage.key, pipeline.key, bring=bring))

    async def _move_one(self, ref: Ref, stage: Stage, pipeline: str) -> None:
        """Move, asking for what the stage needs; the cursor goes along."""
        if await self.move_item(ref, stage, pipeline):
            self.view.marked.discard(ref.id)
            self.reload(follow=ref.id)

    async def _tell_moved(self, outcome: stages.Moved) -> None:
        """Draw the move of several; those that stayed are marked still, and told with what each lacks."""
        self.view.marked -= {ref.id for ref in outcome.moved}
        self.reload()
        moved = ngettext("{n} moved", "{n} moved", len(outcome.moved))
        stayed = [stages.told(self.session, lacking) for lacking in outcome.stayed]
        if not stayed:
            self.say_done(moved)
            return
        title = f"{moved} {DOT} {ngettext('{n} stayed', '{n} stayed', len(stayed))}"
        from tuicrm.widgets.pages import Pages, paragraphs

        if not self.say_whole("\n".join((title, *stayed)), "refused"):
            await self.ask(Pages(self.surface, title, lambda cells: paragraphs(stayed, cells)))
            if outcome.moved:
                self.say_done(moved)

    # -- boards --------------------------------------------------------------------------------------------------------
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

    async def do_filter(self) -> None:
        from tuicrm.screens.filtering import ask_filter

        await ask_filter(self, self.board.type, self.board.text, self.board.count, self._filtered)

    def _filtered(self, text: str, where: Condition | None) -> None:
        self.show_board(where=where, text=text)
        if not self.board.head.count:
            self.say(_("Nothing matches; {key} takes the filter away.").format(key=self.surface.keys.key("back")))


def _first_type(session: Session) -> str:
    """The type whose board opens first: the first with pipelines of its own, else with stages."""
    types = session.workspace.types.values()
    found = next((t for t in types if t.has_pipelines), None) or next(t for t in types if t.has_stages)
    return found.key
