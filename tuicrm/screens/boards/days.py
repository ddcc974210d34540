"""The date picker of boards by dates: the coming days as a list, and any day that is typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tuicrm.domain.agenda import LABELS, Weeks
from tuicrm.domain.context import Choice, Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.dates import day_name
from tuicrm.domain.kinds.moments import parse_date
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.widgets.fuzzy import find
from tuicrm.widgets.picker import Picker

_DAYS = 92
"""How many stand in the list."""


def day_picker(host: Host, weeks: Weeks) -> Picker:
    """Ends with the day chosen, as `2026-12-18`. Past ones are not offered."""
    context = host.session.context()
    days = [weeks.today + timedelta(days=n) for n in range(min(_DAYS, (date.max - weeks.today).days))]
    coming = [_choice(day, weeks, context) for day in days]
    texts = [f"{one.label} {one.detail}".casefold() for one in coming]

    def search(typed: str) -> Sequence[Choice]:
        if not typed.strip():
            return coming
        found = [coming[at] for at in find(typed, texts)]
        meant = _meant(typed, weeks, context)
        return found if meant is None else [meant, *(one for one in found if one.key != meant.key)]

    return Picker(host.surface, _("Which day (or type one: fri, +10d, 18 Dec)"), coming, search=search)


def _choice(day: date, weeks: Weeks, context: Context) -> Choice:
    return Choice(day.isoformat(), day_name(day, context), _(LABELS[weeks.column(day)]))


def _meant(typed: str, weeks: Weeks, context: Context) -> Choice | None:
    try:
        day = parse_date(typed, context)
    except BadValue:
        return None
    return _choice(day, weeks, context) if day >= weeks.today else None
