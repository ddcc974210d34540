"""A list's lines: columns that fit, whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.render.ansi import plain
from tuicrm.render.compose import line_width
from tuicrm.render.rows import column_widths, head_line, item_line


def test_few_whole_columns_before_many_halves() -> None:
    assert len(column_widths([24, 14, 17, 24], 91)) == 4
    assert len(column_widths([24, 14, 17, 24], 63)) == 3
    assert len(column_widths([24, 14, 17, 24], 30)) == 1


def test_the_first_is_widened_first() -> None:
    narrow, wide = column_widths([24, 10], 50), column_widths([24, 10], 100)
    assert narrow[0] > 24
    assert narrow[1] == 10
    assert wide[0] >= 36
    assert wide[1] > 10


def test_a_name_that_stands_elsewhere_is_widened_first() -> None:
    assert column_widths([12, 17, 14], 71, name=1) == [12, 37, 14]
    assert column_widths([12, 17, 14], 31, name=2) == [27]


@given(st.lists(st.integers(1, 40), max_size=8), st.integers(0, 200), st.integers(0, 8))
def test_any_widths_fill_the_line_and_never_more(wanted: list[int], cells: int, name: int) -> None:
    widths = column_widths(wanted, cells, name=name)
    assert len(widths) <= len(wanted)
    assert all(width > 0 for width in widths)
    if widths and cells > 4:
        assert 3 + sum(widths) + 2 * (len(widths) - 1) <= max(cells - 1, 4)
    texts = ["x" * 50] * len(widths)
    for line in (
        head_line(texts, [False] * len(widths), widths, cells),
        item_line(texts, [True] * len(widths), widths, cells, selected=True),
    ):
        assert line_width(line) == cells


def test_the_cursor_and_marks_are_seen_without_colour() -> None:
    widths = column_widths([20, 10], 40)
    assert plain(item_line(["a", "1"], [False, True], widths, 40, selected=True)).startswith("▌  a")
    assert plain(item_line(["a", "1"], [False, True], widths, 40, marked=True)).startswith(" ✓ a")
