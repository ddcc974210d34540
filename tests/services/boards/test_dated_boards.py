"""Which column an item stands in, what a drop gives it, what is summed."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import OpenAs
from tuicrm.domain import agenda
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound, Refused
from tuicrm.services.boards.dated_boards import Activities, Deadlines
from tuicrm.services.boards.dated_drop import drop
from tuicrm.services.history.undo import undo
from tuicrm.services.items import activities, items, stages
from tuicrm.services.kernel.session import Session

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


def columns(board: Deadlines | Activities) -> dict[str, list[int]]:
    return {key: list(ids) for key, ids in board.ids.items() if ids}


@pytest.mark.parametrize(
    ("due", "column"),
    [
        ("2026-11-22", "overdue"),
        ("2026-11-23", "today"),
        ("2026-11-24", "this_week"),
        ("2026-11-29", "this_week"),
        ("2026-11-30", "next_week"),
        ("2026-12-06", "next_week"),
        ("2026-12-07", "later"),
    ],
)
def test_the_day_says_the_column(seeded: Session, due: str, column: str) -> None:
    items.edit(seeded, D1, {"close_date": due})
    assert 1 in columns(Deadlines(seeded, "deal"))[column]


def test_what_is_closed_is_not_there_and_what_has_no_date_comes_last(seeded: Session) -> None:
    items.edit(seeded, D1, {"close_date": "2027-01-01"})
    items.edit(seeded, D2, {"close_date": "2026-11-20"})
    stages.move(seeded, D2, "won")
    items.edit(seeded, D3, {"close_date": None})
    assert columns(Deadlines(seeded, "deal")) == {"later": [1, 3]}


def test_sums_follow_the_columns(seeded: Session) -> None:
    items.edit(seeded, D1, {"close_date": "2026-11-20"})
    board = Deadlines(seeded, "deal")
    assert {column.label: column.sum for column in board.columns if column.sum} == {
        "Overdue": "€ 12,500",
        "Next week": "€ 38,000",
    }
    assert board.head.view == "Deadlines"


@pytest.mark.parametrize(
    ("today", "column", "day"),
    [
        (date(2026, 11, 23), "today", date(2026, 11, 23)),
        (date(2026, 11, 23), "this_week", date(2026, 11, 24)),
        (date(2026, 11, 23), "next_week", date(2026, 11, 30)),
        (date(2026, 11, 23), "later", date(2026, 12, 7)),
        (date(2026, 11, 23), "overdue", None),
        (date(2026, 11, 29), "this_week", None),
    ],
)
def test_what_a_drop_gives(today: date, column: agenda.DueGroup, day: date | None) -> None:
    assert agenda.weeks(today).dropped(column) == day


def test_weeks_begin_as_the_locale_says() -> None:
    assert agenda.first_weekday("en_US") == 6
    assert agenda.first_weekday("it_IT") == 0
    assert agenda.weeks(date(2026, 11, 28), 6).column(date(2026, 11, 29)) == "next_week"


def test_several_are_dropped_as_one_and_those_that_cannot_say_why(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    mine = items.add(luca, "deal", {"title": "Mine", "close_date": "2026-11-20"}).ref
    board = Deadlines(luca, "deal")
    outcome = drop(board, [mine, D1], "today")
    assert (outcome.moved, [one.ref for one in outcome.stayed], outcome.stayed[0].barred) == ((mine,), [D1], True)
    assert luca.get(mine).get("close_date") == "2026-11-23"
    undo(luca)
    assert luca.get(mine).get("close_date") == "2026-11-20"
    with pytest.raises(Refused):
        drop(board, [mine], "overdue")


def test_activities_stand_by_the_soonest_open_one(seeded: Session) -> None:
    activities.add(seeded, D1, "later", "2027-01-05T09:00:00Z")
    board = Activities(seeded, "deal")
    assert columns(board) == {"later": [1], "none": [2, 3]}
    soon = activities.add(seeded, D1, "sooner", "2026-11-20T09:00:00Z")
    board.load()
    assert columns(board) == {"overdue": [1], "none": [2, 3]}
    assert drop(board, [D1, D2], "next_week").stayed[0].reason == "It has nothing planned."
    board.load()
    assert columns(board)["next_week"] == [1]
    activities.done(seeded, soon)
    board.load()
    assert columns(board) == {"later": [1], "none": [2, 3]}


def test_types_without_a_due_date_have_no_deadlines(seeded: Session) -> None:
    with pytest.raises(NotFound):
        Deadlines(seeded, "contact")


def test_what_changes_elsewhere_shows(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    board = Deadlines(seeded, "deal")
    items.edit(other, D1, {"close_date": "2026-11-23"})
    seeded.store.refresh()
    board.load()
    assert columns(board)["today"] == [1]
    card = board.card(1)
    assert card is not None
    assert (card.timing, card.next) == ("today", "today")
