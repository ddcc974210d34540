"""Rules of recurrence (RFC 5545, RRULE) as they are kept: taken apart, checked, written.

What we keep repeats by the day or more seldom, at the time of its first occurrence: parts that would say otherwise (BYHOUR, …) are
refused. UNTIL is a day, which is included; one with a time, as other programs write it, is read as well.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Literal, TypeAlias, cast

from msgspec import Struct

from tuicrm.domain.activities.wall import wall_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.i18n import _
from tuicrm.limits import REPEAT_COUNT, REPEAT_EVERY, RULE, shortened
from tuicrm.regex import regex

Frequency: TypeAlias = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
WeekdayInPeriod: TypeAlias = tuple[int, int]
"""Which one (0: each, 2: the second, -1: the last), and the weekday from 0, a Monday."""

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = regex(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = regex(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)(Z?))?")


class Rule(Struct, frozen=True):
    """A rule, taken apart. `count` 0 and `until` "" for one without an end; `until` as it was written."""

    frequency: Frequency
    interval: int = 1
    count: int = 0
    until: str = ""
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[WeekdayInPeriod, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    @property
    def names_days(self) -> bool:
        """Whether it says itself on which days it falls; else they are those of the first occurrence."""
        return bool(self.weeks or self.year_days or self.month_days or self.days)


def expected() -> str:
    """What to say where something is no rule."""
    return _("a rule is expected, such as FREQ=WEEKLY;BYDAY=MO, FREQ=MONTHLY;BYMONTHDAY=31 or FREQ=DAILY;COUNT=10")


@lru_cache(maxsize=512)
def read(text: str) -> Rule:
    """A rule from its text, with or without `RRULE:` before it. Raises BadValue, with a sentence of what is wrong with it."""
    if len(text) > RULE.most:
        raise BadValue(RULE.told, shortened(text))
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = (word.strip() for word in part.partition("="))
        if not equals or not value or name in parts:
            raise BadValue(expected(), text)
        parts[name] = value
    frequency = _frequency(parts.pop("FREQ", ""), text)
    count, until = _end(parts)
    months, weeks, year_days, month_days, positions = (
        _numbers(parts.pop(name, ""), name, most) for name, _field, most in _LISTS
    )
    rule = Rule(
        frequency=frequency,
        interval=_interval(parts.pop("INTERVAL", "1")),
        count=count,
        until=until,
        months=months,
        weeks=weeks,
        year_days=year_days,
        month_days=month_days,
        days=_days(parts.pop("BYDAY", ""), frequency),
        positions=positions,
        week_start=_week_start(parts.pop("WKST", "MO")),
    )
    if parts:
        name = next(iter(parts))
        raise BadValue(
            _("a rule with {name} cannot be kept: an activity repeats at one time of the day").format(name=name), text
        )
    _check_together(rule, text)
    return rule


_LISTS = (
    ("BYMONTH", "months", 12),
    ("BYWEEKNO", "weeks", 53),
    ("BYYEARDAY", "year_days", 366),
    ("BYMONTHDAY", "month_days", 31),
    ("BYSETPOS", "positions", 366),
)


def _frequency(name: str, text: str) -> Frequency:
    if name in _TOO_OFTEN:
        raise BadValue(_("that repeats too often: an activity repeats by the day, week, month or year"), text)
    if name not in FREQUENCIES:
        raise BadValue(expected(), text)
    return cast("Frequency", name)


def _interval(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise BadValue(_("INTERVAL: a whole number from 1 on is expected"), text)
    if int(text) > REPEAT_EVERY.most:
        raise BadValue(REPEAT_EVERY.told, text)
    return int(text)


def _end(parts: dict[str, str]) -> tuple[int, str]:
    """COUNT and UNTIL, of which there is one at most."""
    count, until = parts.pop("COUNT", ""), parts.pop("UNTIL", "")
    if count and until:
        raise BadValue(
            _("a rule ends on a day (UNTIL) or after so many times (COUNT), not both"), f"COUNT={count};UNTIL={until}"
        )
    if until:
        if read_until(until) is None:
            raise BadValue(_("UNTIL: a day is expected, such as 20270301"), until)
        return 0, until
    if not count:
        return 0, ""
    if not (count.isascii() and count.isdigit()) or int(count[:9]) < 1:
        raise BadValue(_("COUNT: a whole number from 1 on is expected"), shortened(count))
    if len(count) > 9 or int(count) > REPEAT_COUNT.most:
        raise BadValue(REPEAT_COUNT.told, shortened(count))
    return int(count), ""


def _numbers(text: str, name: str, most: int) -> tuple[int, ...]:
    found = []
    for word in text.split(",") if text else ():
        digits = word.lstrip("+-") if name != "BYMONTH" else word
        if not (digits.isascii() and digits.isdigit()) or len(word) > 4 or not 1 <= int(digits) <= most:
            raise BadValue(_("{name}: numbers up to {most} are expected").format(name=name, most=most), shortened(text))
        found.append(int(word))
    return tuple(sorted(set(found)))


def _days(text: str, frequency: Frequency) -> tuple[WeekdayInPeriod, ...]:
    found = []
    for word in text.split(",") if text else ():
        match = _DAY.fullmatch(word.strip())
        if match is None or (which := int(match[1] or 0)) not in range(-53, 54) or (match[1] and not which):
            raise BadValue(_("BYDAY: weekdays are expected, such as MO,TH or 2TU or -1FR"), shortened(text))
        if which and frequency not in ("MONTHLY", "YEARLY"):
            raise BadValue(_("BYDAY: the second Tuesday (2TU) is one of a month or a year"), shortened(text))
        found.append((which, WEEKDAYS.index(match[2])))
    return tuple(sorted(set(found), key=lambda day: (day[1], day[0])))


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        raise BadValue(_("WKST: a weekday is expected, such as MO"), text)
    return WEEKDAYS.index(text)


def _check_together(rule: Rule, text: str) -> None:
    if rule.weeks and rule.frequency != "YEARLY":
        raise BadValue(_("BYWEEKNO: weeks are counted in a year (FREQ=YEARLY)"), text)
    if rule.weeks and any(which for which, _day in rule.days):
        raise BadValue(_("BYDAY: in weeks of the year (BYWEEKNO) each weekday is there once"), text)
    if rule.year_days and rule.frequency != "YEARLY":
        raise BadValue(_("BYYEARDAY: days are counted in a year (FREQ=YEARLY)"), text)
    if rule.month_days and rule.frequency == "WEEKLY":
        raise BadValue(_("BYMONTHDAY: a day of the month goes with days, months and years"), text)
    if rule.positions and not (rule.names_days or rule.months):
        raise BadValue(_("BYSETPOS: say of what it is the place, such as BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), text)


def read_until(text: str) -> tuple[datetime, bool] | None:
    """The last moment at which a rule may fall as UNTIL says it, naive, and whether that is in UTC; a day is included whole. None for
    what says no such thing."""
    found = _UNTIL.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    try:
        if found[4] is None:
            return datetime(year, month, day, 23, 59, 59), False
        return datetime(year, month, day, int(found[4]), int(found[5]), int(found[6])), bool(found[7])
    except ValueError:
        return None


def last_wall(rule: Rule, zone: tzinfo) -> datetime | None:
    """The last time on the wall at which a rule may fall by its UNTIL; None for one without."""
    found = read_until(rule.until) if rule.until else None
    if found is None:
        return None
    moment, in_utc = found
    return wall_of(moment.replace(tzinfo=UTC), zone) if in_utc else moment


def write(rule: Rule) -> str:
    """The text of a rule."""
    parts = [f"FREQ={rule.frequency}"]
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count:
        parts.append(f"COUNT={rule.count}")
    if rule.until:
        parts.append(f"UNTIL={rule.until}")
    for name, field, _most in _LISTS[:-1]:
        if numbers := getattr(rule, field):
            parts.append(f"{name}={','.join(map(str, numbers))}")
    if rule.days:
        parts.append("BYDAY=" + ",".join(f"{which or ''}{WEEKDAYS[day]}" for which, day in rule.days))
    if rule.positions:
        parts.append(f"BYSETPOS={','.join(map(str, rule.positions))}")
    if rule.week_start:
        parts.append(f"WKST={WEEKDAYS[rule.week_start]}")
    return ";".join(parts)
