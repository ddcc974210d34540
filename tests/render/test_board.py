"""Cards, column heads and folded columns, as drawn at 140 and at 80 columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.hostile import any_text, assert_line
from tests.render.samples import CONNECTOR, NEGOTIATION, POS, QUALIFIED, REDESIGN
from tuicrm.domain.board import BoardColumn, Card, Timing
from tuicrm.render.ansi import plain
from tuicrm.render.board import (
    CardLines,
    card_lines,
    column_head,
    empty_column,
    folded_column,
    head_lines,
    more_line,
    short_count,
)
from tuicrm.render.line import Line


def drawn(lines: CardLines | tuple[Line, ...] | list[Line]) -> list[str]:
    return ["".join(run.text for run in line) for line in lines]


def test_a_card_in_a_wide_column() -> None:
    assert drawn(card_lines(REDESIGN, 26)) == [
        "▏ Website redesign        ",
        "▏ Rossi Srl       3 d  AB ",
        "▏ € 12,500  ◷ today 15:00 ",
    ]


def test_a_card_at_80_columns() -> None:
    assert drawn(card_lines(CONNECTOR, 23, selected=True, compact=True)) == [
        "▌ERP connector         ",
        "▌Ferrari Legnami     AB",
        "▌€ 38,000   ◷ Wed 09:30",
    ]


def test_lateness_missing_and_mark_have_signs() -> None:
    assert drawn(card_lines(replace(POS, marked=True, missing=True), 23, compact=True)) == [
        "▏✓ POS replacement    *",
        "▏Caffè Vero    12 d  LR",
        "▏€ 21,300    ! 3 d late",
    ]


def test_how_late_it_is_stays_whole_where_the_words_do_not_fit() -> None:
    card = replace(POS, amount="€ 33.500", next="3 gg di ritardo")
    assert drawn(card_lines(card, 23, compact=True))[2] == "▏€ 33.500        ! 3 gg"


def test_the_cursor_lies_on_its_ground_and_so_does_a_mark() -> None:
    for line in card_lines(CONNECTOR, 26, selected=True):
        assert all("on:cursor" in run.style for run in line)
    for line in card_lines(replace(CONNECTOR, marked=True), 26):
        assert all("on:mark" in run.style for run in line)


def test_the_amount_stays_whole_when_room_is_short() -> None:
    card = replace(REDESIGN, amount="€ 1,118,000")
    assert drawn(card_lines(card, 23, compact=True))[2] == "▏€ 1,118,000    ◷ today"
    card = replace(REDESIGN, amount="€ 1,118,000,000.00")
    assert drawn(card_lines(card, 23, compact=True))[2] == "▏€ 1,118,000,000.00   ◷"


def test_no_activity_shows_what_the_service_says() -> None:
    card = replace(REDESIGN, timing="none", next="+ plan")
    assert drawn(card_lines(card, 26))[2] == "▏ € 12,500         + plan "


def test_a_column_head_wide_and_compact() -> None:
    assert drawn(column_head(QUALIFIED, 26, compact=False)) == [
        "▔" * 26,
        "Qualified 11     € 142,900",
        "          € 28.6k weighted",
    ]
    assert drawn(column_head(QUALIFIED, 23, compact=True)) == ["▔" * 23, "Qualified 11   € 142.9k"]


def test_what_has_no_rate_stands_in_one_line_with_the_weighted_sum() -> None:
    column = replace(
        QUALIFIED,
        sum="€ 142,900+",
        sum_short="€ 142.9k+",
        unrated="no rate: JP¥ 2.40 M",
        unrated_shorter=("+ JP¥ 2.40 M", "+ JPY"),
    )

    def second(cells: int, column: BoardColumn = column) -> str:
        lines = drawn(column_head(column, cells, compact=False))
        assert len(lines) == 3
        return lines[2]

    assert second(40) == "no rate: JP¥ 2.40 M     € 28.6k weighted"
    assert second(30) == "+ JP¥ 2.40 M  € 28.6k weighted"
    assert second(26) == "+ JPY     € 28.6k weighted"
    assert second(22) == "+ JP¥ 2.40 M   € 28.6k"
    assert second(18) == "+ JPY      € 28.6k"
    assert second(10) == "+… € 28.6k"
    assert second(24, replace(column, weighted="")) == "no rate: JP¥ 2.40 M     "
    assert drawn(column_head(column, 23, compact=True))[1] == "Qualified 11  € 142.9k+"


def test_a_long_name_is_cut_before_the_numbers() -> None:
    column = replace(NEGOTIATION, label="Waiting for the signature")
    assert drawn(column_head(column, 23, compact=True))[1] == "Waiting for t… 4 € 210k"


def test_the_head_has_as_many_lines_as_it_says() -> None:
    for compact in (True, False):
        for airy in (True, False):
            lines = column_head(QUALIFIED, 30, compact=compact, airy=airy)
            assert len(lines) == head_lines(compact, airy)
            assert (plain(lines[-1]) == "") == airy


def test_a_long_title_goes_on_where_the_card_has_room() -> None:
    long = replace(REDESIGN, title="Point of sale in the castle shop")
    assert drawn(card_lines(long, 26)) == [
        "▏ Point of sale in the c… ",
        "▏ Rossi Srl       3 d  AB ",
        "▏ € 12,500  ◷ today 15:00 ",
    ]
    assert drawn(card_lines(replace(long, client=""), 26)) == [
        "▏ Point of sale in the    ",
        "▏ castle shop     3 d  AB ",
        "▏ € 12,500  ◷ today 15:00 ",
    ]
    assert drawn(card_lines(replace(long, amount="", next="Fri"), 26, selected=True)) == [
        "▌ Point of sale in the    ",
        "▌ castle shop     3 d  AB ",
        "▌ Rossi Srl         ◷ Fri ",
    ]
    signs = replace(long, client="", marked=True, missing=True)
    assert drawn(card_lines(signs, 26))[:2] == ["▏ ✓ Point of sale in    * ", "▏ the castle shop      AB "]
    tall = [
        "▏ Point of sale in the    ",
        "▏ castle shop             ",
        "▏ Rossi Srl       3 d  AB ",
        "  € 12,500  ◷ today 15:00 ",
    ]
    assert drawn(card_lines(long, 26, tall=True)) == tall, "its end parts it from the next card"
    assert drawn(card_lines(long, 26, tall=True, selected=True)) == ["▌" + line[1:] for line in tall]
    assert len(card_lines(REDESIGN, 26, tall=True)) == 3
    endless = replace(long, client="", title="word " * 40)
    assert drawn(card_lines(endless, 26))[1] == "▏ word word word word… AB "


def test_a_folded_column_reads_downwards() -> None:
    assert drawn(folded_column(NEGOTIATION, 14, compact=True)) == [
        "▔▔▔", " 4 ", *[f" {letter} " for letter in "Negotiation"], "   ",
    ]  # fmt: skip
    assert drawn(folded_column(NEGOTIATION, 6, compact=True)) == ["▔▔▔", " 4 ", " N ", " e ", " g ", " ⋮ "]


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (999, "999"), (1000, "1k"), (45_999, "45k"), (123_456, ".1M"), (1_500_000, "1M")]
)
def test_counts_in_three_cells(count: int, shown: str) -> None:
    assert short_count(count) == shown


def test_more_lines() -> None:
    assert plain(more_line(13, 26)) == "  ↓ 13 more"
    assert plain(more_line(4, 23, above=True, compact=True)) == " ↑ 4 above"
    assert plain(more_line(0, 23)) == ""


def test_an_empty_column_shows_the_cursor() -> None:
    assert drawn(empty_column(23, selected=True, compact=True))[0] == "▌nothing here          "


timings: st.SearchStrategy[Timing] = st.sampled_from(["none", "planned", "today", "late"])


@given(
    st.builds(
        Card,
        any_text,
        any_text,
        any_text,
        any_text,
        any_text,
        timings,
        any_text,
        any_text,
        any_text,
        st.booleans(),
        st.booleans(),
    ),
    st.integers(12, 60),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_any_card_is_exact_and_harmless(card: Card, cells: int, selected: bool, compact: bool, tall: bool) -> None:
    lines = card_lines(card, cells, selected=selected, compact=compact, tall=tall)
    assert len(lines) == 3 or (tall and len(lines) == 4)
    for line in lines:
        assert_line(line, cells)


@given(
    st.builds(
        BoardColumn,
        any_text,
        any_text,
        any_text,
        any_text,
        st.integers(0, 10**7),
        any_text,
        any_text,
        any_text,
        any_text,
        st.booleans(),
        st.lists(any_text, max_size=2).map(tuple),
    ),
    st.integers(12, 60),
    st.integers(1, 30),
    st.booleans(),
    st.booleans(),
)
def test_any_column_is_exact_and_harmless(
    column: BoardColumn, cells: int, height: int, compact: bool, airy: bool
) -> None:
    for line in column_head(column, cells, compact=compact, airy=airy):
        assert_line(line, cells)
    lines = folded_column(column, height, compact=compact, airy=airy)
    assert len(lines) == height
    for line in lines:
        assert_line(line, 3)
