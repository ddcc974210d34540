"""What a calendar shows, as data that needs no store: made by `services/calendar/calendar_days.py`, drawn by `render/calendar*.py`.

All times are wall times of whoever reads, naive and to the minute: a calendar is looked at on one's own clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from msgspec import Struct

from tuicrm.domain.items import Ref

Thing = TypeVar("Thing")

CalendarLook: TypeAlias = Literal["day", "week", "month", "agenda", "side"]
"""How a stretch of days is shown; "side": one day, a column for each calendar."""

EntryKey: TypeAlias = tuple[int, str]
"""An activity, and which occurrence of it ("" where it is no series)."""

SLOT = 30
"""Minutes of a line of the grid, and of a step."""
DAY_MINUTES = 24 * 60
AGENDA_DAYS = 28
_LAST_DAY = date.max - timedelta(days=400)
_FIRST_DAY = date.min + timedelta(days=400)


class CalendarEntry(Struct, frozen=True):
    """One activity, or one occurrence of a series, in a calendar.

    It takes [begin, end); of whole days (`whole`), `end` is the midnight after the last. `busy`: whose details are not for this
    person, `what` then says no more than that. `about` is the item it hangs on, `initials` are of who is responsible; `sign` tells
    kinds apart without colours. `takes`: people are not free then."""

    activity: int
    begin: datetime
    end: datetime
    what: str
    occurrence: str = ""
    whole: bool = False
    owner: Ref | None = None
    about: str = ""
    kind: str = ""
    sign: str = ""
    colour: str = ""
    initials: str = ""
    place: str = ""
    late: bool = False
    done: bool = False
    busy: bool = False
    repeats: bool = False
    takes: bool = False

    @property
    def key(self) -> EntryKey:
        """What names it."""
        return self.activity, self.occurrence

    @property
    def is_booking(self) -> bool:
        """Whether it is no activity: a field of the item books the time."""
        return self.activity < 0

    @property
    def last(self) -> date:
        """The last day that it touches."""
        return (self.end - timedelta(minutes=1)).date() if self.end > self.begin else self.begin.date()

    def on(self, day: date) -> tuple[int, int]:
        """The minutes of a day that it takes, from and to; a whole day for whole ones."""
        midnight = datetime.combine(day, time())
        return max(_minutes(self.begin - midnight), 0), min(_minutes(self.end - midnight), DAY_MINUTES)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


class CalendarDay(Struct, frozen=True):
    """A day: what is in it, whole days first, then by time. Of a day with very much, `more` stand in it besides."""

    day: date
    entries: tuple[CalendarEntry, ...] = ()
    more: int = 0


class CalendarSpot(NamedTuple):
    """Where the cursor is: a day and a minute of it, the entry that it stands on (None: on free time), and which column of several
    calendars side by side."""

    day: date
    minute: int = 0
    key: EntryKey | None = None
    column: int = 0

    @property
    def at(self) -> datetime:
        """The moment."""
        return datetime.combine(self.day, time()) + timedelta(minutes=self.minute)


def _weekday(day: date) -> bool:
    return day.weekday() < 5


class WorkHours(Struct, frozen=True):
    """When people work: minutes of the day, from and to, and on which days (`domain/activities/working.py` says)."""

    begin: int = 9 * 60
    end: int = 18 * 60
    is_on: Callable[[date], bool] = _weekday


# -- which days --------------------------------------------------------------------------------------------------------
def shown_days(look: CalendarLook, day: date, first_weekday: int = 0) -> list[date]:
    """The days that are shown around a day: one, its week, the weeks of its month; of an agenda, four weeks from it on."""
    day = held(day)
    if look in ("day", "side"):
        return [day]
    if look == "agenda":
        return [day + timedelta(days=n) for n in range(AGENDA_DAYS)]
    first = week_of(day if look == "week" else day.replace(day=1), first_weekday)
    if look == "week":
        return [first + timedelta(days=n) for n in range(7)]
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    weeks = -(-(after - first).days // 7)
    return [first + timedelta(days=n) for n in range(7 * weeks)]


def week_of(day: date, first_weekday: int = 0) -> date:
    """The first day of its week."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def held(day: date) -> date:
    """The day, or the nearest that a calendar shows: at the two ends of time there are no weeks to turn over."""
    return min(max(day, _FIRST_DAY), _LAST_DAY)


def paged(look: CalendarLook, day: date, pages: int) -> date:
    """The day a page on: a week of days and weeks, a month of months (its last day where it has no such), a day side by side."""
    if look == "side":
        return held(day + timedelta(days=pages))
    if look in ("day", "week"):
        return held(day + timedelta(days=7 * pages))
    if look == "agenda":
        return held(day + timedelta(days=AGENDA_DAYS * pages))
    months = day.year * 12 + day.month - 1 + pages
    year, month = divmod(months, 12)
    first = held(date(min(max(year, 2), 9998), month + 1, 1))
    return first.replace(day=min(day.day, _days_in(first)))


def _days_in(day: date) -> int:
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (after - timedelta(days=1)).day


# -- side by side ------------------------------------------------------------------------------------------------------
class Lane(NamedTuple):
    """Where one of several stands that overlap: in which lane, of how many; and with how many it is in one knot."""

    lane: int
    of: int
    knot: int
    """Which knot of overlapping ones it is in: a number of its own."""


def lanes(things: Sequence[Thing], taken: Callable[[Thing], tuple[int, int]]) -> list[Lane]:
    """Lanes for things that each take [from, to) of something: those that overlap, through others too, are one knot and share its
    lanes. In the order of `things`, which are to be sorted by where they begin."""
    found: list[tuple[int, int]] = []
    widths: list[int] = []
    ends: list[int] = []
    until = -1
    for thing in things:
        begin, end = taken(thing)
        if begin >= until:
            ends, until = [], -1
            widths.append(0)
        lane = next((at for at, one in enumerate(ends) if one <= begin), len(ends))
        ends[lane:] = [end, *ends[lane + 1 :]]
        until = max(until, end)
        widths[-1] = max(widths[-1], len(ends))
        found.append((lane, len(widths) - 1))
    return [Lane(lane, widths[knot], knot) for lane, knot in found]


def in_order(entries: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    """Whole days first, then by when they begin, the longest first."""
    return sorted(entries, key=lambda one: (not one.whole, one.begin, -(one.end - one.begin), one.key))


def days_with(entries: Iterable[CalendarEntry], days: Sequence[date]) -> list[CalendarDay]:
    """Days that follow one another, with what is in each of them."""
    by_day: dict[date, list[CalendarEntry]] = {day: [] for day in days}
    for entry in entries:
        day, last = max(entry.begin.date(), days[0]), min(entry.last, days[-1])
        while day <= last:
            by_day[day].append(entry)
            day += timedelta(days=1)
    return [CalendarDay(day, tuple(in_order(found))) for day, found in by_day.items()]


def free_minutes(days: Iterable[CalendarDay], hours: WorkHours) -> tuple[tuple[int, int], ...]:
    """The minutes of work, from and to, at which everybody whose day it is is free."""
    taken = sorted(entry.on(day.day) for day in days for entry in day.entries if entry.takes)
    found, at = [], hours.begin
    for begin, end in taken:
        if begin > at:
            found.append((at, min(begin, hours.end)))
        at = max(at, end)
    if at < hours.end:
        found.append((at, hours.end))
    return tuple(one for one in found if one[0] < one[1])
