"""One activity, or one occurrence of a series, as somebody may see it in a calendar.

Rights are those of the item. Of what one may not read, and of others' private ones, it shows that somebody is busy then, and nothing
else; in the calendar of everybody, what one may not read is not there. Whoever declined is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.activities.planned import USUAL_KIND, Activity
from tuicrm.domain.activities.series import Occurrence
from tuicrm.domain.activities.spans import Span
from tuicrm.domain.activities.wall import day_end, read_day, whole_days, zone_named
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session

USUAL = timedelta(minutes=30)
"""How long something takes that does not say so."""


class Whose(Struct, frozen=True):
    """Whose calendars: keys of people, of a department (with all beneath it), of rooms; nothing at all means everybody's."""

    people: tuple[str, ...] = ()
    department: str = ""
    rooms: tuple[str, ...] = ()


class Shown(Struct, frozen=True):
    """What stands in a calendar: at `span` (half an hour where it has no length), or for whole days from `day` to `last_day`.
    `occurrence` is its name in its series. `busy`: only when and whose is known. `takes`: its people are not free then."""

    activity: int
    what: str
    occurrence: str = ""
    span: Span | None = None
    day: str = ""
    last_day: str = ""
    zone: str = ""
    owner: Ref | None = None
    title: str = ""
    kind: str = ""
    colour: str = ""
    place: str = ""
    responsible: str = ""
    people: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    late: bool = False
    done: bool = False
    busy: bool = False
    repeats: bool = False
    takes: bool = False


class Viewpoint(Struct, frozen=True):
    """Who looks at whose calendars: the people meant, and their rooms; neither for everybody's."""

    session: Session
    keys: frozenset[str]
    rooms: tuple[str, ...]

    def titles(self, known: Sequence[Activity]) -> Mapping[Ref, str]:
        """What the items are called that may be read."""
        session, by_type = self.session, dict[str, dict[int, None]]()
        for activity in known:
            if activity.owner.type in session.workspace.types:
                by_type.setdefault(activity.owner.type, {})[activity.owner.id] = None
        return {item.ref: session.title_of(item) for key, ids in by_type.items() for item in session.many(key, ids)}

    def shown(self, activity: Activity, one: Occurrence, last: str, titles: Mapping[Ref, str]) -> Shown | None:
        """An activity at one of its times (`last`: its last day), as this person may see it; None for what is not for them at all."""
        readable = activity.owner in titles
        if not readable and not (self.keys or self.rooms):
            return None
        busy = _busy(activity, one, last)
        if not readable or (activity.private and not activity.is_of(self.session.person_key)):
            return replace(
                busy,
                occurrence="",
                responsible=activity.responsible if activity.responsible in self.keys else "",
                people=tuple(key for key in busy.people if key in self.keys),
                rooms=tuple(key for key in activity.rooms if key in self.rooms),
            )
        return replace(
            busy,
            what=activity.what,
            owner=activity.owner,
            title=titles[activity.owner],
            kind=activity.kind,
            colour=activity.colour,
            place=activity.place,
            late=not activity.done and _due(activity, one, last) < stamp(self.session.clock()),
            done=activity.done,
            busy=False,
            repeats=bool(activity.rule or activity.of),
        )


def _busy(activity: Activity, one: Occurrence, last: str) -> Shown:
    """Whose it is and when: all that is told of what somebody may not see."""
    span = one.span
    if span is not None and span.start == span.end:
        span = Span(span.start, shifted(span.start, USUAL))
    return Shown(
        activity=activity.id,
        what=_("busy"),
        occurrence=one.wall,
        span=span,
        day=one.day if span is None else "",
        last_day=last if span is None else "",
        zone=activity.zone,
        responsible=activity.responsible,
        people=tuple(key for key, answer in activity.people.items() if answer != "declined"),
        rooms=activity.rooms,
        busy=True,
        takes=_takes(activity),
    )


def _takes(activity: Activity) -> bool:
    """Whether people are not free then: a call, a meeting, and whatever has a beginning and an end. What is to be done by some time,
    or on some day, takes none of it by itself; what is done takes no more."""
    if activity.done:
        return False
    return activity.kind != USUAL_KIND or bool(activity.end and not activity.day)


def _due(activity: Activity, one: Occurrence, last: str) -> str:
    """The moment that counts (UTC ISO)."""
    if not one.wall:
        return activity.at
    if one.span is None:
        day = read_day(last)
        return activity.at if day is None else stamp(day_end(day, zone_named(activity.zone) or UTC))
    begin, at = read_stamp(activity.begins), read_stamp(activity.at)
    return activity.at if begin is None or at is None else stamp(shifted(one.span.start, at - begin))


def time_of(activity: Activity) -> tuple[Occurrence, str]:
    """When an activity that stands for itself is, and its last day where it is for whole days."""
    if activity.day:
        return Occurrence("", None, activity.day), activity.last_day or activity.day
    begin, end = read_stamp(activity.begins), read_stamp(activity.end)
    if begin is None:
        return Occurrence("", None, ""), ""
    return Occurrence("", Span(begin, end if end is not None and end > begin else begin), ""), ""


def in_order(found: Iterable[Shown], zone: tzinfo) -> list[Shown]:
    """Soonest first; what is for a whole day before what begins on it."""

    def key(one: Shown) -> tuple[str, bool, str, int]:
        if one.span is None:
            return one.day, False, "", one.activity
        return day_of(one.span.start, zone), True, stamp(one.span.start), one.activity

    return sorted(found, key=key)


def taken(shown: Iterable[Shown], zone: tzinfo) -> list[Span]:
    """The time in which people are not free: of whole days, the days in the zone they were meant in, else the given one."""
    found: list[Span] = []
    for one in shown:
        first, last = read_day(one.day), read_day(one.last_day or one.day)
        span = one.span
        if span is None and first is not None and last is not None:
            span = _whole(first, last, zone_named(one.zone) or zone)
        if one.takes and span is not None:
            found.append(span)
    return found


def _whole(first: date, last: date, zone: tzinfo) -> Span | None:
    try:
        return Span(*whole_days(first, last, zone))
    except BadValue:
        return None


def day_of(at: datetime, zone: tzinfo) -> str:
    """The day of a moment on a clock."""
    try:
        return at.astimezone(zone).date().isoformat()
    except OverflowError:
        return at.date().isoformat()


def shifted(at: datetime, by: timedelta) -> datetime:
    """A moment later, or earlier; itself at the ends of the calendar."""
    try:
        return at + by
    except OverflowError:
        return at
