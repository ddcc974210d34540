"""What stands in somebody's calendar in a stretch of time: activities, and each occurrence of series (`shown.py` says how they show).

What is read is what is in that time. Orders of the table by start, by moment and by day are kept answers of the store, of which only a
range is asked for; what lasts beyond a day is among the few that are marked so (`domain/activities/lasting.py`), and series are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from tuicrm.domain.activities.lasting import FAR, LONG, OVER, REACH
from tuicrm.domain.activities.planned import Activity, read
from tuicrm.domain.activities.series import Occurrence, Series, last_day, occurrences, series_of
from tuicrm.domain.activities.spans import Span
from tuicrm.domain.activities.wall import read_day, whole_days
from tuicrm.domain.conditions import ALWAYS, And, Condition, Empty, Not, OneOf, Or, Sort, Test
from tuicrm.domain.stamps import stamp
from tuicrm.services.calendar.field_bookings import booked_by_fields
from tuicrm.services.calendar.shown import Shown, Viewpoint, Whose, day_of, in_order, shifted, time_of
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Asked, Ordered, Record

__all__ = ["DayShown", "Shown", "Whose", "between", "days", "people_of", "prepare"]

_ALL = 1 << 40
_OPEN = Test("done", "boolean", "=", False)
_SERIES = And((Not(Empty("rule")), _OPEN))
_SINGLE = Or((Empty("rule"), Not(_OPEN)))
_BY_START, _BY_AT, _BY_DAY = (Sort("start", "datetime"),), (Sort("at", "datetime"),), (Sort("day", "date"),)


class DayShown(Struct, frozen=True):
    """A day, how much begins on it or goes on, and the first of it."""

    day: str
    count: int
    first: tuple[Shown, ...]


class _Time(NamedTuple):
    """A stretch of time, and its days on the person's clock, both included."""

    span: Span
    first: str
    last: str


def between(session: Session, begin: datetime, end: datetime, whose: Whose) -> list[Shown]:
    """What stands in these calendars between two moments (aware, half open), soonest first; of rooms also what fields book."""
    looking, time = _looking(session, whose), _time(session, begin, end)
    if time is None or _is_nobody(whose, looking):
        return []
    where = _where(looking)
    ids = dict.fromkeys((*_beginning(session, time, where), *_lasting(session, time, where)))
    booked = booked_by_fields(session, looking.rooms, time.span)
    found = [*_singles(looking, time, ids), *_repeated(looking, time, where), *booked]
    return in_order(found, session.zone)


def days(session: Session, first: date, last: date, whose: Whose, most: int) -> list[DayShown]:
    """Days of these calendars, each with the first `most` of what is on it: of a day of thousands no more is read than is shown. What
    is shorter than a day is on the one on which it begins."""
    looking, time = _looking(session, whose), _time(session, *whole_days(first, last, session.zone))
    if time is None or _is_nobody(whose, looking):
        return []
    if not (looking.keys or looking.rooms) and not _reads_all(session):
        return _by_reading(session, time, whose, most)
    where = _where(looking)
    further = [*_singles(looking, time, _lasting(session, time, where)), *_repeated(looking, time, where)]
    booked = booked_by_fields(session, looking.rooms, time.span)
    found = []
    for day in _each(first, last):
        begin, end = whole_days(day, day, session.zone)
        here = _Time(Span(begin, end), day.isoformat(), day.isoformat())
        windows = [session.store.window(one, most) for one in _ordered(here, where, timedelta())]
        ids = dict.fromkeys(id for window in windows for id in window.ids)
        of_day = [one for one in further if _touches(session, one, here)]
        # What lasts is among those of the day on which it begins.
        later = [one for one in of_day if one.occurrence or not _begins(session, one, here.first)]
        later += [one for one in booked if _touches(session, one, here)]
        shown = in_order([*_singles(looking, here, ids), *later], session.zone)
        found.append(DayShown(here.first, sum(window.count for window in windows) + len(later), tuple(shown[:most])))
    return found


