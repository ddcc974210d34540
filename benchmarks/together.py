"""How soon a change shows in what others have open: a board, a card, a list, each a process on its own terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.probe import Probe
from tuicrm.domain.conditions import Sort
from tuicrm.domain.items import Ref
from tuicrm.services.boards.board import Board
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session

CRM = [sys.executable, "-m", "tuicrm"]
_BETWEEN = 0.15
"""Seconds between two changes, so that each meets sessions that wait."""

Seen = dict[str, list[float]]


def seen(workspace: Path, size: tuple[int, int], times: int) -> Seen:
    """By what is open: milliseconds from before the change is made (and synced) until all of its text was written to the others'
    terminals, nobody pressing a key. `inf` for one that did not come."""
    session = open_session(workspace)
    board = Board(session, "deal")
    deal = Ref("deal", next(ids[0] for stage in board.stages if (ids := board.ids[stage.key])))
    first = Sort("first_name", "string")
    contact = Ref("contact", session.ids("contact", sort=[first])[0])
    probes = {name: Probe([*CRM, "--data", str(workspace)], size) for name in ("board", "card", "list")}
    found: Seen = {name: [] for name in probes}
    try:
        for probe in probes.values():
            probe.first(r"[€$£] ?\d")
        _open(probes["card"], b"\x1b[H", b"\r")  # the first: where a picture was kept, the cursor begins on its item
        _open(probes["list"], b"g", b"c")
        for turn in range(times):
            sleep(_BETWEEN)
            text = f"seen {turn:04}"
            _change(session, probes, found, deal, {"title": text}, text, ("board", "card"))
            # Before all names that begin with a letter, so that it stays in sight.
            name = f"0 {text}"
            _change(session, probes, found, contact, {"first_name": name}, text, ("list",))
        return found
    finally:
        session.close()
        for probe in probes.values():
            probe.quit(b"Q")
            probe.close()


def _open(probe: Probe, *keys: bytes) -> None:
    for key in keys:
        probe.press(key, 60, 0.4)


def _change(
    session: Session,
    probes: dict[str, Probe],
    found: Seen,
    ref: Ref,
    values: dict[str, str],
    text: str,
    seen_in: Sequence[str],
) -> None:
    since = {name: probes[name].count() for name in seen_in}
    begun = perf_counter()
    items.edit(session, ref, values)
    for name in seen_in:
        moment = probes[name].shows(text, since[name])
        found[name].append((moment - begun) * 1000 if moment is not None else float("inf"))
