"""Settings of fields: read as typed, offered again as they are kept, all that is wrong told at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.field_settings import (
    SETTINGS,
    edit_default,
    edit_setting,
    parse_default,
    parse_setting,
    problems,
    settings_of,
)
from tuicrm.domain.kinds import CUSTOM_KINDS, KINDS, kind_of, traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field, Option

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CANONICAL = Context(NoNames(), NOW, canonical=True)
ITALIAN = Context(NoNames(), NOW, language="it", locale="it_IT")


def field(kind: str, default: Any = None, **settings: Any) -> Field:
    options = [Option("red", "Red"), Option("green", {"en": "Green", "it": "Verde"})] if kind == "list" else []
    return Field("size", kind, "Size", custom=True, settings=settings, default=default, options=options)


def wrong(made: Field) -> list[str]:
    return [problem.field for problem in problems(made, CANONICAL)]


def test_what_is_declared_hangs_together() -> None:
    assert all(kind_of(kind) for kind in CUSTOM_KINDS)
    assert {key for traits in KINDS.values() for key in traits.settings} == set(SETTINGS)
    own = [traits for traits in KINDS.values() if not traits.custom]
    assert own
    assert not any(traits.settings or traits.has_default for traits in own)
    assert [setting.key for setting in settings_of("number")] == ["min", "max", "precision", "unit"]
    assert settings_of("boolean") == []


@pytest.mark.parametrize(
    ("key", "text", "context", "expected"),
    [
        ("min", " 12.50 ", CANONICAL, "12.50"),
        ("min", "1.234,5", ITALIAN, "1234.5"),
        ("max", "-3", CANONICAL, "-3"),
        ("min", "0", CANONICAL, "0"),
        ("precision", "0", CANONICAL, 0),
        ("precision", "3", CANONICAL, 3),
        ("max_length", "0", CANONICAL, None),
        ("max_length", "20", CANONICAL, 20),
        ("rows", "5", CANONICAL, 5),
        ("unit", " km ", CANONICAL, "km"),
        ("pattern", r"[A-Z]\d+", CANONICAL, r"[A-Z]\d+"),
        ("extensions", ".PDF, docx;txt", CANONICAL, ["pdf", "docx", "txt"]),
        ("extensions", " , ;. ", CANONICAL, None),
        ("max_size", "5000000", CANONICAL, 5_000_000),
        ("min", " ", CANONICAL, None),
        ("unit", "", CANONICAL, None),
    ],
)
def test_a_setting_is_read_as_it_is_typed(key: str, text: str, context: Context, expected: Any) -> None:
    assert parse_setting(key, text, context) == expected


@pytest.mark.parametrize(
    ("key", "text"),
    [("min", "much"), ("min", "1,5"), ("precision", "-1"), ("rows", "2.5"), ("rows", "²"), ("max_size", "5MB"), ("rows", "9" * 16)],
)  # fmt: skip
def test_what_is_no_setting_is_refused(key: str, text: str) -> None:
    with pytest.raises(BadValue):
        parse_setting(key, text, CANONICAL)


@given(st.sampled_from(sorted(SETTINGS)), st.one_of(st.integers(0, 10**14).map(str), st.text(max_size=20)))
def test_what_a_form_offers_is_what_was_read(key: str, text: str) -> None:
    try:
        value = parse_setting(key, text, CANONICAL)
    except BadValue:
        return
    assert parse_setting(key, edit_setting(value), CANONICAL) == value


@pytest.mark.parametrize(
    ("kind", "text", "kept", "offered"),
    [
        ("date", "now", {"now": 0}, "now"),
        ("date", "OGGI", {"now": 0}, "now"),
        ("date", "+7d", {"now": 7}, "+7d"),
        ("datetime", "7 g", {"now": 7}, "+7d"),
        ("date", "2026-12-18", "2026-12-18", "2026-12-18"),
        ("datetime", "2026-12-18 15:00", "2026-12-18T15:00:00Z", "2026-12-18T15:00:00Z"),
        ("money", "10 USD", {"amount": "10.00", "currency": "USD"}, "10.00 USD"),
        ("integer", "5", 5, "5"),
        ("boolean", "no", False, "no"),
        ("list", "verde", "green", "green"),
        ("string", "hello", "hello", "hello"),
        ("string", "", None, ""),
        ("date", "", None, ""),
    ],
)
def test_a_default_is_read_and_offered_again(kind: str, text: str, kept: Any, offered: str) -> None:
    made = field(kind)
    assert parse_default(made, text, CANONICAL) == kept
    assert edit_default(replace(made, default=kept), CANONICAL) == offered
    assert parse_default(made, offered, CANONICAL) == kept


def test_several_defaults() -> None:
    made = replace(field("list"), many=True)
    assert parse_default(made, "Red; Verde", CANONICAL) == ["red", "green"]
    assert parse_default(made, edit_default(replace(made, default=["red", "green"]), CANONICAL), CANONICAL) == [
        "red", "green"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"), [("date", "someday"), ("money", "lots"), ("integer", "1.5"), ("list", "Blue"), ("boolean", "perhaps")]
)  # fmt: skip
def test_what_is_no_default_is_refused(kind: str, text: str) -> None:
    with pytest.raises(BadValue):
        parse_default(field(kind), text, CANONICAL)


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert wrong(field("number", "7", min="5", max="1", precision=13, unit="a very long unit 5")) == [
        "max", "precision", "unit", "default"
    ]  # fmt: skip
    assert wrong(field("text", rows=41, min_length=3, max_length=2, pattern="((")) == ["max_length", "rows", "pattern"]
    assert wrong(field("spaceship", min="x")) == ["kind"]
    assert wrong(replace(field("boolean", None, min="1"), many=True)) == ["many", "min"]
    assert wrong(field("file", extensions=["pdf", "../x"])) == ["extensions"]
    assert wrong(field("date", {"now": 10_000})) == ["default"]
    assert wrong(field("date", {"now": True})) == ["default"]
    assert wrong(field("date", {"now": 1, "then": 2})) == ["default"]


@pytest.mark.parametrize(
    "made",
    [
        field("number", "5", min="1", max="10", precision=2, unit="%"),
        field("integer", 0, min="0", max="0"),
        field("string", "abc", min_length=3, max_length=0, pattern="[a-c]+"),
        field("file", extensions=["pdf"], max_size=5),
        field("date", {"now": 0}),
        field("datetime", "2026-12-18T15:00:00Z"),
        field("list", "red"),
        field("money", {"amount": "5.00", "currency": "EUR"}, min="1"),
        # What the model product knows and we do not is kept for it.
        field("string", popup="Y"),
        *(field(kind) for kind in CUSTOM_KINDS),
    ],
    ids=lambda made: made.kind,
)
def test_what_is_right_is_taken(made: Field) -> None:
    assert wrong(made) == []


@given(
    st.sampled_from(CUSTOM_KINDS),
    st.sampled_from(sorted(SETTINGS)),
    st.one_of(st.integers(), st.text(max_size=10), st.none()),
)
def test_nothing_that_stands_in_a_setting_breaks_the_check(kind: str, key: str, value: Any) -> None:
    found = wrong(field(kind, **{key: value}))
    if key not in traits_of(kind).settings:
        assert key in found
