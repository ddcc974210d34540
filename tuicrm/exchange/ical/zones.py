"""Time zones by the names that calendar programs give them: IANA's, Windows', with a maker in front, or told by a VTIMEZONE alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from tuicrm.exchange.ical.events import UTC_ZONE
from tuicrm.exchange.ical.lines import IcalPart

_UTC_NAMES = frozenset(("UTC", "Z", "GMT", "ETC/UTC", "ETC/GMT", "ETC/ZULU", "ZULU", "UNIVERSAL", "ETC/UNIVERSAL"))
_YEARS = 3
_CHANGES = 400
_ONCE_A_YEAR = frozenset(("FREQ", "BYMONTH", "BYDAY", "BYMONTHDAY", "INTERVAL", "COUNT", "UNTIL", "WKST"))
_MINUTE = timedelta(minutes=1)
_HINTS = ("X-LIC-LOCATION",)


def zone_of(name: str) -> str:
    """The IANA zone that a TZID names by itself; "" where it names none."""
    plain = name.strip().strip('"').strip("/")
    if plain.upper() in _UTC_NAMES:
        return UTC_ZONE
    if _exists(plain):
        return plain
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    if plain in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[plain]
    parts = plain.split("/")
    return next((found for at in range(1, len(parts)) if _exists(found := "/".join(parts[at:]))), "")


def zone_like(part: IcalPart, told: tzinfo, year: int, preferred: str = "") -> str:
    """The IANA zone whose clocks go as a VTIMEZONE (`told`) says around a year, the preferred one first; "" where no such zone is."""
    hinted = (zone_of(part.value(name)) for name in _HINTS)
    found = next((zone for zone in hinted if zone), "")
    if found:
        return found
    moments = _telling(told, year)
    wanted = [moment.astimezone(told).utcoffset() for moment in moments]
    for zone in _candidates(preferred):
        tz = zone_info(zone)
        if all(moment.astimezone(tz).utcoffset() == offset for moment, offset in zip(moments, wanted, strict=True)):
            return zone
    return ""


def _telling(told: tzinfo, year: int) -> list[datetime]:
    """Moments at which zones differ: the middle of each month, and just before and behind the changes between them."""
    months = [datetime(year - 1 + month // 12, month % 12 + 1, 15, 12, tzinfo=UTC) for month in range(_YEARS * 12)]
    found = list(months)
    for month, later in pairwise(months):
        low, high = month, later
        before = low.astimezone(told).utcoffset()
        if before == high.astimezone(told).utcoffset():
            continue
        while high - low > _MINUTE:
            middle = low + (high - low) / 2
            low, high = (middle, high) if middle.astimezone(told).utcoffset() == before else (low, middle)
        found += [low - _MINUTE, high + _MINUTE]
    return found


def zone_info(zone: str) -> tzinfo:
    """A zone by its IANA name. Raises ZoneInfoNotFoundError, ValueError."""
    return UTC if zone in ("", UTC_ZONE) else ZoneInfo(zone)


def fixed_zone(offset: timedelta) -> str:
    """The zone that is always so far from UTC; "" where there is none of whole hours."""
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest:
        return ""
    name = f"Etc/GMT{-hours:+d}" if hours else UTC_ZONE
    return name if _exists(name) or name == UTC_ZONE else ""


def _candidates(preferred: str) -> Iterable[str]:
    """Zones in the order in which they are likely: a person's own, the ones that Windows knows, all others."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return dict.fromkeys([*filter(None, (preferred,)), *WINDOWS_TO_OLSON.values(), *sorted(available_timezones())])


def told_zone(part: IcalPart) -> tzinfo | None:
    """What a VTIMEZONE says, as a zone; None where it says nothing sound, or what would take for ever to follow."""
    if len(part.parts) > _CHANGES or not all(map(_is_yearly, part.parts)):
        return None
    from icalendar import Timezone

    try:
        zone = Timezone.from_ical("\r\n".join(_sources(part)) + "\r\n")
        return zone.to_tz(lookup_tzid=False) if isinstance(zone, Timezone) else None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
        return None


def _is_yearly(part: IcalPart) -> bool:
    """Whether clocks change by it no more often than clocks do: rules are followed from their beginning, often the year 1601."""
    rules = ["".join(line.value.split()).upper() for line in part.all("RRULE")]
    named = [{word.partition("=")[0] for word in rule.split(";")} for rule in rules]
    often = any("FREQ=YEARLY" not in rule for rule in rules) or any(
        not _ONCE_A_YEAR.issuperset(names) for names in named
    )
    return len(rules) <= 1 and not often and all("BYMONTH" in names for names in named)


def _sources(part: IcalPart) -> Iterable[str]:
    """A component as the text that it was read from, without what only some makers understand."""
    yield f"BEGIN:{part.name}"
    for line in part.lines:
        if not line.name.startswith("X-") and line.name != "TZID":
            yield line.source
        elif line.name == "TZID":
            # Told by its rules alone: the library keeps zones by their names.
            yield "TZID:told"
    for inner in part.parts:
        yield from _sources(inner)
    yield f"END:{part.name}"


@lru_cache(maxsize=512)
def _exists(name: str) -> bool:
    if not name or name.startswith(("/", ".")) or "\\" in name:
        return False
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
