"""Dates and moments: kinds, and how people see them on boards and timelines."""

from __future__ import annotations

from datetime import date, datetime

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.day_names import day_text, weekday
from tuicrm.domain.kinds.moments import expected_date, expected_moment, parse_date, parse_moment, today
from tuicrm.domain.schema import Field
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _, ngettext

_NEAR_DAYS = 6


def _local(iso: object, context: Context) -> datetime | None:
    """On the person's clock; in UTC at the two ends of the calendar, where the person's clock has no such day.

    None for what is no moment: a script may have written anything."""
    if not isinstance(iso, str):
        return None
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or context.zone)
    try:
        return moment.astimezone(context.zone)
    except OverflowError:
        return moment


def clock_time(iso: object, context: Context) -> str:
    """`15:00` on the person's clock; "" for what is no moment."""
    moment = _local(iso, context)
    return "" if moment is None else f"{moment:%H:%M}"


def short_when(iso: str, context: Context) -> str:
    """`15:00` today, `Wed 09:30` within six days, `18 Dec` else, `18 Dec 2025` in another year."""
    moment, here = _local(iso, context), today(context)
    if moment is None:
        return str(iso or "")
    away = (moment.date() - here).days
    if away == 0:
        return f"{moment:%H:%M}"
    if abs(away) <= _NEAR_DAYS:
        return f"{weekday(moment.date(), context)} {moment:%H:%M}"
    return day_text(moment.date(), context, year=moment.year != here.year)


def day_name(day: date, context: Context) -> str:
    """`Wed 18 Dec`, `Mon 18 Jan 2027` in another year."""
    return f"{weekday(day, context)} {day_text(day, context, year=day.year != today(context).year)}"


def clock_said(iso: str, context: Context) -> str:
    """Beside the time of a change, what the clock said where it was set back; "" where it was not."""
    return _("the clock said {when}").format(when=short_when(iso, context)) if iso else ""


def late_text(iso: str, context: Context) -> str:
    """`3 d late`; on the same day `2 h late`."""
    moment = _local(iso, context)
    if moment is None:
        return str(iso or "")
    days = (today(context) - moment.date()).days
    if days > 0:
        return ngettext("{n} d late", "{n} d late", days)
    hours = int((context.now - moment).total_seconds() // 3600)
    if hours > 0:
        return ngettext("{n} h late", "{n} h late", hours)
    return _("late")


def day_heading(iso: str, context: Context) -> str:
    """`Today`, `Yesterday`, `12 Nov`, `12 Nov 2025`."""
    moment, here = _local(iso, context), today(context)
    if moment is None:
        return str(iso or "")
    day = moment.date()
    if day == here:
        return _("Today")
    if (here - day).days == 1:
        return _("Yesterday")
    return day_text(day, context, year=day.year != here.year)


class DateKind:
    """A day (`date`), kept as 2026-12-18."""

    name = "date"

    def parse(self, text: str, field: Field, context: Context) -> str | None:
        return parse_date(text, context).isoformat() if text.strip() else None

    def read(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, str):
            raise BadValue(expected_date(context), value)
        try:
            return (
                date.fromisoformat(value[:10]).isoformat() if value[10:11] in ("", "T") else self._bad(value, context)
            )
        except ValueError:
            return self._bad(value, context)

    @staticmethod
    def _bad(value: str, context: Context) -> str:
        raise BadValue(expected_date(context), value)

    def format(self, value: object, field: Field, context: Context) -> str:
        if context.canonical:
            return str(value)
        try:
            return day_text(date.fromisoformat(str(value)), context)
        except ValueError:
            return str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        return str(value) if context.canonical else self.format(value, field, context)

    def comparable(self, value: object) -> str | None:
        return value if isinstance(value, str) and value else None


class DateTimeKind:
    """A moment (`datetime`), kept in UTC as 2026-12-18T09:30:00Z. Where a day alone is typed, the field's setting `time` is meant."""

    name = "datetime"

    def parse(self, text: str, field: Field, context: Context) -> str | None:
        return stamp(parse_moment(text, context)) if text.strip() else None

    def read(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, str):
            raise BadValue(expected_moment(), value)
        try:
            moment = datetime.fromisoformat(value)
            return stamp(moment.replace(tzinfo=moment.tzinfo or context.zone))
        except (ValueError, OverflowError):
            raise BadValue(expected_moment(), value) from None

    def format(self, value: object, field: Field, context: Context) -> str:
        if context.canonical:
            return str(value)
        moment = _local(value, context)
        if moment is None:
            return str(value)
        year = "" if moment.year == today(context).year else f" {moment.year:04}"
        day = day_text(moment.date(), context, year=False)
        return f"{weekday(moment.date(), context)} {day}{year} {moment:%H:%M}"

    def edit(self, value: object, field: Field, context: Context) -> str:
        if context.canonical:
            return str(value)
        moment = _local(value, context)
        if moment is None:
            return str(value)
        text = moment.replace(tzinfo=None).isoformat(" ", "minutes")
        # Saving without a change must change nothing: not seconds that nobody typed, nor the second of two equal hours in autumn.
        return text if self._reads_back(text, value, context) else str(value)

    @staticmethod
    def _reads_back(text: str, value: object, context: Context) -> bool:
        try:
            return stamp(parse_moment(text, context)) == value
        except BadValue:
            return False

    def comparable(self, value: object) -> str | None:
        return value if isinstance(value, str) and value else None
