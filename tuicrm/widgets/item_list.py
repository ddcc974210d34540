"""A list of items, drawn by lines: flat in their number. Used by the list screen and by a card's tabs."""

from __future__ import annotations

from collections.abc import Container, Sequence

from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.rows import column_widths, head_line, item_line
from tuicrm.services.lists import ItemList
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import Look


class ItemRows:
    """The rows of an `ItemList` at one width (`pane.Rows`): a head, then an item a line."""

    def __init__(self, items: ItemList, cells: int, marked: Container[int], empty: str) -> None:
        """`empty` is said where there are no items."""
        self._empty = empty
        self._items = items
        self._cells = cells
        self._marked = marked
        self._numbers = items.numbers()
        self._widths = column_widths(items.widths(), cells)
        self._places = {item_id: place for place, item_id in enumerate(items.ids)}

    @property
    def rows(self) -> Sequence[int]:
        return range(max(len(self._items.ids), 1) + 1)

    def span(self, target: int) -> tuple[int, int]:
        y = self._places[target] + 1
        return y, y

    def at(self, y: int) -> int | None:
        return self._items.ids[y - 1] if 0 < y <= len(self._items.ids) else None

    def line(self, y: int, cursor: int | None) -> Line:
        if y == 0:
            return head_line(self._items.headings(), self._numbers, self._widths, self._cells)
        item_id = self.at(y)
        if item_id is None:
            return pad((Run("  "), Run(self._empty, "faint")), self._cells)
        return item_line(
            self._items.row(item_id),
            self._numbers,
            self._widths,
            self._cells,
            selected=item_id == cursor,
            marked=item_id in self._marked,
        )


class ItemListPane(LinePane[int]):
    """Shows an `ItemList`; the cursor stands on an item's id."""

    scope = "list"

    def __init__(
        self, look: Look, items: ItemList, empty: str = "", unmatched: str = "", id: str | None = None
    ) -> None:
        """`empty` is said where there is nothing yet, `unmatched` where the filter leaves nothing: they say what to do."""
        super().__init__(look, id=id)
        self.empty = empty or _("Nothing here yet.")
        self._unmatched = unmatched or _("Nothing matches the filter.")
        self.items = items
        self.marked: set[int] = set()
        self.lit = True

    def on_mount(self) -> None:
        self.show_items(self.items)

    def show_items(self, items: ItemList, cursor: int | None = None) -> None:
        """Draw a list; marks of what is no longer there go."""
        self.items = items
        if self.marked:
            self.marked &= set(items.ids)
        empty = self.empty if items.where is None else self._unmatched
        build = lambda cells: ItemRows(items, cells, self.marked, empty)  # noqa: E731 - its type is inferred
        self.show(build, cursor, still=cursor is None)

    def toggle_mark(self) -> None:
        """Mark the item under the cursor, or take the mark away."""
        if self.cursor is not None:
            self.marked ^= {self.cursor}
            self.refresh_rows(self.cursor)

    def mark_all(self) -> None:
        """Mark everything, or nothing when all is marked."""
        everything = set(self.items.ids)
        all_marked = self.marked >= everything
        self.marked.clear()
        if not all_marked:
            self.marked |= everything
        self.refresh()
