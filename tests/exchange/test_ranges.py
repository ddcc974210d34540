"""Numbers and ranges find their place among the ranges of a dropdown."""

from __future__ import annotations

import math

import pytest

from tests.hostile import HOSTILE
from tuicrm.exchange.ranges import Fit, Range, fitting, read_range

EMPLOYEES = [["Fewer than 50", "Meno di 50"], ["50 to 250", "Da 50 a 250"], ["250 to 500"], ["Più di 500"]]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("11-50", 11, 50),
        ("11 – 50", 11, 50),
        ("50 to 250 people", 50, 250),
        ("da 50 a 250", 50, 250),
        ("1,001-5,000", 1001, 5000),
        ("1.001 - 5.000", 1001, 5000),
        ("10,000+", 10000, math.inf),
        ("> 500", 500, math.inf),
        ("more than 500", 500, math.inf),
        ("<50", 0, 49),
        ("up to 50", 0, 50),
        ("120", 120, 120),
    ],
)
def test_what_a_text_says(text: str, low: float, high: float) -> None:
    assert read_range(text) == Range(low, high)


@pytest.mark.parametrize(
    "text", ["", "lots", "50-11", "1-2-3", "12/2024", "9" * 5_000, "11-50" + " " * 100 + "x", *HOSTILE]
)
def test_any_other_text_is_no_range(text: str) -> None:
    assert read_range(text) is None or text in HOSTILE


@pytest.mark.parametrize(
    ("text", "place", "whole"),
    [
        ("11-50", 0, True),
        ("1-10", 0, True),
        ("49", 0, True),
        ("50", 1, True),
        ("51-200", 1, True),
        ("201-500", 2, False),
        ("501-1000", 3, True),
        ("5,000-10,000", 3, True),
        ("10000+", 3, True),
    ],
)
def test_where_it_goes(text: str, place: int, whole: bool) -> None:
    assert fitting(text, EMPLOYEES) == Fit(place, whole)


def test_what_lies_in_two_alike_goes_nowhere() -> None:
    assert fitting("0-900", EMPLOYEES) is None
    assert fitting("many", EMPLOYEES) is None


def test_options_that_are_no_ranges_take_no_numbers() -> None:
    assert fitting("3", [["2"], ["4"]]) is None
    assert fitting("3", [["Small"], ["Large"]]) is None
    assert fitting("3", []) is None
