"""Deadlines and Activities: columns by date; a card that goes to another column gets another day (reference §6)."""

from __future__ import annotations

from typing import Any, cast

from tuicrm.domain.agenda import When
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.screens.card_board import CardBoardScreen
from tuicrm.screens.host import Opener
from tuicrm.services import dropping
from tuicrm.services.dated_boards import Activities, DatedBoard, Deadlines
from tuicrm.services.item_views import Shown
from tuicrm.services.session import Session
from tuicrm.widgets.surface import Surface

_STEPS = {"when.earlier": -1, "when.later": 1}


class AgendaScreen(CardBoardScreen):
    """One of the two, of (type, pipeline, filter)."""

    scope = "agenda"
    board: DatedBoard

    def __init__(self, session: Session, surface: Surface, shown: Shown, view: str) -> None:
        """Raises NotFound where the type has no such view."""
        make = Deadlines if view == "deadlines" else Activities
        super().__init__(session, surface, make(session, shown.type, shown.pipeline, shown.where, shown.text))
        self.view_key = view

    def on_mount(self) -> None:
        super().on_mount()
        if self.view.current is None:
            self.view.go_to_first()

    @property
    def column(self) -> When:
        """The column of the cursor."""
        return cast("When", self.view.stage_key)

    def why_not(self, action_id: str) -> str | None:
        if action_id in _STEPS and (reason := self._why_not_step(_STEPS[action_id])):
            return reason
        if action_id == "new":
            return self.why_not_new(self.board.type, self.board.pipeline_key)
        return super().why_not(action_id)

    def _why_not_step(self, step: int) -> str | None:
        if not self.chosen():
            return _("There is no card under the cursor.")
        if self._beside(step) is None:
            return _("This is the last column.") if step > 0 else _("This is the first column.")
        return self.board.why_not_drop(cast("When", self._beside(step))) or None

    def _beside(self, step: int) -> str | None:
        """The next column on that side in which anything can be set down: a week that ends today is passed over."""
        found = None
        at = self.view.column + step
        while 0 <= at < len(self.board.columns):
            found = self.board.columns[at].key
            if not self.board.why_not_drop(cast("When", found)):
                return found
            at += step
        return found

    # -- moving --------------------------------------------------------------------------------------------------------
    async def do_when_earlier(self) -> None:
        await self._drop(self._beside(-1))

    async def do_when_later(self) -> None:
        await self._drop(self._beside(1))

    async def do_when_move(self) -> None:
        from tuicrm.widgets.picker import Picker

        open_to = [column for column in self.board.columns if not self.board.why_not_drop(cast("When", column.key))]
        choices = [Choice(column.key, column.label) for column in open_to]
        chosen = await self.ask(Picker(self.surface, _("Move to"), choices, chosen=(self.column,)))
        if chosen:
            await self._drop(chosen[0])

    async def _drop(self, key: str | None) -> None:
        refs, column = self.chosen(), cast("When", key)
        if key is None or not refs:
            return
        only = refs[0] if len(refs) == 1 else None
        if only is not None and isinstance(self.board, Activities) and not self.board.next_of(only.id):
            if await self.plan(only, self._planned_in(column)):
                self.reload(follow=only.id)
            return
        if only is not None and isinstance(self.board, Deadlines):
            item = self.session.get(only)
            if await self.save_fields(item, self.board.set_down(item, column)):
                self._told(only, column)
            return
        outcome = dropping.drop(self.board, refs, column)
        if only is not None and outcome.moved:
            self._told(only, column)
        else:
            await self.tell_moved(outcome)

    def _told(self, ref: Ref, column: When) -> None:
        """The cursor goes along."""
        self.view.marked.discard(ref.id)
        self.reload(follow=ref.id)
        label = next(one.label for one in self.board.columns if one.key == column)
        self.say_done(_("{ref} is in {stage}").format(ref=self.session.workspace.show_ref(ref), stage=label))

    def _planned_in(self, column: When) -> dict[str, Any] | None:
        """What a new activity begins with in a column; None for what it begins with anywhere."""
        at = self.board.time_in(column) if isinstance(self.board, Activities) else ""
        return {"at": at, "responsible": self.session.person_key} if at else None

    # -- adding --------------------------------------------------------------------------------------------------------
    async def do_new(self) -> None:
        """The column says when a new item is due, or when something is to be done with it."""
        column, board = self.column, self.board
        given: dict[str, Any] = {"pipeline": board.pipeline_key} if board.pipeline_key else {}
        if isinstance(board, Deadlines):
            given |= board.given(column)
        ref = await self.add_item(board.type, given)
        if ref is None:
            return
        planned = self._planned_in(column)
        if planned is not None:
            await self.plan(ref, planned)
        self.reload(follow=ref.id)
        self.say_if_filtered_out(ref)

    async def do_activity_new(self) -> None:
        item = self.current
        if item is not None and await self.plan(item.ref, self._planned_in(self.column)):
            self.reload()

    # -- pipelines -----------------------------------------------------------------------------------------------------
    async def do_board_pipeline(self) -> None:
        from tuicrm.widgets.picker import Picker

        pipelines = self.session.workspace.pipelines(self.board.type)
        every = "*"
        choices = [Choice(every, _("All pipelines")), *(Choice(p.key, self.session.label(p.label)) for p in pipelines)]
        here = self.board.pipeline_key or every
        chosen = await self.ask(Picker(self.surface, _("Pipeline"), choices, chosen=(here,)))
        if chosen:
            self.look_at("" if chosen[0] == every else chosen[0])

    def look_at(self, pipeline: str) -> None:
        """Another pipeline ("": all), the same filter."""
        self.board.look_at(pipeline, self.board.where, self.board.text)
        self.view.show(self.board)
        self.top.update()
        self.refresh_hints()


def agenda_screen(whence: Opener, shown: Shown, view: str) -> AgendaScreen:
    """One of the two, of what is shown."""
    return AgendaScreen(whence.session, whence.surface, shown, view)
