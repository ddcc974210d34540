"""The time in which people work: hours, days and holidays, as the workspace's settings say, and what follows for when things are due.

Settings are kept as people type them: `working_hours` "09:00-18:00", `working_days` "mon-fri", `holidays` "IT, 2026-12-24, 08-15": a
country (those of the library `holidays`, where it is installed) and days of one's own, of one year or, without it, of every year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from tuicrm.domain import locale_facts
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.day_names import weekday_named
from tuicrm.i18n import _
from tuicrm.limits import HOLIDAYS
from tuicrm.regex import regex

AHEAD = 3
"""Working days until what is planned without a day is due (reference §11)."""
_CLOCK = r"(\d{1,2})(?:[:.](\d\d))?"
_HOURS = regex(rf"{_CLOCK}\s*[-–]\s*{_CLOCK}")
_COUNTRY = regex(r"[A-Z]{2}(?:-[A-Z0-9]{1,4})?")
_OF_YEAR = regex(r"(\d\d)-(\d\d)")
_MOST_DAYS_OFF = 366
"""Days in a row without work that are passed over; who never works is asked for nothing."""


class WorkingTime(Struct, frozen=True):
    """`days` are those of the week from 0, Monday; `off` the workspace's own holidays, `2026-12-24`, or of every year `12-24`;
    `country` whose public holidays are kept ("" for nobody's), with its region where it has one: `DE-BY`."""

    begin: time = time(9)
    end: time = time(18)
    days: frozenset[int] = frozenset(range(5))
    country: str = ""
    off: frozenset[str] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether people work on that day."""
        iso = day.isoformat()
        return day.weekday() in self.days and not {iso, iso[5:]} & self.off and not public_holiday(self.country, day)


def working_time(settings: Mapping[str, Any]) -> WorkingTime:
    """What the settings of a workspace say; what is no sound one is as if nobody had said it."""
    found: dict[str, Any] = {}
    for key, read in ((HOURS, _hours), (DAYS, _days), (HOLIDAYS_SETTING, _holidays)):
        said = settings.get(key)
        if isinstance(said, str) and said.strip():
            try:
                found |= read(said)
            except BadValue:
                continue
    return msgspec.structs.replace(WorkingTime(), **found)


HOURS, DAYS, HOLIDAYS_SETTING = "working_hours", "working_days", "holidays"


def default_due(now: datetime, working: WorkingTime) -> datetime:
    """Three working days on, rounded up to the full hour (reference §11), within working hours. `now` is on the person's own clock."""
    moment = now.replace(tzinfo=None)
    if (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    day, left, passed = moment.date(), AHEAD, 0
    while left and passed < _MOST_DAYS_OFF:
        day, passed = day + timedelta(days=1), passed + 1
        left -= working.works_on(day)
    if left:
        day = moment.date() + timedelta(days=AHEAD)
    clock = min(max(moment.time(), working.begin), working.end)
    return datetime.combine(day, clock, now.tzinfo)


# -- what is typed -----------------------------------------------------------------------------------------------------
def read_hours(text: str) -> str:
    """Working hours in one form: `9-18` is "09:00-18:00". Raises BadValue."""
    found = _hours(text)
    return f"{found['begin']:%H:%M}-{found['end']:%H:%M}"


def _hours(text: str) -> dict[str, Any]:
    expected = _("working hours are expected, such as 09:00-18:00")
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise BadValue(expected, text)
    try:
        begin, end = time(int(found[1]), int(found[2] or 0)), time(int(found[3]), int(found[4] or 0))
    except ValueError:
        raise BadValue(expected, text) from None
    if end <= begin:
        raise BadValue(_("working hours that end after they begin are expected"), text)
    return {"begin": begin, "end": end}


def read_days(text: str) -> str:
    """Working days in one form: `lunedì-venerdì` is "mon-fri". Raises BadValue."""
    days = sorted(_days(text)["days"])
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [name.casefold() for name in locale_facts.DAYS["en"]]
    return ", ".join(names[run[0]] + (f"-{names[run[-1]]}" if len(run) > 1 else "") for run in runs)


def _days(text: str) -> dict[str, Any]:
    days = set[int]()
    for part in text.replace("–", "-").replace(";", ",").split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        begin, end = _weekday(first, text), _weekday(last if dash else first, text)
        days.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return {"days": frozenset(days)}


def _weekday(word: str, whole: str) -> int:
    found = weekday_named(word.casefold()[:3]) if len(word) <= 12 else None
    if found is not None:
        return found
    raise BadValue(_("days of the week are expected, such as mon-fri or mon, tue, thu"), whole)


def read_holidays(text: str) -> str:
    """Holidays in one form: a country first, then days. Raises BadValue."""
    found = _holidays(text)
    country = found["country"]
    if country and not has_library():
        raise BadValue(
            _("public holidays need a library: pip install 'tuicrm[calendar]'; days that you name do not"), text
        )
    if country and _calendar(country, 2026) is None:
        raise BadValue(_("nobody here knows the public holidays of {country}").format(country=country), text)
    return ", ".join((*filter(None, (found["country"],)), *sorted(found["off"])))


def _holidays(text: str) -> dict[str, Any]:
    parts = [part.strip().upper() for part in text.replace(";", ",").split(",") if part.strip()]
    if len(parts) > HOLIDAYS.most:
        raise BadValue(HOLIDAYS.told, text)
    countries = [part for part in parts if _COUNTRY.fullmatch(part)]
    days = [part for part in parts if part not in countries]
    if len(countries) > 1 or not all(map(_is_day, days)):
        raise BadValue(_("a country and days are expected, such as IT, 2026-12-24, 08-15"), text)
    return {"country": next(iter(countries), ""), "off": frozenset(days)}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"2024-{text}" if _OF_YEAR.fullmatch(text) else text)
    except ValueError:
        return False
    return len(text) in (5, 10)


# -- public holidays ---------------------------------------------------------------------------------------------------
def has_library() -> bool:
    """Whether public holidays are known: the library is an extra."""
    try:
        import holidays
    except ImportError:
        return False
    return bool(holidays.__name__)


def public_holiday(code: str, day: date) -> str:
    """What is kept on a day in a country, `Natale`; "" on other days, and where the library is not installed."""
    found = _calendar(code, day.year) if code else None
    return (found or {}).get(day, "")


@lru_cache(maxsize=32)
def _calendar(code: str, year: int) -> Mapping[date, str] | None:
    """The public holidays of a country in a year; None where nobody knows them."""
    try:
        # 40 ms and an extra: only where somebody has set a country.
        import holidays
    except ImportError:
        return None
    country, _dash, region = code.partition("-")
    try:
        return dict(holidays.country_holidays(country, subdiv=region or None, years=year).items())
    except (NotImplementedError, ValueError):
        return None
