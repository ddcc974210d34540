"""A widget of one drawn line: redrawn only when the line is another one than before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from textual.strip import Strip
from textual.widget import Widget

from tuicrm.render.line import Line
from tuicrm.widgets.surface import TerminalLook

LineSource: TypeAlias = Callable[[int], Line]
"""The line for a width in cells."""


class OneLine(Widget):
    """Shows what its source says. `after_drawing`, the source waits until what a key changed is seen: for a slow one."""

    DEFAULT_CSS = "OneLine { height: 1; width: 1fr; }"

    def __init__(
        self, look: TerminalLook, source: LineSource, id: str | None = None, *, after_drawing: bool = False
    ) -> None:
        super().__init__(id=id)
        self._after_drawing = after_drawing
        self._look = look
        self._source = source
        self._drawn: Line = ()
        self._asked: tuple[int, Line] | None = None
        """What the source said last, for which width, until that is drawn."""
        self._to_ask = False

    def update(self) -> None:
        """Ask the source again, once however often this is said while a key is dealt with; what has not changed is not drawn."""
        if not self._to_ask:
            self._to_ask = True
            if self._after_drawing:
                self.call_after_refresh(self._ask)
            else:
                self.call_later(self._ask)

    def _ask(self) -> None:
        self._to_ask = False
        cells = self.size.width
        line = self._source(cells) if cells else ()
        if line != self._drawn:
            self._asked = cells, line
            self.refresh()

    def render_line(self, y: int) -> Strip:
        cells, line = self._asked or (0, ())
        self._asked = None
        self._drawn = () if y else line if cells == self.size.width else self._source(self.size.width)
        return self._look.strip(self._drawn, self.size.width)
