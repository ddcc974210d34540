"""What lasts beyond a day is marked in its record, with when it is over: a calendar that is asked for a week in June looks for what
began in May among those few alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

OVER = "over"
"""The mark: when it is over (UTC ISO). Written with the record, whoever writes it."""
LONG = timedelta(days=1)


def marked(doc: dict[str, Any]) -> dict[str, Any]:
    """The record with the mark that it should have; the very same where it has it."""
    over = _over(doc)
    if over == doc.get(OVER):
        return doc
    kept = {name: value for name, value in doc.items() if name != OVER}
    return {**kept, OVER: over} if over is not None else kept


def _over(doc: Mapping[str, Any]) -> str | None:
    day, last = doc.get("day"), doc.get("last_day")
    if isinstance(day, str) and day:
        # The last second of its last day, wherever that is, and a day more for those who are ahead of it.
        return _plus_a_day(f"{last}T23:59:59Z") if isinstance(last, str) and last > day else None
    begin, end = doc.get("start") or doc.get("at"), doc.get("end")
    if not isinstance(begin, str) or not isinstance(end, str):
        return None
    try:
        return end if datetime.fromisoformat(end) - datetime.fromisoformat(begin) > LONG else None
    except (ValueError, TypeError):
        return None


def _plus_a_day(text: str) -> str | None:
    try:
        return (datetime.fromisoformat(text) + LONG).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return "9999-12-31T23:59:59Z"
    except ValueError:
        return None
