"""Moving what is planned to another time, and making it longer or shorter: one change, undone as one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.moments import local
from tuicrm.i18n import _
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES, stamp
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.zones import zone_named


def shift(
    session: Session, activity: int, begin: datetime, end: datetime, *, base: Mapping[str, Any], stretched: bool = False
) -> None:
    """Have an activity last from one wall time of the person to another, or for whole days, where it is for such. `base` is the record
    as it was seen: Conflict where somebody else has moved it since. `stretched`: it gets an end if it had no length. Raises NotFound,
    AccessDenied, BadValue for a day that no clock has."""
    fields = shifted(base, begin, end, session.context(), stretched=stretched)
    what = str(activities.known(session, activity).doc.get("what") or "")
    label = _("change the length of “{what}”") if stretched else _("move “{what}”")
    with session.change(label.format(what=what)) as change:
        change.patch(ACTIVITIES, activity, fields, base=base)


def shifted(
    doc: Mapping[str, Any], begin: datetime, end: datetime, context: Context, *, stretched: bool = False
) -> dict[str, Any]:
    """What a record holds then. A deadline apart from the time of work stays where it is."""
    if doc.get("day"):
        first, last = begin.date(), (end - timedelta(days=1)).date()
        zone = zone_named(str(doc.get("zone") or "")) or context.zone
        ends = datetime.combine(last, time(23, 59, 59), zone)
        return {
            "day": first.isoformat(),
            "last_day": last.isoformat() if last > first else None,
            "at": stamp(ends),
        }
    start, until = (stamp(local(one.date(), one.time(), context)) for one in (begin, end))
    fields: dict[str, Any] = {"zone": doc.get("zone") or _zone_name(context)}
    if doc.get("start") or doc.get("end") or stretched:
        fields["start"] = start
    if doc.get("end") or stretched:
        fields["end"] = until
    if not doc.get("start") or doc.get("start") == doc.get("at"):
        fields["at"] = start
    return fields


def _zone_name(context: Context) -> str | None:
    return str(getattr(context.zone, "key", "")) or None
