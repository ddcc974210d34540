"""Rules as they are kept: taken apart, refused, written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tuicrm.domain.activities.rules import last_wall, read, write
from tuicrm.domain.activities.wall import zone_named
from tuicrm.domain.kinds.base import BadValue
from tuicrm.limits import REPEAT_COUNT, REPEAT_EVERY, RULE


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270301;BYDAY=MO,TH;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=-1,31",
        "FREQ=MONTHLY;BYDAY=2TU,-1FR",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3",
        "FREQ=YEARLY;BYWEEKNO=-1,20;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=-1,100",
        "FREQ=DAILY;COUNT=10",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=WEEKLY;UNTIL=20270301T090000Z",
    ],
)
def test_a_rule_is_written_as_it_was_read(rule: str) -> None:
    assert write(read(rule)) == rule
    assert read(f"RRULE:{rule.lower()};") == read(rule)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("FREQ=SECONDLY", "too often"),
        ("FREQ=MINUTELY;INTERVAL=5", "too often"),
        ("FREQ=HOURLY", "too often"),
        ("FREQ=DAILY;COUNT=1000000", str(REPEAT_COUNT.most)),
        (f"FREQ=DAILY;COUNT={'9' * 400}", str(REPEAT_COUNT.most)),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=-3", "COUNT"),
        ("FREQ=DAILY;COUNT=²", "COUNT"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1001", str(REPEAT_EVERY.most)),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270301", "not both"),
        ("FREQ=DAILY;UNTIL=20270231", "UNTIL"),
        ("FREQ=DAILY;UNTIL=soon", "UNTIL"),
        ("FREQ=DAILY;BYHOUR=9,17", "BYHOUR"),
        ("FREQ=DAILY;X-EVIL=1", "X-EVIL"),
        ("FREQ=DAILY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=DAILY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH"),
        ("FREQ=WEEKLY;BYDAY=2TU", "2TU"),
        ("FREQ=MONTHLY;BYDAY=0TU", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=XX", "BYDAY"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=DAILY;WKST=XX", "WKST"),
        ("FREQ=DAILY;FREQ=WEEKLY", "a rule is expected"),
        ("BYDAY=MO", "a rule is expected"),
        ("", "a rule is expected"),
        ("every monday", "a rule is expected"),
        ("FREQ=DAILY;" + "BYMONTH=1;" * 100, str(RULE.most)),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(rule: str, told: str) -> None:
    with pytest.raises(BadValue) as refused:
        read(rule)
    assert told in refused.value.message


def test_until_is_a_day_which_is_included_or_a_moment_of_other_programs() -> None:
    rome = zone_named("Europe/Rome")
    assert rome is not None
    assert last_wall(read("FREQ=DAILY;UNTIL=20270301"), rome) == datetime(2027, 3, 1, 23, 59, 59)
    assert last_wall(read("FREQ=DAILY;UNTIL=20270701T080000Z"), rome) == datetime(2027, 7, 1, 10)
    assert last_wall(read("FREQ=DAILY;UNTIL=20270701T080000"), rome) == datetime(2027, 7, 1, 8)
    assert last_wall(read("FREQ=DAILY"), UTC) is None
