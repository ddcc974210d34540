"""A list of items, drawn by lines: flat in their number. Used by the list screen and by a card's tabs."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.rows import (
    GAP,
    START,
    column_widths,
    content_widths,
    foot_line,
    head_line,
    item_line,
    more_cells,
    squeezed,
    with_more,
)
from tuicrm.services.boards.in_order import id_at
from tuicrm.services.boards.lists import ItemList
from tuicrm.widgets.column_edges import ColumnEdge
from tuicrm.widgets.edged_pane import EdgedPane
from tuicrm.widgets.surface import TerminalLook

_SAMPLE = 30
"""Rows that say how wide the columns are."""
_WIDEST = 36


class ItemRows:
    """The rows of an `ItemList` at one width (`pane.Rows`): a head, then an item a line. `aside` columns after the first are passed
    over: those that did not fit stand there then."""

    def __init__(
        self,
        items: ItemList,
        cells: int,
        marked: Container[int],
        empty: str,
        aside: int = 0,
        *,
        heads: int = 1,
        content: dict[str, int] | None = None,
    ) -> None:
        """`empty` is said where there are no items; `heads` is 0 where the head stands elsewhere. `content` keeps what the columns
        needed for the rows that were shown first, by key: they are not to jump at every change."""
        self._heads = heads
        self.empty = empty
        self._items = items
        self._ids = items.ids
        self._cells = cells
        self._marked = marked
        self._aside = aside
        self._content = {} if content is None else content
        wanted, sized = items.widths(), items.sized()
        if not any(sized):
            wanted = self._measured(wanted)
        self._shown = [0, *range(1 + aside, len(wanted))] if wanted else []
        name = items.name_column()
        name = self._shown.index(name) if name in self._shown else 0
        widths = [wanted[at] for at in self._shown]
        if not any(sized):
            least = items.least()
            widths = squeezed(widths, [least[at] for at in self._shown], cells)
        self._widths = column_widths(
            widths,
            cells,
            [sized[at] for at in self._shown][: len(widths)],
            name,
        )
        self._shown = self._shown[: len(self._widths)]
        self._numbers = self._of(items.numbers())
        self._places: dict[int, int] = {}
        """Where items stand that were drawn: of a million, nobody asks for more."""

    def _measured(self, wanted: Sequence[int]) -> list[int]:
        """What the columns need for the first rows; what they would like where there are no rows yet."""
        keys = [field.key for field in self._items.columns]
        if any(key not in self._content for key in keys):
            ids = (id_at(self._ids, at) for at in range(min(len(self._ids), _SAMPLE)))
            rows = [self._items.row(item_id) for item_id in ids if item_id is not None]
            if not rows:
                return list(wanted)
            most = [max(want, _WIDEST) for want in wanted]
            found = content_widths(rows, self._items.headings(), most)
            # Under a column that is summed stands more than in its rows.
            sums = [field.traits.sums for field in self._items.columns]
            found = [max(one, want) if summed else one for one, want, summed in zip(found, wanted, sums, strict=True)]
            self._content.update(zip(keys, found, strict=True))
        # Behind a name that is sorted by, there is a sign.
        return [self._content[key] + 2 * bool(rank) for key, rank in zip(keys, self._items.ranks(), strict=True)]

    def _of(self, all_columns: Sequence[Any]) -> list[Any]:
        """What is said of the columns that are shown."""
        return [all_columns[at] for at in self._shown if at < len(all_columns)]

    @property
    def hidden_right(self) -> int:
        """How many more columns there are than fit."""
        return len(self._items.columns) - 1 - self._shown[-1] if self._shown else 0

    @property
    def rows(self) -> Sequence[int]:
        return range(max(len(self._ids), 1) + self._heads)

    def span(self, target: int) -> tuple[int, int]:
        place = self._places.get(target, -1)
        if place < 0:
            try:
                place = self._places[target] = self._ids.index(target)
            except ValueError:
                raise KeyError(target) from None
        return place + self._heads, place + self._heads

    def at(self, y: int) -> int | None:
        at = y - self._heads
        if not 0 <= at < len(self._ids):
            return None
        item_id = id_at(self._ids, at)
        if item_id is not None:
            self._places[item_id] = at
        return item_id

    def line(self, y: int, cursor: int | None) -> Line:
        if y < self._heads:
            return self.head()
        item_id = self.at(y)
        if item_id is None:
            return pad((Run("  "), Run(self.empty, "faint")), self._cells)
        return item_line(
            self._of(self._items.row(item_id)),
            self._numbers,
            self._widths,
            self._cells,
            selected=item_id == cursor,
            marked=item_id in self._marked,
        )

    def edges(self) -> list[ColumnEdge]:
        """Where the columns that are shown stand."""
        found, x = [], START
        for column, cells in zip(self._shown, self._widths, strict=True):
            found.append(ColumnEdge(column, x, x + cells))
            x += cells + GAP
        return found

    def head(self) -> Line:
        """The columns' names."""
        names, ranks, widths = self._of(self._items.headings()), self._of(self._items.ranks()), list(self._widths)
        room = self._cells - more_cells(self.hidden_right)
        if widths:
            # The sign for what stands further right takes the line's end; a name is not cut where it has room before it.
            over = START + sum(widths) + GAP * (len(widths) - 1) - room
            widths[-1] = max(widths[-1] - max(over, 0), 1)
        line = head_line(names, self._numbers, widths, room, ranks)
        return with_more(line, self._cells, self._aside, self.hidden_right)

    def foot(self, sums: Sequence[str], told: str) -> Line:
        """The line under all."""
        return foot_line(self._of(sums), self._numbers, self._widths, self._cells, told)


