"""How what is planned or edited repeats: a rule that is new begins with the activity's own time, one that is there keeps going."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Any

from tuicrm.domain.activities import steps
from tuicrm.domain.activities.series import next_after, occurrences
from tuicrm.domain.activities.steps import OpenSeries
from tuicrm.domain.activities.wall import read_wall, wall_of, zone_named
from tuicrm.domain.activities.wall import told as told_of
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.day_names import day_text, weekday
from tuicrm.errors import FieldProblem, Refused
from tuicrm.services.calendar.shown import shifted as later

_LOOKED_AHEAD = timedelta(days=731)
_NEXT = 3


def begun(doc: dict[str, Any]) -> dict[str, Any]:
    """A new activity as it is kept: with a rule, at the first time on which that falls. Raises Refused, with the field `rule`."""
    if not doc.get("rule"):
        return doc
    try:
        return steps.begun(doc, str(doc["rule"]))
    except BadValue as bad:
        raise refused(bad) from bad


def kept_up(known: OpenSeries | None, before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """An edited activity as it is kept. All of a series change as its next occurrence does (`known`; None for what was no series).
    Raises Refused, with the field `rule`."""
    if known is None:
        return begun(after) if after.get("rule") and after.get("rule") != before.get("rule") else after
    fields = {name: after.get(name) for name in {*before, *after} if after.get(name) != before.get(name)}
    try:
        return steps.changed(known, known.next, fields)
    except BadValue as bad:
        raise refused(bad) from bad


def next_ones(number: int, doc: Mapping[str, Any], context: Context) -> list[str]:
    """When a series comes after its next time, in words: the three that follow; [] for what does not repeat."""
    known = steps.standing(number, dict(doc)) if doc.get("rule") else None
    found: list[str] = []
    one = next_after(known.series, known.next.wall) if known is not None else None
    while known is not None and one is not None and len(found) < _NEXT:
        day = date.fromisoformat(one.day)
        if one.span is not None:
            day = wall_of(one.span.start, context.zone).date()
        found.append(f"{weekday(day, context)} {day_text(day, context)}")
        one = next_after(known.series, one.wall)
    return found


def clock_changes(number: int, doc: Mapping[str, Any], context: Context) -> list[str]:
    """What to know of a series whose time the clocks jump over, or show twice, within two years: a sentence each."""
    known = steps.standing(number, dict(doc)) if doc.get("rule") else None
    if known is None or known.next.span is None:
        return []
    begin, zone = known.next.span.start, zone_named(known.series.zone) or UTC
    ones = occurrences(known.series, begin, later(begin, _LOOKED_AHEAD))
    walls = (wall for one in ones if (wall := read_wall(one.wall)) is not None)
    return [told for wall in walls if (told := told_of(wall, zone, context))]


def refused(bad: BadValue) -> Refused:
    """What is wrong with a rule, as services say it."""
    return Refused(f"rule: {bad.message}", [FieldProblem("rule", bad.message, bad.value)])
