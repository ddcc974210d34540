"""A table drawn by lines, in groups with headings: what the settings show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tuicrm.render.compose import blank, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.rows import END, column_widths, head_line, item_line
from tuicrm.render.symbols import LINE
from tuicrm.render.text import clean, cut, width
from tuicrm.widgets.pane import LinePane


class PaneColumn(NamedTuple):
    """One column: its name, the cells it would like, whether its texts are numbers."""

    title: str
    cells: int
    number: bool = False


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

    def __init__(self, columns: Sequence[PaneColumn], groups: Sequence[PaneGroup], cells: int, empty: str = "") -> None:
        self._columns = columns
        self._cells = cells
        self._empty = empty
        self._numbers = [column.number for column in columns]
        self._widths = column_widths([column.cells for column in columns], cells)
        self._lines: list[str | TableRow] = []
        """Texts are headings."""
        for group in groups:
            if group.title:
                self._lines += ["", group.title] if self._lines else [group.title]
            self._lines += group.rows
        self._heads = 1 if any(column.title for column in columns) else 0
        self._places = {row.key: y for y, row in enumerate(self._lines, start=self._heads) if isinstance(row, TableRow)}

    @property
    def rows(self) -> Sequence[Any]:
        return range(self._heads + max(len(self._lines), 1))

    def span(self, target: str) -> tuple[int, int]:
        y = self._places[target]
        return y, y

    def at(self, y: int) -> str | None:
        row = self._lines[y - self._heads] if self._heads <= y < self._heads + len(self._lines) else None
        return row.key if isinstance(row, TableRow) else None

    def line(self, y: int, cursor: str | None) -> Line:
        if y < self._heads:
            return head_line([column.title for column in self._columns], self._numbers, self._widths, self._cells)
        if not self._lines:
            return pad((Run("  "), Run(clean(self._empty), "faint")), self._cells)
        row = self._lines[y - self._heads]
        if isinstance(row, TableRow):
            return item_line(row.texts, self._numbers, self._widths, self._cells, selected=row.key == cursor)
        if not row:
            return blank(self._cells)
        name = cut(row.upper(), max(self._cells - 6, 1))
        rule = max(self._cells - width(name) - 2 - END, 0)
        return pad((Run(" "), Run(name, "heading"), Run(" "), Run(LINE * rule, "rule")), self._cells)


class TablePane(LinePane[str]):
    """Shows a `TableRows`; subclasses or their screens give it a scope."""

    def show_table(
        self, columns: Sequence[PaneColumn], groups: Sequence[PaneGroup], cursor: str | None = None, empty: str = ""
    ) -> None:
        """Draw other rows, in groups under headings; `empty` is said where there are no rows.

        Without `cursor`, a key, what is being read stays at its height."""
        self.lit = True
        self.show(lambda cells: TableRows(columns, groups, cells, empty), cursor, still=cursor is None)
