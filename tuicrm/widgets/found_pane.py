"""What was found, in groups with headings; before anything is typed, what was looked for lately."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tuicrm.domain.found import FoundRow, Sought
from tuicrm.render.compose import blank, on, pad
from tuicrm.render.found import found_line
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, LINE
from tuicrm.render.text import clean, cut, width, wrap
from tuicrm.widgets.pane import LinePane

_INDENT = 2


class FoundGroup(NamedTuple):
    """What stands under one heading: keys, each of a row that `row` tells."""

    title: str
    keys: Sequence[str]


class FoundRows:
    """Groups at one width (`pane.Rows`). The cursor stands on keys."""

    def __init__(
        self, groups: Sequence[FoundGroup], row: Callable[[str], FoundRow | str], sought: Sought, cells: int, empty: str
    ) -> None:
        """`row` tells of a found item, or a text that was looked for; `empty` is said where there are no groups."""
        self._row, self._sought, self._cells = row, sought, cells
        self._empty = wrap(empty, cells - 2 * _INDENT)
        self._lines: list[FoundGroup | str] = []
        for group in groups:
            self._lines += [group, *group.keys]
        self._places = {line: y for y, line in enumerate(self._lines) if isinstance(line, str)}

    @property
    def rows(self) -> Sequence[Any]:
        return range(len(self._lines) or len(self._empty))

    def span(self, target: str) -> tuple[int, int]:
        y = self._places[target]
        return y, y

    def at(self, y: int) -> str | None:
        line = self._lines[y] if 0 <= y < len(self._lines) else None
        return line if isinstance(line, str) else None

    def line(self, y: int, cursor: str | None) -> Line:
        if not self._lines:
            return pad((Run(" " * _INDENT), Run(self._empty[y], "faint")), self._cells)
        line = self._lines[y]
        if isinstance(line, FoundGroup):
            return self._heading(line.title)
        row = self._row(line)
        if isinstance(row, FoundRow):
            return found_line(row, self._sought, self._cells, selected=line == cursor)
        here = line == cursor
        drawn = pad((Run(BAR if here else " ", "accent"), Run(" "), Run(clean(row), "value")), self._cells)
        return on(drawn, "on:cursor") if here else drawn

    def _heading(self, title: str) -> Line:
        name = cut(clean(title), max(self._cells - 6, 1))
        if not name:
            return blank(self._cells)
        rule = max(self._cells - width(name) - 2, 0)
        return pad((Run(" "), Run(name, "heading"), Run(" "), Run(LINE * rule, "rule")), self._cells)


class FoundPane(LinePane[str]):
    """Shows what was found; typing goes on in the input meanwhile."""

    DEFAULT_CSS = "FoundPane { height: 1fr; }"

    def on_mount(self) -> None:
        self.can_focus = False
        self.lit = True
