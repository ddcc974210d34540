"""Signals on a real pty, in the middle of an edit: what was acknowledged is there, the terminal is left as it was found."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.terminal import Terminal
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.left_typed import left
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

Start: TypeAlias = Callable[[], Terminal]

D1 = Ref("deal", 1)
HALF = "half typed"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of the system's user with one deal."""
    path = tmp_path / "signals"
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    session = open_session(path)
    items.add(session, "deal", {"title": "Website redesign"})
    session.close()
    return path


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts tuicrm on its board, at 80×24."""
    started: list[Terminal] = []

    def start_it() -> Terminal:
        terminal = Terminal([sys.executable, "-m", "tuicrm", "--data", str(folder)])
        started.append(terminal)
        terminal.see("Website redesign")
        return terminal

    yield start_it
    for terminal in started:
        terminal.close()


def half_way(terminal: Terminal) -> None:
    """A move and a comment that were acknowledged, then an edit that is only begun."""
    terminal.see("is in", b">")
    terminal.see("CLIENT", b"\r")
    terminal.see("save", b"\x1b[12~")
    terminal.see("p.*e.*d", HALF.encode())


def after(folder: Path) -> Session:
    """The workspace opened again, found sound, with what was acknowledged and nothing of what was half typed."""
    session = open_session(folder)
    assert session.store.files.verify() == []
    item = session.get(D1)
    assert item.get("stage") == "preparation"
    assert item.get("title") == "Website redesign"
    assert HALF not in str(item.fields)
    return session


def assert_clean(terminal: Terminal) -> None:
    """The shell finds its terminal as it was: by all that was written before, which the test's own reader may still have to read."""
    end = time.perf_counter() + 5
    while terminal.left_on() and time.perf_counter() < end:
        time.sleep(0.02)
    assert terminal.left_on() == set()
    assert terminal.settings() == terminal.found
    assert b"Traceback" not in terminal.raw()


@pytest.mark.parametrize(
    ("which", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=str
)
def test_a_signal_that_ends_it(start: Start, folder: Path, which: signal.Signals, code: int) -> None:
    terminal = start()
    half_way(terminal)
    terminal.signal(which)
    assert terminal.wait() == code
    assert_clean(terminal)
    after(folder).close()


def test_killed(start: Start, folder: Path) -> None:
    terminal = start()
    half_way(terminal)
    terminal.signal(signal.SIGKILL)
    assert terminal.wait() == -signal.SIGKILL
    after(folder).close()


def test_the_window_is_closed(start: Start, folder: Path) -> None:
    terminal = start()
    half_way(terminal)
    terminal.hang_up()
    assert terminal.wait() == 129
    session = after(folder)
    (kept,) = left(session)
    assert (kept.what, kept.text.endswith(HALF), kept.ref) == ("D-1 Title", True, "deal:1")
    session.close()


def test_what_was_half_typed_is_offered_at_the_next_start(start: Start, folder: Path) -> None:
    terminal = start()
    half_way(terminal)
    terminal.signal(signal.SIGHUP)
    assert terminal.wait() == 129
    again = start()
    again.seen_after(0, "Typed when the session ended")
    again.see("CLIENT", b"1")
    again.send(b"QQ")
    session = after(folder)
    assert left(session) == [], "it is offered once"
    session.close()


def test_quit(start: Start, folder: Path) -> None:
    terminal = start()
    half_way(terminal)
    terminal.see("edit", b"\x1b")
    terminal.send(b"Q")
    assert terminal.wait() == 0
    assert_clean(terminal)
    after(folder).close()


def suspended(start: Start) -> Terminal:
    """Half way through an edit, suspended by its key."""
    terminal = start()
    half_way(terminal)
    terminal.send(b"\x1a")
    terminal.stopped()
    return terminal


def go_on(terminal: Terminal) -> None:
    """Continue it, as `fg` does: all is painted again, and what was half typed can be finished."""
    since = len(terminal.raw())
    terminal.signal(signal.SIGCONT)
    terminal.seen_after(since, "CLIENT")
    terminal.seen_after(since, HALF)
    assert "1049" in terminal.left_on()


def finish(terminal: Terminal, folder: Path) -> None:
    """Save what was half typed, and leave: each key counts once."""
    terminal.see("undo", b" over\r")
    terminal.send(b"Q")
    assert terminal.wait() == 0
    assert_clean(terminal)
    session = open_session(folder)
    assert session.get(D1).get("title") == f"Website redesign{HALF} over"
    assert session.store.files.verify() == []
    session.close()


@pytest.mark.parametrize("how", ["key", "signal"])
def test_suspended_and_resumed(start: Start, folder: Path, how: str) -> None:
    terminal = start()
    half_way(terminal)
    terminal.send(b"\x1a") if how == "key" else terminal.signal(signal.SIGTSTP)
    terminal.stopped()
    assert_clean(terminal)
    after(folder).close()
    go_on(terminal)
    finish(terminal, folder)


def test_stopped_unasked_and_continued_twice(start: Start, folder: Path) -> None:
    terminal = start()
    half_way(terminal)
    terminal.signal(signal.SIGSTOP)
    terminal.stopped()
    go_on(terminal)
    go_on(terminal)
    finish(terminal, folder)


def test_another_size_after_a_suspension(start: Start, folder: Path) -> None:
    terminal = suspended(start)
    terminal.resize(140, 40)
    go_on(terminal)
    finish(terminal, folder)


def test_ended_while_suspended(start: Start, folder: Path) -> None:
    terminal = suspended(start)
    terminal.signal(signal.SIGTERM)
    terminal.signal(signal.SIGCONT)
    assert terminal.wait() == 143
    assert_clean(terminal)
    after(folder).close()
