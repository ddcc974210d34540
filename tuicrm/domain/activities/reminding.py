"""When the reminders of an activity come: so many minutes before it begins; for whole days at the beginning of working hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from tuicrm.domain.activities.wall import place
from tuicrm.domain.activities.working import WorkingTime
from tuicrm.domain.kinds.base import BadValue

_MINUTES_A_DAY = 24 * 60


def before(minutes: Iterable[int], begins: datetime) -> list[datetime]:
    """The moments (UTC, whole minutes) so many minutes before something begins (aware), each once, the earliest first."""
    return _sorted(begins - timedelta(minutes=one) for one in _possible(minutes, begins))


def before_day(minutes: Iterable[int], day: date, working: WorkingTime, zone: tzinfo) -> list[datetime]:
    """The same of what is for a whole day: when work begins on it, or so many whole days earlier. Less than a day before is on the day
    itself: nobody is woken at a quarter to midnight."""
    found = []
    for one in minutes:
        try:
            earlier = day - timedelta(days=one // _MINUTES_A_DAY)
            found.append(place(datetime.combine(earlier, working.begin), zone).moment)
        except (OverflowError, BadValue):
            continue
    return _sorted(found)


def _possible(minutes: Iterable[int], begins: datetime) -> list[int]:
    """Those that do not lead out of the calendar."""
    room = (begins - datetime.min.replace(tzinfo=UTC)) // timedelta(minutes=1)
    return [one for one in minutes if one <= room]


def _sorted(moments: Iterable[datetime]) -> list[datetime]:
    return sorted({one.astimezone(UTC).replace(second=0, microsecond=0) for one in moments})
