"""A pane of rows under columns' names, whose edges the mouse takes hold of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual import events

from tuicrm.render.line import Line
from tuicrm.widgets.column_edges import ColumnEdge, EdgeCarrier
from tuicrm.widgets.dragging import Dragging
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.rows import Build
from tuicrm.widgets.surface import TerminalLook

Target = TypeVar("Target")


class EdgedPane(LinePane[Target]):
    """Subclasses say where the edges are, and how many of their first lines are the columns' names; `Resized` is posted."""

    def __init__(self, look: TerminalLook, build: Build[Target] | None = None, id: str | None = None) -> None:
        super().__init__(look, build, id)
        self._edges = EdgeCarrier(self, self.edges, self._repaint, self._is_head)
        self.drag = Dragging(self, self._edges)

    def edges(self) -> Sequence[ColumnEdge]:
        """Where the columns stand."""
        raise NotImplementedError

    @property
    def head_lines(self) -> int:
        """How many of the first lines are the columns' names."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        if not self.drag.take(event) and not self._edges.click(event):
            await super().on_event(event)

    def _line(self, y: int) -> Line:
        line = super()._line(y)
        return self._edges.signed(line) if self._is_head(y) else line

    def _is_head(self, y: int) -> bool:
        return y + self.scroll_offset.y < self.head_lines
