"""Where something that the mouse takes along would fall: said by signs, not by colour alone."""

from __future__ import annotations

from tuicrm.render.compose import line_width, on
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import ABOVE, BELOW, THREAD
from tuicrm.render.text import clusters

_GROUND = "on:mark"


def column_drop(line: Line, y: int, cells: int) -> Line:
    """Line `y` of a board's column into which a card would fall: arrows in place of its rule, all of it on a ground."""
    return (Run(BELOW * cells, "accent bold"),) if y == 0 else on(line, _GROUND)


def row_drop(line: Line, *, after: bool) -> Line:
    """A row after which something would fall, or before it: an arrow in its first cell, all of it on a ground."""
    if not line or not line_width(line):
        return line
    first, *others = line
    arrow = Run(BELOW if after else ABOVE, "accent bold")
    return on((arrow, *((Run(first.text[1:], first.style),) if first.text[1:] else ()), *others), _GROUND)


def edge_sign(line: Line, x: int) -> Line:
    """A line of heads with a bar in cell `x`, where a column's edge would be."""
    runs: list[Run] = []
    at = 0
    for text, style in line:
        for letter, cells in clusters(text):
            here = at <= x < at + cells
            runs.append(Run(THREAD + " " * (cells - 1), "accent bold") if here else Run(letter, style))
            at += cells
    return tuple(runs)
