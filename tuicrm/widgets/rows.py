"""What a pane draws: lines, and what its cursor can stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from tuicrm.render.line import Line

Target = TypeVar("Target")


class Rows(Protocol[Target]):
    """Lines and what the cursor can stand on (a target may take several lines). `FieldRows` and `TimelineRows` are such."""

    @property
    def rows(self) -> Sequence[Any]:
        """One for each line; only their number is asked for."""

    def span(self, target: Target) -> tuple[int, int]:
        """First and last line of a target. Raises KeyError when it is not there."""

    def at(self, y: int) -> Target | None:
        """The target on a line; None for nothing the cursor can stand on."""

    def line(self, y: int, cursor: Target | None) -> Line:
        """The line, drawn with the cursor on a target; None for no cursor."""


Build: TypeAlias = Callable[[int], Rows[Target]]
"""Makes the rows for a width in cells."""


def nearest(rows: Rows[Target], y: int) -> Target | None:
    """The target on or after a line, else the last one before it."""
    for at in (*range(y, len(rows.rows)), *range(min(y, len(rows.rows)) - 1, -1, -1)):
        if (found := rows.at(at)) is not None:
            return found
    return None


def first_line(rows: Rows[Target], target: Target | None) -> int:
    """Where a target begins; the top where it is not there."""
    if target is None:
        return 0
    try:
        return rows.span(target)[0]
    except KeyError:
        return 0
