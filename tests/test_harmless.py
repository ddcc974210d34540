"""Characters that a terminal must not get, and the numbers that stand for them."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import defaultdict
from itertools import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.hostile import any_text
from tuicrm.harmless import is_harmful, numbered

IGNORABLE = (
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x2060, 0x2070),
    *range(0x202A, 0x202F),
    *range(0xFE00, 0xFE0E),
    *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000),
)
"""Unicode's Default_Ignorable_Code_Point, without what is harmless in its place (joiners, and variants of pictures)."""
VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
IN_THEIR_PLACE = frozenset("\u200c\u200d")


def test_all_of_unicode() -> None:
    """Every control and format is harmful, and every code point that Unicode says is not to be seen."""
    characters = list(map(chr, range(sys.maxunicode + 1)))
    harmful = set(compress(characters, map(is_harmful, characters)))
    unseen = set(map(chr, IGNORABLE))
    assert harmful >= unseen
    by_category: dict[str, set[str]] = defaultdict(set)
    for character, category in zip(characters, map(unicodedata.category, characters), strict=True):
        by_category[category].add(character)
    steering = set().union(*(by_category[name] for name in ("Cc", "Cf", "Cs", "Zl", "Zp"))) - set("\n\t")
    assert steering & harmful == steering - VISIBLE_FORMATS - IN_THEIR_PLACE
    seen = set().union(*(those for name, those in by_category.items() if name[0] in "LNPS")) - unseen
    assert seen & harmful == {"\U0001d159"}  # a note that has no head, and nothing else


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Società\n\t€ 12.500", "Società\n\t€ 12.500"),
        ("\x1b]0;x\x07", r"\u001b]0;x\u0007"),
        ("\x9b31m\x7f", r"\u009b31m\u007f"),
        ("a\rb", r"a\u000db"),
        ("\u202egpj", r"\u202egpj"),
        ("\U000e0041", r"\udb40\udc41"),
        ("\udce9", r"\udce9"),
        ("👨\u200d👩 ❤\ufe0f 1\ufe0f\u20e3", "👨\u200d👩 ❤\ufe0f 1\ufe0f\u20e3"),
        ("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"),
        ("ross\u200ci a\u200db x\ufe0f ❤\ufe0f\ufe0f", r"ross\u200ci a\u200db x\ufe0f ❤" + "\ufe0f" + r"\ufe0f"),
    ],
)
def test_numbers(text: str, shown: str) -> None:
    assert numbered(text) == shown


@given(any_text)
def test_it_is_done_once_and_nothing_stays(text: str) -> None:
    shown = numbered(text)
    assert numbered(shown) == shown
    assert not any(map(is_harmful, shown))


@given(any_text, st.booleans())
def test_json_stays_the_same_json(text: str, ascii_only: bool) -> None:
    assert json.loads(numbered(json.dumps([text], ensure_ascii=ascii_only))) == [text]
