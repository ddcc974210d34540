"""Moving what is planned to another time, and making it longer or shorter: one change, undone as one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.moments import local
from tuicrm.domain.stamps import stamp
from tuicrm.services.calendar import planning, series_changes
from tuicrm.services.calendar.series_changes import Which
from tuicrm.services.kernel.session import Session


def shift(
    session: Session,
    activity: int,
    begin: datetime,
    end: datetime,
    *,
    base: Mapping[str, Any],
    stretched: bool = False,
    occurrence: str = "",
    which: Which = "this",
) -> int:
    """Have an activity last from one wall time of the person to another, or for whole days, where it is for such; of a series, the
    `occurrence`, and `which` others. Returns the number of what is moved.

    `base` is the record as it was seen: Conflict where somebody else has moved it since. `stretched`: it gets an end if it had no
    length. Raises NotFound, AccessDenied, Refused, BadValue for a day that no clock has."""
    fields = shifted(base, begin, end, session.context(), stretched=stretched)
    if occurrence:
        return series_changes.change(session, activity, fields, which, occurrence, base=base)
    planning.edit(session, activity, fields, base=base)
    return activity


def shifted(
    doc: Mapping[str, Any], begin: datetime, end: datetime, context: Context, *, stretched: bool = False
) -> dict[str, Any]:
    """What is to be changed of a record then (`planning.edit`). A deadline apart from the time of work stays where it is."""
    if doc.get("day"):
        first, last = begin.date(), (end - timedelta(days=1)).date()
        return {"day": first.isoformat(), "last_day": last.isoformat() if last > first else None}
    start, until = (stamp(local(one.date(), one.time(), context)) for one in (begin, end))
    return {"start": start, **({"end": until} if doc.get("end") or stretched else {})}
