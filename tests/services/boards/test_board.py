"""The board's read model: columns, counts, sums in several currencies, filter, next activities."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound
from tuicrm.services.boards.board import Board
from tuicrm.services.boards.filters import compile_for
from tuicrm.services.items import activities, items, stages
from tuicrm.services.kernel.session import Session

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


def test_columns_hold_their_items_newest_in_stage_first(seeded: Session, clock: Clock) -> None:
    clock.tick(hours=1)
    stages.move(seeded, D1, "executing")
    clock.tick(hours=1)
    stages.move(seeded, D3, "executing")
    board = Board(seeded, "deal")
    assert (board.ids["new"], board.ids["executing"]) == ([2], [3, 1])
    assert board.refs() == [D2, D3, D1]
    assert board.place(1) == (3, 1)
    assert board.place(99) is None


def test_sums_convert_say_so_and_count_apart_what_has_no_rate(seeded: Session) -> None:
    currencies = {each.doc["code"]: each for each in seeded.workspace.records["currency"].values()}
    with seeded.change("rates") as change:
        change.put("currency", {"code": "CHF", "rate": "1.10"}, currencies["CHF"].id)
    new = Board(seeded, "deal").columns[0]
    assert (new.count, new.sum, new.unrated) == (3, "€ 50,500", "")
    assert new.weighted == "€ 5.1k"
    items.edit(seeded, D3, {"amount": {"amount": "1000", "currency": "CHF"}})
    assert Board(seeded, "deal").columns[0].sum == "≈ € 51,600"
    items.add(seeded, "deal", {"amount": {"amount": "7", "currency": "JPY"}})
    new = Board(seeded, "deal").columns[0]
    assert (new.sum, new.unrated) == ("≈ € 51,600+", "no rate: JP¥ 7")


def test_an_items_own_probability_weighs_more_than_its_stage(seeded: Session) -> None:
    items.edit(seeded, D1, {"probability": 100})
    items.edit(seeded, D2, {"probability": 0})
    assert Board(seeded, "deal").columns[0].weighted == "€ 12.5k"


def test_counts_and_sums_follow_the_filter(seeded: Session) -> None:
    where = compile_for(seeded, "deal", "amount > 20000")
    board = Board(seeded, "deal", where=where, text="amount > 20000")
    assert (board.head.count, board.head.sum, board.head.filter) == (1, "€ 38,000", "amount > 20000")
    assert board.refs() == [D2]
    assert board.count(None) == 3


def test_a_card_tells_client_amount_who_and_what_is_next(seeded: Session) -> None:
    activities.add(seeded, D1, "call", "2026-11-23T15:00:00Z")
    activities.add(seeded, D2, "call", "2026-11-20T15:00:00Z")
    cards = {ref.id: Board(seeded, "deal").card(ref.id) for ref in (D1, D2, D3)}
    first, second, third = cards[1], cards[2], cards[3]
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.title, first.client, first.amount, first.initials) == (
        "Website redesign",
        "Rossi Srl",
        "€ 12,500",
        "AB",
    )
    assert (first.timing, first.next) == ("today", "today 15:00")
    assert (second.timing, second.next) == ("late", "3 d late")
    assert (third.timing, third.next) == ("none", "+ plan")
    board = Board(seeded, "deal")
    assert (board.head.due.late, board.head.due.today) == (1, 1)


def test_a_card_that_an_import_let_pass_shows_what_is_missing(seeded: Session) -> None:
    with seeded.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["new"]}})
        passed = change.add("deal", {"title": "imported"}, enforce=False)
    card = Board(seeded, "deal").card(passed.id)
    assert card is not None
    assert card.missing


def test_a_closed_deal_asks_for_no_plan(seeded: Session) -> None:
    stages.move(seeded, D1, "won")
    card = Board(seeded, "deal").card(1)
    assert card is not None
    assert card.next == ""


def test_a_board_shows_only_what_one_may_read(seeded: Session, open_as: OpenAs) -> None:
    role = next(each for each in seeded.workspace.records["role"].values() if each.doc["key"] == "manager")
    with seeded.change("own only") as change:
        change.put("role", {**role.doc, "rules": {"*": {"read": "own"}}}, role.id)
    board = Board(open_as("luca"), "deal")
    assert board.refs() == [D2]
    assert board.head.sum == "€ 38,000"


def test_types_without_stages_have_no_board(seeded: Session) -> None:
    with pytest.raises(NotFound):
        Board(seeded, "company")
    with pytest.raises(NotFound):
        Board(seeded, "deal", "nowhere")


def test_a_lead_that_is_nobody_yet_tells_the_name_it_came_with(seeded: Session) -> None:
    lead = Ref("lead", 1)
    names = []
    for values in (
        {"last_name": "Verdi", "first_name": "Ada"},
        {"company_title": "Verdi Spa"},
        {"company": "company:1"},
    ):
        items.edit(seeded, lead, values)
        card = Board(seeded, "lead").card(1)
        names.append(card.client if card else "")
    assert names == ["Ada Verdi", "Verdi Spa", "Rossi Srl"]


def test_items_whose_stage_was_deleted_stand_in_a_column_of_their_own(seeded: Session) -> None:
    stages.move(seeded, D2, "executing")
    entry = next(e for e in seeded.workspace.records["pipeline"].values() if e.doc["type"] == "deal")
    kept = [stage for stage in entry.doc["stages"] if stage["key"] != "executing"]
    before = Board(seeded, "deal")
    with seeded.change("delete a stage") as change:
        change.patch("pipeline", entry.id, {"stages": kept})
    before.load()
    board = Board(seeded, "deal")
    assert (board.columns[0].label, board.columns[0].count, board.columns[0].sum) == (
        "Stage no longer exists",
        1,
        "€ 38,000",
    )
    assert before.columns == board.columns
    assert board.place(2) == (0, 0)
    assert board.head.count == 3
    first = stages.neighbour(seeded, seeded.get(D2), 1)
    assert first is not None
    stages.move(seeded, D2, first.key)
    board.load()
    assert board.columns[0].label == "New"
