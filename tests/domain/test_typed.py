"""Canonical forms mean themselves, all else is read as the person writes it, and what was understood is told."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tuicrm.domain import typed
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field
from tuicrm.i18n import set_language

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
"""A Monday."""
EN = Context(NoNames(), NOW, ZoneInfo("Europe/Rome"), "en", "en_GB", canonical=True)
IT = replace(EN, language="it", locale="it_IT")
US = replace(EN, locale="en_US")
FR = replace(EN, locale="fr_FR")


def read(text: str, kind: str, context: Context) -> Any:
    return typed.parse(text, Field("f", kind, "F"), context)


@pytest.mark.parametrize(
    ("kind", "text", "context", "value"),
    [
        ("number", "38000.50", IT, "38000.50"),
        ("number", "1.234", IT, "1.234"),
        ("number", "1.234", EN, "1.234"),
        ("number", "1.234,56", IT, "1234.56"),
        ("number", "1,234.56", EN, "1234.56"),
        ("number", "1 234,56", FR, "1234.56"),
        ("number", "38k", EN, "38000"),
        ("number", "-2", IT, "-2"),
        ("number", "38 mln", IT, "38000000"),
        ("money", "38 mio", EN, {"amount": "38000000.00", "currency": "EUR"}),
        ("date", "18 dec", EN, "2026-12-18"),
        ("date", "18.12", EN, "2026-12-18"),
        ("date", "12.18", US, "2026-12-18"),
        ("datetime", "18.12 9:30", IT, "2026-12-18T08:30:00Z"),
        ("date", "18 DIC", IT, "2026-12-18"),
        ("datetime", "18 dec 9:30", EN, "2026-12-18T08:30:00Z"),
        ("integer", "12", IT, 12),
        ("money", "38000 EUR", IT, {"amount": "38000.00", "currency": "EUR"}),
        ("money", "€ 38,000", EN, {"amount": "38000.00", "currency": "EUR"}),
        ("money", "€ 38.000", IT, {"amount": "38000.00", "currency": "EUR"}),
        ("money", "1.234,56", IT, {"amount": "1234.56", "currency": "EUR"}),
        ("money", "38k USD", EN, {"amount": "38000.00", "currency": "USD"}),
        ("date", "2026-12-18", US, "2026-12-18"),
        ("date", "18/12", EN, "2026-12-18"),
        ("date", "18.12.2026", IT, "2026-12-18"),
        ("date", "12/18", US, "2026-12-18"),
        ("date", "fri", EN, "2026-12-04"),
        ("date", "ven", IT, "2026-12-04"),
        ("date", "FRI", IT, "2026-12-04"),
        ("date", "+3d", EN, "2026-12-03"),
        ("date", "today+3d", EN, "2026-12-03"),
        ("date", "tomorrow+1w", EN, "2026-12-08"),
        ("date", "oggi+14g", IT, "2026-12-14"),
        ("date", "domani", EN, "2026-12-01"),
        ("datetime", "2026-12-18T09:30", IT, "2026-12-18T08:30:00Z"),
        ("datetime", "15:00", EN, "2026-11-30T14:00:00Z"),
        ("datetime", "tomorrow 9:30", EN, "2026-12-01T08:30:00Z"),
        ("datetime", "ven 15:00", IT, "2026-12-04T14:00:00Z"),
        ("datetime", "now-2h", EN, "2026-11-30T08:00:00Z"),
    ],
)
def test_canonical_first_then_as_the_person_writes(kind: str, text: str, context: Context, value: Any) -> None:
    assert read(text, kind, context) == value


@pytest.mark.parametrize(
    ("kind", "text", "context"),
    [
        ("number", "1.2.3.4", EN),
        ("number", "much", EN),
        ("number", "1e5", EN),
        ("money", "38 XQQ", EN),
        ("money", "1.234 EUR", IT),
        ("date", "18 eur", EN),
        ("date", "18/12", US),
        ("date", "31/11", EN),
        ("date", "soon", EN),
        ("date", "2026-13-01", EN),
        ("datetime", "25:00", EN),
        ("datetime", "today+2h", EN),
        ("date", "x" * 10_000, EN),
    ],
)
def test_what_is_neither_is_refused(kind: str, text: str, context: Context) -> None:
    with pytest.raises(BadValue):
        read(text, kind, context)


def test_a_canonical_number_that_is_refused_is_not_read_as_another_one() -> None:
    field = Field("f", "number", "F", settings={"precision": 2})
    with pytest.raises(BadValue, match="at most 2 digits"):
        typed.parse("1.234", field, IT)
    assert typed.parse("1.234,5", field, IT) == "1234.5"


def test_each_of_several_values_is_read_by_itself() -> None:
    field = Field("f", "number", "F", many=True)
    assert typed.parse("1.234; 38k; 1.234,5", field, IT) == ["1.234", "38000", "1234.5"]


@pytest.mark.parametrize(
    ("kind", "text", "context", "told"),
    [
        ("date", "2026-12-18", EN, ""),
        ("number", "38000.50", EN, ""),
        ("money", "38000 EUR", IT, ""),
        ("date", "fri", EN, "Fri 4 Dec 2026"),
        ("date", "+3d", EN, "Thu 3 Dec 2026"),
        ("date", "ven", IT, "ven 4 dic 2026"),
        ("number", "38k", EN, "38,000"),
        ("number", "1.234", IT, "1,234"),
        ("money", "38k", EN, "38,000.00"),
        ("money", "38k USD", EN, "US$ 38,000.00"),
        ("datetime", "15:00", EN, "Mon 30 Nov 15:00"),
    ],
)
def test_what_was_understood_is_told_where_a_reader_may_wonder(
    kind: str, text: str, context: Context, told: str
) -> None:
    heard = list[tuple[str, str]]()
    set_language(context.language)
    try:
        read(text, kind, replace(context, heard=lambda *words: heard.append(words)))
    finally:
        set_language("en")
    assert heard == ([(text, told)] if told else [])


def test_numbers_amounts_and_times_alone() -> None:
    assert typed.number("1.234,5", IT) == Decimal("1234.5")
    assert typed.money("38k", EN) == (Decimal(38000), "EUR")
    assert typed.when("fri", EN) == "2026-12-04"
    assert typed.when("fri 15:00", EN) == datetime(2026, 12, 4, 14, tzinfo=UTC)
    for read_it in (typed.number, typed.money, typed.when):
        for text in ("", " ", "?", "\x00"):
            with pytest.raises(BadValue):
                read_it(text, EN)
