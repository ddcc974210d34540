"""Records the first minute with the program itself, in a shell on a real pty: `make pictures`.

Writes docs/first-minute.cast, which `asciinema play` plays (its form: asciicast v2), and docs/first-minute.svg, which replays it where
a picture can be shown (scripts/film.py). What is on screen is what the program wrote; the pace is that of STEPS, not the machine's.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.probe import Probe, plain
from scripts.film import film

SIZE = (110, 30)
FOLDER = Path(__file__).parent.parent / "docs"
_TYPED = 0.09
"""Seconds from one typed character to the next."""


class Step(NamedTuple):
    """What is pressed: one key, or a text; how long the answer stays to be looked at; what the answer must say. `action` is the key's
    in actions.py."""

    keys: str
    stays: float = 1.0
    shows: str = ""
    action: str = ""


STEPS = (
    Step("tuicrm demo", 0.5),
    Step("\r", 2.2, "Website redesign"),
    Step("l", 0.6, action="move.right"),
    Step("j", 0.6, action="move.down"),
    Step("\r", 2.4, "Created", "open"),
    Step("j", 0.4, action="move.down"),
    Step("j", 0.8, action="move.down"),
    Step("c", 0.8, "omment", "comment"),
    Step("They want the offer by Friday", 0.6),
    Step("\x13", 2.0, "They want", "text.save"),
    Step("\x1b", 1.4, "Qualified", "back"),
    Step(">", 2.2, "Proposal|→|moved", "stage.next"),
    Step("u", 2.0, "undo|Undo|back|Took", "undo"),
    Step("/", 1.0, "", "filter"),
    Step("amount > 20000", 1.0),
    Step("\r", 2.2, "deals", "filter.apply"),
    Step("?", 3.0, "Everywhere|Board", "help"),
    Step("\x1b", 0.8, "", "close"),
    Step("Q", 1.0, r"\$ ", "quit"),
)


class _Recorder(Probe):
    """A shell on a pty, of which all that it writes is kept."""

    def count_bytes(self) -> int:
        return sum(len(data) for _moment, data in self._chunks)

    def written(self, since: int) -> str:
        """What was written after the first `since` bytes."""
        return b"".join(data for _moment, data in self._chunks)[since:].decode("utf-8", "replace")


def record() -> str:
    """The recording, as the text of a .cast file."""
    with tempfile.TemporaryDirectory() as home:
        programs = Path(home) / "bin"
        programs.mkdir()
        program = programs / "tuicrm"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tuicrm "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        surroundings = {
            "HOME": home,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(FOLDER.parent),
            "XDG_CONFIG_HOME": home,
            "LC_ALL": "C.UTF-8",
            "USER": "anna",
            "LOGNAME": "anna",
            "PS1": "$ ",
        }
        shell = _Recorder(["bash", "--norc", "--noprofile"], SIZE, surroundings)
        try:
            return _played(shell)
        finally:
            shell.close()


def _played(shell: _Recorder) -> str:
    header = {"version": 2, "width": SIZE[0], "height": SIZE[1], "title": "tuicrm: the first minute"}
    shell.first(r"[$#] ", 10)
    at, told = 0.3, [json.dumps(header), _event(0.1, "o", shell.written(0))]
    for step in STEPS:
        keys = list(step.keys) if len(step.keys) > 1 else [step.keys]
        for key in keys:
            since = shell.count_bytes()
            if not step.shows:
                shell.press(key.encode(), limit=2, quiet=0.3 if len(keys) == 1 else 0.05)
            elif shell.until(key.encode(), step.shows, 20) is None:
                raise RuntimeError(f"{step} shows {plain(shell.written(since).encode())!r}")
            told += [_event(at, "i", key), _event(at + 0.03, "o", shell.written(since))]
            at += _TYPED
        at += step.stays
    return "\n".join(told) + "\n"


def _event(at: float, kind: str, data: str) -> str:
    return json.dumps([round(at, 2), kind, data], ensure_ascii=False)


if __name__ == "__main__":
    cast = record()
    (FOLDER / "first-minute.cast").write_text(cast, encoding="utf-8")
    (FOLDER / "first-minute.svg").write_text(film(cast), encoding="utf-8")
