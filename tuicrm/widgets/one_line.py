"""A widget of one drawn line: redrawn only when the line is another one than before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from textual.strip import Strip
from textual.widget import Widget

from tuicrm.render.line import Line
from tuicrm.widgets.surface import Look

LineSource: TypeAlias = Callable[[int], Line]
"""The line for a width in cells."""


class OneLine(Widget):
    """Shows what its source says."""

    DEFAULT_CSS = "OneLine { height: 1; width: 1fr; }"

    def __init__(self, look: Look, source: LineSource, id: str | None = None) -> None:
        super().__init__(id=id)
        self._look = look
        self._source = source
        self._drawn: Line = ()

    def update(self) -> None:
        """Ask the source again; what has not changed is not drawn."""
        if self.size.width and self._source(self.size.width) != self._drawn:
            self.refresh()

    def restyle(self, look: Look) -> None:
        """Draw with another look."""
        self._look = look
        self.refresh()

    def render_line(self, y: int) -> Strip:
        self._drawn = self._source(self.size.width) if y == 0 else ()
        return self._look.strip(self._drawn, self.size.width)
