"""Things to choose from as rows of a pane: one a line, the cursor stands on their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from tuicrm.render.compose import blank, on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR

Thing = TypeVar("Thing")


class ThingRows(Generic[Thing]):
    """The things as rows; drawn when they are shown."""

    def __init__(self, things: Sequence[Thing], draw: Callable[[Thing, int], Line], cells: int) -> None:
        self._things = things
        self._draw = draw
        self._cells = cells

    @property
    def rows(self) -> Sequence[Any]:
        return self._things

    def span(self, target: int) -> tuple[int, int]:
        if not 0 <= target < len(self._things):
            raise KeyError(target)
        return target, target

    def at(self, y: int) -> int | None:
        return y if 0 <= y < len(self._things) else None

    def line(self, y: int, cursor: int | None) -> Line:
        if not 0 <= y < len(self._things):
            return blank(self._cells)
        here = y == cursor
        line = (
            Run(BAR if here else " ", "accent"),
            *pad(self._draw(self._things[y], self._cells - 1), self._cells - 1),
        )
        return on(line, "on:cursor") if here else line
