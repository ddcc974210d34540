"""Views of very many items: what can be shown at once is, the rest is read beside; nobody is shown what is not for them meanwhile."""

from __future__ import annotations

import random

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.conditions import Test
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import DEFAULT_PIPELINE
from tuicrm.services.boards import item_views
from tuicrm.services.boards.dated_boards import Activities, Deadlines
from tuicrm.services.boards.filters import compile_for
from tuicrm.services.boards.list_columns import Arrangement, ListColumn, SortKey, keep
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.items import activities, items, stages
from tuicrm.services.kernel.reader import NEXT
from tuicrm.services.kernel.session import Session
from tuicrm.store import query
from tuicrm.store.protocol import Find


@pytest.fixture(autouse=True)
def nothing_is_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MOMENT", 0)


@pytest.fixture
def folded(seeded: Session, open_as: OpenAs) -> Session:
    """Anna's session, in which nothing was read yet."""
    seeded.store.files.compact()
    return open_as("anna")


def by_name(session: Session) -> list[int]:
    return [item.id for item in sorted(session.find("deal").items, key=lambda item: str(item.get("title")).casefold())]


def test_a_list_shows_the_newest_first_until_it_is_sorted(folded: Session) -> None:
    shown = ItemList(folded, "deal", at_once=True)
    assert shown.waits
    assert shown.ids == [3, 2, 1]
    assert shown.row(2)
    shown.load()
    assert shown.waits, "reading again does not sort"
    shown.get_ready()
    shown.load()
    assert not shown.waits
    assert shown.ids == by_name(folded)


def test_a_list_that_does_not_wait_is_sorted(folded: Session) -> None:
    shown = ItemList(folded, "deal")
    assert not shown.waits
    assert shown.ids == by_name(folded)


def test_a_filter_shows_nothing_until_it_was_looked(folded: Session) -> None:
    where = compile_for(folded, "deal", "amount > 20000")
    shown = ItemList(folded, "deal", where, at_once=True)
    assert shown.waits
    assert shown.ids == []
    shown.get_ready()
    shown.load()
    assert shown.ids == [2]


def test_one_who_may_read_some_is_shown_none_of_the_others(seeded: Session, open_as: OpenAs) -> None:
    (manager,) = seeded.store.find(Find("role", Test("key", "string", "=", "manager"))).records
    with seeded.change("only their own") as change:
        change.put("role", {**manager.doc, "rules": {"*": {"read": "own"}}}, manager.id)
    seeded.store.files.compact()
    luca = open_as("luca")
    shown = ItemList(luca, "deal", at_once=True)
    assert shown.waits
    assert shown.ids == []
    shown.get_ready()
    shown.load()
    assert shown.ids == [2]


def test_sorting_by_the_next_activity_waits_for_the_activities(folded: Session) -> None:
    activities.add(folded, Ref("deal", 2), "call", "2026-11-24T10:00:00Z")
    folded.store.files.compact()
    keep(folded, "deal", Arrangement((ListColumn("title"),), (SortKey(NEXT),)))
    shown = ItemList(folded, "deal", at_once=True)
    assert shown.waits
    shown.get_ready()
    shown.load()
    assert not shown.waits
    assert shown.ids[0] == 2


@pytest.mark.parametrize("view", ["board", "deadlines", "activities"])
def test_a_board_is_ready_once_it_was_prepared(folded: Session, view: str) -> None:
    shown = ViewSpec("deal", where=compile_for(folded, "deal", "title ~ e"))
    assert not item_views.is_ready(folded, view, shown)
    item_views.prepare(folded, view, shown, lambda _done, _of: None)
    assert item_views.is_ready(folded, view, shown)


@pytest.mark.parametrize("board", [Deadlines, Activities])
def test_a_prepared_board_is_as_one_that_was_not(
    folded: Session, open_as: OpenAs, board: type[Deadlines | Activities]
) -> None:
    item_views.prepare(folded, board.view, ViewSpec("deal"), lambda _done, _of: None)
    prepared, other = board(folded, "deal"), board(open_as("anna"), "deal")
    assert (prepared.ids, prepared.columns, prepared.head) == (other.ids, other.columns, other.head)


def test_activities_follow_what_is_planned_done_moved_and_deleted(folded: Session, open_as: OpenAs) -> None:
    """What was followed is what is read anew, whatever happened: here at random, in several sessions, with a filter and without."""
    drawn, other = random.Random(5), open_as("anna")
    boards = [
        Activities(folded, "deal"),
        Activities(folded, "deal", where=compile_for(folded, "deal", "amount > 20000")),
        Activities(folded, "deal", DEFAULT_PIPELINE),
    ]
    planned: list[int] = []

    def happen() -> None:
        session = drawn.choice((folded, other))
        session.store.refresh()
        there = session.ids("deal")
        one = Ref("deal", drawn.choice(there)) if there else items.add(session, "deal", {"title": "New"}).ref
        what = drawn.randrange(8)
        if what <= 1:
            at = f"2026-{drawn.choice(('11-2', '12-0'))}{drawn.randrange(1, 9)}T10:00:00Z"
            planned.append(activities.add(session, one, "call", at))
        elif what == 2 and planned:
            activities.done(session, planned.pop(drawn.randrange(len(planned))))
        elif what == 3:
            items.edit(session, one, {"amount": {"amount": str(drawn.randrange(40_000)), "currency": "EUR"}})
        elif what == 4:
            stages.move(session, one, drawn.choice(("new", "preparation", "won")))
        elif what == 5:
            items.add(session, "deal", {"title": "One more"})
        elif what == 6 and len(there) > 2:
            gone = {record.id for record in activities.open_of(session, one)}
            planned[:] = [left for left in planned if left not in gone]
            items.delete(session, [one])

    for _round in range(60):
        for _time in range(drawn.choice((1, 1, 3))):
            happen()
        folded.store.refresh()
        for board in boards:
            board.load()
            anew = Activities(folded, "deal", board.pipeline_key, board.where)
            assert board.ids == anew.ids
            assert board.columns == anew.columns
