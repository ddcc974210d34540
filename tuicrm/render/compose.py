"""Putting lines together: to an exact width, with a left and a right part, on a ground."""

from __future__ import annotations

from functools import lru_cache

from tuicrm.render.line import Line, Run
from tuicrm.render.text import cut, width


def line_width(line: Line) -> int:
    """Cells that a line takes."""
    return sum(width(run.text) for run in line)


@lru_cache(maxsize=1024)
def blank(cells: int, style: str = "") -> Line:
    """An empty line."""
    return (Run(" " * cells, style),) if cells > 0 else ()


def cut_line(line: Line, cells: int) -> Line:
    """The line in at most `cells`, ending in `…` where something is left out."""
    if line_width(line) <= cells:
        return line
    kept: list[Run] = []
    for index, run in enumerate(line):
        taken = width(run.text)
        # The run that ends exactly at the edge still needs its last cell for the sign that more follows.
        if taken > cells or (taken == cells and index + 1 < len(line)):
            kept.append(Run(cut(run.text + " ", cells), run.style))
            break
        kept.append(run)
        cells -= taken
    return tuple(kept)


def pad(line: Line, cells: int, style: str = "") -> Line:
    """The line in exactly `cells`."""
    line = cut_line(line, cells)
    spare = cells - line_width(line)
    return (*line, Run(" " * spare, style)) if spare > 0 else line


def spread(left: Line, right: Line, cells: int, style: str = "") -> Line:
    """`left` and `right` at the two ends of exactly `cells`; `left` is cut first, at least one cell stays between."""
    if not right:
        return pad(left, cells, style)
    right = cut_line(right, cells)
    room = cells - line_width(right)
    return (*pad(cut_line(left, max(room - 1, 0)), room, style), *right)


def on(line: Line, ground: str) -> Line:
    """The line on a ground; runs that have a ground of their own keep it."""
    return tuple(
        run if "on:" in run.style else Run(run.text, f"{run.style} {ground}" if run.style else ground) for run in line
    )
