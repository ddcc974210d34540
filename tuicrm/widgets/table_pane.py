"""A table drawn by lines, in groups with headings: what the settings show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tuicrm.render.compose import blank, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.rows import END, GAP, START, column_widths, head_line, item_line, squeezed
from tuicrm.render.symbols import LINE
from tuicrm.render.text import clean, cut, width
from tuicrm.services.workspace.column_widths import ColumnWidths
from tuicrm.widgets.column_edges import ColumnEdge, Resized
from tuicrm.widgets.edged_pane import EdgedPane
from tuicrm.widgets.surface import TerminalLook


class PaneColumn(NamedTuple):
    """One column: its name, the cells it would like, whether its texts are numbers; one with a `key` can be given another width.
    `least` cells (0: all that it would like) are enough where there is no room for more; then it is not left out."""

    title: str
    cells: int
    number: bool = False
    key: str = ""
    least: int = 0


class TableRow(NamedTuple):
    """One row: what it stands for and its texts by column."""

    key: str
    texts: tuple[str, ...]


class PaneGroup(NamedTuple):
    """Rows under a heading; "" for rows without a heading."""

    title: str
    rows: Sequence[TableRow]


class TableRows:
    """Groups at one width (`pane.Rows`). The cursor stands on the keys of rows, which are of the whole table."""

    def __init__(
        self,
        columns: Sequence[PaneColumn],
        groups: Sequence[PaneGroup],
        cells: int,
        empty: str = "",
        given: Mapping[str, int] | None = None,
    ) -> None:
        """`given` are widths that were given to columns, by their keys."""
        self._columns = columns
        self._cells = cells
        self._empty = empty
        self._numbers = [column.number for column in columns]
        given = given or {}
        wanted = [given.get(column.key) or column.cells for column in columns]
        sized = [column.key in given for column in columns]
        self._widths = column_widths(wanted, cells, sized)
        if len(self._widths) < len(columns) and not any(sized):
            self._widths = squeezed(wanted, [column.least for column in columns], cells - END)
        self._lines: list[str | TableRow] = []
        """Texts are headings."""
        for group in groups:
            if group.title:
                self._lines += ["", group.title] if self._lines else [group.title]
            self._lines += group.rows
        self.heads = 1 if any(column.title for column in columns) else 0
        """Lines of the columns' names."""
        self._places = {row.key: y for y, row in enumerate(self._lines, start=self.heads) if isinstance(row, TableRow)}

    def edges(self) -> list[ColumnEdge]:
        """Where the columns stand that can be given another width."""
        found, x = [], START
        for at, cells in enumerate(self._widths):
            if self._columns[at].key:
                found.append(ColumnEdge(at, x, x + cells))
            x += cells + GAP
        return found

    @property
    def rows(self) -> Sequence[Any]:
        return range(self.heads + max(len(self._lines), 1))

    def span(self, target: str) -> tuple[int, int]:
        y = self._places[target]
        return y, y

    def at(self, y: int) -> str | None:
        row = self._lines[y - self.heads] if self.heads <= y < self.heads + len(self._lines) else None
        return row.key if isinstance(row, TableRow) else None

    def line(self, y: int, cursor: str | None) -> Line:
        if y < self.heads:
            return head_line([column.title for column in self._columns], self._numbers, self._widths, self._cells)
        if not self._lines:
            return pad((Run("  "), Run(clean(self._empty), "faint")), self._cells)
        row = self._lines[y - self.heads]
        if isinstance(row, TableRow):
            return item_line(row.texts, self._numbers, self._widths, self._cells, selected=row.key == cursor)
        if not row:
            return blank(self._cells)
        name = cut(row.upper(), max(self._cells - 6, 1))
        rule = max(self._cells - width(name) - 2 - END, 0)
        return pad((Run(" "), Run(name, "heading"), Run(" "), Run(LINE * rule, "rule")), self._cells)


class TablePane(EdgedPane[str]):
    """Shows a `TableRows`; subclasses or their screens give it a scope."""

    def __init__(self, look: TerminalLook, id: str | None = None, widths: ColumnWidths | None = None) -> None:
        """`widths` keeps those that the person gives its columns."""
        super().__init__(look, id=id)
        self._kept = widths
        self._columns: Sequence[PaneColumn] = ()
        self._again: Callable[[], None] = lambda: None
        """Shows the same table once more."""

    def show_table(
        self, columns: Sequence[PaneColumn], groups: Sequence[PaneGroup], cursor: str | None = None, empty: str = ""
    ) -> None:
        """Draw other rows, in groups under headings; `empty` is said where there are no rows.

        Without `cursor`, a key, what is being read stays at its height."""
        self.lit = True
        self.drag.cancel()
        self._columns = columns
        given = self._kept.all() if self._kept is not None else {}
        self.show(lambda cells: TableRows(columns, groups, cells, empty, given), cursor, still=cursor is None)
        self._again = lambda: self.show_table(columns, groups, empty=empty)

    # -- the edges of its columns --------------------------------------------------------------------------------------
    @property
    def head_lines(self) -> int:
        return self._rows.heads if isinstance(self._rows, TableRows) else 0

    def edges(self) -> Sequence[ColumnEdge]:
        return self._rows.edges() if isinstance(self._rows, TableRows) and self._kept is not None else []

    def on_resized(self, message: Resized) -> None:
        message.stop()
        if self._kept is not None:
            self._kept.keep(self._columns[message.column].key, message.cells)
            self._again()
