"""The language: what it reads, where it complains, and that its canonical text is stable."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.filters.unparse import unparse
from tests.examples import examples
from tuicrm.domain.filters.parse import parse
from tuicrm.domain.filters.syntax import Comparison, Conjunction, Phrase
from tuicrm.errors import UsageError


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("  rossi ", "rossi"),
        ('"Rossi Srl"', '"Rossi Srl"'),
        ("'Rossi Srl'", '"Rossi Srl"'),
        ("rossi milano", "rossi and milano"),
        ("rossi not milano", "rossi and not milano"),
        ("rossi amount>5", "rossi and amount > 5"),
        ("dell'acqua wow!", "dell'acqua and wow!"),
        ("AMOUNT >= 1000 USD", "AMOUNT >= 1000 USD"),
        ("a=1 AND (b=2 Or c!=3)", "a = 1 and (b = 2 or c != 3)"),
        ("(a=1 and b=2) or c=3", "a = 1 and b = 2 or c = 3"),
        ("not (a ~ x and b !~ y)", "not (a ~ x and b !~ y)"),
        ("not a = 1", "not a = 1"),
        ("stage in (new,'Won it')", 'stage in (new, "Won it")'),
        ("stage NOT IN (new)", "stage not in (new)"),
        ("company is empty or company is not empty", "company is empty or company is not empty"),
        ("close < today+14d", "close < today+14d"),
        (r'title = "a \"b\" \\"', r'title = "a \"b\" \\"'),
        ('"Expected close" < -7d', '"Expected close" < -7d'),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    assert unparse(parse(text)) == canonical
    assert unparse(parse(canonical)) == canonical


def test_the_example_of_the_manual() -> None:
    text = (
        'amount > 1000 and stage = "Proposal" and responsible = me and close_date < today+14d and not company ~ "rossi"'
    )
    node = parse(text)
    assert isinstance(node, Conjunction)
    assert len(node.parts) == 5
    first = node.parts[0]
    assert isinstance(first, Comparison)
    assert text[first.value.start : first.value.end] == "1000"
    assert unparse(node) == text


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("amount >", 8, "a value"),
        ("amount > and", 9, "a value"),
        ("amount > (", 9, "a value"),
        ("> 5", 0, "a field"),
        ("a = 1 b = 2", 6, "quotes"),
        ("company ~ rossi srl", 16, "quotes"),
        ("a = 1 )", 6, "“and”"),
        ("(a = 1", 6, "“)”"),
        ("a is", 4, "“empty”"),
        ("a is not 5", 9, "“empty”"),
        ("a in b", 5, "“(”"),
        ("a in (b c)", 8, "“,” or “)”"),
        ("a in ()", 6, "a value"),
        ("a and", 5, "a field"),
        ("or", 0, "a field"),
        ('a = "rossi', 4, "never closed"),
        ("(" * 60, 50, "nested"),
        ("not " * 60, 200, "nested"),
    ],
)
def test_errors_name_place_and_what_was_expected(text: str, position: int, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert expected in caught.value.message
    assert caught.value.position == position


signs = st.sampled_from(
    [
        "a",
        "stage",
        "=",
        "!=",
        "~",
        "<",
        "(",
        ")",
        ",",
        '"x y"',
        "'",
        '"',
        "and",
        "or",
        "not",
        "in",
        "is",
        "empty",
        "7",
        "EUR",
    ]
)


@settings(max_examples=examples(500), deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(signs, max_size=12).map(" ".join)))
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    canonical, position = "", 0
    try:
        canonical = unparse(parse(text))
    except UsageError as error:
        position = -1 if error.position is None else error.position
    assert 0 <= position <= len(text)
    assert unparse(parse(canonical)) == canonical


def bare(node: Any) -> Any:
    """The syntax without places."""
    if isinstance(node, tuple):
        return tuple(bare(part) for part in node)
    if not hasattr(node, "__struct_fields__"):
        return node
    return (
        type(node),
        *(bare(getattr(node, name)) for name in node.__struct_fields__ if name not in ("start", "end", "operator_at")),
    )


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(signs, max_size=12).map(" ".join))
def test_the_canonical_text_means_the_same(text: str) -> None:
    try:
        node = parse(text)
    except UsageError:
        return
    assert bare(parse(unparse(node))) == bare(node)


def test_a_phrase_keeps_its_place() -> None:
    node = parse("  rossi")
    assert isinstance(node, Phrase)
    assert (node.start, node.end) == (2, 7)
