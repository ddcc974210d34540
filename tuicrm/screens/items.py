"""A list of items of one type: contacts, companies, and whatever has no board."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from textual.widget import Widget

from tuicrm.domain.board import Head
from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.i18n import _, ngettext
from tuicrm.render.heads import board_head
from tuicrm.render.line import Line
from tuicrm.render.symbols import DOT
from tuicrm.screens import opening
from tuicrm.screens.following import why_type_gone
from tuicrm.screens.host import Opener
from tuicrm.screens.places import places
from tuicrm.screens.readying import Readying
from tuicrm.screens.settling import A_MOMENT
from tuicrm.screens.working import Working
from tuicrm.services import items, presence
from tuicrm.services.exporting import why_not_export
from tuicrm.services.item_views import Shown
from tuicrm.services.lists import ItemList
from tuicrm.services.session import Session
from tuicrm.widgets.item_list import ItemListPane
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface

_MANY = 10_000
"""Items whose sums are told after they are shown."""


class ListScreen(Working):
    """One list: (type, filter)."""

    scope = "list"

    def __init__(self, session: Session, surface: Surface, type_key: str = "", shown: Shown | None = None) -> None:
        """A type's items, or what another view shows."""
        super().__init__(session, surface)
        shown = shown or Shown(type_key)
        self.type = shown.type
        self.everywhere.places = lambda: places(self, self.type)
        self.following.why_gone = lambda: why_type_gone(session, self.type)
        empty = _("Nothing here yet: {key} adds one.").format(key=surface.keys.key("new"))
        unmatched = _("Nothing matches; {key} takes the filter away.").format(key=surface.keys.key("back"))
        self.pane = ItemListPane(surface.look, self._list(shown), empty, unmatched, heads=False)
        self._sums: tuple[list[str], str] = [], ""
        self._readying = Readying(self, self.top.update, self._readied)
        self._stopped_for: object = None
        """What somebody stopped: it is not begun again because others changed something."""
        self.foot = OneLine(surface.look, lambda _cells: self.pane.foot(*self._sums), id="foot")
        self.head = OneLine(surface.look, lambda _cells: self.pane.head(), id="head")

    def _list(self, shown: Shown) -> ItemList:
        return ItemList(self.session, shown.type, shown.where, shown.text, pipeline=shown.pipeline, at_once=True)

    @property
    def what(self) -> Shown:
        """What the list shows, for other views of it."""
        now = self.pane.items
        return Shown(self.type, now.pipeline_key, now.where, now.text)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        shown = self.pane.items
        noun = self.session.label(self.session.workspace.type(self.type).plural)
        return board_head(
            Head(
                noun,
                shown.place,
                len(shown.ids),
                self._count_text(),
                filter=shown.text,
                others=presence.names(self.session),
            ),
            cells,
        )

    def _count_text(self) -> str:
        """How many there are; as long as that is being found out, or they are not sorted, how far it is."""
        shown = self.pane.items
        if self._readying.goes_on:
            told = _("sorting: {percent} %") if shown.ids else _("looking: {percent} %")
            told = told.format(percent=self._readying.percent)
        else:
            told = _("not sorted") if shown.waits else ""
        return f" {DOT} ".join(filter(None, (shown.count_text if shown.ids or not shown.waits else "", told)))

    def body(self) -> Iterable[Widget]:
        yield self.head
        yield self.pane
        yield self.foot

    def on_mount(self) -> None:
        self._complete()
        self.pane.focus()

    def on_unmount(self) -> None:
        self._readying.stop()

    def _complete(self) -> None:
        """What the rows do not tell by themselves: their order, where it takes longer than a moment; then their sums."""
        shown = self.pane.items
        if shown.waits:
            if self._stopped_for != (self.what, shown.arrangement.order):
                self._readying.start((self.what, shown.arrangement.order), shown.get_ready)
        else:
            self._readying.stop()
            self._sum_up()

    def _readied(self, done: bool) -> None:
        if done:
            self.reload()
        else:
            self._stopped_for = self.what, self.pane.items.arrangement.order
            self.top.update()
            self.say(_("Stopped: {key} sorts it.").format(key=self.surface.keys.key("list.order")))

    def _sum_up(self) -> None:
        """The line of sums stands where there is anything to sum."""
        shown = self.pane.items
        if len(shown.ids) > _MANY:
            # What takes longer than a moment the first time is told after the rows are there.
            self.run_worker(self._sum_up_later(shown), exclusive=True, group="sums")
        else:
            self._tell_sums(shown.sums())

    async def _sum_up_later(self, shown: ItemList) -> None:
        await asyncio.sleep(A_MOMENT)
        sums = await asyncio.to_thread(shown.sums)
        await asyncio.to_thread(shown.settle)
        if self.is_attached and shown is self.pane.items:
            self._tell_sums(sums)

    def _tell_sums(self, sums: tuple[list[str], str]) -> None:
        self._sums = sums
        self.foot.display = any(sums[0])
        self.foot.update()
        self.head.update()

    def reload(self, follow: int | None = None) -> None:
        super().reload()
        self.pane.items.load()
        self._show(self.pane.items, follow)

    def _show(self, shown: ItemList, follow: int | None = None) -> None:
        self.pane.show_items(shown, follow)
        self._complete()
        self.top.update()
        self.refresh_hints()

    @property
    def current(self) -> Item | None:
        return self.session.peek(Ref(self.type, self.pane.cursor)) if self.pane.cursor is not None else None

    def chosen(self) -> list[Ref]:
        """The marked items, else the one under the cursor."""
        if self.pane.marked:
            return [Ref(self.type, item_id) for item_id in self.pane.items.ids if item_id in self.pane.marked]
        return [Ref(self.type, self.pane.cursor)] if self.pane.cursor is not None else []

    def queue(self) -> list[Ref]:
        """What triage goes through: the marked, else all that is shown."""
        return self.chosen() if self.pane.marked else [Ref(self.type, item_id) for item_id in self.pane.items.ids]

    def meant(self) -> list[Ref]:
        return self.chosen()

    def unmark(self, refs: Sequence[Ref]) -> None:
        self.pane.marked -= {ref.id for ref in refs}

    def why_not(self, action_id: str) -> str | None:
        needs_item = (
            "open",
            "delete",
            "create",
            "mark",
            "mark_all",
            "activity.new",
            "copy.value",
            "copy.card",
            "edit_many",
            "triage.start",
            "list.export",
        )
        if action_id in needs_item and self.pane.cursor is None:
            return _("There is nothing here; {key} adds something.").format(key=self.surface.keys.key("new"))
        if action_id == "new":
            return self.why_not_new(self.type)
        if action_id == "list.export":
            return why_not_export(self.session, self.type)
        return super().why_not(action_id)

    # -- actions -------------------------------------------------------------------------------------------------------
    def on_line_pane_opened(self) -> None:
        self.do_open()

    def do_open(self) -> None:
        if self.pane.cursor is not None:
            walk = Walk(self.type, self.pane.items.ids)
            opening.open_card(self, Ref(self.type, self.pane.cursor), walk, self._came_back)

    def _came_back(self, last: Ref) -> None:
        """The cursor goes to the card that was shown last: `[` and `]` may have gone further."""
        self.reload(last.id)

    async def do_new(self) -> None:
        ref = await self.add_item(self.type, {})
        if ref is not None:
            self.reload(ref.id)

    def do_delete(self) -> None:
        refs = self.chosen()
        items.delete(self.session, refs)
        self.reload()
        self.say_done(ngettext("{n} deleted", "{n} deleted", len(refs)))

    def do_mark(self) -> None:
        self.pane.toggle_mark()
        self.pane.do_move_down()

    def do_mark_all(self) -> None:
        self.pane.mark_all()
        if self.pane.marked:
            self.say(ngettext("{n} marked", "{n} marked", len(self.pane.marked)))

    def do_back(self) -> None:
        if self._readying.goes_on:
            self._readying.stop()
        elif self.pane.marked:
            self.pane.marked.clear()
            self.pane.refresh()
        elif self.pane.items.where is not None:
            self._show(self._list(self.what._replace(where=None, text="")))
        elif len(self.app.screen_stack) > 2:
            self.leave()
        else:
            opening.go_to_first_board(self)

    async def do_filter(self) -> None:
        from tuicrm.screens.filtering import ask_filter

        await ask_filter(self, self.type, self.pane.items.text, self.pane.items, self._filtered)

    def _filtered(self, text: str, where: Condition | None) -> None:
        self._show(self._list(self.what._replace(where=where, text=text)))

    # -- columns, order, export ----------------------------------------------------------------------------------------
    async def do_list_columns(self) -> None:
        from tuicrm.screens.list_columns import Columns

        await self.ask(Columns(self.session, self.surface, self.type, self.reload))

    async def do_list_order(self) -> None:
        from tuicrm.screens.list_columns import OrderList

        self._stopped_for = None
        await self.ask(OrderList(self.session, self.surface, self.type, self.reload))

    async def do_list_export(self) -> None:
        from tuicrm.screens.list_exporting import ask_export

        shown, marked = self.pane.items, self.pane.marked
        ids = [item_id for item_id in shown.ids if item_id in marked] if marked else shown.ids
        await ask_export(self, self.type, ids, shown.fields)

    def do_list_left(self) -> None:
        self._shift(-1)

    def do_list_right(self) -> None:
        self._shift(1)

    def _shift(self, step: int) -> None:
        if not self.pane.shift(step):
            self.say(_("There are no more columns that way."))
        self.foot.update()
        self.head.update()
        self.head.update()

    def do_triage_start(self) -> None:
        opening.open_triage(self, self.queue(), self.catch_up)

    async def do_edit_many(self) -> None:
        from tuicrm.screens.bulk_editing import edit_many

        if await edit_many(self, self.chosen()):
            self.reload()

    async def do_view(self) -> None:
        from tuicrm.screens.viewing import change_view

        await change_view(self, self.what, "list")


def list_screen(whence: Opener, shown: Shown, _view: str) -> ListScreen:
    """The list of what is shown."""
    return ListScreen(whence.session, whence.surface, shown=shown)
