"""Days and times as people and programs write them, taken apart: `18.12.2026 14:30:00`, `Dec 18, 2026 2:30 PM`, `20261218T143000Z`.

Which of two numbers is the month is not decided here: where both could be, the day has two readings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta, timezone
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from tuicrm.domain.kinds.written_numbers import plain
from tuicrm.i18n import LANGUAGES
from tuicrm.regex import regex

Order: TypeAlias = Literal["dmy", "mdy"]
"""In which order the numbers of a day stand."""

_LONGEST = 60
_AHEAD = 20
"""Years of which a year of two digits is ahead at most: who writes 45 in 2026 means 2045, and with 47 means 1947."""

_YEAR_FIRST = regex(r"(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})\.?")
_RUN_ON = regex(r"(\d{4})(\d\d)(\d\d)(?!\d)")
_NUMBERS = regex(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?('?\d{4}|'?\d{2})(?!\d)\.?")
_DAY_WORD = regex(
    r"(\d{1,2})(?:st|nd|rd|th|º|°)?\.?(?:[-/ ]| of | de )\s?([^\W\d_]+)\.?,?(?:[-/ ]| de )\s?('?\d{4}|'?\d{2})(?!\d)"
)
_WORD_DAY = regex(r"([^\W\d_]+)\.?[-/ ](\d{1,2})(?:st|nd|rd|th)?(?:, ?|[-/ ])('?\d{4}|'?\d{2})(?!\d)")
_YEAR_WORD = regex(r"(\d{4})[-/. ]\s?([^\W\d_]+)\.?[-/ ]\s?(\d{1,2})(?!\d)\.?")
_WEEKDAY = regex(r"([^\W\d_]+)[.,]{0,2} ?(?=\S)")
_TIME = regex(
    r"""(?P<hh>\d\d)(?P<mm>\d\d)(?P<ss>\d\d)?(?:[.,]\d{1,9})?(?!\d)
    |(?P<h>\d{1,2})(?:[:.h](?P<m>\d\d)(?:[:.](?P<s>\d\d)(?:[.,]\d{1,9})?)?)?\s?(?P<half>[ap]\.?\s?m\.?)?""",
    re.VERBOSE,
)
_OFFSET = regex(r"(?:z|utc|gmt)|(?:utc|gmt)?([-+])(\d{1,2})(?::?(\d\d))?")
_BETWEEN = regex(r"t|,? ?(?:at |alle |ore )?")


class WrittenDate(msgspec.Struct, frozen=True):
    """`days` are the days that may be meant, by the order of their numbers; one, of order "", where nothing is to be wondered at.
    `mark` stands between the numbers. `clock` is None where a day stands alone, `offset` where no zone is told; `short` for a
    year of two digits."""

    days: Mapping[Order | Literal[""], date]
    mark: str = ""
    clock: time | None = None
    offset: timezone | None = None
    short: bool = False


def take_apart(text: str, today: date, languages: Iterable[str] = LANGUAGES) -> WrittenDate | None:
    """The day, or days, and the time that a text says; None where it says no day, or more than a day and a time, or such a day or time
    does not exist. `languages` are those whose names of months are read, `today` tells centuries."""
    word = plain(text).casefold()
    if not word or len(word) > _LONGEST:
        return None
    names = tuple(dict.fromkeys(languages))
    found = _day(word, today, names)
    if found is None and (weekday := _WEEKDAY.match(word)) and weekday[1] in weekdays(names):
        found = _day(word[weekday.end() :], today, names)
        word = word[weekday.end() :]
    if found is None:
        return None
    day, end = found
    rest = word[end:]
    if not rest:
        return day
    clock, offset = _time(rest)
    return replace(day, clock=clock, offset=offset) if clock is not None else None


# -- the day -----------------------------------------------------------------------------------------------------------
def _day(word: str, today: date, languages: tuple[str, ...]) -> tuple[WrittenDate, int] | None:
    """The day with which a text begins, and where it ends there."""
    for pattern, places in ((_YEAR_FIRST, (1, 3, 4)), (_RUN_ON, (1, 2, 3))):
        if found := pattern.match(word):
            only = _dated(*(int(found[place]) for place in places))
            return (WrittenDate({"": only}), found.end()) if only else None
    if found := _NUMBERS.match(word):
        return _numbers(found, today)
    for pattern, (d, m, y) in ((_DAY_WORD, (1, 2, 3)), (_WORD_DAY, (2, 1, 3)), (_YEAR_WORD, (3, 2, 1))):
        if (found := pattern.match(word)) and (month := months(languages).get(found[m])):
            year, short = _year(found[y], today)
            only = _dated(year, month, int(found[d]))
            return (WrittenDate({"": only}, short=short), found.end()) if only else None
    return None


def _numbers(found: re.Match[str], today: date) -> tuple[WrittenDate, int] | None:
    first, second = int(found[1]), int(found[3])
    year, short = _year(found[4], today)
    days: dict[Order | Literal[""], date] = {}
    if day := _dated(year, second, first):
        days["dmy"] = day
    if day := _dated(year, first, second):
        days["mdy"] = day
    return (WrittenDate(days, found[2], short=short), found.end()) if days else None


def full_year(digits: str, today: date) -> int:
    """The year of two digits, or of four."""
    if len(digits) > 2:
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    return year - 100 if year > today.year + _AHEAD else year


def _year(text: str, today: date) -> tuple[int, bool]:
    digits = text.lstrip("'")
    return full_year(digits, today), len(digits) == 2


def _dated(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# -- the time ----------------------------------------------------------------------------------------------------------
def _time(rest: str) -> tuple[time | None, timezone | None]:
    """The time and the offset with which a text goes on; no time where there is something else."""
    between = _BETWEEN.match(rest)
    start = between.end() if between else 0
    found = _TIME.match(rest, start) if start else None
    if found is None:
        return None, None
    hour, minute, second = (int(found[a] or found[b] or 0) for a, b in (("h", "hh"), ("m", "mm"), ("s", "ss")))
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None, None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif found["h"] and not found["m"]:
        return None, None
    zone = rest[found.end() :].strip()
    offset = _offset(zone)
    try:
        return (time(hour, minute, second), offset) if offset or not zone else (None, None)
    except ValueError:
        return None, None


def _offset(zone: str) -> timezone | None:
    found = _OFFSET.fullmatch(zone)
    if found is None:
        return None
    hours, minutes = int(found[2] or 0), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if found[1] == "-" else 1))


# -- names -------------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=16)
def months(languages: tuple[str, ...]) -> dict[str, int]:
    """The number of each month by its names and short names in some languages, in small letters, without a point behind."""
    return {name: int(number) for number, name in _names(languages, "months")} | {"sept": 9}


@lru_cache(maxsize=16)
def weekdays(languages: tuple[str, ...]) -> frozenset[str]:
    """Names and short names of the days of the week."""
    return frozenset(name for _number, name in _names(languages, "days"))


def _names(languages: tuple[str, ...], what: str) -> Iterable[tuple[str, str]]:
    # 50 ms, for dates with names in them.
    from babel.core import Locale, UnknownLocaleError

    for language in languages:
        try:
            widths = getattr(Locale.parse(language), what)
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                yield from ((number, name.casefold().rstrip(".")) for number, name in widths[context][width].items())
