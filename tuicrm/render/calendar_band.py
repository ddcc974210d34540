"""Whole days, and what takes longer than a day: bars across the days in a band on top of the hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tuicrm.domain.calendar import CalendarDay, CalendarEntry, EntryKey
from tuicrm.render.calendar import entry_line
from tuicrm.render.compose import blank, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import RAIL


class Band:
    """The band of some days, of `most` lines at most. `apart`: the days are several calendars of one day, nothing goes across."""

    def __init__(self, days: Sequence[CalendarDay], width: int, most: int, *, apart: bool = False) -> None:
        self._days = [[one for one in day.entries if self.holds(one)] for day in days]
        self._width = width
        self._apart = apart
        lanes = self._laid_out()
        self._hidden = [0] * len(days)
        keep = most if len(lanes) <= most else most - 1
        for lane in lanes[keep:]:
            for at, entry in enumerate(lane):
                self._hidden[at] += entry is not None
        self._lanes = lanes[:keep]
        self.lines = len(self._lanes) + (1 if any(self._hidden) else 0)
        """Lines that it takes."""

    @staticmethod
    def holds(entry: CalendarEntry) -> bool:
        """Whether an entry stands in the band."""
        return entry.whole or entry.end - entry.begin >= timedelta(days=1)

    def _laid_out(self) -> list[list[CalendarEntry | None]]:
        """Lanes, each with what stands in it by day: an entry of several days keeps its lane."""
        lanes: list[list[CalendarEntry | None]] = []
        placed: set[EntryKey] = set()
        for at, entries in enumerate(self._days):
            for entry in entries:
                if entry.key in placed and not self._apart:
                    continue
                placed.add(entry.key)
                last = at
                while not self._apart and last + 1 < len(self._days) and entry in self._days[last + 1]:
                    last += 1
                lane = next((one for one in lanes if not any(one[at : last + 1])), None)
                if lane is None:
                    lane = [None for _day in self._days]
                    lanes.append(lane)
                lane[at : last + 1] = [entry] * (last + 1 - at)
        return lanes

    def entries(self, at: int) -> list[CalendarEntry]:
        """What stands in it on a day, those that are not drawn too."""
        return self._days[at]

    def has(self, at: int, key: EntryKey | None) -> bool:
        """Whether an entry stands in it on a day."""
        return any(one.key == key for one in self._days[at])

    def at(self, day: int, y: int) -> CalendarEntry | None:
        """What is on one of its lines on a day; on the last, of those that are not drawn, the first."""
        if y < len(self._lanes):
            return self._lanes[y][day]
        drawn = {one.key for lane in self._lanes for one in (lane[day],) if one is not None}
        return next((one for one in self._days[day] if one.key not in drawn), None)

    def line(self, y: int, key: EntryKey | None, moved: EntryKey | None) -> Line:
        """One of its lines, all days wide."""
        if y >= len(self._lanes):
            return tuple(run for count in self._hidden for run in self._more(count))
        runs: list[Run] = []
        lane, at = self._lanes[y], 0
        while at < len(lane):
            entry, last = lane[at], at
            while last + 1 < len(lane) and entry is not None and lane[last + 1] is entry and not self._apart:
                last += 1
            cells = self._width * (last + 1 - at)
            runs.append(Run(RAIL, "rule"))
            if entry is None:
                runs += blank(cells - 1)
            else:
                runs += entry_line(entry, cells - 1, selected=entry.key == key, moved=entry.key == moved)
            at = last + 1
        return tuple(runs)

    def _more(self, count: int) -> Line:
        told = (Run(RAIL, "rule"), Run(f"+{count}", "link")) if count else (Run(RAIL, "rule"),)
        return pad(told, self._width)
