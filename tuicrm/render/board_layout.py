"""Where a board's columns stand: as many full ones as fit, the rest folded to three cells, sliding with the cursor."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

LEAST_CELLS = 23
MOST_CELLS = 40
FOLDED_CELLS = 3
EMPTY_CELLS = 16
"""What an empty column takes where all columns have room."""
COMPACT_BELOW = 100


class ColumnBox(NamedTuple):
    """A column's place: its number (from 0, of all columns), first cell, width in cells."""

    column: int
    x: int
    width: int
    folded: bool


def is_compact(width: int) -> bool:
    """Whether a screen of this width is drawn without margins and with short sums."""
    return width < COMPACT_BELOW


def board_layout(
    width: int,
    columns: int,
    folded: Collection[int] = (),
    cursor: int = 0,
    first: int = 0,
    empty: Collection[int] = (),
) -> list[ColumnBox]:
    """The columns that show on `width` cells, left to right. Those that are `empty` give room to the others: narrower where all fit,
    else folded before the others are.

    The cursor's column is full, always. `first` is the leftmost full column drawn before (`first_full` of the last answer):
    columns slide no further than needed. Where even three cells each are too much, those farthest from the cursor are left out.
    """
    if not columns or width <= 0:
        return []
    margin, gap = (0, 1) if is_compact(width) else (1, 2)
    room = width - 2 * margin + gap
    shown = _shown(columns, cursor, (room - LEAST_CELLS - gap) // (FOLDED_CELLS + gap))
    openable = [index for index in shown if index == cursor or index not in folded]
    most = max((room - len(shown) * (FOLDED_CELLS + gap)) // (LEAST_CELLS - FOLDED_CELLS), 1)
    lively = [index for index in openable if index not in empty]
    if lively and len(openable) > most:
        openable = [index for index in openable if index == cursor or index not in empty]
    full = set(_window(openable, most, cursor, first))
    # Where all of them fit, empty ones are narrow whether or not the cursor stands there: nothing moves while it goes along.
    narrow = {index for index in full if index in empty} if lively else set()
    wide = len(full) - len(narrow)
    spare = room - wide * (MOST_CELLS + gap) - len(narrow) * (EMPTY_CELLS + gap)
    spare -= (len(shown) - len(full)) * (FOLDED_CELLS + gap)
    for index in shown:
        # What full ones cannot use opens empty ones.
        if (
            lively
            and index in empty
            and index not in full
            and index not in folded
            and spare >= EMPTY_CELLS - FOLDED_CELLS
        ):
            full.add(index)
            narrow.add(index)
            spare -= EMPTY_CELLS - FOLDED_CELLS
    taken = (len(shown) - len(full)) * (FOLDED_CELLS + gap) + len(narrow) * (EMPTY_CELLS + gap)
    each = max(min((room - taken) // wide - gap, MOST_CELLS), 1) if wide else EMPTY_CELLS
    if wide and not margin and each > LEAST_CELLS:
        # The last cell of the screen stays free where that costs no column: a number that touches the edge reads as cut.
        each = max(min((room - 1 - taken) // wide - gap, MOST_CELLS), 1)
    boxes, x = [], margin
    for index in shown:
        is_full = index in full
        cells = (EMPTY_CELLS if index in narrow else each) if is_full else FOLDED_CELLS
        boxes.append(ColumnBox(index, x, cells, not is_full))
        x += boxes[-1].width + gap
    return boxes


def first_full(boxes: Sequence[ColumnBox]) -> int:
    """The leftmost full column, to hand to the next `board_layout`."""
    return next((box.column for box in boxes if not box.folded), 0)


def _shown(columns: int, cursor: int, others: int) -> range:
    """The cursor's column and up to `others` more around it."""
    count = min(columns, max(others, 0) + 1)
    start = min(max(cursor - count // 2, 0), columns - count)
    return range(start, start + count)


def _window(openable: Sequence[int], most: int, cursor: int, first: int) -> Sequence[int]:
    """Up to `most` neighbours, the cursor's column among them, starting at `first` where possible."""
    at = openable.index(cursor)
    start = next((place for place, index in enumerate(openable) if index >= first), 0)
    start = min(max(start, at - most + 1), at, max(len(openable) - most, 0))
    return openable[start : start + most]
