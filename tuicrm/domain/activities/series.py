"""Series: what repeats, at the same time on the wall of its zone, through every change of clocks (reference §11, RFC 5545).

A rule runs over naive times on the wall; each is then placed in the zone (`wall.py`). Series of whole days are dates and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from heapq import merge

from msgspec import Struct

from tuicrm.domain.activities import rules
from tuicrm.domain.activities.expanding import falls, falls_between, first_fall
from tuicrm.domain.activities.lasting import LONGEST
from tuicrm.domain.activities.planned import Activity
from tuicrm.domain.activities.rule_told import told
from tuicrm.domain.activities.rule_words import read_rule
from tuicrm.domain.activities.spans import Span, overlaps
from tuicrm.domain.activities.wall import place, read_wall, wall_of, write_wall, zone_named
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.stamps import read_stamp
from tuicrm.i18n import _
from tuicrm.limits import SKIPPED

__all__ = ["Occurrence", "Series", "check", "next_after", "occurrences", "read_rule", "series_of", "told"]

MOST = 1_000
"""Occurrences that are given at once."""
_REACH = timedelta(days=2)
"""How far times on the wall and moments are apart at most, rounded up: zones go from −12 to +14 hours."""


class Series(Struct, frozen=True):
    """What repeats. `rule` is an RRULE, "" where there are only extra ones; `wall` is the first time on the wall, or the first day
    where it is for whole days; `zone` an IANA name. An occurrence lasts `length`, exactly, or so many `days`. `skipped` and `more` are
    times on the wall (days) that fall out, and that come in addition."""

    rule: str
    wall: str
    zone: str = "UTC"
    length: timedelta = timedelta()
    days: int = 1
    skipped: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    whole_day: bool = False


class Occurrence(Struct, frozen=True):
    """One of a series: its name within it (`2027-01-18T10:00`, `2027-01-18`), when it is (None for whole days), and its first day."""

    wall: str
    span: Span | None
    day: str


def check(rule: str, wall: str = "") -> None:
    """Raise BadValue where a rule is no rule, says what we do not keep, or falls on nothing from its first time on (`wall`)."""
    known = rules.read(rule)
    start = read_wall(wall) or datetime(2024, 1, 1)
    if first_fall(known, start) is None:
        raise BadValue(_("nothing ever happens by this rule: it falls on no day at all"), rule)


@lru_cache(maxsize=1024)
def is_sound(rule: str, wall: str) -> bool:
    """Whether a rule from a record can be followed."""
    try:
        check(rule, wall)
    except BadValue:
        return False
    return True


def series_of(activity: Activity) -> Series | None:
    """The series that an activity is; None for one that does not repeat, or whose record says nothing that could be followed."""
    wall = read_wall(activity.wall) if not activity.day else read_wall(activity.wall or activity.day)
    begin, zone = read_stamp(activity.begins), zone_named(activity.zone) or UTC
    if wall is None and begin is not None and not activity.day:
        wall = wall_of(begin, zone)
    if not activity.rule or wall is None or not is_sound(activity.rule, write_wall(wall)):
        return None
    length, end = timedelta(), read_stamp(activity.end)
    if begin is not None and end is not None and end > begin:
        length = min(end - begin, LONGEST)
    first, last = read_wall(activity.day), read_wall(activity.last_day)
    days = min((last - first).days + 1, LONGEST.days) if first is not None and last is not None and last > first else 1
    return Series(
        rule=activity.rule,
        wall=_written(wall, whole_day=activity.whole_day),
        zone=activity.zone or "UTC",
        length=length,
        days=days,
        skipped=activity.skipped,
        more=activity.more[: SKIPPED.most],
        whole_day=activity.whole_day,
    )


def occurrences(series: Series, begin: datetime, end: datetime, most: int = MOST) -> list[Occurrence]:
    """Those that fall into a span of time (aware, half open), soonest first. Whole days do where one of their days does, as the days
    of `begin` and `end` are called in the zones of these."""
    zone = zone_named(series.zone) or UTC
    try:
        since = wall_of(begin, zone) - _REACH - (timedelta(days=series.days) if series.whole_day else series.length)
        until = wall_of(end, zone) + _REACH
    except OverflowError:
        since, until = datetime.min, datetime.max
    found = []
    days = begin.date().isoformat(), _day_before(end).isoformat()
    for wall in _walls(series, since, until, zone):
        one = _placed(series, wall, zone)
        if one is not None and _is_in(one, series, Span(begin, end), days):
            found.append(one)
            if len(found) == most:
                break
    return found


def next_after(series: Series, wall: str = "") -> Occurrence | None:
    """The first occurrence after a time on the wall (a day), or the very first; None behind the last."""
    zone, after = zone_named(series.zone) or UTC, read_wall(wall)
    since = datetime.min if after is None else after + timedelta(microseconds=1)
    for found in _walls(series, since, None, zone):
        one = _placed(series, found, zone)
        if one is not None:
            return one
    return None


def occurrence_at(series: Series, wall: str) -> Occurrence | None:
    """The occurrence of that name; None where the series has no such one."""
    at = read_wall(wall)
    if at is None:
        return None
    zone = zone_named(series.zone) or UTC
    return next((_placed(series, found, zone) for found in _walls(series, at, at, zone)), None)


def _walls(series: Series, since: datetime, until: datetime | None, zone: tzinfo) -> Iterator[datetime]:
    """Times on the wall from `since` to `until`, both included, soonest first: by the rule and besides, without those left out."""
    left_out = frozenset(filter(None, map(read_wall, series.skipped)))
    extra = sorted({wall for text in series.more if (wall := read_wall(text)) is not None})
    besides = (wall for wall in extra if wall >= since and (until is None or wall <= until))
    last = None
    for wall in merge(_by_rule(series, since, until, zone), besides):
        if wall != last and wall not in left_out:
            yield wall
        last = wall


def _by_rule(series: Series, since: datetime, until: datetime | None, zone: tzinfo) -> Iterator[datetime]:
    start = read_wall(series.wall)
    if not series.rule or start is None or not is_sound(series.rule, series.wall):
        return
    rule = rules.read(series.rule)
    last = rules.last_wall(rule, zone)
    if until is None or (until - since) > timedelta(days=100):
        yield from falls(rule, start, since, min(filter(None, (until, last)), default=None))
        return
    # Whole months, so that what is asked next is remembered.
    first = since.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    try:
        ends = (until.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)
    except OverflowError:
        ends = datetime.max
    for wall in falls_between(rule, start, first, ends if last is None else min(ends, last), MOST):
        if since <= wall <= until:
            yield wall


def _placed(series: Series, wall: datetime, zone: tzinfo) -> Occurrence | None:
    """An occurrence at its time; None past the end of the calendar."""
    if series.whole_day:
        day = wall.date().isoformat()
        return Occurrence(day, None, day)
    try:
        begin = place(wall, zone).moment
        return Occurrence(write_wall(wall), Span(begin, begin + series.length), wall.date().isoformat())
    except (BadValue, OverflowError):
        return None


def _is_in(one: Occurrence, series: Series, span: Span, days: tuple[str, str]) -> bool:
    if one.span is not None:
        return overlaps(one.span, span)
    return one.day <= days[1] and last_day(one.day, series.days) >= days[0]


def last_day(day: str, days: int) -> str:
    """The last of so many days from a day on."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days - 1)).isoformat()
    except (OverflowError, ValueError):
        return date.max.isoformat()


def _day_before(end: datetime) -> date:
    """The last day of a half-open span."""
    try:
        return (end - timedelta(microseconds=1)).date()
    except OverflowError:
        return end.date()


def _written(wall: datetime, *, whole_day: bool) -> str:
    return wall.date().isoformat() if whole_day else write_wall(wall)
