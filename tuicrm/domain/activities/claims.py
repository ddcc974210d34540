"""Which rooms an activity takes, and when: read from its record as it is kept, whoever wrote it.

Moments are UTC ISO texts (`2027-01-12T09:00:00Z`), so that they sort as they follow each other. Half-open: what ends at eleven leaves
eleven to others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from tuicrm.domain.activities.spans import Span, merged
from tuicrm.domain.activities.wall import read_day, zone_named
from tuicrm.domain.stamps import read_stamp, stamp

USUAL_LENGTH = timedelta(minutes=30)
"""How long an activity without an end takes a room: as long as the calendar draws it."""
AHEAD = timedelta(days=365)
"""How far from its next occurrence a series without an end has its rooms."""


MOST_OCCURRENCES = 1_000
"""Occurrences of one series that take rooms; those that come later take theirs when earlier ones are over."""


class RoomSlot(NamedTuple):
    """A room by its key, from one moment to another."""

    room: str
    start: str
    end: str


def span_of(slot: RoomSlot) -> Span:
    """When a slot is. It must hold moments (`read_stamp`)."""
    return Span(datetime.fromisoformat(slot.start), datetime.fromisoformat(slot.end))


def slots(doc: Mapping[str, Any]) -> frozenset[RoomSlot]:
    """What an activity takes: nothing where it is done, names no room, or says no sound time."""
    rooms = doc.get("rooms")
    if not isinstance(rooms, list) or not rooms or doc.get("done") is True:
        return frozenset()
    return taken((room for room in rooms if isinstance(room, str) and room), spans(doc))


def taken(rooms: Iterable[str], times: Collection[Span]) -> frozenset[RoomSlot]:
    """Each of the rooms at each of the times. Times that overlap are one: nobody stands in their own way."""
    apart = _apart(times)
    return frozenset(RoomSlot(room, stamp(span.start), stamp(span.end)) for room in rooms for span in apart)


def _apart(times: Collection[Span]) -> list[Span]:
    """As they are where they only touch, so that one of a series can be given up alone."""
    ordered = sorted(set(times))
    overlapping = any(one.end > other.start for one, other in pairwise(ordered))
    return merged(ordered) if overlapping else ordered


def spans(doc: Mapping[str, Any]) -> list[Span]:
    """When an activity is: each occurrence of a series from the next open one on. [] where it says no sound time."""
    first = _block(doc)
    if first is None:
        return []
    return _occurrences(doc, first) if doc.get("rule") else [first]


def is_endless(doc: Mapping[str, Any]) -> bool:
    """Whether an activity repeats for ever, so that its rooms are taken only as far as `AHEAD`."""
    parts = str(doc.get("rule") or "").upper().split(";")
    return bool(doc.get("rule")) and not any(part.partition("=")[0] in ("UNTIL", "COUNT") for part in parts)


def _occurrences(doc: Mapping[str, Any], first: Span) -> list[Span]:
    """Each occurrence of a series, from the one that its record holds on; of one without an end those of a year."""
    from tuicrm.domain.activities import planned  # with what expands rules: nothing that a single activity need pay
    from tuicrm.domain.activities.series import occurrences, series_of

    series = series_of(planned.read(0, 0, doc))
    if series is None:
        return [first]
    try:
        end = first.start + AHEAD if is_endless(doc) else datetime.max.replace(tzinfo=UTC)
    except OverflowError:
        end = datetime.max.replace(tzinfo=UTC)
    found = [first]
    for one in occurrences(series, first.start, end, most=MOST_OCCURRENCES):
        span = one.span or _days({"day": one.day, "last_day": _last(one.day, series.days), "zone": series.zone})
        if span is not None and span.start > first.start:
            found.append(Span(span.start, span.end if span.end > span.start else span.start + USUAL_LENGTH))
    return found


def _last(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days - 1)).isoformat()


def _block(doc: Mapping[str, Any]) -> Span | None:
    """The one block of time that the record itself holds."""
    if doc.get("day"):
        return _days(doc)
    start = read_stamp(doc.get("start")) or read_stamp(doc.get("at"))
    if start is None:
        return None
    end = read_stamp(doc.get("end"))
    try:
        return Span(start, end if end is not None and end > start else start + USUAL_LENGTH)
    except OverflowError:
        return None


def _days(doc: Mapping[str, Any]) -> Span | None:
    """Whole days, from midnight to midnight in the zone that they are meant in."""
    first = read_day(doc.get("day"))
    if first is None:
        return None
    last = read_day(doc.get("last_day")) or first
    try:
        zone = zone_named(str(doc.get("zone") or "")) or UTC
        begin = datetime.combine(first, time(), zone).astimezone(UTC)
        end = datetime.combine(max(first, last) + timedelta(days=1), time(), zone).astimezone(UTC)
    except OverflowError:
        return None
    return Span(begin, end)
