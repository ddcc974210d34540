"""Reminders: VALARMs that come some minutes before the start are minutes; all others are kept as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tuicrm.exchange.ical.events import is_day
from tuicrm.exchange.ical.lines import IcalPart
from tuicrm.exchange.ical.times import IcalMistake, ReadWhen, read_length

_MOST = 10
_LONGEST = timedelta(days=366)
_MINUTE = timedelta(minutes=1)


def read_alarms(part: IcalPart, start: ReadWhen | None, end: ReadWhen | None) -> tuple[tuple[int, ...], list[str]]:
    """The minutes before the start at which reminders come, and the lines of those that come otherwise."""
    minutes: set[int] = set()
    kept: list[str] = []
    for alarm in part.parts:
        before = _minutes(alarm, start, end) if alarm.name == "VALARM" else None
        if before is None or (len(minutes) == _MOST and before not in minutes):
            kept += source(alarm)
        else:
            minutes.add(before)
    return tuple(sorted(minutes)), kept


def _minutes(alarm: IcalPart, start: ReadWhen | None, end: ReadWhen | None) -> int | None:
    line = alarm.first("TRIGGER")
    if line is None or start is None or alarm.value("ACTION").upper() in ("NONE", ""):
        return None
    try:
        before = -read_length(line.value)
    except IcalMistake:
        return None
    if line.param("RELATED").upper() == "END" and end is not None:
        before += _length(start, end)
    if before % _MINUTE or not timedelta() <= before <= _LONGEST:
        return None
    return before // _MINUTE


def _length(start: ReadWhen, end: ReadWhen) -> timedelta:
    """How long it takes, the other way round; nothing for what begins on a day and ends at a time."""
    begins, ends = start.when, end.in_zone(start.zone)
    if isinstance(begins, datetime) and isinstance(ends, datetime):
        return begins - ends
    return begins - ends if is_day(begins) and is_day(ends) else timedelta()


def source(part: IcalPart) -> Iterator[str]:
    """A component as the lines that it was read from."""
    yield f"BEGIN:{part.name}"
    for line in part.lines:
        yield line.source
    for inner in part.parts:
        yield from source(inner)
    yield f"END:{part.name}"
