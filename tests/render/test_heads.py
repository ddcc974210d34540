"""The top lines of board and card."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.hostile import any_text, assert_line
from tests.render.samples import CARD, HEAD
from tuicrm.domain.board import BoardHead
from tuicrm.domain.card import CardView
from tuicrm.domain.due import Due
from tuicrm.render.ansi import plain
from tuicrm.render.heads import board_head, card_head


def test_board_at_80() -> None:
    assert plain(board_head(HEAD, 80)) == (
        " tuicrm  Deals › Wholesale           63 · € 1.05 M · € 250k weighted   ! 5  ◷ 3"
    )
    # What has no weighted sum has the words.
    assert plain(board_head(replace(HEAD, weighted=""), 80)) == (
        " tuicrm  Deals › Wholesale         63 deals   € 1,050,430   ! 5 late  ◷ 3 today"
    )


def test_words_give_way_where_a_filter_needs_the_room() -> None:
    assert plain(board_head(replace(HEAD, filter="amount > 1000"), 80)) == (
        " tuicrm  Deals › Wholesale   / amount > 1000           63 · € 1.05 M   ! 5  ◷ 3"
    )


def test_board_at_140() -> None:
    head = replace(HEAD, filter="amount > 1000", others=("anna", "luca"))
    assert plain(board_head(head, 140)) == (
        " tuicrm  Deals › Wholesale   / amount > 1000                "
        "63 deals   € 1,050,430   € 250k weighted   ● anna  ● luca   ! 5 late  ◷ 3 today"
    )


def test_a_filter_is_never_left_out_at_80() -> None:
    line = plain(board_head(replace(HEAD, filter="amount > 1000 and responsible = me"), 80))
    assert "/ amount > 1000" in line
    assert line.endswith("! 5  ◷ 3")


def test_card_at_both_sizes() -> None:
    assert plain(card_head(CARD, 80)) == (
        " tuicrm  Wholesale › ERP connector  D-42                     3/11   saved 14:02"
    )
    wide = plain(card_head(CARD, 140, ("luca",)))
    assert wide.startswith(" tuicrm  Deals › Wholesale › ERP connector  D-42  ")
    assert wide.endswith("● luca here too   3/11   saved 14:02")


def test_the_ref_is_whole_where_it_is_narrow() -> None:
    view = replace(CARD, noun="Fatture", place="", title="Training day", ref="INV-10", position="1/10")
    assert plain(card_head(replace(view, saved="salvato ven 11:20"), 60)) == (
        " tuicrm  Fatture › Training day  INV-10                1/10"
    )


def test_the_name_of_the_program_keeps_its_ground() -> None:
    assert board_head(HEAD, 80)[0].style == "bold on:accent"


def test_a_type_without_pipelines() -> None:
    assert plain(card_head(replace(CARD, noun="Contacts", place=""), 80)).startswith(" tuicrm  Contacts › ERP")


@given(any_text, any_text, any_text, any_text, any_text, st.lists(any_text, max_size=3), st.integers(60, 200))
def test_any_head_is_exact(
    noun: str, place: str, total: str, words: str, query: str, others: list[str], cells: int
) -> None:
    head = BoardHead(noun, place, 7, words, total, total, query, Due(2, 3, asked=4), tuple(others), total)
    assert_line(board_head(head, cells), cells)


@given(any_text, any_text, any_text, any_text, st.lists(any_text, max_size=3), st.integers(20, 200))
def test_any_card_head_is_exact(noun: str, place: str, title: str, saved: str, others: list[str], cells: int) -> None:
    view: CardView = replace(CARD, noun=noun, place=place, title=title, ref=title, saved=saved, position=saved)
    assert_line(card_head(view, cells, others), cells)
