"""Which columns show, and where."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.render.board_layout import EMPTY_CELLS, FOLDED_CELLS, LEAST_CELLS, ColumnBox, board_layout, first_full


def test_five_columns_at_140_are_equal() -> None:
    assert board_layout(140, 5) == [ColumnBox(index, 1 + 28 * index, 26, False) for index in range(5)]


def test_at_80_three_are_full_and_the_rest_folded() -> None:
    assert board_layout(80, 5) == [
        ColumnBox(0, 0, 23, False),
        ColumnBox(1, 24, 23, False),
        ColumnBox(2, 48, 23, False),
        ColumnBox(3, 72, 3, True),
        ColumnBox(4, 76, 3, True),
    ]


def test_the_last_cell_of_a_narrow_screen_stays_free() -> None:
    for width in (75, 80, 98):
        for columns in (1, 2, 3, 5):
            last = board_layout(width, columns)[-1]
            assert last.x + last.width < width, (width, columns)


def test_the_full_columns_slide_no_further_than_needed() -> None:
    def full(cursor: int, first: int) -> list[int]:
        return [box.column for box in board_layout(80, 6, (), cursor, first) if not box.folded]

    assert full(0, 0) == [0, 1]
    assert full(1, 0) == [0, 1]
    assert full(2, 0) == [1, 2]
    assert full(1, 1) == [1, 2]
    assert full(0, 1) == [0, 1]
    assert full(5, 1) == [4, 5]


def test_a_folded_column_gives_its_room_to_the_others() -> None:
    boxes = board_layout(140, 5, {1, 4}, 0)
    assert [box.folded for box in boxes] == [False, True, False, False, True]
    assert {box.width for box in boxes if not box.folded} == {40}


def test_empty_columns_are_narrow_where_all_fit() -> None:
    boxes = board_layout(140, 5, (), 0, 0, {1, 2})
    assert [box.width for box in boxes] == [32, EMPTY_CELLS, EMPTY_CELLS, 32, 32]
    assert [box.width for box in board_layout(140, 5, (), 1, 0, {1, 2})] == [32, EMPTY_CELLS, EMPTY_CELLS, 32, 32]


def test_empty_columns_fold_first_where_not_all_fit() -> None:
    assert [box.folded for box in board_layout(80, 5, (), 0, 0, {1, 2})] == [False, True, True, False, False]
    assert [box.folded for box in board_layout(80, 5, (), 1, 0, {1, 2})] == [False, False, True, False, True]


def test_where_all_are_empty_none_gives_way() -> None:
    assert board_layout(80, 5, (), 0, 0, range(5)) == board_layout(80, 5)


def test_the_cursors_column_is_full_even_if_folded() -> None:
    assert not board_layout(140, 5, {0, 1, 2, 3, 4}, 3)[3].folded


def test_nothing_to_lay_out() -> None:
    assert board_layout(80, 0) == []
    assert first_full([]) == 0


@given(st.integers(1, 300), st.integers(1, 60), st.sets(st.integers(0, 59)), st.data())
def test_columns_stand_apart_inside_the_screen(width: int, columns: int, folded: set[int], data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, columns - 1))
    first = data.draw(st.integers(0, columns - 1))
    boxes = board_layout(width, columns, folded, cursor, first)
    assert [box.column for box in boxes if box.column == cursor and not box.folded] == [cursor]
    for left, right in pairwise(boxes):
        assert right.column == left.column + 1
        assert right.x > left.x + left.width
    if width >= LEAST_CELLS + 4:
        assert boxes[-1].x + boxes[-1].width <= width
        assert all(box.width == FOLDED_CELLS if box.folded else box.width >= LEAST_CELLS for box in boxes)
    again = board_layout(width, columns, folded, cursor, first_full(boxes))
    assert again == boxes
