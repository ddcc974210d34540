"""Counters as signs: what there is nothing of is not there, much is capped, what does not fit is left out, others' are grey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.hostile import assert_line
from tests.render.samples import CONNECTOR, NEGOTIATION, QUALIFIED, REDESIGN
from tuicrm.domain.due import NOTHING_DUE, Due
from tuicrm.render.ansi import plain
from tuicrm.render.board import card_lines, column_head
from tuicrm.render.compose import line_width
from tuicrm.render.due_signs import capped, card_badge, due_signs, signs_within


@pytest.mark.parametrize(
    ("due", "told", "words"),
    [
        (NOTHING_DUE, "", ""),
        (Due(4, 2), "! 4  ◷ 2", "4 late 2 today"),
        (Due(0, 2, asked=1), "◷ 2  ? 1", "2 today 1 unanswered"),
        (Due(100, 12_345, asked=99), "! 99+  ◷ 99+  ? 99", "99+ late 99+ today 99 unanswered"),
    ],
)
def test_signs_and_numbers(due: Due, told: str, words: str) -> None:
    assert plain(due_signs(due)) == told
    assert " ".join(plain(due_signs(due, words=True)).translate(dict.fromkeys(map(ord, "!◷?"))).split()) == words


def test_much_is_capped() -> None:
    assert [capped(n) for n in (0, 99, 100)] == ["0", "99", "99+"]


def test_what_is_others_is_grey_but_not_an_invitation_to_oneself() -> None:
    due = Due(1, 1, asked=1)
    assert [run.style for run in due_signs(due) if run.text.strip()] == ["late", "today", "ok"]
    assert [run.style for run in due_signs(replace(due, own=False)) if run.text.strip()] == ["faint", "faint", "ok"]


@pytest.mark.parametrize(("cells", "told"), [(8, "! 4  ◷ 2"), (7, "!4 ◷2"), (4, "!4"), (1, ""), (-3, "")])
def test_what_is_late_stays_longest(cells: int, told: str) -> None:
    assert plain(signs_within(Due(4, 2), cells)) == told


@pytest.mark.parametrize(("cells", "told"), [(13, "! 4  ◷ 2  ? 1"), (8, "!4 ◷2 ?1"), (7, "!4 ?1"), (4, "!4"), (1, "")])
def test_what_waits_for_an_answer_stays_longer_than_what_is_for_today(cells: int, told: str) -> None:
    assert plain(signs_within(Due(4, 2, asked=1), cells)) == told


@pytest.mark.parametrize(
    ("due", "told"), [(Due(1), ""), (Due(0, 1), ""), (Due(1, 1), "!1 ◷1"), (Due(3), "!3"), (Due(1, asked=1), "?1")]
)
def test_a_badge_says_what_the_next_activity_does_not(due: Due, told: str) -> None:
    assert plain(card_badge(due, 9)) == told


def test_a_card_keeps_its_client_and_person_beside_the_badge() -> None:
    lines = [plain(line) for line in card_lines(replace(REDESIGN, due=Due(2, 1)), 26)]
    assert lines[1] == "▏ Rossi Srl      !2 ◷1 AB"
    narrow = [plain(line) for line in card_lines(replace(CONNECTOR, due=Due(2, 1, asked=3)), 23, compact=True)]
    assert narrow[1] == "▏Ferrari Legnami  !2 AB"
    assert narrow[0] == "▏ERP connector"


def test_a_column_tells_what_is_due_where_there_is_room() -> None:
    due = Due(2, 1)
    rule, first, second = (plain(line) for line in column_head(replace(NEGOTIATION, due=due), 26, compact=False))
    bare = [plain(line) for line in column_head(NEGOTIATION, 26, compact=False)]
    assert (rule, first) == (bare[0], bare[1])
    assert second.startswith(("! 2  ◷ 1", "!2 ◷1"))
    unrated = replace(NEGOTIATION, due=due, weighted="€ 40k", unrated="+ JP¥ 2.40 M")
    assert plain(column_head(unrated, 26, compact=False)[2]) == "+ JP¥ 2.40 M  !2 ◷1  € 40k"
    compact = plain(column_head(replace(QUALIFIED, due=due), 31, compact=True)[1])
    assert "! 2  ◷ 1" in compact
    narrow = plain(column_head(replace(QUALIFIED, due=due), 20, compact=True)[1])
    assert narrow == plain(column_head(QUALIFIED, 20, compact=True)[1])


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.booleans(), st.integers(16, 60))
def test_heads_and_cards_are_exact_whatever_is_due(late: int, today: int, asked: int, own: bool, cells: int) -> None:
    due = Due(late, today, asked=asked, own=own)
    assert line_width(signs_within(due, cells)) <= cells
    for compact in (True, False):
        for line in column_head(replace(QUALIFIED, due=due), cells, compact=compact):
            assert_line(line, cells)
        for line in card_lines(replace(REDESIGN, due=due), cells, compact=compact):
            assert_line(line, cells)
