"""Waiting for what others write: told by the system, not told, ended."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tuicrm.store import watch
from tuicrm.store.watch import Watch

_LONG = 20.0
_FOLDERS = ("", "present")


@pytest.fixture
def watching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """On a folder and one in it, told by the system, and never looking by itself."""
    monkeypatch.setattr(watch, "_BEGIN_AFTER", 0.0)
    monkeypatch.setattr(watch, "TOLD_SECONDS", _LONG)
    (tmp_path / "present").mkdir()
    (tmp_path / "journal").write_bytes(b"")
    one = Watch([tmp_path / name for name in _FOLDERS], ["ids"])
    assert one.wait(), "from here on it is told; what was written before is to be looked for"
    yield one
    one.close()


def seconds_until(one: Watch, happens: object = None) -> tuple[bool, float]:
    """What `wait` answers and after how long, when something happens while it waits."""
    timer = threading.Timer(0.1, happens) if callable(happens) else None
    if timer:
        timer.start()
    begun = time.monotonic()
    answer = one.wait()
    return answer, time.monotonic() - begun


@pytest.mark.parametrize("what", ["append", "replace", "touch present", "leave"])
def test_what_others_do_ends_the_wait(watching: Watch, tmp_path: Path, what: str) -> None:
    journal, present = tmp_path / "journal", tmp_path / "present"
    (present / "one").write_bytes(b"")
    (tmp_path / "new").write_bytes(b"")

    def append() -> None:
        with journal.open("ab") as file:
            file.write(b"line\n")

    doings = {
        "append": append,
        "replace": lambda: (tmp_path / "new").replace(tmp_path / "CURRENT"),
        "touch present": present.touch,
        "leave": (present / "one").unlink,
    }
    answer, seconds = seconds_until(watching, doings[what])
    assert answer
    assert seconds < _LONG / 2


def test_many_writes_are_one_look(watching: Watch, tmp_path: Path) -> None:
    for number in range(500):
        (tmp_path / "journal").write_bytes(b"x" * number)
    assert watching.wait()
    answer, seconds = seconds_until(watching, watching.end)
    assert not answer, "nothing was left of the 500"
    assert seconds < _LONG / 2


@pytest.mark.parametrize("missing", ["inotify", "folder"])
def test_where_the_system_tells_nothing_it_looks_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(watch, "_BEGIN_AFTER", 0.0)
    if missing == "inotify":
        monkeypatch.setattr(sys, "platform", "beos")
    one = Watch([tmp_path / ("gone" if missing == "folder" else "")])
    assert one.wait()
    answer, seconds = seconds_until(one)
    assert answer
    assert watch.UNTOLD_SECONDS * 0.9 < seconds < _LONG
    one.end()
    assert not one.wait()
    one.close()


def test_it_looks_now_and_then_though_told_nothing(watching: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "TOLD_SECONDS", 0.1)
    answer, seconds = seconds_until(watching)
    assert answer
    assert 0.09 < seconds < _LONG


def test_ending_ends_the_wait_and_all_after(watching: Watch) -> None:
    answer, seconds = seconds_until(watching, watching.end)
    assert not answer
    assert seconds < _LONG / 2
    assert not watching.wait()


def test_what_says_nothing_does_not_end_the_wait(
    watching: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "TOLD_SECONDS", 0.5)
    for _turn in range(3):
        (tmp_path / "ids").write_bytes(b"{}")
    answer, seconds = seconds_until(watching, lambda: (tmp_path / "ids").write_bytes(b"{}"))
    assert answer
    assert seconds >= 0.5
