"""Whom an activity invites, and what of it they are told: who was told that is told again when it is other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tuicrm.domain.activities.planned import Activity, read


def guests(doc: Mapping[str, Any]) -> frozenset[str]:
    """Who takes part: keys of people, and contacts as `contact:3`. Whose activity it is invites, and is no guest."""
    found = read(0, 0, doc)
    return frozenset({*found.people, *map(str, found.contacts)} - {found.responsible})


def told(doc: Mapping[str, Any], left_out: frozenset[str] = frozenset()) -> tuple[object, ...]:
    """What guests know of an activity: what, when, where. Of a series, whose occurrences become done one by one, its rule;
    `left_out` are occurrences that it lacks only since they are done."""
    one = read(0, 0, doc)
    where = (one.what, one.place, one.rooms, one.text)
    if not one.rule:
        return (*where, one.day, one.last_day) if one.day else (*where, one.begins, one.end)
    skipped = tuple(wall for wall in one.skipped if wall not in left_out)
    return (*where, one.rule, one.wall, one.zone, skipped, one.more, _length(one))


def is_over(doc: Mapping[str, Any], now: str) -> bool:
    """Whether all of it lies behind a moment (UTC ISO), so that nobody needs to be told of it."""
    one = read(0, 0, doc)
    return not one.rule and max(one.at, one.end) < now


def is_others(doc: Mapping[str, Any]) -> bool:
    """Whether it came from a calendar whose owner invites: they tell their guests themselves."""
    kept = doc.get("ical")
    return isinstance(kept, dict) and bool(kept.get("organizer"))


def _length(one: Activity) -> float:
    """Seconds from beginning to end; 0 where nothing sound says so."""
    begin, end = (one.day, one.last_day) if one.day else (one.begins, one.end or one.begins)
    try:
        if one.day:
            return (date.fromisoformat(end) - date.fromisoformat(begin)).total_seconds()
        first, last = (datetime.fromisoformat(text).astimezone(UTC) for text in (begin, end))
        return (last - first).total_seconds()
    except (ValueError, OverflowError):
        return 0
