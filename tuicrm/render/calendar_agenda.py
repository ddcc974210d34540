"""What is planned as a list, day by day: only days that hold something, and today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

from msgspec import Struct

from tuicrm.domain.calendar import CalendarDay, CalendarEntry, CalendarSpot, held
from tuicrm.i18n import _
from tuicrm.render.board_layout import is_compact
from tuicrm.render.calendar import CalendarFrame, clock, entry_bar, entry_ink, entry_mark, entry_sign, title_of
from tuicrm.render.compose import blank, line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BELOW, DOT, HERE_LEFT, HERE_RIGHT, LINE
from tuicrm.render.text import cut, fit, wrap

_TIMES = 11


class AgendaRow(Struct, frozen=True):
    """A line: the heading of a day, one of its entries, or (neither) a blank one."""

    day: date
    heading: bool = False
    entry: CalendarEntry | None = None


class AgendaRows:
    """Days in lines (`CalendarPicture`); `top` is the first line in sight."""

    def __init__(
        self, days: Sequence[CalendarDay], frame: CalendarFrame, cells: int, height: int, top: int = 0
    ) -> None:
        self._days = list(days)
        self._frame = frame
        self._cells = cells
        self.height = height
        self.rows = self._listed()
        self._found: tuple[CalendarSpot, int] | None = None
        self.top = max(min(top, len(self.rows) - height), 0)

    def _listed(self) -> list[AgendaRow]:
        found: list[AgendaRow] = []
        for day in self._days:
            if not day.entries and day.day != self._frame.now.date():
                continue
            if found:
                found.append(AgendaRow(day.day))
            found.append(AgendaRow(day.day, heading=True))
            found += [AgendaRow(day.day, entry=one) for one in day.entries]
        return found

    @cached_property
    def is_empty(self) -> bool:
        """Whether nothing is planned in all of these days."""
        return not any(row.entry for row in self.rows)

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def _index(self, cursor: CalendarSpot) -> int:
        """The row of the cursor: its entry on its day, else its day's heading; -1 for none."""
        # Each line asks for it, of thousands of rows.
        if self._found is None or self._found[0] != cursor:
            self._found = cursor, self._find(cursor)
        return self._found[1]

    def _find(self, cursor: CalendarSpot) -> int:
        rows = enumerate(self.rows)
        there = [at for at, row in rows if row.day == cursor.day and (row.entry is not None or row.heading)]
        return next(
            (at for at in there if (one := self.rows[at].entry) is not None and one.key == cursor.key),
            there[0] if there else -1,
        )

    def settled(self, cursor: CalendarSpot) -> CalendarSpot:
        """The cursor on something that is there."""
        at = self._index(cursor)
        there = [one for one in self._stops if one.day == cursor.day] if at >= 0 and self.rows[at].heading else []
        if there:
            # On a day that holds something, the cursor is on what comes next in it.
            near = next((one for one in there if one.minute >= cursor.minute), there[-1])
            return cursor._replace(key=near.key, column=0)
        if at >= 0:
            return cursor._replace(column=0)
        after = next((spot for spot in self._stops if spot.day >= cursor.day), None)
        return after or cursor._replace(key=None, column=0)

    @cached_property
    def _stops(self) -> list[CalendarSpot]:
        """Where the cursor can stand: entries, and the heading of a day that has no such thing."""
        found = []
        for at, row in enumerate(self.rows):
            alone = row.heading and (at + 1 >= len(self.rows) or self.rows[at + 1].entry is None)
            if row.entry is not None or alone:
                found.append(self._spot(row))
        return found

    def _spot(self, row: AgendaRow) -> CalendarSpot:
        if row.entry is None:
            return CalendarSpot(row.day, self._frame.hours.begin)
        return CalendarSpot(row.day, 0 if row.entry.whole else row.entry.on(row.day)[0], row.entry.key)

    def moved(self, cursor: CalendarSpot, across: int, down: int) -> CalendarSpot:
        """Where the cursor goes."""
        stops = self._stops
        here = next((at for at, one in enumerate(stops) if (one.day, one.key) == (cursor.day, cursor.key)), -1)
        if across:
            beside = [one for one in stops if (one.day > cursor.day if across > 0 else one.day < cursor.day)]
            if not beside:
                return CalendarSpot(held(cursor.day + timedelta(days=across)), cursor.minute)
            day = beside[0].day if across > 0 else beside[-1].day
            return next(one for one in stops if one.day == day)
        if here < 0:
            near = [one for one in stops if (one.day >= cursor.day) == (down > 0)]
            return (near[0] if down > 0 else near[-1]) if near else cursor
        return stops[min(max(here + down, 0), len(stops) - 1)]

    def stops(self) -> list[CalendarSpot]:
        """The entries, one after the other."""
        return [one for one in self._stops if one.key is not None]

    def top_for(self, cursor: CalendarSpot) -> int:
        """The first line in sight where the cursor is to be seen, with its day's heading where there is room."""
        at = self._index(cursor)
        if at < 0:
            return 0
        heading = max((n for n in range(at + 1) if self.rows[n].heading), default=at)
        first = heading if at - heading < self.height else at
        if self.top <= first and at < self.top + self.height:
            return self.top
        wanted = first - self.height // 2 if first > self.top else first
        return max(wanted, at - self.height + 1, 0) if first >= self.height // 2 else 0

    def at(self, _x: int, y: int) -> CalendarSpot | None:
        """What is under a cell."""
        row = self.rows[self.top + y] if 0 <= self.top + y < len(self.rows) else None
        return self._spot(row) if row is not None and (row.heading or row.entry is not None) else None

    # -- drawing -------------------------------------------------------------------------------------------------------
    def line(self, y: int, cursor: CalendarSpot) -> Line:
        """One line, with the cursor."""
        at = self.top + y
        if self.is_empty and at >= len(self.rows) + (1 if self.rows else 0):
            return self._empty(at - len(self.rows) - (1 if self.rows else 0))
        row = self.rows[at] if at < len(self.rows) else None
        if row is None or not (row.heading or row.entry is not None):
            return blank(self._cells)
        drawn = self._heading(row) if row.entry is None else self._entry(row, row.entry)
        if self._frame.drop is not None and row.heading and self._frame.drop.day == row.day:
            return on((Run(BELOW, "accent bold"), *pad(drawn[1:], self._cells - 1)), "on:mark")
        if row.entry is not None and row.entry.key == self._frame.moved:
            return on(drawn, "on:mark")
        return on(drawn, "on:cursor") if at == self._index(cursor) else drawn

    def _empty(self, n: int) -> Line:
        """Says in words that there is nothing, and with which key something is planned."""
        first, last = self._days[0].day, self._days[-1].day
        title = self._frame.day_title
        told = _("Nothing is planned from {first} to {last}; {key} plans something.")
        told = told.format(first=title(first), last=title(last), key=self._frame.plan_key)
        lines = wrap(told, max(self._cells - 4, 1))
        return pad((Run(f"  {lines[n]}", "faint"),), self._cells) if n < len(lines) else blank(self._cells)

    def _heading(self, row: AgendaRow) -> Line:
        today = row.day == self._frame.now.date()
        name = cut(self._frame.day_title(row.day), max(self._cells - 6, 1))
        left, right = (HERE_LEFT, HERE_RIGHT) if today else (" ", " ")
        ink = "today bold" if today else "heading"
        words: Line = (Run(left, "today"), Run(name, ink), Run(right, "today"))
        return (*words, Run(LINE * (self._cells - line_width(words) - 1), "rule"), Run(" "))

    def _entry(self, row: AgendaRow, entry: CalendarEntry) -> Line:
        """`  09:00–09:30 ▌☏ Call Paolo            Rossi Srl · Blue room   AB`."""
        ink, mark = entry_ink(entry), entry_mark(entry)
        when = Run(f"  {fit(self._times(row, entry), _TIMES)} ", "late" if entry.late else "dim")
        sign = Run(f"{entry_sign(entry)} ", "faint")
        initials = (Run(f" {fit(entry.initials, 3)} ", "faint"),) if entry.initials else (Run("  "),)
        beside = f" {DOT} ".join(one for one in (entry.about, entry.place) if one) if not entry.busy else ""
        left = (when, entry_bar(entry), Run(f"{mark:<1} ", f"{ink} bold"), sign)
        room = self._cells - line_width(left) - line_width(initials)
        most = room // 3 if is_compact(self._cells) else room // 2
        right = (Run(f"  {cut(beside, max(most - 2, 1))}", "dim"),) if beside and most > 8 else ()
        what = Run(cut(title_of(entry), max(room - line_width(right), 1)), ink)
        return spread((*left, what), (*right, *initials), self._cells)

    @staticmethod
    def _times(row: AgendaRow, entry: CalendarEntry) -> str:
        if entry.whole:
            return _("whole day")
        begin = clock(entry.begin) if entry.begin.date() == row.day else "…"
        return f"{begin}–{clock(entry.end) if entry.last == row.day else '…'}"