def prepare(session: Session, whose: Whose) -> None:
    """Read what the others need, from a thread: nobody else waits meanwhile."""
    for sort, where in _orders(_where(_looking(session, whose))):
        session.store.prepare(ACTIVITIES, Asked(where, sort), lambda _done, _of: None)


def people_of(session: Session, whose: Whose) -> set[str]:
    """The people whose calendars are meant, those of the department too."""
    workspace = session.workspace
    parts = workspace.departments.tree(whose.department) if whose.department else set()
    inside = {one.key for one in workspace.people.values() if one.department in parts and not one.retired}
    return {*whose.people, *inside}


# -- what is asked -----------------------------------------------------------------------------------------------------
def _looking(session: Session, whose: Whose) -> Viewpoint:
    return Viewpoint(session, frozenset(people_of(session, whose)), whose.rooms)


def _is_nobody(whose: Whose, looking: Viewpoint) -> bool:
    """Whether a department is meant in which nobody is."""
    return bool(whose.department) and not looking.keys and not looking.rooms


def _reads_all(session: Session) -> bool:
    return all(session.access.readable(key) == ALWAYS for key in session.workspace.types)


def _time(session: Session, begin: datetime, end: datetime) -> _Time | None:
    if end <= begin:
        return None
    first, last = (day_of(at, session.zone) for at in (begin, end - timedelta(microseconds=1)))
    return _Time(Span(begin.astimezone(UTC), end.astimezone(UTC)), first, last)


def _where(looking: Viewpoint) -> Condition | None:
    """What leaves only these calendars; None for everybody's."""
    people = tuple(sorted(looking.keys))
    parts: list[Condition] = [OneOf("responsible", "person", people)] if people else []
    parts += [OneOf(f"people.{key}", "list", ("asked", "accepted", "maybe")) for key in people]
    parts += [OneOf("rooms", "list", looking.rooms)] if looking.rooms else []
    return Or(tuple(parts)) if parts else None


def _orders(where: Condition | None) -> list[tuple[tuple[Sort, ...], Condition]]:
    """What the store keeps to answer: by when it begins, by its moment, by day; of everybody what lasts, and what repeats."""
    mine = (_SINGLE,) if where is None else (where, _SINGLE)
    return [
        (_BY_START, And((*mine, Not(Empty("start"))))),
        (_BY_AT, And((*mine, Empty("start"), Empty("day")))),
        (_BY_DAY, And((*mine, Not(Empty("day"))))),
        *(((Sort(mark, "datetime"),), And((_SINGLE, Not(Empty(mark))))) for mark in (OVER, FAR)),
        (_BY_AT, _SERIES),
    ]


def _ordered(time: _Time, where: Condition | None, before: timedelta) -> Iterator[Ordered]:
    """The ranges of what begins in that time, or so long before it."""
    begin, end = stamp(shifted(time.span.start, -before)), stamp(time.span.end)
    bounds = ((begin, end), (begin, end), (time.first, last_day(time.last, 2)))
    for (sort, condition), (least, below) in zip(_orders(where), bounds, strict=False):
        yield Ordered(ACTIVITIES, condition, sort, least=least, below=below)


def _beginning(session: Session, time: _Time, where: Condition | None) -> Iterator[int]:
    for asked in _ordered(time, where, LONG):
        yield from session.store.window(asked, _ALL).ids


def _lasting(session: Session, time: _Time, where: Condition | None) -> Sequence[int]:
    """What lasts beyond a day and is not over then: few of everybody's, among whom these people's are looked for."""
    begin, end = stamp(time.span.start), stamp(shifted(time.span.end, REACH))
    ids: list[int] = []
    for (sort, condition), below in zip(_orders(None)[3:5], (end, None), strict=True):
        asked = Ordered(ACTIVITIES, condition, sort, least=begin, below=below)
        ids += session.store.window(asked, _ALL).ids
    return session.store.among(ACTIVITIES, ids, where or ALWAYS)


