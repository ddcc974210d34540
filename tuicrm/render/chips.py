"""Labels in a row (stages, tabs) of which one is current: how many fit, and where each stands for the mouse."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tuicrm.render.line import Line


class ChipSpan(msgspec.Struct, frozen=True):
    """Cells `start` to `end` (not included) belong to `key`."""

    key: str
    start: int
    end: int


class Chips(msgspec.Struct, frozen=True):
    """A drawn row and what stands where on it."""

    line: Line
    places: tuple[ChipSpan, ...]

    def at(self, x: int) -> str:
        """The key under a cell; "" for none."""
        return next((place.key for place in self.places if place.start <= x < place.end), "")


def window(widths: Sequence[int], here: int, cells: int) -> range:
    """The run of neighbours around `here` that fits: what follows comes first, then what went before.

    One cell is kept at each end where something is left out. The current one is in it even if it does not fit.
    """
    if not widths:
        return range(0)
    start, stop = here, here + 1

    def needs(low: int, high: int) -> int:
        return sum(widths[low:high]) + (low > 0) + (high < len(widths))

    grown = True
    while grown:
        grown = False
        if stop < len(widths) and needs(start, stop + 1) <= cells:
            stop, grown = stop + 1, True
        if start > 0 and needs(start - 1, stop) <= cells:
            start, grown = start - 1, True
    return range(start, stop)
