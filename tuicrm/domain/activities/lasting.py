"""What lasts beyond a day is marked in its record, with when it is over: a calendar that is asked for a week in June looks for what
began in May among those alone. What lasts for more than forty days is marked in another way, so that of the others only those are read
that are over soon after that week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from tuicrm.domain.stamps import stamp

OVER, FAR = "over", "over_far"
"""The marks: when it is over (UTC ISO), of what lasts up to `REACH`, and of what lasts longer. Written with the record, whoever
writes it."""
LONG, REACH = timedelta(days=1), timedelta(days=40)
LONGEST = timedelta(days=366)
"""How long one time of a series lasts at most: whoever looks at a day looks so far back for those that go on."""


def marked(doc: dict[str, Any]) -> dict[str, Any]:
    """The record with the mark that it should have; the very same where it has it."""
    marks = _marks(doc)
    if marks == {name: doc[name] for name in (OVER, FAR) if name in doc}:
        return doc
    return {**{name: value for name, value in doc.items() if name not in (OVER, FAR)}, **marks}


def _marks(doc: Mapping[str, Any]) -> dict[str, str]:
    day, last = doc.get("day"), doc.get("last_day")
    try:
        if day:
            if not (isinstance(day, str) and isinstance(last, str) and last > day):
                return {}
            # The last second of its last day, wherever that is, and a day more for those who are ahead of it.
            begin, end = _moment(f"{day}T00:00:00Z"), _later(_moment(f"{last}T23:59:59Z"))
        else:
            begin, end = _moment(doc.get("start") or doc.get("at")), _moment(doc.get("end"))
    except (ValueError, TypeError, OverflowError):
        return {}
    if not day and end - begin <= LONG:
        return {}
    return {OVER if end - begin <= REACH else FAR: stamp(end)}


def _moment(text: object) -> datetime:
    """Raises TypeError and ValueError for what is no moment."""
    return datetime.fromisoformat(cast("str", text)).astimezone(UTC)


def _later(moment: datetime) -> datetime:
    try:
        return moment + LONG
    except OverflowError:
        return moment
