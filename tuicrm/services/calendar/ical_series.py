"""Where a series of a calendar file stands: its next occurrence that is not over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tuicrm.domain.activities.planned import read
from tuicrm.domain.activities.series import check, next_after, series_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import FieldProblem, Refused
from tuicrm.exchange.ical.events import IcalWhen
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_times import read_wall, wall_text, wall_time, zone_or_utc


def next_open(doc: Mapping[str, Any], length: timedelta, now: datetime) -> IcalWhen | None:
    """When, on the wall, the first occurrence of a series is that was not over before now; of a series that is over, its first
    one; None where nothing ever happens. Raises Refused for a rule that nothing here repeats by."""
    wall = str(doc.get("wall") or "")
    try:
        check(str(doc["rule"]), wall)
    except BadValue as problem:
        raise Refused(problem.message, [FieldProblem("rule", problem.message, doc["rule"])]) from problem
    series = series_of(read(0, 0, {**doc, "at": doc.get("at") or ""}))
    if series is None:
        told = _("a rule that can be followed is expected")
        raise Refused(told, [FieldProblem("rule", told, doc["rule"])])
    here = wall_time(now.isoformat(), zone_or_utc(str(doc.get("zone") or ""))) or now.replace(tzinfo=None)
    try:
        since = here - max(length, timedelta(microseconds=1))
    except OverflowError:
        since = here
    found = next_after(series, since.date().isoformat() if series.whole_day else wall_text(since))
    found = found or next_after(series)
    return read_wall(found.wall) if found is not None else None
