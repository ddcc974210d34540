"""The reminders of a person's activities: when each comes, of what may be read. What was given is in `reminders.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from tuicrm.domain.activities.planned import Activity, read
from tuicrm.domain.activities.reminding import before, before_day
from tuicrm.domain.activities.series import Occurrence, occurrence_at, occurrences, series_of
from tuicrm.domain.activities.wall import read_day, zone_named
from tuicrm.domain.activities.working import working_time
from tuicrm.domain.conditions import And, Empty, Not, OneOf, Or, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.errors import NotFound
from tuicrm.limits import REMINDER_AHEAD
from tuicrm.services.calendar.shown import shifted, time_of
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Ordered, Record

_ALL = 1 << 40
_TAKES_PART = ("asked", "accepted", "maybe")


class Reminder(Struct, frozen=True):
    """One reminder: of which activity (`occurrence`: which of a series, "" for what does not repeat), the minute `at` which it came
    (UTC ISO), when that begins (UTC ISO, or the day of what is for whole days), what it is and on which item."""

    activity: int
    occurrence: str
    at: str
    begins: str
    what: str
    kind: str
    owner: Ref
    title: str

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells it from all others of the same person."""
        return self.activity, self.occurrence, self.at


def planned(session: Session, since: datetime, until: datetime) -> Iterator[Reminder]:
    """The reminders of this person's open activities that come after one moment, and until another, as far as they may see them."""
    begin, end = stamp(since), stamp(until)
    for activity in _readable(session, _records(session, since, until)):
        for one, at in _moments(session, activity, since, until):
            if begin < at <= end and not _was_over(activity, one, at):
                yield _reminder(session, activity, one, at)


def _records(session: Session, since: datetime, until: datetime) -> Iterable[Record]:
    """Activities with reminders that may come then, and all series that have some."""
    me = session.person_key
    parts = (
        Test("done", "boolean", "=", False),
        Not(Empty("reminders")),
        Or((OneOf("responsible", "person", (me,)), OneOf(f"people.{me}", "list", _TAKES_PART))),
    )
    ahead = timedelta(minutes=REMINDER_AHEAD.most)
    least, below = shifted(since, -timedelta(days=1)), shifted(until, ahead + timedelta(days=2))
    days = least.date().isoformat(), below.date().isoformat()
    single, store = (*parts, Empty("rule")), session.store
    asked = (
        Ordered(ACTIVITIES, And((*single, Not(Empty("start")))), _by("start"), least=stamp(least), below=stamp(below)),
        Ordered(
            ACTIVITIES, And((*single, Empty("start"), Empty("day"))), _by("at"), least=stamp(least), below=stamp(below)
        ),
        Ordered(ACTIVITIES, And((*single, Not(Empty("day")))), _by("day"), least=days[0], below=days[1]),
        Ordered(ACTIVITIES, And((*parts, Not(Empty("rule")))), _by("at")),
    )
    ids = dict.fromkeys(number for one in asked for number in store.window(one, _ALL).ids)
    return store.get(ACTIVITIES, ids)


def _by(path: str) -> tuple[Sort, ...]:
    return (Sort(path, "date" if path == "day" else "datetime"),)


def _readable(session: Session, records: Iterable[Record]) -> Iterator[Activity]:
    for record in records:
        activity = read(record.id, record.rev, record.doc)
        if not activity.done and _is_for(activity, session.person_key) and session.peek(activity.owner) is not None:
            yield activity


def _is_for(activity: Activity, person: str) -> bool:
    """Whether somebody is to be reminded: whose it is, unless they declined, and who takes part."""
    answer = activity.people.get(person, "")
    return answer in _TAKES_PART or (activity.responsible == person and answer != "declined")


def _moments(
    session: Session, activity: Activity, since: datetime, until: datetime
) -> Iterator[tuple[Occurrence, str]]:
    """When an activity reminds of each of its times."""
    working = working_time(session.workspace.settings)
    for one in _times(activity, since, until):
        if one.span is not None:
            found = before(activity.reminders, one.span.start)
        elif (day := read_day(one.day)) is not None:
            found = before_day(activity.reminders, day, working, zone_named(activity.zone) or session.zone)
        else:
            continue
        for at in found:
            yield one, stamp(at)


def _was_over(activity: Activity, one: Occurrence, at: str) -> bool:
    """Whether it had begun when it was written down: nobody needs to be reminded of it."""
    begins = stamp(one.span.start) if one.span is not None else at
    return at < activity.created and begins < activity.created


def _times(activity: Activity, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """The times of an activity; of a series those from its next open one on, of which reminders may come then."""
    series, own = series_of(activity), time_of(activity)[0]
    if series is None:
        yield own
        return
    ahead = timedelta(minutes=max(activity.reminders, default=0), days=2)
    for one in occurrences(series, shifted(since, -timedelta(days=1)), shifted(until, ahead)):
        if own.span is not None and one.span is not None:
            if one.span.start >= own.span.start:
                yield one
        elif own.span is None and one.day >= own.day:
            yield one


def still_open(session: Session, activity: int, occurrence: str, at: str) -> Reminder | None:
    """A reminder that was given, of an activity as it is now; None where there is nothing left to be reminded of."""
    try:
        record = session.record(ACTIVITIES, activity)
    except NotFound:
        return None
    known = read(record.id, record.rev, record.doc)
    if known.done or not _is_for(known, session.person_key):
        return None
    one = time_of(known)[0]
    series = series_of(known)
    if occurrence and series is not None:
        named = occurrence_at(series, occurrence)
        if named is None or _is_before(named, one):
            return None
        one = named
    return _reminder(session, known, Occurrence(occurrence, one.span, one.day), at)


def _is_before(one: Occurrence, other: Occurrence) -> bool:
    if one.span is not None and other.span is not None:
        return one.span.start < other.span.start
    return one.day < other.day


def _reminder(session: Session, activity: Activity, one: Occurrence, at: str) -> Reminder:
    item = session.peek(activity.owner)
    return Reminder(
        activity=activity.id,
        occurrence=one.wall,
        at=at,
        begins=stamp(one.span.start) if one.span is not None else one.day,
        what=activity.what,
        kind=activity.kind,
        owner=activity.owner,
        title=session.title_of(item) if item is not None else "",
    )
