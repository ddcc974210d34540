"""Several people in one workspace: real processes on real terminals. How fast it is: `python -m benchmarks`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.probe import Probe, plain

ROOT = Path(__file__).resolve().parent.parent
CRM = [sys.executable, "-m", "tuicrm"]
SIZE = (140, 40)
PATIENCE = 20.0
"""Seconds after which a thing is not going to happen, on the slowest of machines."""


def crm(folder: Path, *words: str) -> str:
    """A command, which must do what it is told; what it prints."""
    done = subprocess.run([*CRM, *words, "--data", str(folder)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Seat:
    """Somebody at a terminal. What was written since a moment can be asked for."""

    def __init__(self, folder: Path, person: str) -> None:
        os.chdir(ROOT)
        self.probe = Probe([*CRM, "--data", str(folder), "--as", person], SIZE)
        assert self.probe.first("ERP rollout") is not None, self.probe.text()[-500:]

    def press(self, keys: str) -> str:
        """What came back."""
        before = len(self.probe._chunks)
        self.probe.press(keys.encode())
        return self.since(before)

    def mark(self) -> int:
        return len(self.probe._chunks)

    def since(self, mark: int) -> str:
        return plain(b"".join(data for _, data in self.probe._chunks[mark:]))

    def sees(self, pattern: str, mark: int) -> str:
        """Wait, without a key, until something is written that matches."""
        self.wait(lambda: re.search(pattern, self.since(mark)) is not None, lambda: self.since(mark))
        return self.since(mark)

    @staticmethod
    def wait(until: Callable[[], bool], told: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < end, told()
            time.sleep(0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = tmp_path / "w"
    subprocess.run([*CRM, "init", str(workspace), "--quiet"], cwd=ROOT, check=True, capture_output=True)
    crm(workspace, "user", "add", "Anna Neri", "--login", "anna", "--role", "administrator")
    crm(workspace, "user", "add", "Luca Verdi", "--login", "luca", "--role", "administrator")
    crm(workspace, "deal", "add", "title=ERP rollout", "amount=1000 EUR")
    return workspace


@pytest.fixture
def seats(folder: Path) -> Iterator[tuple[Seat, Seat]]:
    anna, luca = Seat(folder, "anna"), Seat(folder, "luca")
    yield anna, luca
    for seat in (anna, luca):
        seat.probe.close()


def deal(folder: Path, number: int) -> dict[str, Any]:
    shown = json.loads(crm(folder, "deal", "show", f"D-{number}", "--json"))
    fields: dict[str, Any] = shown["items"][0]["fields"]
    return fields


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
