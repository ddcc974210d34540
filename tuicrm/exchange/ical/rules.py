"""Rules of series (RRULE): as the file has them, but for their end, which is a wall time here and a moment there."""

from __future__ import annotations

from datetime import UTC, datetime, time

from tuicrm.exchange.ical.events import IcalWhen
from tuicrm.exchange.ical.times import LAST_YEAR, FileZones, IcalMistake, ReadWhen, moved, written
from tuicrm.exchange.ical.zones import zone_info
from tuicrm.i18n import _

_PARTS = frozenset((
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH",
    "BYSETPOS", "WKST",
))  # fmt: skip
_LONGEST = 1_000


def read_rule(text: str, base: ReadWhen | None, zones: FileZones) -> str:
    """A rule whose UNTIL is a wall time of the event. Raises IcalMistake for what is no rule."""
    plain = "".join(text.split()).upper().removesuffix(";")
    pairs = [part.partition("=") for part in plain.split(";")]
    names = [name for name, _equals, _value in pairs]
    sound = len(plain) <= _LONGEST and all(value for _name, _equals, value in pairs) and "FREQ" in names
    if (
        base is None
        or not sound
        or len(set(names)) < len(names)
        or not _PARTS.issuperset(names)
        or not _expands(plain, base)
    ):
        raise IcalMistake(_("RRULE: “{text}” is not a rule that is understood").format(text=text[:60]))
    return ";".join(
        f"{name}={_until(value, base, zones) if name == 'UNTIL' else value}" for name, _equals, value in pairs
    )


def _expands(rule: str, base: ReadWhen) -> bool:
    from dateutil.rrule import rrulestr

    kept = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))
    start = base.when if isinstance(base.when, datetime) else datetime.combine(base.when, time())
    try:
        rrulestr(kept, dtstart=start)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return False
    return True


def _until(value: str, base: ReadWhen, zones: FileZones) -> str:
    # Some say so that there is no end.
    value = f"{LAST_YEAR}{value[4:]}" if value.startswith("9999") else value
    found = zones.read(value, "", lambda _message: None)
    when = found.in_zone(base.zone)
    if not isinstance(base.when, datetime):
        return written(when.date() if isinstance(when, datetime) else when)
    # A day alone is meant whole: other programs write it so for series of times, too.
    return written(when if isinstance(when, datetime) else datetime.combine(when, time(23, 59, 59)))


def written_rule(rule: str, start: IcalWhen, zone: str) -> str:
    """A rule as a file has it: UNTIL in UTC where the event has a zone, a day where it is of days."""
    parts = rule.split(";")
    return ";".join(f"UNTIL={_ends(part[6:], start, zone)}" if part.startswith("UNTIL=") else part for part in parts)


def _ends(until: str, start: IcalWhen, zone: str) -> str:
    """Raises nothing: an end that cannot be read stays as it is."""
    utc = until.endswith("Z")
    try:
        found: IcalWhen = datetime.strptime(until.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall time
    except ValueError:
        try:
            found = datetime.strptime(until, "%Y%m%d").date()  # noqa: DTZ007 - a day
        except ValueError:
            return until
    if not isinstance(start, datetime):
        return written(found.date() if isinstance(found, datetime) else found)
    if not isinstance(found, datetime):
        found = datetime.combine(found, time(23, 59, 59))
    if utc:
        return written(found, utc=True)
    return written(moved(found, zone_info(zone), UTC), utc=True) if zone else written(found)
