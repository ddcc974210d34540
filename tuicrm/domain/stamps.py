"""Moments as records hold them: ISO 8601 in UTC, whole seconds, "Z", so that texts sort as the moments follow each other."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """A moment as the store keeps it: `2027-01-12T09:00:00Z`. Raises OverflowError where UTC has no such day."""
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def read_stamp(value: object) -> datetime | None:
    """A moment that a record holds, in UTC; None for what is no such thing: a script may have written anything."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
