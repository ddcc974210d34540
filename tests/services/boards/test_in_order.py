"""A long order is read in parts, and each part says what the whole would: here with parts of a few items."""

from __future__ import annotations

import random

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.conditions import Sort, Test
from tuicrm.domain.items import Ref, Walk
from tuicrm.services.boards import in_order
from tuicrm.services.boards.board import Board
from tuicrm.services.boards.dated_boards import Activities, Deadlines
from tuicrm.services.boards.in_order import InOrder, OneAfterAnother, id_at
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Ordered

BY_TITLE = Ordered("deal", sort=(Sort("title", "string"),))


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"WHOLE": 6, "_PAGE": 3, "_PAGES": 2, "_STRIDE": 4, "_ANCHORS": 2}.items():
        monkeypatch.setattr(in_order, name, value)


@pytest.fixture
def many(seeded: Session) -> Session:
    """With 40 deals more, some of the same name."""
    with seeded.change("many") as change:
        for number in range(40):
            change.add("deal", {"title": f"Deal {number * 7 % 25:02}"})
    return seeded


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("count", [None, 5])
def test_it_is_the_sequence_that_it_stands_for(many: Session, count: int | None, turned: bool) -> None:
    where = Test("title", "string", "<", "deal 04") if count else None
    plain = many.ids("deal", where, BY_TITLE.sort)[:: -1 if turned else 1]
    shown = InOrder(many, Ordered("deal", where, BY_TITLE.sort, turned=turned))
    drawn = random.Random(3)
    for _time in range(60):
        place = drawn.randrange(len(plain))
        assert shown[place] == plain[place]
        assert shown[place - len(plain)] == plain[place]
        assert shown.index(plain[place]) == place
        start, stop = sorted(drawn.randrange(len(plain) + 1) for _end in range(2))
        assert shown[start:stop] == plain[start:stop]
        assert shown[start:stop:2] == plain[start:stop:2]
    assert (len(shown), list(shown), shown == plain) == (len(plain), plain, True)
    assert shown != plain[1:]
    assert 999 not in shown
    with pytest.raises(ValueError, match="999"):
        shown.index(999)
    with pytest.raises(IndexError):
        shown[len(plain)]


def test_only_what_was_looked_at_is_held(many: Session) -> None:
    shown = InOrder(many, BY_TITLE)
    for place in range(len(shown)):
        assert shown[place]
        assert sum(map(len, shown._pages.values())) <= 6
    list(shown)
    assert sum(map(len, shown._pages.values())) <= 6
    listed = ItemList(many, "deal")
    board = Board(many, "deal")
    for held in (listed.ids, *board.ids.values()):
        assert isinstance(held, InOrder)
        assert sum(map(len, held._pages.values())) <= 6


def test_what_others_take_away_meanwhile_is_no_crash(many: Session, open_as: OpenAs) -> None:
    shown = InOrder(many, BY_TITLE)
    last = shown[-1]
    other = open_as("anna")
    items.delete(other, [Ref("deal", one) for one in other.ids("deal")[3:]])
    many.store.refresh()
    assert shown[-1] == last, "what was read stays"
    assert id_at(shown, 20) is None
    with pytest.raises(IndexError):
        shown[20]
    assert [one for one in range(len(shown)) if id_at(shown, one) is None]
    assert len(InOrder(many, BY_TITLE)) == 3


def test_a_walk_goes_through_all_and_on_from_what_went_elsewhere(many: Session) -> None:
    board = Board(many, "deal")
    walk, plain = board.walk(), [ref.id for ref in board.refs()]
    assert len(walk) == len(plain) == 43
    here = Ref("deal", plain[0])
    seen = [here.id]
    while (beside := walk.beside(here, 1)) is not None:
        here = beside
        seen.append(here.id)
        if len(seen) == 10:
            stages.move(many, here, "won")  # to another column: the walk goes on from where it stood
    assert seen == plain


def test_several_parts_are_one_sequence() -> None:
    whole = OneAfterAnother([[1, 2], [], [3], [4, 5, 6]])
    assert list(whole) == whole[:] == [1, 2, 3, 4, 5, 6]
    assert [whole[place] for place in range(-6, 6)] == [1, 2, 3, 4, 5, 6] * 2
    assert [whole.index(one) for one in whole] == list(range(6))
    assert (4 in whole, 7 in whole, len(OneAfterAnother([]))) == (True, False, 0)
    with pytest.raises(ValueError, match="7"):
        whole.index(7)
    with pytest.raises(IndexError):
        whole[6]
    assert Walk("deal", whole).place(Ref("deal", 4)) == 3


def test_boards_are_the_same_whether_read_in_parts_or_whole(many: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(5)
    for item_id in many.ids("deal"):
        day = f"2026-1{drawn.randrange(1, 3)}-{drawn.randrange(10, 29)}"
        items.edit(many, Ref("deal", item_id), {"close_date": drawn.choice((day, None))})
        stages.move(many, Ref("deal", item_id), drawn.choice(("new", "preparation", "won")))
    parts = [
        {key: list(ids) for key, ids in board(many, "deal").ids.items()} for board in (Board, Deadlines, Activities)
    ]
    monkeypatch.setattr(in_order, "WHOLE", 1_000)
    assert parts == [
        {key: list(ids) for key, ids in board(many, "deal").ids.items()} for board in (Board, Deadlines, Activities)
    ]


def test_marks_of_what_left_the_list_or_the_board_go(many: Session) -> None:
    listed, board = ItemList(many, "deal", Test("title", "string", "~", "deal")), Board(many, "deal")
    assert listed.among([1, 5, 7, 99]) == {5, 7}
    assert board.among(range(100)) == set(many.ids("deal"))
    assert board.among([1, 99]) == {1}
    assert ItemList(many, "deal", ids=[1, 2]).among([2, 3]) == {2}