# -- what is found -----------------------------------------------------------------------------------------------------
def _read(looking: Viewpoint, ids: Iterable[int]) -> list[Activity]:
    records: list[Record] = looking.session.store.get(ACTIVITIES, ids)
    return [read(one.id, one.rev, one.doc) for one in records]


def _singles(looking: Viewpoint, time: _Time, ids: Iterable[int]) -> Iterator[Shown]:
    """Of these, what is in that time."""
    known = _read(looking, ids)
    titles = looking.titles(known)
    for activity in known:
        one, last = time_of(activity)
        if _is_in(time, one, last) and (shown := looking.shown(activity, one, last, titles)):
            yield shown


def _repeated(looking: Viewpoint, time: _Time, where: Condition | None) -> Iterator[Shown]:
    """Occurrences of open series in that time: the next one that is open, and what comes after it. What a script gave a rule that
    cannot be followed stands for itself."""
    sort, condition = _orders(None)[5]
    store = looking.session.store
    ids: Sequence[int] = store.window(Ordered(ACTIVITIES, condition, sort), _ALL).ids
    known = _read(looking, store.among(ACTIVITIES, ids, where) if where is not None else ids)
    found = [(activity, one, last) for activity in known for one, last in _times(activity, time)]
    titles = looking.titles([activity for activity, _one, _last in found])
    for activity, one, last in found:
        shown = looking.shown(activity, one, last, titles)
        if shown is not None:
            yield shown


def _times(activity: Activity, time: _Time) -> Iterator[tuple[Occurrence, str]]:
    series = series_of(activity)
    if series is None:
        one, last = time_of(activity)
        if _is_in(time, one, last):
            yield one, last
        return
    for one in _open_ones(series, activity, time):
        yield one, last_day(one.day, series.days) if one.span is None else ""


def _open_ones(series: Series, activity: Activity, time: _Time) -> Iterator[Occurrence]:
    first, last, since = read_day(time.first), read_day(time.last), time_of(activity)[0].span
    if not series.whole_day:
        for one in occurrences(series, *time.span):
            if one.span is not None and (since is None or one.span.start >= since.start):
                yield one
    elif first is not None and last is not None:
        begin, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last))
        for one in occurrences(series, begin, shifted(end, timedelta(days=1))):
            if one.day >= activity.day:
                yield one


def _is_in(time: _Time, one: Occurrence, last: str) -> bool:
    if one.span is None:
        return bool(one.day) and one.day <= time.last and last >= time.first
    return one.span.start < time.span.end and (one.span.end > time.span.start or one.span.start >= time.span.start)


# -- day by day --------------------------------------------------------------------------------------------------------
def _each(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def _touches(session: Session, one: Shown, time: _Time) -> bool:
    """Whether it is on a day; of a series, what is shorter than a day is on the one on which it begins."""
    if one.span is None:
        return one.day <= time.last and one.last_day >= time.first
    if one.span.length <= LONG:
        return _begins(session, one, time.first)
    return one.span.start < time.span.end and one.span.end > time.span.start


def _begins(session: Session, one: Shown, day: str) -> bool:
    return (one.day if one.span is None else day_of(one.span.start, session.zone)) == day


def _by_reading(session: Session, time: _Time, whose: Whose, most: int) -> list[DayShown]:
    """Where not all may be counted that is there."""
    shown = between(session, *time.span, whose)
    found = []
    first, last = read_day(time.first), read_day(time.last)
    for day in _each(first, last) if first is not None and last is not None else ():
        here = _Time(Span(*whole_days(day, day, session.zone)), day.isoformat(), day.isoformat())
        of_day = [one for one in shown if _touches(session, one, here)]
        found.append(DayShown(here.first, len(of_day), tuple(of_day[:most])))
    return found
