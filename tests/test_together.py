"""Several people in one workspace: real processes on real terminals. How fast it is: `python -m benchmarks`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.seats import Seat, crm, deal, office


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = office(tmp_path / "w")
    crm(workspace, "deal", "add", "title=ERP rollout", "amount=1000 EUR")
    return workspace


@pytest.fixture
def seats(folder: Path) -> Iterator[tuple[Seat, Seat]]:
    anna, luca = Seat(folder, "anna"), Seat(folder, "luca")
    yield anna, luca
    for seat in (anna, luca):
        seat.close()


def test_what_one_does_shows_on_the_others_board_list_and_card(folder: Path, seats: tuple[Seat, Seat]) -> None:
    anna, luca = seats
    luca.press("\r")
    mark = luca.mark()
    crm(folder, "deal", "edit", "D-1", "amount=12345 EUR")
    luca.sees("12,345", mark)  # the card
    crm(folder, "comment", "D-1", "they called back")
    luca.sees("they called back", mark)
    luca.press("q")
    mark = luca.mark()
    crm(folder, "deal", "add", "title=Cloud move")
    luca.sees("Cloud move", mark)  # the board
    anna.sees("Cloud move", 0)
    luca.press("go")
    mark = luca.mark()
    crm(folder, "company", "add", "title=Northwind")
    luca.sees("Northwind", mark)  # the list


def test_a_half_typed_edit_stays_and_different_fields_merge(folder: Path, seats: tuple[Seat, Seat]) -> None:
    _anna, luca = seats
    luca.press("\r")
    luca.press("\r")  # the title, in its place
    luca.press("!")
    mark = luca.mark()
    crm(folder, "deal", "edit", "D-1", "amount=777 EUR")
    luca.sees("777", mark)
    luca.press("!\r")
    Seat.wait(lambda: deal(folder, 1)["title"] == "ERP rollout!!", lambda: deal(folder, 1))
    assert deal(folder, 1)["amount"]["amount"] == "777.00"


def test_the_same_field_is_a_question_with_both_values(folder: Path, seats: tuple[Seat, Seat]) -> None:
    _anna, luca = seats
    luca.press("\r")
    luca.press("\r")
    luca.press(" for all")
    crm(folder, "deal", "edit", "D-1", "title=Rollout of the ERP", "--as", "anna")
    mark = luca.mark()
    luca.press("\r")
    asked = luca.sees("Anna Neri", mark)
    assert "Rollout of the ERP" in asked
    assert "ERP rollout for all" in asked
    luca.press("r")
    Seat.wait(lambda: deal(folder, 1)["title"] == "ERP rollout for all", lambda: deal(folder, 1))
    assert "Rollout of the ERP" in crm(folder, "log", "--json"), "what was replaced is in the log"


def test_colleagues_are_seen_and_the_dead_are_not(seats: tuple[Seat, Seat]) -> None:
    anna, luca = seats
    anna.sees("● Luca", 0)
    anna.press("\r")
    mark = anna.mark()
    luca.press("\r")
    anna.sees("Luca here too", mark)
    luca.press("\r")
    anna.sees(r"Luca \(Title\) here too", mark)
    luca.press("\x1b")
    mark = anna.mark()
    os.kill(luca.probe.pid, signal.SIGKILL)
    killed = time.monotonic()
    Seat.wait(lambda: "saved" in anna.since(mark), lambda: anna.since(mark))
    assert "Luca" not in anna.since(mark)
    assert time.monotonic() - killed < 5


def test_what_is_deleted_under_one_says_so_and_comes_back(folder: Path, seats: tuple[Seat, Seat]) -> None:
    _anna, luca = seats
    luca.press("\r")
    luca.press("\r")
    luca.press(" plus")
    mark = luca.mark()
    crm(folder, "deal", "delete", "D-1", "--as", "anna")
    luca.press("\r")
    luca.sees("was deleted by Anna Neri", mark)
    assert "plus" in luca.press("x"), "what was typed stays"
    mark = luca.mark()
    crm(folder, "undo", "--as", "anna")
    time.sleep(0.3)
    luca.press("\r")
    Seat.wait(lambda: deal(folder, 1)["title"] == "ERP rollout plusx", lambda: luca.since(mark))
