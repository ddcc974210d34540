"""Lists of the command line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.hostile import any_text, assert_no_wider
from tuicrm.render.ansi import plain
from tuicrm.render.table import TableColumn, table_lines

COLUMNS = [TableColumn("Ref", shrinks=False), TableColumn("Title"), TableColumn("Amount", "right")]
ROWS = [["D-1", "Website redesign with a long title", "€ 38,000.00"], ["D-12", "日本語", "€ 1.00"]]


def test_numbers_stand_right_and_the_widest_gives_way() -> None:
    assert [plain(line) for line in table_lines(COLUMNS, ROWS, 40)] == [
        "Ref   Title                       Amount",
        "─" * 40,
        "D-1   Website redesign wit…  € 38,000.00",
        "D-12  日本語                      € 1.00",
    ]


def test_without_a_width_nothing_is_cut() -> None:
    assert plain(table_lines(COLUMNS, ROWS)[2]) == "D-1   Website redesign with a long title  € 38,000.00"


def test_no_rows() -> None:
    assert [plain(line) for line in table_lines(COLUMNS, [], 40)] == ["Ref  Title  Amount", "─" * 18]


def test_a_short_row_is_refused() -> None:
    with pytest.raises(ValueError, match="one value a column"):
        table_lines(COLUMNS, [["D-1"]])


@given(st.lists(st.tuples(any_text, any_text, any_text), max_size=4), st.integers(1, 120))
def test_no_line_is_wider(rows: list[tuple[str, str, str]], cells: int) -> None:
    for line in table_lines(COLUMNS, rows, cells):
        assert_no_wider(line, cells)
