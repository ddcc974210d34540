"""What is done on a list: items opened, added, deleted, changed, triaged, exported; another filter, order, columns, view."""

from __future__ import annotations

from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Ref, Walk
from tuicrm.domain.schema import Pipeline
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.items.adding import add_item
from tuicrm.screens.items.allowed import why_not_allowed, why_not_new
from tuicrm.screens.items.completing import Completing
from tuicrm.screens.items.cursor import ListCursor, ListHost
from tuicrm.screens.items.deleting import delete
from tuicrm.screens.items.meant_moving import move_meant
from tuicrm.screens.items.stage_moving import choose_stage, stage_ways
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.exporting.exportable import why_not_export
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.controller import Controller, Way


def list_of(session: Session, shown: ViewSpec) -> ItemList:
    """The items, unsorted at first where sorting them takes longer than a moment."""
    return ItemList(session, shown.type, shown.where, shown.text, pipeline=shown.pipeline, at_once=True)


class ListActions(Controller):
    """What is done with the items that are meant."""

    def __init__(self, host: ListHost, cursor: ListCursor) -> None:
        self._host = host
        self._cursor = cursor

    def why_not(self, action_id: str) -> str | None:
        session, type_key = self._host.session, self._host.type
        if action_id == "new":
            return why_not_new(session, type_key)
        if action_id == "list.export":
            return why_not_export(session, type_key)
        return why_not_allowed(session, "delete", self._cursor.current) if action_id == "delete" else None

    def do_open(self) -> None:
        host = self._host
        if host.pane.cursor is not None:
            walk = Walk(host.type, host.pane.items.ids)
            opening.open_card(host, Ref(host.type, host.pane.cursor), walk, self._came_back)

    def _came_back(self, last: Ref) -> None:
        """The cursor goes to the card that was shown last: `[` and `]` may have gone further."""
        self._host.reload(last.id)

    async def do_new(self) -> None:
        ref = await add_item(self._host, self._host.type, {})
        if ref is not None:
            self._host.reload(ref.id)

    def do_delete(self) -> None:
        told = delete(self._host.session, self._cursor.meant())
        self._host.reload()
        self._host.say_done(told)

    async def do_list_export(self) -> None:
        from tuicrm.screens.items.exporting import ask_export

        shown, marked = self._host.pane.items, self._host.pane.marked
        ids = [item_id for item_id in shown.ids if item_id in marked] if marked else shown.ids
        await ask_export(self._host, self._host.type, ids, shown.fields)

    def do_triage_start(self) -> None:
        opening.open_triage(self._host, self._cursor.queue(), self._host.catch_up)

    async def do_edit_many(self) -> None:
        from tuicrm.screens.items.bulk_editing import edit_many

        if await edit_many(self._host, self._cursor.meant()):
            self._host.reload()


class ListStages(Controller):
    """Moves the items that are meant to a stage."""

    def __init__(self, host: ListHost, cursor: ListCursor) -> None:
        self._host = host
        self._cursor = cursor

    def hides(self, action_id: str) -> bool:
        return action_id == "stage.move" and not self._host.session.workspace.pipelines(self._host.type)

    def why_not(self, action_id: str) -> str | None:
        if action_id != "stage.move":
            return None
        if self.hides(action_id):
            return _("This type has no stages.")
        if self._host.pane.marked:
            return None  # of several, those that one may not change are told after the move
        return why_not_allowed(self._host.session, "edit", self._cursor.current)

    async def do_stage_move(self) -> None:
        await self._choose()

    async def _choose(self, begin: str = "") -> None:
        refs, pipeline = self._cursor.meant(), self._pipeline
        if pipeline is None:
            return
        found = await choose_stage(self._host, self._host.type, pipeline.key, self._here, begin)
        if found is not None:
            chosen, stage = found
            await move_meant(self._host, refs, stage, chosen.key, self._cursor.unmark)

    def ways(self) -> list[Way]:
        host = self._host
        return stage_ways(host.session, self._pipeline, self._here, lambda key: host.start(self._choose(key)))

    @property
    def _pipeline(self) -> Pipeline | None:
        """That of the item under the cursor; of an empty list, its own or the first."""
        item, workspace, type_key = self._cursor.current, self._host.session.workspace, self._host.type
        if item is not None:
            return workspace.pipeline_of(type_key, item.fields)
        known, shown = workspace.pipelines(type_key), self._host.pane.items.pipeline_key
        return next((one for one in known if one.key == shown), known[0] if known else None)

    @property
    def _here(self) -> str:
        """The stage of what is meant; "" where several are."""
        item = self._cursor.current
        return str(item.get("stage") or "") if item is not None and not self._host.pane.marked else ""


class ListViews(Controller):
    """Which items are shown, in which columns and order."""

    def __init__(self, host: ListHost, completing: Completing) -> None:
        self._host = host
        self._completing = completing

    def do_back(self) -> None:
        """`esc` first stops what goes on, then lets marks and the filter go."""
        host, readying = self._host, self._completing.readying
        if readying.goes_on:
            readying.stop()
        elif host.pane.marked:
            host.pane.marked.clear()
            host.pane.refresh()
        elif host.pane.items.where is not None:
            self._filtered("", None)
        elif len(host.app.screen_stack) > 2:
            host.leave()
        else:
            opening.go_to_first_board(host)

    async def do_filter(self) -> None:
        from tuicrm.screens.items.filtering import ask_filter

        shown = self._host.pane.items
        await ask_filter(self._host, self._host.type, shown.text, shown, self._filtered)

    def _filtered(self, text: str, where: Condition | None) -> None:
        host = self._host
        host.show_list(list_of(host.session, host.what._replace(where=where, text=text)))

    async def do_view(self) -> None:
        from tuicrm.screens.viewing import change_view

        await change_view(self._host, self._host.what, "list")

    # -- columns and order ---------------------------------------------------------------------------------------------
    async def do_list_columns(self) -> None:
        from tuicrm.screens.items.columns import Columns
        from tuicrm.widgets.arranger import Arranger

        host = self._host
        await host.ask(Arranger(host.surface, Columns(host.session, host.surface, host.type), host.reload))

    async def do_list_order(self) -> None:
        from tuicrm.screens.items.columns import OrderList
        from tuicrm.widgets.arranger import Arranger

        host = self._host
        self._completing.begin_anew()
        await host.ask(Arranger(host.surface, OrderList(host.session, host.surface, host.type), host.reload))

    def do_list_left(self) -> None:
        self._shift(-1)

    def do_list_right(self) -> None:
        self._shift(1)

    def _shift(self, step: int) -> None:
        if not self._host.pane.shift(step):
            self._host.say(_("There are no more columns in that direction."))
        self._host.foot.update()
        self._host.head.update()
