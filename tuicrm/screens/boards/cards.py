"""What is done with the cards of a board, whatever its columns mean: opened, deleted, changed, triaged, exported; filtered and seen
otherwise."""

from __future__ import annotations

from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.boards.cursor import BoardCursor, BoardHost
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.deleting import delete
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.exporting.exportable import why_not_export
from tuicrm.widgets.controller import Controller


class BoardCards(Controller):
    """What is done with those that are meant."""

    def __init__(self, host: BoardHost, cursor: BoardCursor) -> None:
        self._host = host
        self._cursor = cursor

    def why_not(self, action_id: str) -> str | None:
        if action_id == "list.export":
            return why_not_export(self._host.session, self._host.board.type)
        if action_id == "delete":
            return why_not_allowed(self._host.session, "delete", self._cursor.current)
        return None

    def do_open(self) -> None:
        host = self._host
        if host.view.current is not None:
            opening.open_card(host, Ref(host.board.type, host.view.current), host.board.walk(), self._came_back)

    def _came_back(self, last: Ref) -> None:
        """The cursor goes to the card that was shown last: `[` and `]` may have gone further."""
        self._host.catch_up()
        self._host.view.go_to(last.id)

    def do_delete(self) -> None:
        told = delete(self._host.session, self._cursor.meant())
        self._host.view.marked.clear()
        self._host.reload()
        self._host.say_done(told)

    def do_triage_start(self) -> None:
        opening.open_triage(self._host, self._cursor.queue(), self._host.catch_up)

    async def do_list_export(self) -> None:
        """The cards, with the columns of the type's list."""
        from tuicrm.screens.items.exporting import ask_export
        from tuicrm.services.boards.list_columns import shown_fields

        ids, type_key = [ref.id for ref in self._cursor.queue()], self._host.board.type
        await ask_export(self._host, type_key, ids, shown_fields(self._host.session, type_key))

    async def do_edit_many(self) -> None:
        from tuicrm.screens.items.bulk_editing import edit_many

        if await edit_many(self._host, self._cursor.meant()):
            self._host.reload()


class BoardViews(Controller):
    """Which of the items are shown, and how."""

    def __init__(self, host: BoardHost) -> None:
        self._host = host

    def why_not(self, action_id: str) -> str | None:
        if action_id == "board.pipeline" and len(self._host.session.workspace.pipelines(self._host.board.type)) < 2:
            return _("There is only one pipeline.")
        return None

    async def do_view(self) -> None:
        from tuicrm.screens.viewing import change_view

        board = self._host.board
        shown = ViewSpec(board.type, board.pipeline_key, board.where, board.text)
        await change_view(self._host, shown, self._host.view_key)

    async def do_filter(self) -> None:
        from tuicrm.screens.items.filtering import ask_filter

        board = self._host.board
        await ask_filter(self._host, board.type, board.text, board, self._filtered)

    async def _filtered(self, text: str, where: Condition | None) -> None:
        from tuicrm.screens.viewing import readied

        host, board = self._host, self._host.board
        if not await readied(host, ViewSpec(board.type, board.pipeline_key, where), host.view_key):
            return
        host.show_board(where=where, text=text)
        if not board.head.count:
            host.say(_("Nothing matches; {key} clears the filter.").format(key=host.surface.keys.key("back")))

    def do_back(self) -> None:
        """`esc` first lets marks and the filter go; on a bare board it says how to leave."""
        host = self._host
        if host.view.marked:
            host.view.marked.clear()
            host.view.refresh()
        elif host.board.where is not None:
            host.show_board()
        elif len(host.app.screen_stack) > 2:
            host.leave()
        else:
            host.say(_("{key} quits tuicrm").format(key=host.surface.keys.key("quit")))


# -- what was done -----------------------------------------------------------------------------------------------------
def say_if_filtered_out(host: BoardHost, ref: Ref) -> None:
    """Say of a new item that it does not show."""
    if host.board.place(ref.id) is None:
        host.say(
            _("{ref} was created, but does not match the filter.").format(ref=host.session.workspace.show_ref(ref))
        )
