"""Moments of the store and wall times of calendar files, one as the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tuicrm.domain.stamps import stamp
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.zones import zone_named

_END_OF_DAY = time(23, 59, 59)


def zone_key(session: Session) -> str:
    """The name of the zone of a session; "UTC" where it has none by name."""
    return str(getattr(session.zone, "key", None) or "UTC")


def zone_or_utc(name: str) -> tzinfo:
    """A zone by its name; UTC for what is none here."""
    return zone_named(name) or UTC


def known_zone(name: str) -> str:
    """The name of a zone that there is here; "UTC" for what is none."""
    return name if zone_named(name) is not None else "UTC"


def utc_text(wall: datetime, zone: tzinfo) -> str:
    """A wall time as the store keeps it. One that the clocks skip is as much later as they skip; of one that comes twice, the
    first."""
    return stamp(wall.replace(tzinfo=zone, fold=0).astimezone(UTC))


def wall_time(text: str, zone: tzinfo) -> datetime | None:
    """A UTC ISO text on the clocks of a zone; None for what is none."""
    try:
        return datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def end_of_day(day: date, zone: tzinfo) -> str:
    """The last second of a day, as the store keeps it."""
    return utc_text(datetime.combine(day, _END_OF_DAY), zone)


def wall_text(wall: datetime | date) -> str:
    """A wall time or day as series keep it: `2027-01-11T10:00`, with seconds only where it has some."""
    if not isinstance(wall, datetime):
        return wall.isoformat()
    return wall.isoformat(timespec="seconds" if wall.second else "minutes")


def read_wall(text: str) -> datetime | date | None:
    """What `wall_text` wrote; None for what it did not."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def days_later(day: date, by: timedelta) -> date:
    """A day so many days later; the last one there is at the end of the calendar."""
    return day + by if by <= date.max - day else date.max


def day_before(day: date) -> date:
    """The day before: files name the day behind the last one."""
    return day - timedelta(days=1) if day > date.min else day
