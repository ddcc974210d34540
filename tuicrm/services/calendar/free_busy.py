"""Who is busy when, and when several people, and rooms, are free together.

Somebody is busy also with what one may not read: that is told, and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from tuicrm.domain.activities.spans import Span, free, merged
from tuicrm.domain.activities.wall import place
from tuicrm.domain.activities.working import WorkingTime, working_time
from tuicrm.domain.kinds.base import BadValue
from tuicrm.services.calendar import rooms
from tuicrm.services.calendar.occurrences import between
from tuicrm.services.calendar.shown import Whose, taken
from tuicrm.services.kernel.session import Session

AHEAD = 92
"""Days that are looked through for a free time."""
_STEP = 14
"""Days that are read at once: most look for a time next week."""


def busy(session: Session, whose: Whose, begin: datetime, end: datetime) -> list[Span]:
    """When any of these people or rooms is busy, soonest first, without overlaps."""
    found = taken(between(session, begin, end, whose), session.zone)
    booked = (span for room in whose.rooms for span in rooms.busy(session, room, Span(begin, end)))
    return merged([*found, *booked])


def next_free(
    session: Session, whose: Whose, length: timedelta, after: datetime, *, working: WorkingTime | None = None
) -> Span | None:
    """The next stretch of working time in which all of them are free for so long, from a moment on; None where there is nothing in
    three months. Without `working` the hours of the workspace, on the clock of who asks."""
    hours = working or working_time(session.context().settings)
    for begin, end in _stretches(after):
        within = list(working_spans(session, hours, begin, end))
        if within:
            for span in free(busy(session, whose, within[0].start, within[-1].end), within, length):
                return Span(span.start, span.start + length)
    return None


def working_spans(session: Session, hours: WorkingTime, begin: datetime, end: datetime) -> Iterator[Span]:
    """The working time between two moments, on the clock of who asks."""
    day, last = begin.astimezone(session.zone).date(), end.astimezone(session.zone).date()
    while day <= last:
        if hours.works_on(day):
            span = _hours_on(session, hours, day)
            if span is not None and max(span.start, begin) < min(span.end, end):
                yield Span(max(span.start, begin), min(span.end, end))
        day += timedelta(days=1)


def _hours_on(session: Session, hours: WorkingTime, day: date) -> Span | None:
    try:
        first, last = (place(datetime.combine(day, clock), session.zone).moment for clock in (hours.begin, hours.end))
    except BadValue:
        return None
    return Span(first, last) if first < last else None


def _stretches(after: datetime) -> Iterator[Sequence[datetime]]:
    """Two weeks at a time. They overlap by a day, so that nothing that fits is cut."""
    begin = after.astimezone(UTC)
    try:
        edges = [begin + timedelta(days=days) for days in range(0, AHEAD + _STEP, _STEP)]
    except OverflowError:
        return
    for one, other in pairwise(edges):
        yield one, other + timedelta(days=1)
