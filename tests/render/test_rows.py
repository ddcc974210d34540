"""A list's lines: columns that fit, whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.render.ansi import plain
from tuicrm.render.compose import line_width
from tuicrm.render.rows import (
    GAP,
    START,
    column_widths,
    content_widths,
    head_line,
    item_line,
    more_cells,
    squeezed,
    with_more,
)
from tuicrm.render.text import width


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


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    texts = [("Rossi", "+39 041 555 1234\n+39 333 5551234", "x" * 90), ("Żółw i Syn", "", "")]
    assert content_widths(texts, ["Name", "Phone", "E-mail"], [36, 36, 36]) == [10, 34, 36]
    assert content_widths([], ["Name", "Expected close"], [36, 8]) == [4, 14], "a head is whole"
    assert content_widths([("a",)], ["Name", "New"], [36, 36]) == [4, 3], "a row of another time"


def test_columns_are_squeezed_before_one_is_left_out() -> None:
    wanted, least = [30, 17, 30, 20, 14], [12, 0, 18, 15, 10]
    assert squeezed(wanted, least, 200) == wanted
    narrow = squeezed(wanted, least, 80)
    assert len(narrow) == 4, "the phone is whole, the last one is left out"
    assert narrow[1] == 17
    assert sum(narrow) + 3 + 2 * 3 == 80
    assert narrow[3] == 20, "one that lacks little is whole"
    assert squeezed(wanted, least, 10) == [12]


@pytest.mark.parametrize(("left", "right"), [(0, 0), (1, 0), (0, 2), (12, 7), (123, 45)])
def test_a_head_says_that_there_is_more_to_the_sides(left: int, right: int) -> None:
    head = head_line(["Name", "Phone"], [False, False], [10, 10], 40)
    shown = plain(with_more(head, 40, left, right))
    assert width(shown.ljust(40)) == 40
    assert ("‹" in shown, shown.rstrip().endswith("›")) == (left > 0, right > 0)
    assert "Name" in shown


def test_a_name_makes_room_for_the_sign_that_there_is_more() -> None:
    cells, widths = 40, [20, 12]
    room = cells - more_cells(3)
    widths[-1] -= START + sum(widths) + GAP - room
    head = with_more(head_line(["Title", "Amount"], [False, True], widths, room), cells, 0, 3)
    assert plain(head).endswith("Amount 3›")
    assert more_cells(0) == 0
