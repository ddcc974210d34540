"""Until when, how long, how long before: as they are typed in a form and on the command line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from tuicrm.domain.activities.planned import read
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.base import BadValue
from tuicrm.services.calendar.typed_parts import (
    end_text,
    minutes_of,
    read_day,
    read_end,
    read_reminders,
    reminders_text,
)

TEN = "2027-01-12T10:00:00Z"
CONTEXT = Context(NoNames(), NOW)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15", 15),
        ("15m", 15),
        (" 90 min ", 90),
        ("1h", 60),
        ("1h30", 90),
        ("2 ore", 120),
        ("1d", 1440),
        ("2 giorni", 2880),
    ],
)
def test_a_length_of_time(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["", "soon", "1x", "1d30", "-5m", "1:2:3", "9" * 100])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        minutes_of(text)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("11:30", "2027-01-12T11:30:00Z"),
        ("11", "2027-01-12T11:00:00Z"),
        ("9:00", "2027-01-13T09:00:00Z"),
        ("45m", "2027-01-12T10:45:00Z"),
        ("1h30", "2027-01-12T11:30:00Z"),
        ("2027-01-14", "2027-01-14T10:00:00Z"),
        ("2027-01-14 8:00", "2027-01-14T08:00:00Z"),
    ],
)
def test_until_when(text: str, end: str) -> None:
    assert read_end(text, TEN, CONTEXT) == end


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for act in (lambda: read_end(text, TEN, CONTEXT), lambda: read_reminders(text), lambda: read_day(text, CONTEXT)):
        try:
            act()
        except BadValue:
            continue


def test_what_is_offered_for_changing_reads_back() -> None:
    assert read_reminders(reminders_text([0, 15, 90, 120, 1440])) == [0, 15, 90, 120, 1440]
    doc = {"owner": "deal:1", "what": "W", "at": TEN}
    for end in ("2027-01-12T10:30:00Z", "2027-01-14T08:00:00Z"):
        assert read_end(end_text(read(0, 0, {**doc, "end": end}), CONTEXT), TEN, CONTEXT) == end
    assert end_text(read(0, 0, {**doc, "day": "2027-01-12", "last_day": "2027-01-14"}), CONTEXT) == "2027-01-14"
    assert end_text(read(0, 0, doc), CONTEXT) == ""
