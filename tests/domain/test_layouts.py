"""Layout edits keep every field exactly once or hidden, whatever the sequence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain import layouts
from tuicrm.domain.schema import Field, Layout, Placed, Section

FIELDS = [Field(f"f{n}", "string", f"Field {n}") for n in range(8)]


def layout(*sections: str) -> Layout:
    """`layout("ab", "c")`: two sections with the fields a, b and c."""
    return Layout([Section(f"s{n}", f"S{n}", [Placed(key) for key in keys]) for n, keys in enumerate(sections)])


def shape(made: Layout) -> list[str]:
    return ["".join(placed.field for placed in section.fields) for section in made.sections]


def test_a_field_moves_within_its_section_and_on_into_the_next() -> None:
    start = layout("ab", "c")
    assert shape(layouts.move_field(start, "a", 1)) == ["ba", "c"]
    assert shape(layouts.move_field(start, "b", 1)) == ["a", "bc"]
    assert shape(layouts.move_field(start, "c", -1)) == ["abc", ""]


def test_at_the_ends_nothing_moves() -> None:
    start = layout("ab", "c")
    assert layouts.move_field(start, "a", -1) == start
    assert layouts.move_field(start, "c", 1) == start
    assert layouts.move_section(start, "s0", -1) == start
    assert layouts.move_section(start, "s1", 1) == start


def test_a_placed_field_keeps_its_flags() -> None:
    start = Layout([Section("s0", "S", [Placed("a", always=True)]), Section("s1", "T", [])])
    moved = layouts.place_field(start, "a", 1)
    assert moved.sections[1].fields == [Placed("a", always=True)]


def test_deleting_a_section_hides_its_fields() -> None:
    start = layout("ab", "c")
    after = layouts.delete_section(start, "s0")
    assert shape(after) == ["c"]
    fields = [Field(key, "string", key) for key in "abc"]
    assert [field.key for field in layouts.hidden(after, fields)] == ["a", "b"]


def test_choosing_hides_what_is_not_chosen_and_appends_what_was_hidden() -> None:
    assert shape(layouts.choose_fields(layout("ab", "c"), 1, ["a", "c", "z"])) == ["a", "cz"]


def test_what_is_gone_is_refused_by_name() -> None:
    with pytest.raises(layouts.NoSuchPlace):
        layouts.move_field(layout("a"), "b", 1)
    with pytest.raises(layouts.NoSuchPlace):
        layouts.rename_section(layout("a"), "nowhere", "X")
    with pytest.raises(layouts.NoSuchPlace):
        layouts.place_field(layout("a"), "a", 3)


steps = st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([-1, 1]), st.integers(0, 6))


@given(st.lists(steps, max_size=40))
def test_any_sequence_keeps_every_field_once_or_hidden(sequence: list[tuple[int, int, int, int]]) -> None:
    made = layout("", "", "")
    for number, (field, section, step, what) in enumerate(sequence):
        key, at = f"f{field}", section % max(len(made.sections), 1)
        try:
            if what == 0:
                made = layouts.move_field(made, key, step)
            elif what == 1:
                made = layouts.place_field(made, key, at)
            elif what == 2:
                made = layouts.hide_field(made, key)
            elif what == 3:
                made = layouts.move_section(made, f"s{section}", step)
            elif what == 4:
                made = layouts.add_section(made, f"n{number}", "New")
            elif what == 5:
                made = layouts.delete_section(made, f"s{section}")
            else:
                made = layouts.choose_fields(made, at, [f"f{n}" for n in range(field)])
        except layouts.NoSuchPlace:
            continue
        shown = [placed.field for part in made.sections for placed in part.fields]
        assert len(shown) == len(set(shown))
        hidden = [each.key for each in layouts.hidden(made, FIELDS)]
        assert sorted(shown + hidden) == [each.key for each in FIELDS]
