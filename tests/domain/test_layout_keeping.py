"""Fields that the person does not see, and elements without a field, keep their places when a layout is replaced or shaped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain import layouts
from tuicrm.domain.layout_keeping import in_order, keep_unseen, settle
from tuicrm.domain.schema import Foreign, Layout, Placed, Section


def layout(*sections: str) -> Layout:
    """`layout("a:xy", "b:z")`: section a with the fields x and y, section b with z."""
    made = []
    for text in sections:
        key, _colon, fields = text.partition(":")
        made.append(Section(key, key.upper(), [Placed(field) for field in fields]))
    return Layout(made)


def shape(made: Layout) -> list[str]:
    return [f"{section.key}:{''.join(placed.field for placed in section.fields)}" for section in made.sections]


def standing(section: Section) -> list[str]:
    return [one.field if isinstance(one, Placed) else one.name for one in in_order(section)]


# -- fields that the person does not see (capital letters) -------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["a:xSy"], ["a:yx"], ["a:yxS"]),
        (["a:Sxy"], ["a:yx"], ["a:Syx"]),
        (["a:xSTy"], ["a:xy"], ["a:xSTy"]),
        (["a:xyS"], ["a:x", "b:y"], ["a:xS", "b:y"]),
        (["a:xS"], ["a:y"], ["a:Sy"]),
        (["a:x", "b:yS"], ["a:xy"], ["a:xyS"]),
        (["a:x", "b:S", "c:y"], ["c:y", "a:x"], ["c:y", "a:xS"]),
        (["b:S", "c:y"], ["c:y"], ["c:yS"]),
        (["a:x"], ["a:x"], ["a:x"]),
    ],
)
def test_what_is_not_seen_stays_where_it_was(before: list[str], after: list[str], expected: list[str]) -> None:
    assert shape(keep_unseen(layout(*before), layout(*after), "xyz")) == expected


@given(st.permutations("xyzSTU"), st.integers(0, 6), st.integers(0, 6), st.permutations("xyz"), st.integers(0, 3))
def test_nothing_is_lost_or_doubled(before: list[str], one: int, two: int, after: list[str], cut: int) -> None:
    first, second = sorted((one, two))
    kept = layout("a:" + "".join(before[:first]), "b:" + "".join(before[first:second]), "c:" + "".join(before[second:]))
    wanted = layout("b:" + "".join(after[:cut]), "d:" + "".join(after[cut:]))
    made = keep_unseen(kept, wanted, "xyz")
    assert sorted("".join(shape(made)).translate(str.maketrans("", "", "abcd:"))) == sorted("xyzSTU")
    assert shape(layouts.without_unknown(made, "xyz")) == shape(wanted)


def test_without_sections_there_is_no_place() -> None:
    assert keep_unseen(layout("a:S"), Layout([]), "x") == Layout([])


# -- elements without a field ------------------------------------------------------------------------------------------
SECTION = Section(
    "a",
    "A",
    [Placed("x"), Placed("y")],
    [Foreign("FIRST"), Foreign("ONE", "x"), Foreign("TWO", "x", True, {"k": 1}), Foreign("LAST", "y")],
)


def test_elements_stand_after_the_field_they_stood_after() -> None:
    assert standing(SECTION) == ["FIRST", "x", "ONE", "TWO", "y", "LAST"]
    moved = layouts.move_field(Layout([SECTION]), "x", 1)
    assert standing(moved.sections[0]) == ["FIRST", "y", "LAST", "x", "ONE", "TWO"]
    hidden = layouts.hide_field(Layout([SECTION]), "x")
    assert standing(hidden.sections[0]) == ["FIRST", "y", "LAST", "ONE", "TWO"]


def test_a_new_field_takes_the_place_that_was_kept_for_it() -> None:
    settled = settle(Layout([SECTION]), "TWO", "z")
    assert standing(settled.sections[0]) == ["FIRST", "x", "ONE", "z", "y", "LAST"]
    assert settled.sections[0].fields[1] == Placed("z", True, {"k": 1})
    assert standing(settle(settled, "FIRST", "w").sections[0]) == ["w", "x", "ONE", "z", "y", "LAST"]


def test_a_field_that_stands_already_stays_there() -> None:
    both = Layout([SECTION, Section("b", "B", [Placed("z")])])
    settled = settle(both, "TWO", "z")
    assert standing(settled.sections[0]) == ["FIRST", "x", "ONE", "y", "LAST"]
    assert standing(settled.sections[1]) == ["z"]
    assert settle(both, "NOWHERE", "z") is both
