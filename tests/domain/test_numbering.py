"""Patterns of numbers: what they make of a day, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from tuicrm.domain.numbering import formatted, period, problems
from tuicrm.domain.schema import Numerator, Reset

DAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("{NUMBER}", "42"),
        ("{YEAR}-{NUMBER:4}", "2026-0042"),
        ("A/{DAY}.{MONTH}.{YEAR}/{NUMBER:2}", "A/09.03.2026/42"),
        ("{NUMBER:1}", "42"),
    ],
)
def test_a_pattern_makes_a_number(pattern: str, text: str) -> None:
    numerator = Numerator(pattern=pattern)
    assert problems(numerator) == []
    assert formatted(numerator, 42, DAY) == text


@pytest.mark.parametrize(
    ("reset", "told"), [("never", ""), ("year", "2026"), ("month", "2026-03"), ("day", "2026-03-09")]
)
def test_periods(reset: Reset, told: str) -> None:
    assert period(Numerator(reset=reset), DAY) == told


@pytest.mark.parametrize(
    ("numerator", "field"),
    [
        (Numerator(pattern=""), "pattern"),
        (Numerator(pattern="{YEAR}"), "pattern"),
        (Numerator(pattern="{NUMBER}{NUMBER}"), "pattern"),
        (Numerator(pattern="{NUMBER} {WEEK}"), "pattern"),
        (Numerator(pattern="{NUMBER:99}"), "pattern"),
        (Numerator(pattern="{NUMBER"), "pattern"),
        (Numerator(pattern="{NUMBER}" + "x" * 60), "pattern"),
        (Numerator(pattern="{NUMBER}\n"), "pattern"),
        (Numerator(pattern="{NUMBER}", reset="year"), "pattern"),
        (Numerator(pattern="{YEAR}{NUMBER}", reset="month"), "pattern"),
        (Numerator(start=0), "start"),
        (Numerator(step=-1), "step"),
    ],
)
def test_what_is_wrong(numerator: Numerator, field: str) -> None:
    assert [problem.field for problem in problems(numerator)] == [field]
