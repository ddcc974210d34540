"""What another program makes of a calendar file: each occurrence, with all that people see of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar

CALENDARS = Path(__file__).resolve().parents[2] / "data" / "calendars"
"""Files as other programs write them."""


def occurrences(data: bytes) -> list[tuple[Any, ...]]:
    """Three years of a file as another program expands it: each with all that people see of it."""
    calendar = Calendar.from_ical(data)
    found = recurring_ical_events.of(calendar, components=["VEVENT", "VTODO"]).between(
        date(2026, 1, 1), date(2029, 1, 1)
    )
    return sorted((told(one) for one in found), key=repr)


def told(one: Any) -> tuple[Any, ...]:
    guests = one.get("ATTENDEE", [])
    return (
        str(one["UID"]),
        moment(one.get("DTSTART")),
        moment(one.get("DTEND") or one.get("DUE")) or moment(one.get("DTSTART"), one.get("DURATION")),
        str(one.get("SUMMARY")),
        str(one.get("DESCRIPTION", "")),
        str(one.get("LOCATION", "")),
        str(one.get("STATUS", "")),
        str(one.get("CLASS", "PUBLIC")),
        str(one.get("TRANSP", "OPAQUE")),
        int(one.get("SEQUENCE", 0)),
        int(one.get("PRIORITY", 0)),
        str(one.get("ORGANIZER", "")).casefold(),
        sorted(
            (str(guest).casefold(), guest.params.get("PARTSTAT"), guest.params.get("ROLE", "REQ-PARTICIPANT"))
            for guest in (guests if isinstance(guests, list) else [guests])
        ),
        sorted({alarm["TRIGGER"].dt for alarm in one.walk("VALARM") if isinstance(alarm["TRIGGER"].dt, timedelta)}),
        sorted(str(one.get(name)) for name in one if name.startswith("X-") and name != "X-NUM-GUESTS"),
    )


def moment(value: Any, length: Any = None) -> Any:
    if value is None:
        return None
    when = value.dt + (length.dt if length is not None else timedelta())
    return when.astimezone(UTC) if isinstance(when, datetime) and when.tzinfo else when
