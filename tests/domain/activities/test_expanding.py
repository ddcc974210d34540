"""On what a rule falls, looked at from anywhere: as when it is followed from its beginning on, and with bounded work."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.examples import examples
from tuicrm.domain.activities.expanding import counted, falls, falls_between, first_fall
from tuicrm.domain.activities.rules import read
from tuicrm.domain.kinds.base import BadValue

DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
NTH = st.tuples(st.sampled_from(["1", "2", "-1", "5", ""]), DAYS).map("".join)


def _listed(values: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(lambda some: ",".join(map(str, some)))


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]

    def maybe(name: str, values: st.SearchStrategy[str]) -> None:
        if draw(st.integers(0, 3)) == 0:
            parts.append(f"{name}={draw(values)}")

    maybe("INTERVAL", st.integers(1, 7).map(str))
    maybe("COUNT", st.integers(1, 60).map(str))
    maybe("BYMONTH", _listed(st.integers(1, 12)))
    if frequency != "WEEKLY":
        maybe("BYMONTHDAY", _listed(st.sampled_from([1, 15, 28, 29, 30, 31, -1, -3])))
    maybe("BYDAY", _listed(NTH if frequency in ("MONTHLY", "YEARLY") else DAYS))
    if frequency == "YEARLY":
        maybe("BYYEARDAY", _listed(st.sampled_from([1, 59, 60, 100, 366, -1])))
    if frequency == "MONTHLY" and any(part.startswith("BY") for part in parts):
        maybe("BYSETPOS", _listed(st.sampled_from([1, 2, -1])))
    maybe("WKST", DAYS)
    return ";".join(parts)


STARTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


@given(rule_texts(), STARTS, st.integers(-400, 3000))
def test_from_anywhere_it_is_the_same_as_from_the_beginning(text: str, start: datetime, away: int) -> None:
    """Against dateutil, which follows it from the beginning."""
    try:
        rule = read(text)
    except BadValue:
        assume(False)
    since = start + timedelta(days=away)
    until = since + timedelta(days=200)
    assume(first_fall(rule, start) is not None)
    whole = takewhile(lambda wall: wall <= until, iter(rrulestr(text, dtstart=start)))
    expected = [wall for wall in whole if wall >= since]
    assert list(islice(falls(rule, start, since, until), 500)) == expected
    assert falls_between(rule, start, since, until, 500) == tuple(expected)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6",
    ],
)
def test_what_falls_on_nothing_is_known_to(text: str) -> None:
    assert first_fall(read(text), datetime(2027, 2, 10, 10)) is None


def test_what_comes_once_in_28_years_is_found() -> None:
    rule = read("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO")
    found = list(islice(falls(rule, datetime(2027, 1, 1), datetime(2027, 1, 1)), 2))
    assert found == [datetime(2044, 2, 29), datetime(2072, 2, 29)]
    # Over a century that has no leap year: 40 years.
    assert next(falls(rule, datetime(2027, 1, 1), datetime(2073, 1, 1))) == datetime(2112, 2, 29)


def test_years_at_the_end_of_the_calendar() -> None:
    rule, start = read("FREQ=DAILY"), datetime(9999, 12, 30)
    assert list(falls(rule, start, start)) == [start, datetime(9999, 12, 31)]
    assert list(falls(read("FREQ=WEEKLY"), start, start)) == [start]
    assert list(falls(read("FREQ=YEARLY;INTERVAL=1000"), start, datetime.max)) == []
    assert list(islice(falls(rule, datetime(1, 1, 1), datetime.min), 2)) == [datetime(1, 1, 1), datetime(1, 1, 2)]


def test_counting() -> None:
    start = datetime(2027, 1, 11, 10)
    rule = read("FREQ=WEEKLY;COUNT=5")
    assert len(list(falls(rule, start, datetime.min))) == 5
    assert list(falls(rule, start, start + timedelta(days=29))) == []
    assert counted(rule, start, start) == 0
    assert counted(rule, start, start + timedelta(days=14)) == 2
    assert counted(rule, start, datetime.max) == 5
    assert counted(read("FREQ=WEEKLY"), start, datetime.max) == 0


@given(st.integers(1, examples(200)))
def test_an_old_daily_series_costs_no_more_than_a_new_one(years: int) -> None:
    """Nothing is followed from the year 1000 on: what is asked of `dateutil` begins where it is asked about."""
    start = datetime(2027 - years * 4, 1, 1, 9)
    found = list(falls(read("FREQ=DAILY;INTERVAL=3"), start, datetime(2027, 1, 1), datetime(2027, 1, 31)))
    assert len(found) in (10, 11)
    assert all((wall - start).days % 3 == 0 for wall in found)
