"""A list's lines: a head, and one line an item, in columns that share the width."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.render.compose import blank, on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, MARKED
from tuicrm.render.text import clean, fit

_START = 2
_GAP = 2
_LEAST = 8


def column_widths(shares: Sequence[int], cells: int) -> list[int]:
    """Cells of each column. The first takes twice its share; those that would be too narrow are left out, from the last."""
    count = len(shares)
    while count > 1 and (cells - _START - _GAP * (count - 1)) // (count + 1) < _LEAST:
        count -= 1
    room = max(cells - _START - _GAP * (count - 1), 1)
    each = room // (count + 1)
    return [room - each * (count - 1), *[each] * (count - 1)] if count else []


def head_line(headings: Sequence[str], numbers: Sequence[bool], widths: Sequence[int], cells: int) -> Line:
    """The columns' names."""
    return pad((Run(" " * _START), *_cells(headings, numbers, widths, "heading", "heading")), cells)


def item_line(
    texts: Sequence[str],
    numbers: Sequence[bool],
    widths: Sequence[int],
    cells: int,
    *,
    selected: bool = False,
    marked: bool = False,
) -> Line:
    """One item. The cursor has a bar and a ground, a marked item `✓`."""
    start = Run(BAR if selected else " ", "accent"), Run(MARKED if marked else " ", "accent bold")
    line = pad((*start, *_cells(texts, numbers, widths, "title", "")), cells)
    return on(line, "on:cursor") if selected else on(line, "on:mark") if marked else line


def _cells(
    texts: Sequence[str], numbers: Sequence[bool], widths: Sequence[int], first: str, others: str
) -> tuple[Run, ...]:
    runs: list[Run] = []
    for at, (text, number, width) in enumerate(zip(texts, numbers, widths, strict=False)):
        if at:
            runs += blank(_GAP)
        shown = clean(text.replace("\n", " · "))
        runs.append(Run(fit(shown, width, "right" if number else "left"), others if at else first))
    return tuple(runs)
