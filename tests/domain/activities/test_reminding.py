"""When reminders come: so long before; of whole days when work begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from tuicrm.domain.activities.reminding import before, before_day
from tuicrm.domain.activities.working import WorkingTime

ROME = ZoneInfo("Europe/Rome")


def test_they_come_so_many_minutes_before_each_once() -> None:
    begins = datetime(2027, 1, 12, 10, 0, 30, tzinfo=ROME)
    assert before((15, 0, 60, 15), begins) == [
        datetime(2027, 1, 12, 8, 0, tzinfo=UTC),
        datetime(2027, 1, 12, 8, 45, tzinfo=UTC),
        datetime(2027, 1, 12, 9, 0, tzinfo=UTC),
    ]
    assert before((15, 40_320), datetime(1, 1, 1, 0, 20, tzinfo=UTC)) == [datetime(1, 1, 1, 0, 5, tzinfo=UTC)]


def test_of_a_whole_day_they_come_when_work_begins_on_it_or_whole_days_earlier() -> None:
    working = WorkingTime(begin=time(8, 30))
    assert before_day((15, 0, 1440), date(2027, 3, 29), working, ROME) == [
        datetime(2027, 3, 28, 6, 30, tzinfo=UTC),
        datetime(2027, 3, 29, 6, 30, tzinfo=UTC),
    ]
    assert before_day((1440,), date(1, 1, 1), working, ROME) == []
