"""The values of a field that says when items are due, a day or a moment, as the board of deadlines takes them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from tuicrm.domain.agenda import DueGroup, Weeks
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.dates import clock_time, late_text, short_when
from tuicrm.domain.kinds.day_names import day_text, weekday
from tuicrm.domain.kinds.moments import local, today
from tuicrm.domain.schema import Field
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session

_NEAR_DAYS = 6


class DueDates:
    """Reads and makes values of one such field."""

    def __init__(self, session: Session, field: Field) -> None:
        self._session, self._field = session, field

    def column(self, value: object, weeks: Weeks, context: Context) -> DueGroup:
        """The column that an item with this value stands in; without one, or with what is neither day nor moment, the last."""
        day = day_of(value, self._field, context)
        if day is None:
            return "later"
        # A moment of today that has passed is late; a day is not before it is over.
        if self._field.traits.is_moment and str(value) < stamp(context.now):
            return "overdue"
        return weeks.column(day)

    def on(self, day: date, before: object) -> str:
        """The value on a day; a moment at the hour that it had `before`, else, or where that has passed, at the end of the
        day."""
        if self._field.traits.is_day:
            return day.isoformat()
        context = self._session.context()
        clock = clock_time(str(before), context) if before else ""
        moment = local(day, time.fromisoformat(clock) if clock else time(23, 59), context)
        return stamp(local(day, time(23, 59), context) if moment < context.now else moment)

    def words(self, value: object, context: Context) -> tuple[Any, str]:
        """How a value stands on a card: as timing and words."""
        day = day_of(value, self._field, context)
        if day is None:
            return "none", _("no date")
        if self._field.traits.is_moment and day == today(context):
            moment = str(value)
            late = moment < stamp(context.now)
            return ("late", late_text(moment, context)) if late else ("today", short_when(moment, context))
        away = (day - today(context)).days
        if away < 0:
            return "late", late_text(day.isoformat(), context)
        if away == 0:
            return "today", _("today")
        near = weekday(day, context) if away <= _NEAR_DAYS else ""
        return "planned", near or day_text(day, context, year=day.year != today(context).year)


def day_of(value: object, field: Field, context: Context) -> date | None:
    """The person's own day that a stored date or moment lies on; None for what is neither."""
    if not isinstance(value, str):
        return None
    try:
        if field.traits.is_day:
            return date.fromisoformat(value[:10])
        return datetime.fromisoformat(value).astimezone(context.zone).date()
    except (ValueError, OverflowError):
        return None
