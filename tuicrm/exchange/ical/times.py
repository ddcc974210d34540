"""Dates, times and lengths as calendar files write them, in the zones that the file names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple, TypeVar

from tuicrm.exchange.ical.events import UTC_ZONE, IcalWhen
from tuicrm.exchange.ical.lines import IcalLine, IcalPart
from tuicrm.exchange.ical.zones import fixed_zone, told_zone, zone_info, zone_like, zone_of
from tuicrm.i18n import _
from tuicrm.regex import regex

_DAY = regex(r"(\d{4})(\d\d)(\d\d)")
_TIME = regex(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)")
_LENGTH = regex(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


_FIRST_YEAR, LAST_YEAR = 2, 9998
"""Those of which each time is one in every zone."""
MadeWhen = TypeVar("MadeWhen", date, datetime)


class IcalMistake(ValueError):
    """What stands in a calendar file cannot be meant; the message says what is expected."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ReadWhen(NamedTuple):
    """A day, or a wall time and its zone ("": wherever one is)."""

    when: IcalWhen
    zone: str = ""

    def in_zone(self, zone: str) -> IcalWhen:
        """The same moment on the clocks of another zone; days and times wherever one is stay."""
        if not isinstance(self.when, datetime) or not self.zone or not zone or self.zone == zone:
            return self.when
        return moved(self.when, zone_info(self.zone), zone_info(zone))


def moved(wall: datetime, here: tzinfo, there: tzinfo) -> datetime:
    """A wall time of one zone on the clocks of another."""
    return wall.replace(tzinfo=here).astimezone(UTC).astimezone(there).replace(tzinfo=None)


class FileZones:
    """The zones that one file names, each looked up once. `own` is the zone of the person who reads it."""

    def __init__(self, calendar: IcalPart, own: str) -> None:
        self._parts = {one.text("TZID"): one for one in calendar.parts if one.name == "VTIMEZONE"}
        self._own = own
        # Google says so in which zone times without one are meant.
        self._usual = zone_of(calendar.text("X-WR-TIMEZONE"))
        self._found: dict[str, tuple[str, tzinfo | None]] = {}

    def read(self, text: str, tzid: str, remark: Callable[[str], object]) -> ReadWhen:
        """A day or time. Raises IcalMistake."""
        text = text.strip()
        if day := _DAY.fullmatch(text):
            return ReadWhen(_made(date, text, *day.groups()))
        time = _TIME.fullmatch(text)
        if time is None:
            raise _no_time(text)
        *numbers, utc = time.groups()
        # A leap second is the one before it: clocks here have none.
        wall = _made(datetime, text, *numbers[:5], "59" if numbers[5] == "60" else numbers[5])
        if utc:
            return ReadWhen(wall, UTC_ZONE)
        if not tzid:
            return ReadWhen(wall, self._usual)
        zone, told = self._zone(tzid, wall.year)
        if told is not None:
            remark(
                _("the time zone {name!r} is known only by its rules: its times were taken over as moments").format(
                    name=tzid
                )
            )
            return ReadWhen(moved(wall, told, UTC), UTC_ZONE)
        if not zone:
            remark(_("the time zone {name!r} is unknown: the times were taken as yours").format(name=tzid))
        return ReadWhen(wall, zone)

    def read_line(self, line: IcalLine, remark: Callable[[str], object]) -> list[ReadWhen]:
        """All days and times of a line; of periods (RDATE), where they begin. Raises IcalMistake."""
        tzid = line.param("TZID")
        return [self.read(one.partition("/")[0], tzid, remark) for one in line.value.split(",") if one.strip()]

    def _zone(self, tzid: str, year: int) -> tuple[str, tzinfo | None]:
        """The zone of a name; where only the file's own rules tell it, these."""
        if tzid not in self._found:
            self._found[tzid] = self._look_up(tzid, year)
        return self._found[tzid]

    def _look_up(self, tzid: str, year: int) -> tuple[str, tzinfo | None]:
        if zone := zone_of(tzid):
            return zone, None
        part = self._parts.get(tzid)
        told = told_zone(part) if part is not None else None
        if part is None or told is None:
            return "", None
        if zone := zone_like(part, told, year, self._own):
            return zone, None
        offsets = {told.utcoffset(datetime(year, month, 1)) for month in range(1, 13)}  # noqa: DTZ001 - a wall time
        offset = offsets.pop()
        fixed = fixed_zone(offset) if not offsets and offset is not None else ""
        return (fixed, None) if fixed else ("", told)


def _made(kind: Callable[..., MadeWhen], text: str, *numbers: str) -> MadeWhen:
    try:
        made = kind(*(int(number) for number in numbers))
    except ValueError:
        raise _no_time(text) from None
    if not _FIRST_YEAR <= made.year <= LAST_YEAR:
        raise _no_time(text)
    return made


def _no_time(text: str) -> IcalMistake:
    return IcalMistake(_("“{text}” is not a day or time such as 20270111 or 20270111T100000").format(text=text[:40]))


def read_length(text: str) -> timedelta:
    """A length such as `PT1H30M` or `-P1D`. Raises IcalMistake."""
    found = _LENGTH.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()[1:]):
        raise IcalMistake(_("“{text}” is not a length such as PT1H30M").format(text=text[:40]))
    sign, *numbers = found.groups()
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in numbers)
    try:
        length = timedelta(days=7 * weeks + days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise IcalMistake(_("“{text}” is too long a time").format(text=text[:40])) from None
    return -length if sign == "-" else length


def behind(when: IcalWhen, length: timedelta) -> IcalWhen:
    """What is a length behind a day or time. Raises IcalMistake beyond the end of the calendar."""
    try:
        end = when + length
    except OverflowError:
        raise IcalMistake(_("the end lies beyond the calendar")) from None
    if not _FIRST_YEAR <= end.year <= LAST_YEAR:
        raise IcalMistake(_("the end lies beyond the calendar"))
    return end


def written(when: IcalWhen, *, utc: bool = False) -> str:
    """A day or time as a file has it."""
    if not isinstance(when, datetime):
        return when.strftime("%Y%m%d") if when.year >= 1000 else f"{when.year:04}{when:%m%d}"
    return f"{when.year:04}{when:%m%dT%H%M%S}{'Z' if utc else ''}"
