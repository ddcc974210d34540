"""What stands on the terminal while a workspace is opened, on a terminal: shown at once, marked, made true, taken away."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from benchmarks.probe import plain
from tests.terminal import Terminal
from tuicrm.kept_look import state_of
from tuicrm.services.items import items
from tuicrm.services.workspace.environment import cache_folder, system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

MARK = "As it was the last time"
CRM = [sys.executable, "-m", "tuicrm", "--data"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace of whoever runs the tests, folded, so that CURRENT names files."""
    path = tmp_path / "workspace"
    create_workspace(
        path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company", country="IT")
    )
    session = open_session(path)
    for title in ("Website redesign", "ERP connector"):
        items.add(session, "deal", {"title": title})
    session.store.files.compact()
    session.close()
    return path


@pytest.fixture
def first(place: Path) -> Path:
    """The same, opened once before: the picture is kept."""
    terminal = Terminal([*CRM, str(place)])
    terminal.seen_after(0, "ERP connector")
    until = time.monotonic() + 20
    while not list(cache_folder().glob("first/*")) and time.monotonic() < until:
        time.sleep(0.01)
    terminal.send(b"Q")
    assert terminal.wait() == 0
    assert MARK not in terminal.raw().decode()
    terminal.close()
    return place


def test_it_stands_at_once_and_marked_until_it_is_made_true_and_keys_count_meanwhile(first: Path) -> None:
    session = open_session(first)
    items.add(session, "deal", {"title": "Came in between"})
    session.close()
    terminal = Terminal([*CRM, str(first)])
    terminal.seen_after(0, MARK)
    shown = plain(terminal.raw()).partition(MARK)[0]
    terminal.send(b"nTyped early")
    assert "ERP connector" in shown
    assert "Came in between" not in shown
    terminal.seen_after(0, "Came in between")
    terminal.seen_after(0, "Typed early")
    terminal.signal(signal.SIGTERM)
    assert terminal.wait() == 143
    data = terminal.raw()
    assert data.count(b"\x1b[?1049h") == 1
    assert terminal.left_on() == set()
    assert terminal.settings() == terminal.found
    terminal.close()


def titles(place: Path) -> set[str]:
    """The deals that are there."""
    session = open_session(place)
    try:
        return {session.title_of(item) for item in session.many("deal", session.ids("deal"))}
    finally:
        session.close()


def test_keys_for_what_was_deleted_since_do_nothing_to_another_and_say_so(first: Path) -> None:
    session = open_session(first)
    gone = next(item for item in session.many("deal", session.ids("deal")) if item.get("title") == "ERP connector")
    items.delete(session, [gone.ref])
    session.close()
    terminal = Terminal([*CRM, str(first)])
    terminal.seen_after(0, MARK)
    assert "ERP connector" in plain(terminal.raw())
    terminal.send(b"DD")
    terminal.seen_after(0, "ERP connector no longer exists: the keys pressed early were ignored")
    terminal.send(b"Q")
    assert terminal.wait() == 0
    assert titles(first) == {"Website redesign"}
    terminal.close()


def test_keys_mean_what_the_picture_had_under_the_cursor(first: Path) -> None:
    session = open_session(first)
    items.add(session, "deal", {"title": "Came in between"})
    session.close()
    terminal = Terminal([*CRM, str(first)])
    terminal.seen_after(0, MARK)
    terminal.send(b"D")
    terminal.seen_after(0, "(?i)deleted")
    terminal.send(b"Q")
    assert terminal.wait() == 0
    assert "Came in between" in titles(first)
    assert len(titles(first)) == 2
    terminal.close()


def test_the_mark_stands_out_and_says_what_it_is_in_one_line(first: Path) -> None:
    terminal = Terminal([*CRM, str(first)])
    terminal.seen_after(0, MARK)
    line = terminal.raw().decode().partition(MARK)[0].rpartition("\x1b[24;1H")[2]
    assert re.search(r"\x1b\[[\d;]*(7|4[1-8]|48;[\d;]+)m", line), "on a ground of its own, or in reverse"
    told = plain(terminal.raw()[: terminal.raw().index(MARK.encode()) + 400])
    assert "As it was the last time, not up to date yet: opening … Keys already count." in told
    terminal.send(b"Q")
    assert terminal.wait() == 0
    terminal.close()


def test_what_cannot_be_opened_says_so_on_the_terminal_as_it_was(first: Path) -> None:
    state = state_of(first)
    assert state is not None
    snapshot = next(path for path in first.glob("deal.*.jsonl"))
    snapshot.write_bytes(snapshot.read_bytes()[:-20])
    terminal = Terminal([*CRM, str(first)])
    assert terminal.wait() != 0
    data = terminal.raw().decode()
    assert MARK in data
    assert "ERP" not in data.rpartition("\x1b[?1049l")[2]
    assert "fsck" in data.rpartition("\x1b[?1049l")[2]
    assert terminal.left_on() == set()
    assert terminal.settings() == terminal.found
    terminal.close()


@pytest.mark.parametrize(("which", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped_while_it_stands_the_terminal_is_as_it_was(first: Path, which: signal.Signals, code: int) -> None:
    terminal = Terminal([*CRM, str(first)])
    while MARK.encode() not in terminal.raw():
        assert not terminal.ended
        time.sleep(0.001)
    os.kill(terminal.pid, which)
    assert terminal.wait() == code
    assert terminal.left_on() == set()
    assert terminal.settings() == terminal.found
    terminal.close()


def test_another_size_has_none(first: Path) -> None:
    terminal = Terminal([*CRM, str(first)], size=(100, 30))
    terminal.seen_after(0, "ERP connector")
    terminal.send(b"Q")
    assert terminal.wait() == 0
    assert MARK not in terminal.raw().decode()
    terminal.close()
