"""Where the entries of a day stand in its column, and what is in their blocks.

Those that overlap share the column's width; where it is full, `+2` tells of the others.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from tuicrm.domain.calendar import DAY_MINUTES, SLOT, CalendarDay, CalendarEntry, EntryKey, lanes
from tuicrm.render.calendar import clock, entry_bar, entry_ink, entry_line, entry_mark, grounded, title_of
from tuicrm.render.calendar_band import Band
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, cut, width, wrap

ROWS = DAY_MINUTES // SLOT
_LEAST_LANE, _LEAST_WIDE_LANE = 5, 7
_WIDE_FROM = 13
_MORE_CELLS = 3
_WRAPPED = 200
"""Characters of a text that are looked at: it goes on in the next lines of a block where no word of it has to be broken."""
_TIMED_CELLS = 18
"""From which width on a line of its own begins with the time."""


class GridColumn(Struct, frozen=True):
    """A column: a day, and the name of the calendar where it is not the day's."""

    day: CalendarDay
    label: str = ""


class GridBlock(NamedTuple):
    """Where an entry stands in its column: rows [row, end) and cells [x, x + width). Several that find no room are one, `+n`."""

    row: int
    end: int
    x: int
    width: int
    entries: tuple[CalendarEntry, ...]
    is_more: bool = False

    def has(self, key: EntryKey | None) -> bool:
        """Whether an entry is it, or among it."""
        return any(one.key == key for one in self.entries)


def timed(day: CalendarDay) -> list[CalendarEntry]:
    """What stands in the hours of a day."""
    return [one for one in day.entries if not Band.holds(one)]


def rows_of(entry: CalendarEntry, column: GridColumn) -> tuple[int, int]:
    """The rows that an entry takes in a column, one at least."""
    begin, end = entry.on(column.day.day)
    first = min(begin // SLOT, ROWS - 1)
    return first, max(-(-end // SLOT), first + 1)


def blocks_of(column: GridColumn, cells: int) -> list[GridBlock]:
    """Where the entries of a column stand on so many cells."""
    entries = timed(column.day)
    rows = [rows_of(one, column) for one in entries]
    found = lanes(rows, lambda taken: taken)
    least = _LEAST_LANE if cells < _WIDE_FROM else _LEAST_WIDE_LANE
    most = max(cells // least, 1)
    blocks, hidden = [], dict[int, list[int]]()
    for at, lane in enumerate(found):
        full = lane.of > most
        shown = max((cells - _MORE_CELLS) // least, 1) if full else lane.of
        if lane.lane >= shown:
            hidden.setdefault(lane.knot, []).append(at)
            continue
        room = cells - _MORE_CELLS if full else cells
        width = room // shown
        last = room - width * (shown - 1)
        blocks.append(
            GridBlock(*rows[at], lane.lane * width, last if lane.lane == shown - 1 else width, (entries[at],))
        )
    for those in hidden.values():
        row = rows[those[0]][0]
        left = max(cells - _MORE_CELLS, 0)
        blocks.append(GridBlock(row, row + 1, left, _MORE_CELLS, tuple(entries[at] for at in those), True))
    return blocks


def block_lines(
    entry: CalendarEntry, cells: int, rows: int, *, selected: bool = False, moved: bool = False
) -> list[Line]:
    """An entry as a block: what it is in as many lines as it needs, from when to when, what it hangs on."""
    times = clock(entry.begin) if cells >= _TIMED_CELLS and rows == 1 else ""
    room = cells - 1
    marks = len(entry_mark(entry)) + moved
    wraps = rows > 1 and all(width(word) <= room - marks for word in clean(title_of(entry)[:_WRAPPED]).split())
    title = wrap(title_of(entry), max(room - marks, 1), limit=max(rows - 1, 1)) if wraps else []
    text = title[0] if len(title) > 1 else ""
    lines = [entry_line(entry, cells, selected=selected, moved=moved, times=times, text=text)]
    bar = entry_bar(entry, selected=selected)
    more = [(text, entry_ink(entry)) for text in title[1:]] + _details(entry, room)
    for text, ink in more[: rows - 1]:
        lines.append(grounded(pad((bar, Run(cut(text, room), ink)), cells), selected=selected, moved=moved))
    empty = grounded(pad((bar,), cells), selected=selected, moved=moved)
    return [*lines, *[empty] * (rows - len(lines))]


def _details(entry: CalendarEntry, room: int) -> list[tuple[str, str]]:
    """From when to when, and unless that is for others, what it hangs on and where it is; each with its ink."""
    begin = clock(entry.begin)
    from_to = f"{begin}–{clock(entry.end)}"
    told = [] if entry.busy else [entry.about, entry.place]
    lines = [from_to if room >= len(from_to) else begin if room >= len(begin) else "", *told]
    return [(one, "dim") for one in lines if one]
