"""The days of a calendar as they are shown: read for one person, on their own clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from tuicrm.domain.activities.wall import read_day
from tuicrm.domain.activities.working import working_time
from tuicrm.domain.calendar import SLOT, CalendarDay, CalendarEntry, WorkHours, days_with, in_order
from tuicrm.domain.conditions import Condition
from tuicrm.domain.config_records import ActivityKind
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.moments import local
from tuicrm.services.calendar import occurrences
from tuicrm.services.calendar.occurrences import DayShown, Shown, Whose, between
from tuicrm.services.items.activity_kinds import kind_of
from tuicrm.services.kernel.session import Session

_LAST = date.max - timedelta(days=1)
_USUAL = timedelta(minutes=SLOT)


class CalendarReader:
    """Reads the days of somebody's calendars; of a type's items alone, and those that a condition leaves, where one is given."""

    def __init__(self, session: Session, whose: Whose, type_key: str = "", where: Condition | None = None) -> None:
        self._session = session
        self.whose = whose
        self.type = type_key
        self._where = where

    def entries(self, first: date, last: date) -> list[CalendarEntry]:
        """What touches these days, soonest first. Raises BadValue for days that no clock has."""
        session, context = self._session, self._session.context()
        begin, end = (local(day, time(), context) for day in (first, last + timedelta(days=1)))
        shown = between(session, begin, end, self.whose)
        if self.type:
            kept = self._kept(shown)
            shown = [one for one in shown if one.owner in kept]
        return in_order(self._told(shown))

    def days(self, days: Sequence[date], room: int = 0) -> list[CalendarDay]:
        """Days that follow one another, with what is in them. With a `room`, of each only so many are read, and the others counted."""
        if room and not self.type:
            found = occurrences.days(self._session, days[0], days[-1], self.whose, room)
            return [self._first_of(one) for one in found] or [CalendarDay(day) for day in days]
        return days_with(self.entries(days[0], days[-1]), days)

    def _first_of(self, day: DayShown) -> CalendarDay:
        there = tuple(in_order(self._told(day.first)))
        return CalendarDay(date.fromisoformat(day.day), there, max(day.count - len(there), 0))

    def _kept(self, shown: Sequence[Shown]) -> set[Ref]:
        owners = {one.owner.id for one in shown if one.owner is not None and one.owner.type == self.type}
        return {Ref(self.type, one) for one in self._session.among(self.type, sorted(owners), self._where)}

    def _told(self, shown: Iterable[Shown]) -> Iterator[CalendarEntry]:
        """What is shown of what has a time, or days that there are: a script may have written anything."""
        for one in shown:
            if one.span is not None or (read_day(one.day) and read_day(one.last_day or one.day)):
                yield self._entry(one)

    def _entry(self, shown: Shown) -> CalendarEntry:
        session = self._session
        person = session.workspace.people.get(shown.responsible)
        begin, end = self._wall(shown)
        kind = kind_of(session, shown.kind) if shown.kind else ActivityKind("", "")
        return CalendarEntry(
            activity=shown.activity,
            occurrence=shown.occurrence,
            begin=begin,
            end=end,
            whole=shown.span is None,
            what=shown.what,
            owner=shown.owner,
            about=shown.title,
            kind=shown.kind,
            sign=kind.symbol,
            colour=shown.colour or kind.colour,
            place=shown.place,
            initials=person.initials if person else "",
            late=shown.late,
            done=shown.done,
            busy=shown.busy,
            repeats=shown.repeats,
            takes=shown.takes,
        )

    def _wall(self, shown: Shown) -> tuple[datetime, datetime]:
        """From when to when on the person's clock; a minute at least, since an hour may come twice."""
        if shown.span is None:
            first, last = read_day(shown.day) or date.min, read_day(shown.last_day or shown.day) or date.min
            return datetime.combine(first, time()), datetime.combine(min(last, _LAST), time()) + timedelta(days=1)
        begin, end = (self._on_clock(moment) for moment in shown.span)
        if begin.date() < end.date() and end - begin <= _USUAL:
            end = datetime.combine(end.date(), time())  # what is short is of the day in which it begins
        return begin, max(end, begin + timedelta(minutes=1))

    def _on_clock(self, moment: datetime) -> datetime:
        try:
            here = moment.astimezone(self._session.zone)
        except OverflowError:
            here = moment.astimezone(UTC)
        return here.replace(tzinfo=None, second=0, microsecond=0)


def with_moved(days: Sequence[CalendarDay], entry: CalendarEntry) -> list[CalendarDay]:
    """The days with one of their entries at another time."""
    kept = [replace(day, entries=tuple(one for one in day.entries if one.key != entry.key)) for day in days]
    added = {one.day: one.entries for one in days_with([entry], [day.day for day in days])}
    return [replace(day, entries=tuple(in_order((*day.entries, *added[day.day])))) for day in kept]


def wall_now(session: Session) -> datetime:
    """Now on the person's clock, to the minute."""
    return session.clock().astimezone(session.zone).replace(tzinfo=None, second=0, microsecond=0)


def work_hours(session: Session) -> WorkHours:
    """When people work here."""
    working = working_time(session.context().settings)
    begin, end = (one.hour * 60 + one.minute for one in (working.begin, working.end))
    return WorkHours(begin, end, working.works_on)
