"""What a clock on the wall shows in a zone, and the moment that it is: both ways, and when the clocks are changed.

A time that the clocks jump over moves forward by as much as they jump (02:30 is 03:30 in Rome, half an hour on Lord Howe); of one that
comes twice, the first is meant. People are told where that happens (`told`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.i18n import _

Oddity: TypeAlias = Literal["", "skipped", "twice"]


class WallMoment(Struct, frozen=True):
    """A moment (UTC) for a time on the wall. `odd`: the clocks jump over that time ("skipped"), or show it twice ("twice")."""

    moment: datetime
    odd: Oddity = ""


def place(wall: datetime, zone: tzinfo) -> WallMoment:
    """When the clocks of a zone show a time (a naive one). Raises BadValue at the two ends of the calendar."""
    bare = wall.replace(tzinfo=None, fold=0)
    try:
        moment = bare.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != bare:
            return WallMoment(moment, "skipped")
        again = bare.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except (OverflowError, ValueError):
        raise BadValue(_("a time of the years 1 to 9999 is expected"), wall.isoformat()) from None
    return WallMoment(moment, "twice" if again != moment else "")


def wall_of(moment: datetime, zone: tzinfo) -> datetime:
    """What the clocks of a zone show at a moment, naive; at the two ends of the calendar what they show in UTC."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None, fold=0)
    except OverflowError:
        return moment.astimezone(UTC).replace(tzinfo=None)


def read_wall(text: object) -> datetime | None:
    """A time on the wall as it is kept, `2027-01-11T10:00`, or a day; None for what is no such thing."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def write_wall(wall: datetime) -> str:
    """`2027-01-11T10:00`; with seconds where there are any."""
    return wall.isoformat(timespec="seconds" if wall.second else "minutes")


def read_day(text: object) -> date | None:
    """A day as it is kept, `2027-01-11`; None for what is no such thing."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo | None:
    """A zone by its IANA name; None where there is no such zone here."""
    if name in ("", "UTC", "Etc/UTC"):
        return UTC if name else None
    # 6 ms, not needed where the clock is in UTC.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def name_of(zone: tzinfo) -> str:
    """The IANA name of a zone; "UTC" for one that has no name."""
    name = str(getattr(zone, "key", "") or "")
    return name if name and zone_named(name) is not None else "UTC"


def told(wall: datetime, zone: tzinfo, context: Context) -> str:
    """What to say of a time that the clocks jump over, or show twice; "" of any other."""
    from tuicrm.domain.kinds.day_names import day_text

    placed = place(wall, zone)
    if not placed.odd:
        return ""
    words = {"time": f"{wall:%H:%M}", "day": day_text(wall.date(), context), "zone": name_of(zone)}
    if placed.odd == "twice":
        return _("The clocks of {zone} show {time} twice on {day}: the first is meant.").format(**words)
    meant = f"{wall_of(placed.moment, zone):%H:%M}"
    return _("There is no {time} on {day} in {zone}, as the clocks go forward: {meant} is meant.").format(
        **words, meant=meant
    )


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins in a zone, as a moment (UTC)."""
    return place(datetime(day.year, day.month, day.day), zone).moment


def day_end(day: date, zone: tzinfo) -> datetime:
    """The last second of a day in a zone, as a moment (UTC): what is for that day is late after it."""
    return place(datetime(day.year, day.month, day.day, 23, 59, 59), zone).moment


def whole_days(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From when until when (UTC, half open) days last in a zone, both included."""
    try:
        return midnight(first, zone), midnight(last + timedelta(days=1), zone)
    except OverflowError:
        return midnight(first, zone), day_end(last, zone)
