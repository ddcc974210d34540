"""Rows of values under headers, fitted to a width: the lists of the command line."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tuicrm.render.compose import cut_line
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LINE
from tuicrm.render.text import Align, clean, fit, width

GAP = 2
LEAST_CELLS = 4
HEAD = 2
"""Lines above the first row."""


class TableColumn(msgspec.Struct, frozen=True):
    """A column: numbers and money are aligned right; one that `shrinks` gives way first where it is narrow."""

    header: str
    align: Align = "left"
    style: str = ""
    shrinks: bool = True


def table_lines(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], cells: int = 0) -> list[Line]:
    """Header, rule, rows. With `cells`, no line is wider: the widest columns are cut, with `…`; without, all is shown whole.

    Raises ValueError for a row that has not one value a column.
    """
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("a row must have one value a column")
    texts = [[clean(value) for value in row] for row in rows]
    headers = [clean(column.header) for column in columns]
    widths = [max(map(width, (header, *(row[at] for row in texts)))) for at, header in enumerate(headers)]
    if cells:
        widths = _fitted(columns, widths, cells - GAP * (len(columns) - 1))
    rule = Run(LINE * (sum(widths) + GAP * max(len(columns) - 1, 0)), "rule")
    lines = [_row(headers, columns, widths, "heading"), (rule,), *(_row(row, columns, widths) for row in texts)]
    return [cut_line(line, cells) for line in lines] if cells else lines


def _row(values: Sequence[str], columns: Sequence[TableColumn], widths: Sequence[int], style: str = "") -> Line:
    runs: list[Run] = []
    for value, column, cells in zip(values, columns, widths, strict=True):
        if runs:
            runs.append(Run(" " * GAP))
        runs.append(Run(fit(value, cells, column.align), style or column.style))
    return tuple(runs)


def _fitted(columns: Sequence[TableColumn], wanted: Sequence[int], room: int) -> list[int]:
    """Widths that fit, as far as LEAST_CELLS each allow: the widest give way, those that do not shrink last."""
    widths = [min(cells, max(room, LEAST_CELLS)) for cells in wanted]
    for chosen in ([at for at, column in enumerate(columns) if column.shrinks], range(len(columns))):
        while chosen and sum(widths) > room:
            widest = max(chosen, key=widths.__getitem__)
            if widths[widest] <= LEAST_CELLS:
                break
            widths[widest] -= 1
    return widths
