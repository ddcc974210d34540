"""A zone written whole (VTIMEZONE): as rules that go on for ever where its clocks follow rules, else change by change.

Programs that know the zone's name take their own; the others (Outlook's older ones, libraries) have nothing but this (khal#817).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from tuicrm.domain.activities.rules import WEEKDAYS
from tuicrm.exchange.ical.zones import zone_info

_AHEAD = 30
"""Years for which a rule must hold to be taken for one."""
_STEP = timedelta(days=20)
_SECOND = timedelta(seconds=1)
_LAST_YEAR = 2400


class _Onset(NamedTuple):
    """A change of clocks: the wall time at which it comes (as clocks went before), the offsets, what the time is called then."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def sort_of(self) -> tuple[bool, timedelta, timedelta, str]:
        return self.summer, self.before, self.after, self.name


@lru_cache(maxsize=64)
def zone_lines(zone: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """The content lines of a zone's VTIMEZONE, good from the first year on; where its clocks follow no rule, until the last one."""
    first, last = max(first_year - 1, 1902), min(last_year, _LAST_YEAR)
    onsets = _onsets(zone_info(zone), first, last + _AHEAD)
    settled = _settled(onsets, last)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    for onset in _initial(zone_info(zone), first, onsets):
        lines += _lines(onset, "")
    for _sort, group in groupby(sorted(onsets, key=lambda one: (one.sort_of, one.wall)), key=lambda one: one.sort_of):
        of_sort = list(group)
        for onset in of_sort:
            if onset.wall.year < settled and onset.wall.year <= last + 1:
                lines += _lines(onset, "")
        ruled = [onset for onset in of_sort if onset.wall.year >= settled]
        if ruled:
            lines += _lines(ruled[0], f"RRULE:{_rule([onset.wall for onset in ruled])}")
    return (*lines, "END:VTIMEZONE")


def _onsets(tz: tzinfo, first: int, last: int) -> list[_Onset]:
    """The changes of clocks from the beginning of a year to the end of another."""
    found: list[_Onset] = []
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + _STEP
        if _state(tz, moment) != _state(tz, later):
            onset = _between(tz, moment, later)
            here, before = onset.astimezone(tz), (onset - _SECOND).astimezone(tz)
            gone, come = before.utcoffset() or timedelta(), here.utcoffset() or timedelta()
            # In Dublin winter is the time that is put back: summer is when clocks go forward, whatever it is called.
            summer = come > gone and here.dst() != before.dst()
            found.append(_Onset((onset + gone).replace(tzinfo=None), gone, come, here.tzname() or "", summer))
            later = onset
        moment = later
    return found


def _state(tz: tzinfo, moment: datetime) -> tuple[timedelta | None, str | None]:
    here = moment.astimezone(tz)
    return here.utcoffset(), here.tzname()


def _between(tz: tzinfo, low: datetime, high: datetime) -> datetime:
    """The moment between two at which the clocks change first."""
    before = _state(tz, low)
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low) // _SECOND // 2)
        low, high = (middle, high) if _state(tz, middle) == before else (low, middle)
    return high


def _settled(onsets: Sequence[_Onset], last: int) -> int:
    """The first year from which all changes follow rules, to the end of what is known; a year behind all where they never do."""
    never = last + _AHEAD + 1
    years = sorted({onset.wall.year for onset in onsets})
    if not years or years[-1] < last + _AHEAD:
        return never
    for year in years:
        rest = [onset for onset in onsets if onset.wall.year >= year]
        spans = last + _AHEAD - year + 1
        sorts = {onset.sort_of for onset in rest}
        if all(
            _rule(walls) and len(walls) == spans
            for sort in sorts
            if (walls := [o.wall for o in rest if o.sort_of == sort])
        ):
            return year if year <= last + 1 else never
    return never


def _rule(walls: Sequence[datetime]) -> str:
    """The yearly rule that gives all of these, one a year; "" where there is none."""
    one = walls[0]
    if any((wall.month, wall.weekday(), wall.time()) != (one.month, one.weekday(), one.time()) for wall in walls):
        return ""
    head, day = f"FREQ=YEARLY;BYMONTH={one.month};BYDAY=", WEEKDAYS[one.weekday()]
    days = [wall.day for wall in walls]
    weeks = {(number - 1) // 7 + 1 for number in days}
    if all(wall.day + 7 > monthrange(wall.year, wall.month)[1] for wall in walls):
        return f"{head}-1{day}"
    if len(weeks) == 1:
        return f"{head}{weeks.pop()}{day}"
    if max(days) - min(days) <= 6:
        return f"{head}{day};BYMONTHDAY={','.join(str(min(days) + more) for more in range(7))}"
    return ""


def _initial(tz: tzinfo, year: int, onsets: Sequence[_Onset]) -> Iterator[_Onset]:
    """What held before the first change: without it the time until then would have no offset."""
    start = datetime(year, 1, 1)  # noqa: DTZ001 - a wall time
    if not onsets or onsets[0].wall > start:
        here = start.replace(tzinfo=tz)
        offset = here.utcoffset() or timedelta()
        yield _Onset(start, offset, offset, here.tzname() or "", bool(here.dst()))


def _lines(onset: _Onset, rule: str) -> list[str]:
    kind = "DAYLIGHT" if onset.summer else "STANDARD"
    body = [
        f"DTSTART:{onset.wall:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(onset.before)}",
        f"TZOFFSETTO:{_offset(onset.after)}",
        *([f"TZNAME:{onset.name}"] if onset.name else []),
        *([rule] if rule else []),
    ]
    return [f"BEGIN:{kind}", *body, f"END:{kind}"]


def _offset(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}{f'{rest:02}' if rest else ''}"