class ItemListPane(EdgedPane[int]):
    """Shows an `ItemList`; the cursor stands on an item's id."""

    scope = "list"

    def __init__(
        self,
        look: TerminalLook,
        items: ItemList,
        id: str | None = None,
        *,
        heads: bool = True,
    ) -> None:
        """Without `heads`, the columns' names stand elsewhere (`head`)."""
        super().__init__(look, id=id)
        self.empty = _("Nothing here yet.")
        """Said where there is nothing yet, and"""
        self.unmatched = _("Nothing matches the filter.")
        """where the filter leaves nothing: they say what to do."""
        self.items = items
        self.marked: set[int] = set()
        self._heads = int(heads)
        self.aside = 0
        """Columns that were passed over to see those further right."""
        self._content: dict[str, int] = {}
        self.lit = True

    def on_mount(self) -> None:
        self.show_items(self.items)

    def show_items(self, items: ItemList, cursor: int | None = None) -> None:
        """Draw a list; marks of what is no longer there go."""
        if items is not self.items:
            self._content = {}
        self.drag.cancel()
        self.items = items
        if self.marked:
            self.marked &= items.among(self.marked)
        empty = self.empty if items.where is None else self.unmatched
        self.aside = min(self.aside, max(len(items.columns) - 2, 0))
        aside, heads, content = self.aside, self._heads, self._content

        def build(cells: int) -> ItemRows:
            return ItemRows(items, cells, self.marked, empty, aside, heads=heads, content=content)

        self.show(build, cursor, still=cursor is None)

    def shift(self, step: int) -> bool:
        """Show columns further right (or left); whether there were any."""
        rows = self._rows
        more = isinstance(rows, ItemRows) and rows.hidden_right > 0 if step > 0 else self.aside > 0
        if more:
            self.aside += step
            self.show_items(self.items)
        return more

    def edges(self) -> list[ColumnEdge]:
        """Where the columns stand."""
        return self._rows.edges() if isinstance(self._rows, ItemRows) else []

    @property
    def head_lines(self) -> int:
        return self._heads

    def head(self) -> Line:
        """The columns' names as the columns stand."""
        return self._rows.head() if isinstance(self._rows, ItemRows) else ()

    def foot(self, sums: Sequence[str], told: str) -> Line:
        """The sums under the columns as they stand."""
        return self._rows.foot(sums, told) if isinstance(self._rows, ItemRows) else ()

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
