"""What a terminal shows while a workspace is opened."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import pytest

from tuicrm import opening
from tuicrm.app import _read_first
from tuicrm.opening import OpeningLine
from tuicrm.services.boards.first import first_type
from tuicrm.services.boards.item_views import ViewSpec, is_ready
from tuicrm.services.kernel.session import Session
from tuicrm.store import query


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def waited_for(terminal: Terminal, text: str) -> bool:
    until = time.monotonic() + 20
    while text not in terminal.getvalue() and time.monotonic() < until:
        time.sleep(0.001)
    return text in terminal.getvalue()


def test_a_line_tells_how_far_it_is_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(opening, "A_MOMENT", 0)
    with OpeningLine(Path("/srv/\x1b[31mcrm")) as line:
        assert waited_for(terminal, "Opening /srv/[31mcrm …")
        line.tell(1, 4)
        assert terminal.getvalue().endswith("\r\x1b[KReading: 25 %")
    assert terminal.getvalue().endswith("%\r\x1b[K")


def test_what_takes_but_a_moment_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(opening, "A_MOMENT", 3600)
    with OpeningLine(Path("/srv/crm")) as line:
        line.tell(1, 4)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("quiet", [True, False])
def test_nothing_is_told_where_nobody_reads_it(monkeypatch: pytest.MonkeyPatch, quiet: bool) -> None:
    stderr = Terminal() if quiet else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(opening, "A_MOMENT", 0)
    with OpeningLine(Path("/srv/crm"), quiet=quiet) as line:
        line.tell(1, 4)
    assert stderr.getvalue() == ""


def test_what_the_first_board_shows_is_read_before_it(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    seeded.store.files.compact()
    monkeypatch.setattr(query, "MOMENT", 0)
    first = ViewSpec(first_type(seeded))
    assert not is_ready(seeded, "board", first)
    told: list[tuple[int, int]] = []
    _read_first(seeded, lambda done, of: told.append((done, of)))
    assert told
    assert is_ready(seeded, "board", first)
