"""Working time: what settings say of it however it is written, and when things are due by it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile_workspace import WRONG
from tuicrm.domain.activities import working
from tuicrm.domain.activities.working import (
    WorkingTime,
    default_due,
    read_days,
    read_holidays,
    read_hours,
    working_time,
)
from tuicrm.domain.kinds.base import BadValue

ROME = ZoneInfo("Europe/Rome")


def due(text: str, **settings: str) -> str:
    found = default_due(datetime.fromisoformat(text).replace(tzinfo=ROME), working_time(settings))
    return found.replace(tzinfo=None).isoformat(" ", "minutes")


def test_three_working_days_on_rounded_up_to_the_full_hour() -> None:
    """Reference §11: 15:01 is 16:00, Friday is Wednesday."""
    assert due("2026-11-20 15:01") == "2026-11-25 16:00"
    assert due("2026-11-23 15:00") == "2026-11-26 15:00"
    assert due("2026-11-23 23:30") == "2026-11-27 09:00"
    assert due("2026-11-23 06:30") == "2026-11-26 09:00"
    assert due("2026-11-23 17:30", working_hours="08:00-12:30") == "2026-11-26 12:30"


def test_days_on_which_nobody_works_are_passed_over() -> None:
    assert due("2026-12-03 10:00", holidays="IT") == "2026-12-09 10:00"
    assert due("2026-12-03 10:00") == "2026-12-08 10:00"
    assert due("2026-12-03 10:00", holidays="2026-12-07, 12-09") == "2026-12-10 10:00"
    assert due("2026-11-23 10:00", working_days="mon, wed") == "2026-12-02 10:00"


def test_an_hour_that_a_change_of_clocks_skips_is_still_due() -> None:
    found = default_due(datetime(2027, 3, 24, 1, 30, tzinfo=ROME), WorkingTime(time(0), time(23), frozenset(range(7))))
    assert found.astimezone(ZoneInfo("UTC")).isoformat() == "2027-03-27T01:00:00+00:00"


def test_who_never_works_is_asked_in_three_days() -> None:
    assert default_due(datetime(2026, 11, 23, 10, tzinfo=ROME), WorkingTime(days=frozenset())).day == 26


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (read_hours, "9-18", "09:00-18:00"),
        (read_hours, " 8.30 – 17:00 ", "08:30-17:00"),
        (read_days, "mon-fri", "mon-fri"),
        (read_days, "lunedì-venerdì", "mon-fri"),
        (read_days, "Sunday, mon, tue; thu", "mon-tue, thu, sun"),
        (read_days, "sat-mon", "mon, sat-sun"),
        (read_holidays, "2026-12-24; it, 08-15", "IT, 08-15, 2026-12-24"),
        (read_holidays, "de-by", "DE-BY"),
        (read_holidays, "02-29", "02-29"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(read: object, typed: str, kept: str) -> None:
    assert callable(read)
    assert read(typed) == kept
    assert read(kept) == kept


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (read_hours, "18-9"), (read_hours, "9"), (read_hours, "9-25"), (read_hours, "9-9"), (read_hours, "9-" + "1" * 500),
        (read_days, "someday"), (read_days, ""), (read_days, "mon-"), (read_days, "m" * 1000),
        (read_holidays, "XX"), (read_holidays, "IT, FR"), (read_holidays, "2026-02-30"), (read_holidays, "Christmas"),
        (read_holidays, ", ".join(["12-24"] * 201)),
    ],
)  # fmt: skip
def test_what_is_no_working_time_is_refused(read: object, typed: str) -> None:
    assert callable(read)
    with pytest.raises(BadValue):
        read(typed)


@given(st.text(max_size=40))
def test_no_text_is_anything_but_read_or_refused(text: str) -> None:
    for read in (read_hours, read_days, read_holidays):
        try:
            kept = read(text)
        except BadValue:
            continue
        assert read(kept) == kept


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_settings_that_a_script_wrote_are_as_if_nobody_had_said_them(wrong: object) -> None:
    assert working_time(dict.fromkeys(("working_hours", "working_days", "holidays"), wrong)) == WorkingTime()


def test_without_the_library_own_days_count_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "holidays", None)
    working._calendar.cache_clear()
    found = working_time({"holidays": "IT, 2026-12-24"})
    assert found.works_on(date(2026, 12, 25))
    assert not found.works_on(date(2026, 12, 24))
    with pytest.raises(BadValue):
        read_holidays("IT")
    working._calendar.cache_clear()
