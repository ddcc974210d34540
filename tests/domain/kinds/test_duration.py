"""Lengths of time: read as people write them, kept as minutes, told in hours and minutes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.kinds.test_kinds import EN, EXACT, IT, US, field
from tests.hostile import HOSTILE
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.duration import clock, hours
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.kinds.values import edit_field, format_field, parse_field, read_field


@pytest.mark.parametrize("context", [EN, IT, US, EXACT])
@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1:30", 90),
        ("0:05", 5),
        ("0:5", 5),
        ("125:00", 7500),
        ("1h30", 90),
        ("1h 30m", 90),
        ("1 h 30 min", 90),
        ("2h", 120),
        ("2 hours", 120),
        ("1 hour 1 minute", 61),
        ("1 ora 30 minuti", 90),
        ("3 ore", 180),
        ("90m", 90),
        ("90 min.", 90),
        ("90 Minutes", 90),
        ("2", 120),
        ("1.5", 90),
        ("1,5", 90),
        ("1.5h", 90),
        ("0.33", 20),
        ("0", 0),
        (" 1:30 ", 90),
        ("", None),
        ("  ", None),
    ],
)
def test_a_length_of_time_is_read_alike_whatever_the_locale(context: Any, text: str, minutes: int | None) -> None:
    assert parse_field(text, field("duration"), context) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "1:60", "1:300", ":30", "1:", "-1:30", "-2", "1,234", "1.234", "1d", "h", "m", "1:30:00", "one hour", "30 h m 2",
        "1e3", "١:٣٠", "٣", "1½", "m 5", "9" * 100_000, "9" * 60, "9" * 40 + ":00", "1:30\0",
        *(one for one in HOSTILE if one.strip()),
    ],
)  # fmt: skip
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse_field(text, field("duration"), EN)
    assert 0 < len(refused.value.message) < 200


@pytest.mark.parametrize("value", [True, -1, 1.5, 90.0, {"hours": 1}, 10**60, "soon", ["1:30"]])
def test_json_that_is_no_length_of_time_is_refused(value: Any) -> None:
    with pytest.raises(BadValue):
        read_field(value, field("duration"), EN)


def test_json_has_minutes_or_a_text() -> None:
    assert read_field(90, field("duration"), EXACT) == 90
    assert read_field("1:30", field("duration"), EXACT) == 90
    assert read_field(0, field("duration"), EXACT) == 0


@given(st.integers(0, 10**9))
def test_what_is_told_is_read_back(minutes: int) -> None:
    for context in (EN, IT, EXACT):
        for told in (
            format_field(minutes, field("duration"), context),
            edit_field(minutes, field("duration"), context),
        ):
            assert parse_field(told, field("duration"), context) == minutes


def test_several_are_taken_apart_again() -> None:
    several = field("duration", many=True)
    assert parse_field("1:30; 1,5; 45m", several, EN) == [90, 45]
    assert format_field([90, 45], several, EXACT) == "1:30; 0:45"


def test_the_least_and_most_are_hours() -> None:
    bounded = field("duration", min="0.5", max="8")
    assert parse_field("0:30", bounded, EN) == 30
    assert parse_field("8:00", bounded, EN) == 480
    with pytest.raises(BadValue, match="at least 0:30 is expected"):
        parse_field("29m", bounded, EN)
    with pytest.raises(BadValue, match="at most 8:00 is expected"):
        parse_field("8:01", bounded, EN)


def test_the_editor_says_what_was_understood() -> None:
    assert preview(120, field("duration"), EN) == "2:00"


@pytest.mark.parametrize("value", ["x", None, True, 1.5, {}, [1]])
def test_what_a_script_wrote_is_shown_as_it_is(value: Any) -> None:
    assert format_field(value, field("duration"), EN) == (
        "" if value in (None, {}) else "0:01" if value == [1] else str(value)
    )


def test_hours_as_a_number() -> None:
    assert (hours(90), hours(20), hours(120), hours(0)) == (Decimal("1.5"), Decimal("0.33"), Decimal(2), Decimal(0))
    assert f"{hours(6000):f}" == "100"
    assert (clock(90), clock(-90), clock(0)) == ("1:30", "-1:30", "0:00")
