"""A list of items of one type: contacts, companies, and whatever has no board."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tuicrm.domain.board import BoardHead
from tuicrm.domain.items import Item
from tuicrm.i18n import _
from tuicrm.render.heads import board_head
from tuicrm.render.line import Line
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.following import why_type_gone
from tuicrm.screens.host import Opener, TrailSpot
from tuicrm.screens.items.actions import ItemActions
from tuicrm.screens.items.completing import Completing
from tuicrm.screens.items.cursor import ListCursor
from tuicrm.screens.items.list_actions import ListActions, ListStages, ListViews, list_of
from tuicrm.screens.places import places
from tuicrm.screens.viewing import view_spot
from tuicrm.services.boards import list_columns
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.widgets.column_edges import ListHead, Resized
from tuicrm.widgets.item_list import ItemListPane
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface


class ListScreen(CrmScreen):
    """The list of a type's items, as a filter leaves it."""

    scope = "list"
    moves_first = True

    def __init__(self, session: Session, surface: Surface, type_key: str = "", shown: ViewSpec | None = None) -> None:
        """A type's items, or what another view shows."""
        super().__init__(session, surface)
        shown = shown or ViewSpec(type_key)
        self.type = shown.type
        self.pane = ItemListPane(surface.look, list_of(session, shown), heads=False)
        self._tell_what_to_do()
        self.completing = Completing(self)
        self.foot = OneLine(surface.look, lambda _cells: self.pane.foot(*self.completing.sums), id="foot")
        self.head = ListHead(surface.look, lambda _cells: self.pane.head(), self.pane.edges, id="head")
        self.cursor = ListCursor(self)
        self.actions = ListActions(self, self.cursor)
        views, stages = ListViews(self, self.completing), ListStages(self, self.cursor)
        items = ItemActions(self, self.cursor)
        self.controllers = (self.cursor, self.actions, views, stages, items, self.everywhere)
        self.everywhere.places = lambda: places(self, self.type, self.pane.items.pipeline_key)
        self.standing.spot = self._spot
        self.standing.stand_on = self._stand_on
        self.following.shows = lambda ref: ref.type == self.type and self.pane.in_sight(ref.id)
        self.following.why_gone = lambda: why_type_gone(session, self.type)

    @property
    def what(self) -> ViewSpec:
        """What the list shows, for other views of it."""
        now = self.pane.items
        return ViewSpec(self.type, now.pipeline_key, now.where, now.text)

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.cursor.current

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        shown = self.pane.items
        noun = self.session.label(self.session.workspace.type(self.type).plural)
        counted, others = self.completing.count_text(), presence.names(self.session)
        due = self.completing.due
        head = BoardHead(noun, shown.place, len(shown.ids), counted, filter=shown.text, due=due, others=others)
        return board_head(head, cells)

    def body(self) -> Iterable[Widget]:
        yield self.head
        yield self.pane
        yield self.foot

    def _spot(self) -> TrailSpot:
        return view_spot(self, self.what, "list", self.pane.cursor)

    def _stand_on(self, cursor: int | None) -> None:
        if cursor is not None and self.pane.has(cursor):
            self.pane.move_to(cursor)

    # -- data ----------------------------------------------------------------------------------------------------------
    def _tell_what_to_do(self) -> None:
        """Where there is nothing yet, and where the filter leaves nothing."""
        keys = self.surface.keys
        self.pane.empty = _("Nothing here yet: {key} adds one.").format(key=keys.key("new"))
        self.pane.unmatched = _("Nothing matches; {key} clears the filter.").format(key=keys.key("back"))

    def reload(self, follow: int | None = None) -> None:
        super().reload()
        self._tell_what_to_do()
        self.pane.items.load()
        self.show_list(self.pane.items, follow)

    def show_list(self, shown: ItemList, follow: int | None = None) -> None:
        """Draw a list: the same as it is now, or another one."""
        self.pane.show_items(shown, follow)
        self.completing.begin()
        self.top.update()
        self.refresh_hints()

    # -- events --------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        self.completing.begin()
        self.pane.focus()

    def on_unmount(self) -> None:
        self.completing.readying.stop()

    def on_line_pane_opened(self) -> None:
        self.actions.do_open()

    def on_resized(self, message: Resized) -> None:
        """A column has another width: the person's own, as in the list of columns."""
        list_columns.resize(self.session, self.type, self.pane.items.columns[message.column].key, message.cells)
        self.reload()
        self.head.update()


def list_screen(whence: Opener, shown: ViewSpec, _view: str) -> ListScreen:
    """The list of what another view shows."""
    return ListScreen(whence.session, whence.surface, shown=shown)
