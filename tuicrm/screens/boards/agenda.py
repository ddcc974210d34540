"""Deadlines and Activities: columns by date; a card that goes to another column gets another day (reference §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, cast

from tuicrm.domain.agenda import DueGroup
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.screens.boards.cards import say_if_filtered_out
from tuicrm.screens.boards.cursor import BoardCursor, BoardHost
from tuicrm.screens.boards.days import day_picker
from tuicrm.screens.boards.screen import CardBoardScreen, CardMover
from tuicrm.screens.host import Opener
from tuicrm.screens.items.adding import add_item
from tuicrm.screens.items.allowed import why_not_allowed, why_not_new
from tuicrm.screens.items.meant_moving import tell_moved
from tuicrm.screens.items.planning import plan
from tuicrm.screens.items.saving import save_fields
from tuicrm.services.boards import dated_drop
from tuicrm.services.boards.dated_boards import Activities, DatedBoard, Deadlines, place_name
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.controller import Way
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.surface import Surface

_STEPS = {"when.earlier": -1, "when.later": 1}


class AgendaScreen(CardBoardScreen):
    """The deadlines or the activities of a type, of one pipeline or all, as a filter leaves them."""

    scope = "agenda"
    board: DatedBoard

    def __init__(self, session: Session, surface: Surface, shown: ViewSpec, view: str) -> None:
        """Raises NotFound where the type has no such view."""
        make = Deadlines if view == "deadlines" else Activities
        board = make(session, shown.type, shown.pipeline, shown.where, shown.text)
        super().__init__(session, surface, board)
        self.view_key = view
        self.dates = DateMoves(self, board, self.cursor)
        self.hold(self.dates)

    def on_mount(self) -> None:
        super().on_mount()
        if self.view.current is None:
            self.view.go_to_first()


class DateMoves(CardMover):
    """Adds cards to a column of days, and moves them from one to another."""

    def __init__(self, host: BoardHost, board: DatedBoard, cursor: BoardCursor) -> None:
        self._host = host
        self._board = board
        self._view = host.view
        self._cursor = cursor

    @property
    def column(self) -> DueGroup:
        """The column of the cursor."""
        return cast("DueGroup", self._view.stage_key)

    def why_not(self, action_id: str) -> str | None:
        if action_id in _STEPS and (reason := self._why_not_step(_STEPS[action_id])):
            return reason
        if action_id == "new":
            return why_not_new(self._host.session, self._board.type, self._board.pipeline_key)
        if action_id == "activity.new":
            return why_not_allowed(self._host.session, "edit", self._cursor.current)
        return None

    def _why_not_step(self, step: int) -> str | None:
        if not self._cursor.meant():
            return _("There is no card under the cursor.")
        if self._beside(step) is None:
            return _("This is the last column.") if step > 0 else _("This is the first column.")
        return self._board.why_not_drop(cast("DueGroup", self._beside(step))) or None

    def _beside(self, step: int) -> str | None:
        """The next column on that side in which anything can be set down: a week that ends today is passed over."""
        found = None
        at = self._view.column + step
        while 0 <= at < len(self._board.columns):
            found = self._board.columns[at].key
            if not self._board.why_not_drop(cast("DueGroup", found)):
                return found
            at += step
        return found

    # -- moving --------------------------------------------------------------------------------------------------------
    async def do_when_earlier(self) -> None:
        await self._drop(self._beside(-1))

    async def do_when_later(self) -> None:
        await self._drop(self._beside(1))

    async def do_when_move(self) -> None:
        await self._choose()

    async def do_when_date(self) -> None:
        """Choose a day from the coming ones, or type any."""
        refs = self._cursor.meant()
        day = await self._host.ask(day_picker(self._host, self._board.weeks)) if refs else None
        if day:
            await self._set_down(refs, date.fromisoformat(day[0]))

    def ways(self) -> list[Way]:
        return [
            Way(
                _("Move to {stage}").format(stage=one.label),
                (),
                partial(self._ask_for, one.key),
                one.label,
                self._board.why_not_drop(cast("DueGroup", one.key)),
                of="when.move",
            )
            for one in self._board.columns
            if one.key != self.column
        ]

    def _ask_for(self, key: str) -> None:
        """A column was chosen by name: ask as the key does, the cursor on that column."""
        self._host.start(self._choose(key))

    async def _choose(self, begin: str = "") -> None:
        open_to = [
            column for column in self._board.columns if not self._board.why_not_drop(cast("DueGroup", column.key))
        ]
        choices = [Choice(column.key, column.label) for column in open_to]
        chosen = await self._host.ask(
            Picker(self._host.surface, _("Move to"), choices, chosen=(self.column,), begin=begin)
        )
        if chosen:
            await self._drop(chosen[0])

    async def take_to(self, refs: Sequence[Ref], key: str) -> None:
        """Set down what the mouse let go over a column: with all that is asked when keys move it."""
        if reason := self._board.why_not_drop(cast("DueGroup", key)):
            self._host.say(reason, "refused")
        else:
            await self._set_down(refs, key)

    async def _drop(self, key: str | None) -> None:
        if key is not None:
            await self._set_down(self._cursor.meant(), key)

    async def _set_down(self, refs: Sequence[Ref], key: str | date) -> None:
        column = cast("DueGroup | date", key)
        if not refs:
            return
        only = refs[0] if len(refs) == 1 else None
        if only is not None and isinstance(self._board, Activities) and not self._board.next_of(only.id):
            if await plan(self._host, only, self._planned_in(column)):
                self._host.reload(follow=only.id)
            return
        if only is not None and isinstance(self._board, Deadlines):
            item = self._host.session.get(only)
            if await save_fields(self._host, item, self._board.set_down(item, column)):
                self._told(only, column)
            return
        outcome = dated_drop.drop(self._board, refs, column)
        if only is not None and outcome.moved:
            self._told(only, column)
        else:
            await tell_moved(self._host, outcome, self._cursor.unmark)

    def _told(self, ref: Ref, column: DueGroup | date) -> None:
        """The cursor goes along."""
        self._view.marked.discard(ref.id)
        self._host.reload(follow=ref.id)
        shown, place = self._host.session.workspace.show_ref(ref), place_name(self._board, column)
        told = _("{ref} is on {day}") if isinstance(column, date) else _("{ref} is in {stage}")
        self._host.say_done(told.format(ref=shown, stage=place, day=place))

    def _planned_in(self, column: DueGroup | date) -> dict[str, Any] | None:
        """What a new activity begins with in a column; None for what it begins with anywhere."""
        at = self._board.time_in(column) if isinstance(self._board, Activities) else ""
        return {"at": at, "responsible": self._host.session.person_key} if at else None

    # -- adding --------------------------------------------------------------------------------------------------------
    async def do_new(self) -> None:
        """The column says when a new item is due, or when something is to be done with it."""
        column, board = self.column, self._board
        given: dict[str, Any] = {"pipeline": board.pipeline_key} if board.pipeline_key else {}
        if isinstance(board, Deadlines):
            given |= board.given(column)
        ref = await add_item(self._host, board.type, given)
        if ref is None:
            return
        planned = self._planned_in(column)
        if planned is not None:
            await plan(self._host, ref, planned)
        self._host.reload(follow=ref.id)
        say_if_filtered_out(self._host, ref)

    async def do_activity_new(self) -> None:
        item = self._cursor.current
        if item is not None and await plan(self._host, item.ref, self._planned_in(self.column)):
            self._host.reload()

    # -- pipelines -----------------------------------------------------------------------------------------------------
    async def do_board_pipeline(self) -> None:
        pipelines = self._host.session.workspace.pipelines(self._board.type)
        every = "*"
        choices = [
            Choice(every, _("All pipelines")),
            *(Choice(p.key, self._host.session.label(p.label)) for p in pipelines),
        ]
        here = self._board.pipeline_key or every
        chosen = await self._host.ask(Picker(self._host.surface, _("Pipeline"), choices, chosen=(here,)))
        if chosen:
            self.look_at("" if chosen[0] == every else chosen[0])

    def look_at(self, pipeline: str) -> None:
        """Show another pipeline ("": all) with the same filter."""
        self._board.look_at(pipeline, self._board.where, self._board.text)
        self._view.show(self._board)
        self._host.top.update()
        self._host.refresh_hints()


def agenda_screen(whence: Opener, shown: ViewSpec, view: str) -> AgendaScreen:
    """The deadlines or the activities of what another view shows."""
    return AgendaScreen(whence.session, whence.surface, shown, view)
