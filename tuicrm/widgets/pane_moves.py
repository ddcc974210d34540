"""Moving the cursor of a pane over what it can stand on: by one, by pages, to the ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from textual.geometry import Offset, Size

from tuicrm.widgets.controller import Controller
from tuicrm.widgets.rows import Rows, nearest

Target = TypeVar("Target")


class MovedPane(Protocol[Target]):
    """The pane, as far as moving its cursor needs it."""

    @property
    def rows(self) -> Rows[Target] | None:
        """The lines as they are drawn; None before there is anything to show."""

    @property
    def cursor(self) -> Target | None:
        """What the cursor stands on; None while there is nothing."""

    @property
    def size(self) -> Size: ...
    @property
    def scroll_offset(self) -> Offset: ...
    def move_to(self, target: Target) -> None:
        """Put the cursor on a target and bring it into view."""

    def show_from(self, top: int) -> bool:
        """Scroll so that this line is the first one; whether it was another."""


class PaneMoves(Controller, Generic[Target]):
    """Moves the cursor of a pane; where there is nothing to stand on, the pane scrolls."""

    def __init__(self, pane: MovedPane[Target]) -> None:
        self._pane = pane

    def do_move_down(self) -> None:
        self._step(down=True)

    def do_move_up(self) -> None:
        self._step(down=False)

    def do_move_page_down(self) -> None:
        self._page(down=True)

    def do_move_page_up(self) -> None:
        self._page(down=False)

    def do_move_first(self) -> None:
        self._end(last=False)

    def do_move_last(self) -> None:
        self._end(last=True)

    def _step(self, down: bool) -> None:
        pane, rows = self._pane, self._pane.rows
        if rows is None:
            return
        if pane.cursor is None:
            pane.show_from(pane.scroll_offset.y + (1 if down else -1))
            return
        first, last = rows.span(pane.cursor)
        lines = range(last + 1, len(rows.rows)) if down else range(first - 1, -1, -1)
        found = next((target for y in lines if (target := rows.at(y)) is not None), None)
        if found is not None:
            pane.move_to(found)
        else:
            # Nothing further to stand on: show the heading above the first, the hints below the last.
            pane.show_from(len(rows.rows) if down else 0)

    def _page(self, down: bool) -> None:
        pane, rows = self._pane, self._pane.rows
        if rows is None:
            return
        pages = max(pane.size.height - 1, 1) * (1 if down else -1)
        top = pane.scroll_offset.y
        if pane.cursor is None:
            pane.show_from(top + pages)
            return
        y = min(max(rows.span(pane.cursor)[0] + pages, 0), len(rows.rows) - 1)
        pane.show_from(top + pages)
        if (found := nearest(rows, y)) is not None:
            pane.move_to(found)

    def _end(self, last: bool) -> None:
        pane, rows = self._pane, self._pane.rows
        if rows is None:
            return
        lines = range(len(rows.rows) - 1, -1, -1) if last else range(len(rows.rows))
        pane.show_from(len(rows.rows) if last else 0)
        if pane.cursor is not None:
            pane.move_to(next(target for y in lines if (target := rows.at(y)) is not None))


class ListMoves(Controller):
    """The same with the keys of a list that is walked through while something else has the cursor: an input, a menu."""

    def __init__(self, moves: PaneMoves[int], walked: Callable[[], None] = lambda: None) -> None:
        """`walked` is told that one went down or up by one."""
        self._moves = moves
        self._walked = walked

    def do_list_down(self) -> None:
        self._walked()
        self._moves.do_move_down()

    def do_list_up(self) -> None:
        self._walked()
        self._moves.do_move_up()

    def do_list_page_down(self) -> None:
        self._moves.do_move_page_down()

    def do_list_page_up(self) -> None:
        self._moves.do_move_page_up()
