"""Days beside one another with their hours: the week, a day, several calendars of one day. Lines of half an hour, whole days in a
band on top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from tuicrm.domain.calendar import SLOT, CalendarSpot, EntryKey, held
from tuicrm.render.board_layout import is_compact
from tuicrm.render.calendar import CalendarFrame
from tuicrm.render.calendar_band import Band
from tuicrm.render.calendar_blocks import ROWS, GridBlock, GridColumn, block_lines, blocks_of, rows_of, timed
from tuicrm.render.compose import blank, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import ABOVE, BAR, BELOW, FOLDED, HERE_LEFT, HERE_RIGHT, LINE, MARKED, RAIL
from tuicrm.render.text import cut, width

_AIRY_FROM = 30
"""Lines from which on a rule parts the heads from the hours."""


class DayGrid:
    """Columns in lines (`CalendarPicture`); `top` is the first row in sight."""

    def __init__(
        self,
        columns: Sequence[GridColumn],
        frame: CalendarFrame,
        cells: int,
        height: int,
        top: int = 0,
        side: bool = False,
    ) -> None:
        self.columns = list(columns)
        self.frame = frame
        self.height = height
        self._cells = cells
        self._side = side
        self.gutter = 3 if is_compact(cells) else 6
        self.width = max((cells - self.gutter) // max(len(self.columns), 1), 2)
        self._airy = height >= _AIRY_FROM
        self.band = Band([one.day for one in self.columns], self.width, 2 if height < _AIRY_FROM else 4, apart=side)
        self.heads = 1 + self._airy + self.band.lines
        self.rows = max(height - self.heads, 1)
        self.top = max(min(top, ROWS - self.rows), 0)
        self._drawn: dict[tuple[EntryKey, int, int, bool], list[Line]] = {}

    @cached_property
    def blocks(self) -> list[list[GridBlock]]:
        """By column."""
        return [blocks_of(column, self.width - 1) for column in self.columns]

    @cached_property
    def _by_row(self) -> list[dict[int, list[GridBlock]]]:
        """By column and row, what stands there from the left to the right."""
        found: list[dict[int, list[GridBlock]]] = []
        for blocks in self.blocks:
            rows: dict[int, list[GridBlock]] = {}
            for block in sorted(blocks, key=lambda one: one.x):
                for row in range(block.row, block.end):
                    rows.setdefault(row, []).append(block)
            found.append(rows)
        return found

    def _there(self, at: int, row: int) -> list[GridBlock]:
        return self._by_row[at].get(row, [])

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def column_of(self, spot: CalendarSpot) -> int:
        """The column that a spot is in; -1 for none."""
        if self._side:
            here = bool(self.columns) and spot.day == self.columns[0].day.day
            return min(max(spot.column, 0), len(self.columns) - 1) if here else -1
        return next((at for at, one in enumerate(self.columns) if one.day.day == spot.day), -1)

    def top_for(self, spot: CalendarSpot) -> int:
        """The first row in sight where the cursor is to be seen: by half pages, since each scroll redraws everything."""
        row, at = spot.minute // SLOT, self.column_of(spot)
        if at >= 0 and spot.key is not None and self.band.has(at, spot.key):
            return self.top
        if self.top <= row < self.top + self.rows:
            return self.top
        return max(min(row - self.rows // 2, ROWS - self.rows), 0)

    def settled(self, cursor: CalendarSpot) -> CalendarSpot:
        """The cursor on something that is there."""
        at = self.column_of(cursor)
        if at < 0:
            return cursor
        if cursor.key is not None and self.band.has(at, cursor.key):
            return cursor
        block = next((one for one in self.blocks[at] if cursor.key is not None and one.has(cursor.key)), None)
        if block is not None:
            entry = next(one for one in block.entries if one.key == cursor.key)
            row, end = rows_of(entry, self.columns[at])
            inside = row <= cursor.minute // SLOT < end
            return cursor if inside else cursor._replace(minute=row * SLOT)
        return self._at_row(at, cursor.minute // SLOT)

    def _at_row(self, at: int, row: int, last: bool = False) -> CalendarSpot:
        """What stands at a row of a column, on its left or its right."""
        row = min(max(row, 0), ROWS - 1)
        there = self._there(at, row)
        day = self.columns[at].day.day
        if not there:
            return CalendarSpot(day, row * SLOT, None, at)
        entry = there[-1].entries[-1] if last else there[0].entries[0]
        return CalendarSpot(day, row * SLOT, entry.key, at)

    def moved(self, cursor: CalendarSpot, across: int, down: int) -> CalendarSpot:
        """Where the cursor goes."""
        at = self.column_of(cursor)
        if at < 0:
            return cursor
        return self._moved_down(at, cursor, down) if down else self._moved_across(at, cursor, across)

    def _moved_down(self, at: int, cursor: CalendarSpot, down: int) -> CalendarSpot:
        row = cursor.minute // SLOT
        banded = self.band.entries(at)
        on = next((n for n, one in enumerate(banded) if one.key == cursor.key), -1)
        if on >= 0:
            if 0 <= on + down < len(banded):
                return cursor._replace(key=banded[on + down].key)
            return self._at_row(at, self.top) if down > 0 else cursor
        block = next((one for one in self.blocks[at] if cursor.key is not None and one.has(cursor.key)), None)
        if block is not None and not block.is_more:
            row = block.end - 1 if down > 0 else block.row
        if row + down < 0 and banded:
            return cursor._replace(minute=0, key=banded[-1].key)
        return self._at_row(at, row + down)

    def _moved_across(self, at: int, cursor: CalendarSpot, across: int) -> CalendarSpot:
        row = cursor.minute // SLOT
        there = self._there(at, row)
        beside = [entry.key for block in there for entry in block.entries]
        if cursor.key in beside and 0 <= (to := beside.index(cursor.key) + across) < len(beside):
            return cursor._replace(key=beside[to])
        if 0 <= at + across < len(self.columns):
            in_band = self.band.has(at, cursor.key)
            near = self.band.entries(at + across) if in_band else []
            if near:
                return CalendarSpot(self.columns[at + across].day.day, cursor.minute, near[0].key, at + across)
            return self._at_row(at + across, row, last=across < 0)
        if self._side:
            return cursor
        return CalendarSpot(held(cursor.day + timedelta(days=across)), cursor.minute)

    def stops(self) -> list[CalendarSpot]:
        """The entries, one after the other."""
        found: list[CalendarSpot] = []
        seen: set[EntryKey] = set()
        for at, column in enumerate(self.columns):
            day = column.day.day
            for entry in self.band.entries(at):
                if entry.key not in seen or self._side:
                    seen.add(entry.key)
                    found.append(CalendarSpot(day, 0, entry.key, at))
            for entry in timed(column.day):
                if entry.key not in seen or self._side:
                    seen.add(entry.key)
                    found.append(CalendarSpot(day, rows_of(entry, column)[0] * SLOT, entry.key, at))
        return found

    def at(self, x: int, y: int) -> CalendarSpot | None:
        """What is under a cell."""
        at = (x - self.gutter) // self.width if x >= self.gutter else -1
        if not 0 <= at < len(self.columns):
            return None
        day, inside = self.columns[at].day.day, (x - self.gutter) % self.width - 1
        first = 1 + self._airy
        if y < first:
            return CalendarSpot(day, self.frame.hours.begin, None, at)
        if y < self.heads:
            entry = self.band.at(at, y - first)
            return CalendarSpot(day, 0, entry.key, at) if entry is not None else None
        row = self.top + y - self.heads
        if row >= ROWS:
            return None
        for block in self._there(at, row):
            if block.x <= max(inside, 0) < block.x + block.width:
                return CalendarSpot(day, row * SLOT, block.entries[0].key, at)
        return CalendarSpot(day, row * SLOT, None, at)

    # -- drawing -------------------------------------------------------------------------------------------------------
    def line(self, y: int, cursor: CalendarSpot) -> Line:
        """One line, with the cursor."""
        here = self.column_of(cursor)
        if y == 0:
            runs: list[Run] = [*blank(self.gutter)]
            for at in range(len(self.columns)):
                runs += self._head(at, at == here)
        elif self._airy and y == 1:
            runs = [*blank(self.gutter)]
            for column in self.columns:
                ink = "today" if self._is_today(column) and not column.label else "rule"
                runs += (Run(" "), Run(LINE * (self.width - 2), ink), Run(" "))
        elif y < self.heads:
            key = cursor.key if here >= 0 else None
            runs = [*blank(self.gutter), *self.band.line(y - 1 - self._airy, key, self.frame.moved)]
        else:
            row = self.top + y - self.heads
            if row >= ROWS:
                return blank(self._cells)
            runs = [*self._gutter(row)]
            for at in range(len(self.columns)):
                runs += self._cell(at, row, cursor if at == here else None)
        return pad(tuple(runs), self._cells)

    def _is_today(self, column: GridColumn) -> bool:
        return column.day.day == self.frame.now.date()

    def _head(self, at: int, here: bool) -> Line:
        """`▐Mon 23▌  ↑1 ↓2`: the day, and how many of its entries are out of sight."""
        column = self.columns[at]
        name = column.label or self.frame.day_name(column.day.day)
        today = self._is_today(column) and not column.label
        ink = ("today bold" if today else "value" if column.label or self._works(column) else "dim") + (
            " underline" if here else ""
        )
        bottom = self.top + self.rows
        above = sum(len(one.entries) for one in self.blocks[at] if one.end <= self.top)
        below = sum(len(one.entries) for one in self.blocks[at] if one.row >= bottom)
        told = "".join(f"{sign}{count}" for sign, count in ((ABOVE, above), (BELOW, below)) if count)
        left, right = (HERE_LEFT, HERE_RIGHT) if today else (" ", "")
        room = self.width - 1 - len(right) - (len(told) + 1 if told else 0)
        if not column.label and width(name) > room:
            name = str(column.day.day.day)
        words = (Run(left, "today"), Run(cut(name, max(room, 1)), ink), Run(right, "today"))
        return spread(words, (Run(told, "dim"),) if told else (), self.width)

    def _works(self, column: GridColumn) -> bool:
        return self.frame.hours.is_on(column.day.day)

    def _gutter(self, row: int) -> Line:
        """`09 `, `09:00 `; where it is now a sign, and where all are free another."""
        minute, now = row * SLOT, self.frame.now
        hour = f"{minute // 60:02}" if minute % 60 == 0 else ""
        text = hour and (hour if self.gutter == 3 else f"{hour}:00")
        here = any(map(self._is_today, self.columns)) and now.hour * 60 + now.minute in range(minute, minute + SLOT)
        free = any(begin <= minute and minute + SLOT <= end for begin, end in self.frame.free)
        sign = Run(FOLDED, "today bold") if here else Run(MARKED, "ok") if free else Run(" ")
        hours = self.frame.hours
        ink = "dim" if hours.begin <= minute < hours.end else "faint"
        return Run(f"{text:<{self.gutter - 1}}", ink), sign

    def _cell(self, at: int, row: int, cursor: CalendarSpot | None) -> Line:
        """One row of one column: its rail, then what stands there, and the free time between."""
        blocks = self._there(at, row)
        inner = self.width - 1
        runs: list[Run] = [*self._ground(at, row, (Run(RAIL, "rule"),))]
        x = 0
        for block in blocks:
            runs += self._free(at, row, block.x - x, None)
            runs += self._block(block, row, cursor)
            x = block.x + block.width
        alone = cursor if cursor is not None and cursor.key is None and cursor.minute // SLOT == row else None
        runs += self._free(at, row, inner - x, alone)
        return tuple(runs)

    def _free(self, at: int, row: int, cells: int, cursor: CalendarSpot | None) -> Line:
        """Free time, with the cursor, what the mouse would set down, or now."""
        if cells <= 0:
            return ()
        frame, column, minute = self.frame, self.columns[at], row * SLOT
        told = f"{minute // 60:02}:{minute % 60:02}"
        drop = frame.drop
        if drop is not None and self.column_of(drop) == at and drop.minute // SLOT == row:
            return pad((Run(cut(f"{BELOW}{told}", cells), "accent bold on:mark"),), cells, "on:mark")
        if cursor is not None:
            shown = (Run(BAR, "accent on:cursor"), Run(cut(told, cells - 1), "dim on:cursor"))
            return pad(shown if cells > 1 else shown[:1], cells, "on:cursor")
        now = frame.now
        if self._is_today(column) and now.hour * 60 + now.minute in range(minute, minute + SLOT):
            return (Run(LINE * cells, "today"),)
        return self._ground(at, row, blank(cells))

    def _ground(self, at: int, row: int, line: Line) -> Line:
        """Hours in which nobody works have a ground of their own."""
        hours, minute = self.frame.hours, row * SLOT
        works = self._works(self.columns[at]) and hours.begin <= minute < hours.end
        return line if works else on(line, "on:panel")

    def _block(self, block: GridBlock, row: int, cursor: CalendarSpot | None) -> Line:
        selected = cursor is not None and block.has(cursor.key)
        if block.is_more:
            ink = "accent bold on:cursor" if selected else "link on:bar"
            return pad(
                (Run(f"+{min(len(block.entries), 99)}", ink),), block.width, "on:cursor" if selected else "on:bar"
            )
        entry = block.entries[0]
        drawn = (entry.key, block.width, block.end - block.row, selected)
        if drawn not in self._drawn:
            moved = entry.key == self.frame.moved
            self._drawn[drawn] = block_lines(entry, *drawn[1:3], selected=selected, moved=moved)
        return self._drawn[drawn][row - block.row]
