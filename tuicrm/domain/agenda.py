"""By when something is due: the five columns of a board by dates, and what a drop into one of them means (reference §6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from tuicrm.i18n import N_

DueGroup: TypeAlias = Literal["overdue", "today", "this_week", "next_week", "later", "none"]

BY_DATE: tuple[DueGroup, ...] = ("overdue", "today", "this_week", "next_week", "later")
"""The columns that dates stand in; "none" is for what has none, where that is a column of its own."""

LABELS: Mapping[DueGroup, str] = MappingProxyType(
    {
        "overdue": N_("Overdue"),
        "today": N_("Today"),
        "this_week": N_("This week"),
        "next_week": N_("Next week"),
        "later": N_("Later"),
        "none": N_("Nothing planned"),
    }
)

COLOURS: Mapping[DueGroup, str] = MappingProxyType(
    {
        "overdue": "#e5534b",
        "today": "#d29922",
        "this_week": "#57ab5a",
        "next_week": "#539bf5",
        "later": "#8a8f98",
        "none": "#8a8f98",
    }
)

_DROPS: Mapping[DueGroup, int] = MappingProxyType({"today": 0, "this_week": 1, "next_week": 7, "later": 14})
"""Days from today that setting something down in a column gives it."""


class Weeks(NamedTuple):
    """Today, and the first days of the next week and of the one after."""

    today: date
    next_week: date
    later: date

    def column(self, day: date) -> DueGroup:
        """Where a day stands."""
        if day < self.today:
            return "overdue"
        if day == self.today:
            return "today"
        return "this_week" if day < self.next_week else "next_week" if day < self.later else "later"

    def dropped(self, place: DueGroup | date) -> date | None:
        """The day that something set down in a column, or on a day, is due; None where nothing can be set down: in what is past, and
        in a week that ends today."""
        if isinstance(place, date):
            return place if place >= self.today else None
        column = place
        days = _DROPS.get(column)
        day = None if days is None else self.today + timedelta(days=days)
        return day if day is not None and self.column(day) == column else None


def weeks(today: date, first_weekday: int = 0) -> Weeks:
    """The weeks that a day is in and before; `first_weekday` as `date.weekday()` counts, 0 for Monday."""
    next_week = today + timedelta(days=7 - (today.weekday() - first_weekday) % 7)
    return Weeks(today, next_week, next_week + timedelta(days=7))


@lru_cache(maxsize=16)
def first_weekday(locale: str) -> int:
    """The day that weeks begin with where a locale is spoken, as `date.weekday()` counts."""
    # 20 to 60 ms to import.
    from babel.core import Locale, UnknownLocaleError

    try:
        return int(Locale.parse(locale.replace("-", "_")).first_week_day)
    except (UnknownLocaleError, ValueError):
        return 0
