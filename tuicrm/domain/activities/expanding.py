"""On which times a rule falls, by `dateutil.rrule` over naive times on the wall: with bounded work, wherever one looks.

Three things bound it. A rule is looked at from the period on that is asked about, not from its first occurrence on: what it takes from
that one is written into it before (`_explicit`), and periods are counted in whole intervals. It runs at the end of the calendar, some
multiple of 400 years later (weekdays and leap years are the same there), so that a rule which falls on nothing any more ends soon.
And the last one of a COUNT is found once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tuicrm.domain.activities.rules import Rule

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_CYCLE = 400
"""Years after which the calendar repeats, with its weekdays."""
_AHEAD = 60
"""Years that are looked through at least: 29 February of a leap year on a Monday comes every 28 or 40."""


def falls(rule: Rule, start: datetime, since: datetime, until: datetime | None = None) -> Iterator[datetime]:
    """The times from `since` to `until`, both included, on which a rule falls that begins at `start`. All are naive. COUNT is minded;
    what UNTIL says hangs on the zone, so whoever asks has it in `until`."""
    if rule.count:
        last = _last_counted(rule, start)
        if last is None:
            return
        until = last if until is None else min(until, last)
    yield from _falls(rule, start, max(since, start), until)


def _falls(rule: Rule, start: datetime, since: datetime, until: datetime | None) -> Iterator[datetime]:
    explicit = _explicit(rule, start)
    begin = _begin(explicit, start, since)
    if begin is None or (until is not None and begin > until):
        return
    away = max((9999 - _AHEAD - begin.year) // _CYCLE, 0) * _CYCLE
    try:
        for found in _rrule(explicit, begin.replace(year=begin.year + away)):
            wall = found.replace(year=found.year - away)
            if until is not None and wall > until:
                return
            if wall >= since:
                yield wall
    except (OverflowError, ValueError):  # the end of the calendar
        return


@lru_cache(maxsize=2048)
def falls_between(rule: Rule, start: datetime, since: datetime, until: datetime, most: int) -> tuple[datetime, ...]:
    """The first `most` of `falls`, remembered: a calendar asks for the same month again and again."""
    return tuple(wall for wall, _n in zip(falls(rule, start, since, until), range(most), strict=False))


@lru_cache(maxsize=1024)
def first_fall(rule: Rule, start: datetime) -> datetime | None:
    """The first time on which a rule falls from `start` on; None for one that falls on nothing."""
    return next(_falls(rule, start, start, None), None)


@lru_cache(maxsize=1024)
def _last_counted(rule: Rule, start: datetime) -> datetime | None:
    """The last of so many times; None where there is not even one."""
    last = None
    for wall, _n in zip(_falls(rule, start, start, None), range(rule.count), strict=False):
        last = wall
    return last


def counted(rule: Rule, start: datetime, before: datetime) -> int:
    """How many of a rule's times come before a time: at most so many as its COUNT has, and those of a series without one are not
    counted (0)."""
    if not rule.count:
        return 0
    return sum(1 for _wall in falls(rule, start, start, before - timedelta(microseconds=1)))


def _explicit(rule: Rule, start: datetime) -> Rule:
    """The rule with what it leaves to its first occurrence."""
    if rule.names_days:
        return rule
    if rule.frequency == "WEEKLY":
        return replace(rule, days=((0, start.weekday()),))
    if rule.frequency == "MONTHLY":
        return replace(rule, month_days=(start.day,))
    if rule.frequency == "YEARLY":
        return replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
    return rule


def _begin(rule: Rule, start: datetime, since: datetime) -> datetime | None:
    """The last period's beginning, in whole intervals from the first one, before which nothing is asked about; None past the end of
    the calendar."""
    every = rule.interval
    try:
        if rule.frequency == "DAILY":
            return start + timedelta(days=(since - start).days // every * every)
        if rule.frequency == "WEEKLY":
            week = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
            weeks = (since - week).days // 7 // every * every
            return week + timedelta(weeks=weeks) if weeks else start
        if rule.frequency == "MONTHLY":
            months = ((since.year - start.year) * 12 + since.month - start.month) // every * every
            years, month = divmod(start.month - 1 + months, 12)
            return start.replace(year=start.year + years, month=month + 1, day=1) if months else start
        years = (since.year - start.year) // every * every
        return start.replace(year=start.year + years, month=1, day=1) if years else start
    except (OverflowError, ValueError):
        return None


def _rrule(rule: Rule, start: datetime) -> rrule:
    # 15 ms: only where something repeats.
    from dateutil import rrule as rules

    weekday = (rules.MO, rules.TU, rules.WE, rules.TH, rules.FR, rules.SA, rules.SU)
    return rules.rrule(
        getattr(rules, rule.frequency),
        dtstart=start,
        interval=rule.interval,
        wkst=rule.week_start,
        bysetpos=rule.positions or None,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byyearday=rule.year_days or None,
        byweekno=rule.weeks or None,
        byweekday=[weekday[day](which) if which else weekday[day] for which, day in rule.days] or None,
    )
