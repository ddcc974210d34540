"""People at real terminals: a process each, on one workspace, with what they see."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from benchmarks.probe import Probe, plain
from tests.command import run_here
from tests.picture import picture

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


def office(folder: Path, *more: str) -> Path:
    """A workspace of the system's user, Anna and Luca, who may all do everything."""
    shutil.copytree(Path(_office(*more).name) / "w", folder)
    return folder


@cache
def _office(*more: str) -> TemporaryDirectory[str]:
    """The one to copy, as long as this process lives."""
    kept = TemporaryDirectory(prefix="tuicrm-office-")
    folder = Path(kept.name) / "w"
    subprocess.run([*CRM, "init", str(folder), "--quiet", *more], cwd=ROOT, check=True, capture_output=True)
    crm(folder, "user", "add", "Anna Neri", "--login", "anna", "--role", "administrator")
    crm(folder, "user", "add", "Luca Verdi", "--login", "luca", "--role", "administrator")
    return kept


def deal(folder: Path, number: int) -> dict[str, Any]:
    """The fields of a deal, as the command line tells them."""
    shown = run_here(folder, pytest.MonkeyPatch(), "deal", "show", f"D-{number}", "--json")
    assert shown.code == 0, shown.err
    fields: dict[str, Any] = shown.fields
    return fields


class Seat:
    """Somebody at a terminal. What was written since a moment can be asked for, and what the screen looks like."""

    def __init__(self, folder: Path, person: str, first: str = "ERP rollout", size: tuple[int, int] = SIZE) -> None:
        os.chdir(ROOT)
        self.size = size
        self.probe = Probe([*CRM, "--data", str(folder), "--as", person], size)
        assert self.probe.first(first) is not None, self.probe.text()[-500:]

    def press(self, *keys: str) -> str:
        """What came back, to the last key."""
        before = len(self.probe._chunks)
        for each in keys:
            self.probe.press(each.encode())
        return self.since(before)

    def mark(self) -> int:
        return len(self.probe._chunks)

    def since(self, mark: int) -> str:
        return plain(b"".join(data for _, data in self.probe._chunks[mark:]))

    def sees(self, pattern: str, mark: int) -> str:
        """Wait, without a key, until something is written that matches."""
        self.wait(lambda: re.search(pattern, self.since(mark)) is not None, lambda: self.since(mark))
        return self.since(mark)

    def lines(self) -> list[str]:
        """What the terminal shows now."""
        return picture(b"".join(data for _, data in list(self.probe._chunks)), *self.size)

    def line_of(self, pattern: str) -> int:
        """The first line that matches, from the top; -1 for none."""
        return next((y for y, line in enumerate(self.lines()) if re.search(pattern, line)), -1)

    def shows(self, pattern: str) -> list[str]:
        """Wait, without a key, until the terminal shows it somewhere."""
        self.wait(lambda: self.line_of(pattern) >= 0, lambda: "\n".join([pattern, *self.lines()]))
        return self.lines()

    @staticmethod
    def wait(until: Callable[[], bool], told: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < end, told()
            time.sleep(0.01)

    def close(self) -> None:
        self.probe.close()
