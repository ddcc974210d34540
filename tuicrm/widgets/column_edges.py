"""The edges of a list's columns, which the mouse takes hold of in the line of their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

from tuicrm.i18n import ngettext
from tuicrm.render.drop_signs import edge_sign
from tuicrm.render.line import Line
from tuicrm.widgets.dragging import Dragging
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.surface import TerminalLook

LEAST_CELLS = 4
"""No column is made narrower than this."""
_REACH = 2
"""Cells behind a column's last one that still are its edge."""


class Edge(NamedTuple):
    """Where a column begins and ends on the screen, and which of the list's columns it is."""

    column: int
    start: int
    end: int


class Resized(Message):
    """A column's edge was taken to another place: it is to have so many cells; 0 (a double click) for what it needs."""

    def __init__(self, column: int, cells: int) -> None:
        super().__init__()
        self.column = column
        self.cells = cells


class Resizing(Message):
    """The edge is under way: what the width would be; "" when it was let go."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


class ColumnEdges:
    """Takes the mouse's events of a line of heads, and posts what became of them."""

    def __init__(self, widget: Widget, edges: Callable[[], Sequence[Edge]], redraw: Callable[[], None]) -> None:
        self._widget = widget
        self._edges = edges
        self._redraw = redraw
        self.drag = Dragging[Edge, int](widget, lambda edge, here: max(here.x - edge.start, LEAST_CELLS), self._moved)

    def at(self, x: int) -> Edge | None:
        """The edge under a cell."""
        return next((edge for edge in self._edges() if edge.end - 1 <= x < edge.end + _REACH), None)

    def press(self, event: events.MouseDown) -> None:
        self.drag.press(event, self.at(event.x))

    def release(self, event: events.MouseUp) -> None:
        # A line is left quickly by the hand that goes along it: any height counts.
        dropped = self.drag.release(event, Offset(min(max(event.x, 0), self._widget.size.width - 1), 0))
        if dropped is not None:
            edge, cells = dropped
            self._widget.post_message(Resized(edge.column, cells))

    def click(self, event: events.Click) -> None:
        if event.chain == 2 and self.drag.was_click and (edge := self.at(event.x)) is not None:
            self._widget.post_message(Resized(edge.column, 0))

    def signed(self, line: Line) -> Line:
        """The heads with a sign where the edge would be."""
        thing, cells = self.drag.thing, self.drag.place
        return edge_sign(line, thing.start + cells) if thing is not None and cells is not None else line

    def _moved(self) -> None:
        cells = self.drag.place
        self._widget.post_message(Resizing(ngettext("{n} cell", "{n} cells", cells) if cells is not None else ""))
        self._redraw()


class ListHead(OneLine):
    """The names of a list's columns, in a line of their own."""

    def __init__(
        self, look: TerminalLook, source: LineSource, edges: Callable[[], Sequence[Edge]], id: str | None = None
    ) -> None:
        super().__init__(look, lambda cells: self.edges.signed(source(cells)), id=id)
        self.edges = ColumnEdges(self, edges, self.update)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.edges.press(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.edges.drag.move(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.edges.release(event)

    def on_mouse_release(self) -> None:
        self.edges.drag.cancel()

    def on_click(self, event: events.Click) -> None:
        self.edges.click(event)
