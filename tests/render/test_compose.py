"""Lines put together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.render.hostile import any_text, assert_line, assert_no_wider
from tuicrm.render.compose import cut_line, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean

lines = st.lists(st.builds(lambda text: Run(clean(text)), any_text), max_size=4).map(tuple)


def test_a_cut_falls_into_the_right_run() -> None:
    line = (Run("abc", "late"), Run("def"), Run("ghi"))
    assert cut_line(line, 9) == line
    assert cut_line(line, 7) == (Run("abc", "late"), Run("def"), Run("…"))
    assert cut_line(line, 6) == (Run("abc", "late"), Run("de…"))
    assert cut_line(line, 4) == (Run("abc", "late"), Run("…"))


def test_the_right_part_stays_and_a_cell_lies_between() -> None:
    assert spread((Run("Negotiation"),), (Run("€ 5"),), 10) == (Run("Negot…"), Run(" "), Run("€ 5"))
    assert spread((Run("a"),), (), 3) == (Run("a"), Run("  "))


def test_a_run_with_a_ground_keeps_it() -> None:
    assert on((Run("a", "bold on:accent"), Run("b"), Run("c", "dim")), "on:bar") == (
        Run("a", "bold on:accent"),
        Run("b", "on:bar"),
        Run("c", "dim on:bar"),
    )


@given(lines, lines, st.integers(0, 60))
def test_any_line_can_be_made_to_fit(left: Line, right: Line, cells: int) -> None:
    assert_line(pad(left, cells), cells)
    assert_line(spread(left, right, cells), cells)
    assert_no_wider(cut_line(left, cells), cells)
