"""Layout edits keep every field exactly once or hidden, whatever the sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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


def test_several_are_placed_one_behind_the_other() -> None:
    start = layout("abcd", "ef")
    assert shape(layouts.place_fields(start, ["d", "a"], 0, 1)) == ["bdac", "ef"]
    assert shape(layouts.place_fields(start, ["f", "b", "z", "b"], 1, 0)) == ["acd", "fbze"]
    assert shape(layouts.place_fields(start, ["a", "z"], 1)) == ["bcd", "efaz"]
    assert shape(layouts.place_fields(start, ["a"], 1, 99)) == ["bcd", "efa"]
    always = layouts.show_always(start, "a", always=True)
    assert layouts.place_fields(always, ["b", "a"], 1, 0).sections[1].fields[1] == Placed("a", always=True)


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


def test_what_is_not_seen_stands_in_the_way_of_nothing() -> None:
    start, seen = layout("xaybz", "c"), "abc"
    down = layouts.among_seen(start, seen, lambda it: layouts.move_field(it, "a", 1))
    assert shape(down) == ["xbzay", "c"]
    on = layouts.among_seen(down, seen, lambda it: layouts.move_field(it, "a", 1))
    assert shape(on) == ["xbzy", "ac"]
    back = layouts.among_seen(on, seen, lambda it: layouts.move_field(it, "a", -1))
    assert shape(layouts.without_unknown(back, seen)) == ["ba", "c"]
    assert layouts.among_seen(start, seen, lambda it: layouts.move_field(it, "a", -1)) is start
    assert shape(layouts.among_seen(start, seen, lambda it: layouts.choose_fields(it, 1, ["c"]))) == ["xyz", "c"]
    assert shape(layouts.among_seen(start, seen, lambda it: layouts.delete_section(it, "s0"))) == ["c"]


def test_sections_of_one_key_get_what_is_not_seen_once() -> None:
    start = Layout([Section("s", "S", [Placed("x"), Placed("a")]), Section("s", "S", [Placed("y"), Placed("b")])])
    moved = layouts.among_seen(start, "ab", lambda it: layouts.move_field(it, "a", 1))
    shown = [placed.field for section in moved.sections for placed in section.fields]
    assert len(shown) == len(set(shown))


steps = st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([-1, 1]), st.integers(0, 6))


def step_of(
    keys: Sequence[str], number: int, field: int, section: int, step: int, what: int
) -> Callable[[Layout], Layout]:
    """One step on one of these fields."""

    def edit(made: Layout) -> Layout:
        key, at = keys[field % len(keys)], section % max(len(made.sections), 1)
        match what:
            case 0:
                return layouts.move_field(made, key, step)
            case 1:
                return layouts.place_field(made, key, at)
            case 2:
                return layouts.hide_field(made, key)
            case 3:
                return layouts.move_section(made, f"s{section}", step)
            case 4:
                return layouts.add_section(made, f"n{number}", "New")
            case 5:
                return layouts.delete_section(made, f"s{section}")
        return layouts.choose_fields(made, at, keys[:field])

    return edit


@given(st.lists(steps, max_size=40))
def test_any_sequence_keeps_every_field_once_or_hidden(sequence: list[tuple[int, int, int, int]]) -> None:
    made = layout("", "", "")
    for number, step in enumerate(sequence):
        try:
            made = step_of([field.key for field in FIELDS], number, *step)(made)
        except layouts.NoSuchPlace:
            continue
        shown = [placed.field for part in made.sections for placed in part.fields]
        assert len(shown) == len(set(shown))
        hidden = [each.key for each in layouts.hidden(made, FIELDS)]
        assert sorted(shown + hidden) == [each.key for each in FIELDS]


@given(st.lists(steps, max_size=40), st.sets(st.integers(0, 6)))
def test_steps_do_to_what_is_seen_what_they_do_where_nothing_else_is(
    sequence: list[tuple[int, int, int, int]], unseen: set[int]
) -> None:
    """Whatever stands between: one who sees some fields shapes them as if there were no others, and loses none of the others but
    with a section that is deleted."""
    seen = [f"f{n}" for n in range(8) if n not in unseen]
    whole = Layout([Section(f"s{n}", f"S{n}", [Placed(f"f{f}") for f in range(n, 8, 3)]) for n in range(3)])
    mine = layouts.without_unknown(whole, seen)
    for number, step in enumerate(sequence):
        edit = step_of(seen, number, *step)
        standing = {section.key: {p.field for p in section.fields} - set(seen) for section in whole.sections}
        try:
            mine = edit(mine)
        except layouts.NoSuchPlace:
            with pytest.raises(layouts.NoSuchPlace):
                layouts.among_seen(whole, seen, edit)
            continue
        whole = layouts.among_seen(whole, seen, edit)
        assert layouts.without_unknown(whole, seen) == mine
        placed = [p.field for section in whole.sections for p in section.fields]
        assert len(placed) == len(set(placed))
        for section in whole.sections:
            theirs = {p.field for p in section.fields} - set(seen)
            assert theirs == standing.get(section.key, set())
