"""A week as the drawing tests have it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.domain.test_calendar import entry
from tuicrm.domain.calendar import CalendarDay, CalendarEntry, CalendarLook, WorkHours, days_with, shown_days
from tuicrm.domain.locale_facts import DAYS, MONTHS
from tuicrm.render.calendar import CalendarFrame

MONDAY = date(2026, 11, 23)
_DAYS, _MONTHS = DAYS["en"], MONTHS["en"]
FRAME = CalendarFrame(
    now=datetime.fromisoformat("2026-11-25T10:10"),
    hours=WorkHours(),
    day_name=lambda day: f"{_DAYS[day.weekday()]} {day.day}",
    day_title=lambda day: f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}",
    month_name=lambda day: _MONTHS[day.month - 1],
    plan_key="a",
)


def at(day: int, begin: str, end: str, what: str, number: int) -> CalendarEntry:
    """One of the week's days, from 0 on."""
    here = (MONDAY + timedelta(days=day)).isoformat()
    return entry(f"{here}T{begin}", f"{here}T{end}", what, number=number)


def whole(first: int, last: int, what: str, number: int) -> CalendarEntry:
    """Whole days of the week."""
    begin, end = (MONDAY + timedelta(days=day) for day in (first, last + 1))
    return entry(f"{begin}T00:00", f"{end}T00:00", what, number=number, whole=True)


def days(*entries: CalendarEntry, look: CalendarLook = "week") -> list[CalendarDay]:
    """The days around Monday with these."""
    return days_with(entries, shown_days(look, MONDAY))
