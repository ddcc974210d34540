"""Long texts that once took time by the square of their length, or worse: each is read or refused before anyone calls it hung."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.patterns import compiled
from tuicrm.domain.kinds.values import parse_field
from tuicrm.domain.schema import Field
from tuicrm.domain.words import phone_forms, wanted
from tuicrm.errors import CrmError, UsageError
from tuicrm.exchange.bitrix.bbcode import plain_text
from tuicrm.exchange.bitrix.recognise import read_layout
from tuicrm.exchange.cells import read_cell
from tuicrm.exchange.column_styles import ColumnStyle
from tuicrm.exchange.csv_reader import read_csv
from tuicrm.services.boards import filters
from tuicrm.services.definitions.fields import made_options
from tuicrm.services.definitions.option_lists import all_added
from tuicrm.services.kernel.session import Session

LONG = 100_000
_PATIENCE = 20
"""Seconds; all of these took minutes or hours. Nothing here is measured: the machine may be busy."""


@pytest.fixture(autouse=True)
def _not_for_ever() -> Iterator[None]:
    def give_up(_signal: int, _frame: Any) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(_PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "text",
    [
        f"1{' ' * LONG}a",
        f"2 x a @ 1{' ' * LONG}x%",
        f"2 x a @ 1{' ' * LONG}- 5 x",
        '" ' * (LONG // 2),
        "[" * LONG,
        '{"a":' * (LONG // 5),
    ],
    ids=["blanks before a unit", "blanks before a per cent", "blanks before a discount", "quotes", "lists", "objects"],
)
@pytest.mark.parametrize(("kind", "canonical"), [("products", True), ("products", False), ("address", True)])
def test_rows_and_addresses(workspace: Session, text: str, kind: str, canonical: bool) -> None:
    field = Field("f", kind, "F", targets=["product"])
    with pytest.raises(BadValue):
        parse_field(text, field, workspace.context(canonical=canonical))


def test_deep_json_in_an_address_is_refused(workspace: Session) -> None:
    """Short enough to be looked at, and deeper than JSON is read."""
    with pytest.raises(BadValue, match="address"):
        parse_field('{"line1":' + "[" * 3_000, Field("f", "address", "F"), workspace.context())


@pytest.mark.parametrize("text", ["2 day x Consulting @ 800 -10% +22%", "1 000  h  x Work @ 5", "3 x A - 5 @ 1"])
def test_rows_are_read_as_ever(workspace: Session, text: str) -> None:
    (row,) = parse_field(text, Field("f", "products", "F", targets=["product"]), workspace.context())
    assert row["quantity"] in ("2", "1000", "3")
    assert row["name"] in ("Consulting", "Work", "A - 5")


@pytest.mark.parametrize("kind", ["date", "datetime"])
@pytest.mark.parametrize("text", ["+1d" * LONG, "1" * LONG, f"18{' ' * LONG}dec", "2026-12-18T" * 10_000])
def test_days_are_told_how_long_they_may_be(workspace: Session, kind: str, text: str) -> None:
    with pytest.raises(BadValue, match="at most 100 characters"):
        parse_field(text, Field("f", kind, "F"), workspace.context())


@pytest.mark.parametrize(
    "tag", ["[LIST=1]", "[URL=a]", "[URL=", "[B ", " ", "[*] ", "[LIST=1][URL=x]", "[/URL][URL=a]"]
)
def test_markup_that_is_never_closed(tag: str) -> None:
    assert isinstance(plain_text(tag * (LONG // len(tag))), str)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[LIST=1][*]a[*]b[/LIST]", "1. a\n2. b"),
        ("[list=1][*]a[/list] [LIST=1][*]open", "1. a • open"),
        ("[URL=http://a.it]A[/URL] and [url=http://b.it]B[/url]", "A (http://a.it) and B (http://b.it)"),
        ("[URL=http://a.it]never closed", "never closed"),
        ("[B]bold[/B] [A] Deal", "bold [A] Deal"),
    ],
)
def test_markup_is_read_as_ever(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.parametrize("kind", ["money", "number", "integer"])
@pytest.mark.parametrize("text", [f"1{' ' * LONG}a", "1" * LONG, "1," * LONG, "1 " * LONG])
def test_amounts_in_cells(kind: str, text: str) -> None:
    with pytest.raises(BadValue, match="at most 60 characters"):
        read_cell(text, Field("f", kind, "F"), ColumnStyle())


def test_columns_that_are_all_called_the_same() -> None:
    import io

    sheet = read_csv(io.BytesIO((",".join(["a", "a (3)", *["a"] * 998]) + "\n").encode()), "a.csv")
    assert len(set(sheet.columns)) == 1_000
    assert sheet.columns[:5] == ("a", "a (3)", "a (2)", "a (4)", "a (5)")


def test_options_whose_keys_begin_alike() -> None:
    """No letter of their names can stand in a key."""
    labels = [chr(0x4E00 + n) for n in range(2_000)]
    made = made_options(labels)
    assert len({option.key for option in made}) == 2_000
    assert [option.key for option in made[:3]] == ["option", "option_2", "option_3"]
    assert [option.label for option in all_added([], labels)] == labels
    with pytest.raises(CrmError, match="at most 2000"):
        all_added([], [*labels, "one more"])
    with pytest.raises(CrmError, match="already"):
        all_added(made, [labels[7]])


def test_options_keep_their_numbers_apart() -> None:
    present = made_options(["A", "a!", "A 2"])
    assert [option.key for option in present] == ["a", "a_2", "a_2_2"]
    assert [option.key for option in made_options(["a", "A?"], present)] == ["a_3", "a_4"]


def test_digits_without_end_are_no_phone_number() -> None:
    assert wanted("3" * LONG).chunks[0].digits == ""
    assert wanted("3" * 15).chunks[0].digits == "3" * 15
    assert len(phone_forms("3" * 15)[1]) < 15


def test_a_filter_of_a_kept_name_that_goes_on_and_on(workspace: Session) -> None:
    with pytest.raises(UsageError, match="at most 10000"):
        filters.compile_for(workspace, "deal", "@a" + " and" * LONG)


def test_a_layout_of_sections_without_end() -> None:
    with pytest.raises(CrmError, match="at most 200 sections"):
        read_layout(b"[" + b",".join([b'{"name":"a","title":"A"}'] * LONG) + b"]", "x")


def test_a_pattern_without_end_is_no_pattern() -> None:
    assert compiled("[" * LONG) is None
    assert compiled("[a-z]+") is not None


def _calls() -> list[Callable[[str], object]]:
    return [wanted, plain_text]


@pytest.mark.parametrize("call", _calls(), ids=["search", "markup"])
@pytest.mark.parametrize("text", ["a-a ", "日", "\n", "x×", "@a ", "1."])
def test_others(call: Callable[[str], object], text: str) -> None:
    call(text * (LONG // len(text)))
