"""What screens with columns of cards have in common: cursor, marks, folds, opening, deleting, the filter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from textual.widget import Widget

from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Item, Ref
from tuicrm.i18n import _, ngettext
from tuicrm.render.heads import board_head
from tuicrm.render.line import Line
from tuicrm.render.symbols import DOT
from tuicrm.screens import opening
from tuicrm.screens.following import why_type_gone
from tuicrm.screens.places import places
from tuicrm.screens.settling import A_MOMENT
from tuicrm.screens.working import Working
from tuicrm.services import items, presence
from tuicrm.services.board_base import CardBoard
from tuicrm.services.exporting import why_not_export
from tuicrm.services.item_views import Shown, views_of
from tuicrm.services.session import Session
from tuicrm.services.stages import Moved, told
from tuicrm.widgets.board_view import BoardView
from tuicrm.widgets.surface import Surface

_OF_ALL = ("triage.start", "list.export")
"""Actions on the marked, else on all that is shown."""


class CardBoardScreen(Working):
    """Base of boards: subclasses make the `board`, say what a column means, and move cards between them."""

    board: CardBoard
    view_key = "board"
    """Which view of the type's items it is (`services/item_views.py`)."""

    def __init__(self, session: Session, surface: Surface, board: CardBoard) -> None:
        super().__init__(session, surface)
        self.everywhere.places = lambda: places(self, self.board.type)
        self.following.why_gone = self._why_gone
        self.settling.then(self._shown_first)
        self.board = board
        self.view = BoardView(board, surface.look, surface.keys.key("new"), surface.keys.key("back"))

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return board_head(replace(self.board.head, others=presence.names(self.session)), cells)

    def body(self) -> Iterable[Widget]:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()

    def _shown_first(self) -> None:
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
        return gone if there else _("This view is gone: the item type was changed.")

    def reload(self, follow: int | None = None) -> None:
        super().reload()
        self.board.load()
        self.view.show(self.board, follow)
        self.top.update()
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
        self.top.update()
        self.refresh_hints()

    @property
    def current(self) -> Item | None:
        """The item under the cursor, read anew."""
        if self.view.current is None:
            return None
        return self.session.peek(Ref(self.board.type, self.view.current))

    def queue(self) -> list[Ref]:
        """What triage goes through and an export holds: the marked, else all that is shown."""
        return self.chosen() if self.view.marked else self.board.refs()

    def chosen(self) -> list[Ref]:
        """The marked items, else the one under the cursor."""
        if self.view.marked:
            return [ref for ref in self.board.refs() if ref.id in self.view.marked]
        return [Ref(self.board.type, self.view.current)] if self.view.current is not None else []

    def meant(self) -> list[Ref]:
        return self.chosen()

    def unmark(self, refs: Sequence[Ref]) -> None:
        self.view.marked -= {ref.id for ref in refs}

    def why_not(self, action_id: str) -> str | None:
        on_cards = (
            "open",
            "delete",
            "create",
            "stage.move",
            "when.move",
            "activity.new",
            "mark",
            "copy.value",
            "copy.card",
            "edit_many",
            "triage.start",
            "list.export",
        )
        if action_id in on_cards and not (self.queue() if action_id in _OF_ALL else self.chosen()):
            return _("There is no card under the cursor.")
        if action_id == "list.export":
            return why_not_export(self.session, self.board.type)
        if action_id == "board.pipeline" and len(self.session.workspace.pipelines(self.board.type)) < 2:
            return _("There is only one pipeline.")
        if action_id == "mark_all" and not self.board.head.count:
            return _("There is nothing to mark.")
        return super().why_not(action_id)

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
        if self.view.current is not None:
            opening.open_card(self, Ref(self.board.type, self.view.current), self.board.walk(), self._came_back)

    def _came_back(self, last: Ref) -> None:
        """The cursor goes to the card that was shown last: `[` and `]` may have gone further."""
        self.catch_up()
        self.view.go_to(last.id)

    def on_screen_resume(self) -> None:
        self.view.focus()

    def say_if_filtered_out(self, ref: Ref) -> None:
        if self.board.place(ref.id) is None:
            self.say(_("{ref} is made; the filter leaves it out.").format(ref=self.session.workspace.show_ref(ref)))

    def do_delete(self) -> None:
        refs = self.chosen()
        items.delete(self.session, refs)
        self.view.marked.clear()
        self.reload()
        self.say_done(ngettext("{n} deleted", "{n} deleted", len(refs)))

    def do_triage_start(self) -> None:
        opening.open_triage(self, self.queue(), self.catch_up)

    async def do_list_export(self) -> None:
        """The cards, with the columns of the type's list."""
        from tuicrm.screens.list_exporting import ask_export
        from tuicrm.services.list_columns import shown_fields

        ids = [ref.id for ref in self.queue()]
        await ask_export(self, self.board.type, ids, shown_fields(self.session, self.board.type))

    async def do_edit_many(self) -> None:
        from tuicrm.screens.bulk_editing import edit_many

        if await edit_many(self, self.chosen()):
            self.reload()

    async def do_view(self) -> None:
        from tuicrm.screens.viewing import change_view

        board = self.board
        await change_view(self, Shown(board.type, board.pipeline_key, board.where, board.text), self.view_key)

    async def do_filter(self) -> None:
        from tuicrm.screens.filtering import ask_filter

        await ask_filter(self, self.board.type, self.board.text, self.board, self._filtered)

    async def _filtered(self, text: str, where: Condition | None) -> None:
        from tuicrm.screens.viewing import readied

        if not await readied(self, Shown(self.board.type, self.board.pipeline_key, where), self.view_key):
            return
        self.show_board(where=where, text=text)
        if not self.board.head.count:
            self.say(_("Nothing matches; {key} takes the filter away.").format(key=self.surface.keys.key("back")))

    async def tell_moved(self, outcome: Moved) -> None:
        """Draw the move of several; those that stayed are marked still, and told with what each lacks."""
        self.view.marked -= {ref.id for ref in outcome.moved}
        self.reload()
        moved = ngettext("{n} moved", "{n} moved", len(outcome.moved))
        stayed = [told(self.session, lacking) for lacking in outcome.stayed]
        if not stayed:
            self.say_done(moved)
            return
        from tuicrm.widgets.pages import Pages, paragraphs

        title = f"{moved} {DOT} {ngettext('{n} stayed', '{n} stayed', len(stayed))}"
        if not self.messages.say_whole("\n".join((title, *stayed)), "refused"):
            await self.ask(Pages(self.surface, title, lambda cells: paragraphs(stayed, cells)))
            if outcome.moved:
                self.say_done(moved)
