"""The cursor of a list with what is marked; and what a list is for those that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tuicrm.domain.items import Item, Ref
from tuicrm.i18n import _, ngettext
from tuicrm.screens.host import Workplace
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.boards.lists import ItemList
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.item_list import ItemListPane
from tuicrm.widgets.one_line import OneLine


class ListHost(Workplace, Protocol):
    """A list on screen, as far as what it holds needs it."""

    @property
    def type(self) -> str:
        """The key of the item type that is listed."""

    @property
    def pane(self) -> ItemListPane:
        """The rows, with the cursor and the marks."""

    @property
    def head(self) -> OneLine:
        """The line with the titles of the columns."""

    @property
    def foot(self) -> OneLine:
        """The line under the rows: how many there are, and their sums."""

    @property
    def top(self) -> OneLine:
        """The line at the top of the screen."""

    @property
    def what(self) -> ViewSpec:
        """What the list shows, for other views of it."""

    def reload(self, follow: int | None = None) -> None:
        """Read again; the cursor goes to an item where one is given."""

    def show_list(self, shown: ItemList, follow: int | None = None) -> None:
        """Draw a list: the same as it is now, or another one."""

    def leave(self) -> None:
        """Close the list."""


_ON_ITEMS = (
    "open",
    "delete",
    "create",
    "stage.move",
    "mark",
    "mark_all",
    "activity.new",
    "activity.log",
    "copy.value",
    "copy.card",
    "edit_many",
    "triage.start",
    "list.export",
)


class ListCursor(Controller):
    """Marks items, and knows which of them an action is about; the pane moves the cursor."""

    def __init__(self, host: ListHost) -> None:
        self._host = host
        self._pane = host.pane

    def why_not(self, action_id: str) -> str | None:
        if action_id in _ON_ITEMS and self._pane.cursor is None:
            return _("There is nothing here; {key} adds something.").format(key=self._host.surface.keys.key("new"))
        return None

    @property
    def current(self) -> Item | None:
        """The item under the cursor, read anew."""
        here = self._pane.cursor
        return self._host.session.peek(Ref(self._host.type, here)) if here is not None else None

    def meant(self) -> list[Ref]:
        """The marked items, else the one under the cursor."""
        type_key, pane = self._host.type, self._pane
        if pane.marked:
            return [Ref(type_key, item_id) for item_id in pane.items.ids if item_id in pane.marked]
        return [Ref(type_key, pane.cursor)] if pane.cursor is not None else []

    def queue(self) -> list[Ref]:
        """What triage goes through: the marked, else all that is shown."""
        pane = self._pane
        return self.meant() if pane.marked else [Ref(self._host.type, item_id) for item_id in pane.items.ids]

    def unmark(self, refs: Sequence[Ref]) -> None:
        self._pane.marked -= {ref.id for ref in refs}

    def do_mark(self) -> None:
        self._pane.toggle_mark()
        self._pane.moves.do_move_down()

    def do_mark_all(self) -> None:
        self._pane.mark_all()
        if self._pane.marked:
            self._host.say(ngettext("{n} marked", "{n} marked", len(self._pane.marked)))
