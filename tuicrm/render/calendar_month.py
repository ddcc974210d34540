"""The weeks of a month: a cell a day, in it what is planned, as far as there are lines; `+3` tells of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tuicrm.domain.calendar import CalendarDay, CalendarSpot, held
from tuicrm.render.board_layout import is_compact
from tuicrm.render.calendar import CalendarFrame, clock, entry_line
from tuicrm.render.compose import blank, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, BELOW, HERE_LEFT, HERE_RIGHT, RAIL
from tuicrm.render.text import cut

_TIMED_CELLS = 14
"""From which width on an entry begins with its time."""


class MonthGrid:
    """Weeks in lines (`CalendarPicture`). `days` are whole weeks; those of another month than `month` are faint."""

    def __init__(self, days: Sequence[CalendarDay], month: int, frame: CalendarFrame, cells: int, height: int) -> None:
        self._days = list(days)
        self._at = {one.day: at for at, one in enumerate(self._days)}
        self._month = month
        self._frame = frame
        self._cells = cells
        self.height = height
        self._gutter = 3 if is_compact(cells) else 6
        self._width = max((cells - self._gutter) // 7, 2)
        weeks = max(len(self._days) // 7, 1)
        spare = max(height - 1, weeks)
        self._starts = [1 + spare * week // weeks for week in range(weeks + 1)]

    def rows_of(self, week: int) -> int:
        """Lines that the cells of a week have, its days' numbers among them."""
        return self._starts[week + 1] - self._starts[week]

    def _week_at(self, y: int) -> int:
        return next((week for week in range(len(self._starts) - 1) if y < self._starts[week + 1]), -1)

    def _window(self, at: int, cursor: CalendarSpot) -> tuple[int, int]:
        """Which of a day's entries are drawn: the first ones, or those that end with the one that the cursor is on."""
        day = self._days[at]
        room = max(self.rows_of(at // 7) - 1, 0)
        first = 0
        if cursor.day == day.day and cursor.key is not None:
            here = next((n for n, one in enumerate(day.entries) if one.key == cursor.key), 0)
            first = max(here - room + 1, 0)
        return first, min(first + room, len(day.entries))

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def settled(self, cursor: CalendarSpot) -> CalendarSpot:
        """The cursor on something that is there."""
        at = self._at.get(cursor.day)
        there = at is not None and any(one.key == cursor.key for one in self._days[at].entries)
        return cursor._replace(column=0) if there else cursor._replace(key=None, column=0)

    def moved(self, cursor: CalendarSpot, across: int, down: int) -> CalendarSpot:
        """Where the cursor goes."""
        return CalendarSpot(held(cursor.day + timedelta(days=across + 7 * down)), cursor.minute)

    def stops(self) -> list[CalendarSpot]:
        """The entries, one after the other."""
        return [
            CalendarSpot(day.day, 0 if one.whole else one.on(day.day)[0], one.key)
            for day in self._days
            for one in day.entries
        ]

    def at(self, x: int, y: int) -> CalendarSpot | None:
        """What is under a cell."""
        week, column = self._week_at(y), (x - self._gutter) // self._width if x >= self._gutter else -1
        if y < 1 or week < 0 or not 0 <= column < 7:
            return None
        at = week * 7 + column
        day = self._days[at]
        here = CalendarSpot(day.day, self._frame.hours.begin)
        n = y - self._starts[week] - 1
        first, last = self._window(at, here)
        if not 0 <= n < last - first:
            return here
        entry = day.entries[first + n]
        return CalendarSpot(day.day, 0 if entry.whole else entry.on(day.day)[0], entry.key)

    # -- drawing -------------------------------------------------------------------------------------------------------
    def line(self, y: int, cursor: CalendarSpot) -> Line:
        """One line, with the cursor."""
        if y == 0:
            runs: list[Run] = [*blank(self._gutter)]
            for one in self._days[:7]:
                works = self._frame.hours.is_on(one.day)
                name = self._frame.day_name(one.day).split(" ")[0]
                runs += pad((Run(f" {cut(name, self._width - 2)}", "heading" if works else "faint"),), self._width)
            return pad(tuple(runs), self._cells)
        week = self._week_at(y)
        if week < 0:
            return blank(self._cells)
        n = y - self._starts[week]
        runs = [*self._number_of(week, n)]
        for at in range(week * 7, week * 7 + 7):
            runs += self._cell(at, n, cursor)
        return pad(tuple(runs), self._cells)

    def _number_of(self, week: int, n: int) -> Line:
        """The week's number, as ISO counts them: that of its Thursday."""
        thursday = next(one.day for one in self._days[week * 7 : week * 7 + 7] if one.day.weekday() == 3)
        return (Run(f"{thursday.isocalendar().week:>{self._gutter - 1}} ", "faint"),) if n == 0 else blank(self._gutter)

    def _cell(self, at: int, n: int, cursor: CalendarSpot) -> Line:
        day, here = self._days[at], cursor.day == self._days[at].day
        inside = self._width - 1
        first, last = self._window(at, cursor)
        if n == 0:
            line = self._number(at, len(day.entries) - (last - first) + day.more, here and cursor.key is None)
        elif n - 1 < last - first:
            entry = day.entries[first + n - 1]
            times = clock(entry.begin) if inside >= _TIMED_CELLS and self._begins_here(at, first + n - 1) else ""
            selected = here and entry.key == cursor.key
            line = entry_line(entry, inside, selected=selected, times=times, moved=entry.key == self._frame.moved)
        else:
            line = blank(inside)
        drop = self._frame.drop
        if drop is not None and drop.day == day.day:
            line = on(line, "on:mark")
        rail = Run(BAR, "accent") if here and cursor.key is None else Run(RAIL, "rule")
        drawn: Line = (rail, *line)
        return drawn if self._frame.hours.is_on(day.day) else on(drawn, "on:panel")

    def _begins_here(self, at: int, n: int) -> bool:
        entry = self._days[at].entries[n]
        return not entry.whole and entry.begin.date() == self._days[at].day

    def _number(self, at: int, more: int, selected: bool) -> Line:
        """`▐23▌        +3`: the day of the month, of the first with the month's name, and how many are not drawn."""
        day, frame = self._days[at].day, self._frame
        today = day == frame.now.date()
        name = f"{day.day} {frame.month_name(day)}" if day.day == 1 else str(day.day)
        ink = "today bold" if today else "value" if day.month == self._month else "faint"
        dropped = frame.drop is not None and frame.drop.day == day
        left, right = (HERE_LEFT, HERE_RIGHT) if today else (BELOW if dropped else " ", "")
        words = (Run(left, "today" if today else "accent"), Run(name, ink), Run(right, "today"))
        told = (Run(f"+{more}", "link"),) if more > 0 else ()
        line = spread(tuple(run for run in words if run.text), told, self._width - 1)
        return on(line, "on:cursor") if selected else line
