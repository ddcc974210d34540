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
from tuicrm.render.symbols import EMPTY
from tuicrm.widgets.dragging import Dragging, waits_for_answer
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.surface import TerminalLook

LEAST_CELLS = 4
"""No column is made narrower than this."""
_REACH = 2
"""Cells behind a column's last one that still are its edge."""


class ColumnEdge(NamedTuple):
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


class EdgeCarrier:
    """An edge, on its way to so many cells (`dragging.Carrier`)."""

    pace = 0.0

    def __init__(
        self,
        widget: Widget,
        edges: Callable[[], Sequence[ColumnEdge]],
        redraw: Callable[[], None],
        is_head: Callable[[int], bool] = lambda _y: True,
    ) -> None:
        """`is_head` says whether a line of the widget has the columns' names."""
        self._widget = widget
        self._edges = edges
        self._redraw = redraw
        self._is_head = is_head
        self._sign: int | None = None

    def thing_at(self, here: Offset) -> ColumnEdge | None:
        if not self._is_head(here.y):
            return None
        return next((edge for edge in self._edges() if edge.end - 1 <= here.x < edge.end + _REACH), None)

    def place_at(self, thing: ColumnEdge, here: Offset) -> int | None:
        return max(here.x - thing.start, LEAST_CELLS)

    def show(self, thing: ColumnEdge | None, place: int | None) -> str:
        self._sign = thing.start + place if thing is not None and place is not None else None
        self._redraw()
        return ngettext("{n} cell", "{n} cells", place) if place is not None else EMPTY

    def drop(self, thing: ColumnEdge, place: int) -> None:
        self._widget.post_message(Resized(thing.column, place))

    def scroll(self, _by: Offset) -> bool:
        """The heads stay where they are."""
        return False

    def click(self, event: events.Event) -> bool:
        """A double click on an edge gives the column what it needs; whether it was on one."""
        edge = self.thing_at(Offset(event.x, event.y)) if isinstance(event, events.Click) else None
        if edge is None or waits_for_answer(self._widget):
            return False
        if isinstance(event, events.Click) and event.chain == 2:
            self._widget.post_message(Resized(edge.column, 0))
        return True

    def signed(self, line: Line) -> Line:
        """The heads with a sign where the edge would be."""
        return edge_sign(line, self._sign) if self._sign is not None else line


class ListHead(OneLine):
    """The names of a list's columns, in a line of their own."""

    def __init__(
        self, look: TerminalLook, source: LineSource, edges: Callable[[], Sequence[ColumnEdge]], id: str | None = None
    ) -> None:
        super().__init__(look, lambda cells: self._edges.signed(source(cells)), id=id)
        self._edges = EdgeCarrier(self, edges, self.update)
        self.drag = Dragging(self, self._edges)

    async def on_event(self, event: events.Event) -> None:
        if not self.drag.take(event) and not self._edges.click(event):
            await super().on_event(event)
