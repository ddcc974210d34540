"""A whole card and a whole board as lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.hostile import any_text, assert_line, assert_no_wider
from tests.render.samples import CARD, CONNECTOR, HEAD, NEGOTIATION, POS, QUALIFIED, REDESIGN, TIMELINE, field
from tuicrm.domain.card import SectionView
from tuicrm.render.ansi import plain
from tuicrm.render.board_text import board_text
from tuicrm.render.card_text import card_text


def test_a_card() -> None:
    assert [plain(line) for line in card_text(CARD, TIMELINE, 80)][:9] == [
        "D-42  Deals › Wholesale  saved 14:02",
        "ERP connector",
        " New ▐Qualified▌ Proposal  Negotiation  Won  Lost            day 4 in Qualified",
        "",
        "ABOUT THE DEAL " + "─" * 65,
        "  Amount            € 38,000.00",
        "  Expected close    18 Dec 2026",
        "  2 empty",
        "",
    ]


def test_texts_are_whole() -> None:
    view = replace(CARD, sections=(SectionView("s", "S", (field("Notes", "word " * 300),)),))
    assert sum(plain(line).count("word") for line in card_text(view, None, 80)) == 300


def test_a_board_in_bands() -> None:
    columns = [(QUALIFIED, [CONNECTOR, REDESIGN]), (NEGOTIATION, [POS])]
    assert [plain(line) for line in board_text(HEAD, columns, 50)][2:] == [
        "▔" * 24 + "  " + "▔" * 24,
        "Qualified 11   € 142,900  Negotiation 4  € 210,000",
        "        € 28.6k weighted",
        "▏ERP connector            ▏POS replacement",
        "▏Ferrari Legnami      AB  ▏Caffè Vero     12 d  LR",
        "▏€ 38,000    ◷ Wed 09:30  ▏€ 21,300     ! 3 d late",
        "",
        "▏Website redesign          ↓ 3 more",
        "▏Rossi Srl       3 d  AB",
        "▏€ 12,500  ◷ today 15:00",
        "",
        " ↓ 9 more",
    ]
    assert len(board_text(HEAD, columns, 40)) > len(board_text(HEAD, columns, 50))


def test_a_board_of_no_columns_is_its_top_line() -> None:
    assert len(board_text(HEAD, [], 80)) == 1


@given(any_text, st.integers(24, 140))
def test_any_text_fits(text: str, cells: int) -> None:
    section = SectionView("s", text, (field(text, text),))
    view = replace(CARD, title=text[:80], place=text, sections=(section,), days=text)
    for line in card_text(view, None, cells):
        assert_no_wider(line, cells)
    card = replace(CONNECTOR, title=text, client=text, amount=text)
    for line in board_text(HEAD, [(replace(QUALIFIED, label=text), [card])] * 4, cells):
        if line:
            assert_line(line, cells)
