"""Who is at work in the soak: people at a terminal, who press keys, and writers of command lines, who keep what they were told."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.probe import Probe

ROOT = Path(__file__).resolve().parent.parent
CRM = [sys.executable, "-m", "tuicrm"]
_ALLOWED = {3: "refused", 4: "refused", 5: "refused", 6: "conflicts"}
"""Exit codes that are an answer: what another deleted, what cannot be, what another changed."""
_STAGES = ("new", "preparation", "prepayment", "executing", "final_invoice", "won", "lost")
_WANTED = tuple(f"D-{number}" for number in range(1, 6))
"""The deals that all change and nobody deletes."""
_ESC, _ENTER, _SAVE, _EMPTY = b"\x1b", b"\r", b"\x13", b"\x15"
_PLAYS: tuple[tuple[bytes, ...], ...] = (
    (b"j", b"j", b"k", b"l", b"h"),
    (b">", b"j"),
    (b"<", b"k"),
    (_ENTER, b"j", b"j", b"k", b"q"),
    (_ENTER, b"c", b"said %d", _SAVE, b"q"),
    (_ENTER, _ENTER, b"%d", _ENTER, b"q"),
    (_ENTER, b"j", _ENTER, _EMPTY, b"%d", _ENTER, b"]", b"q"),
    (b"n", b"made %d", b"\x1bOQ", b"q"),
    (b"/", b"deal", _ENTER, b"j", b"/", _EMPTY, _ENTER),
    (b"/", b"amount > 1000", _ENTER, b">", b"/", _EMPTY, _ENTER),
    (b"u",),
    (b"u", b"U"),
    (b"z", b"j", b"z"),
    (b"a", b"call %d", b"\x1bOQ", b"q"),
)
"""What people at a terminal do, a key or a pasted text at a time; `%d` is a number that is new each time."""
_ANSWER_LIMIT = 10.0
_DEEPEST = 5
"""So many things may stand over one another, with what plays meet: a picker on a form on a card, being arranged, on a card."""


class Tally:
    """What all of them count together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.commands = self.keys = self.conflicts = self.refused = 0
        self.worst_key_ms = 0.0
        self.wrong: list[str] = []

    def key(self, first_ms: float | None) -> None:
        """A key was pressed and its answer began so much later, if there was one."""
        with self._lock:
            self.keys += 1
            self.worst_key_ms = max(self.worst_key_ms, first_ms or 0)

    def command(self, code: int, told: str) -> None:
        """A command ended so."""
        with self._lock:
            self.commands += 1
            if code in _ALLOWED:
                setattr(self, _ALLOWED[code], getattr(self, _ALLOWED[code]) + 1)
            elif code:
                self.wrong.append(f"exit code {code}: {told}")

    def is_wrong(self, what: str) -> None:
        with self._lock:
            self.wrong.append(what)


class Acks:
    """The file of what was acknowledged, a JSON object a line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()

    def note(self, **what: Any) -> None:
        with self._lock:
            self.count += 1
            os.write(self._file, json.dumps(what).encode() + b"\n")


class AtTerminal:
    """A person with the program on a terminal."""

    def __init__(self, name: str, probe: Probe, seed: int, tally: Tally) -> None:
        self.name, self._probe, self._tally = name, probe, tally
        self._random = random.Random(f"{seed} {name}")
        self._number = 0

    def warm_up(self) -> None:
        """Do everything once, so that what is loaded only when it is needed has been."""
        if self._probe.first("deal", 60) is None:
            self._tally.is_wrong(f"{self.name}: the board did not come: {self._probe.text()[-300:]}")
        for play in _PLAYS:
            self._do(play)

    def work(self, until: float) -> None:
        """Random plays until then (of `time.monotonic`)."""
        while time.monotonic() < until and not self._probe.ended:
            self._do(self._random.choice(_PLAYS))
        if self._probe.ended:
            self._tally.is_wrong(f"{self.name}: the program ended: {self._probe.text()[-1000:]}")

    def _do(self, play: tuple[bytes, ...]) -> None:
        self._probe.forget()
        # Whatever is open: a question that a play met, a card, marked items.
        for keys in (*play, _ESC, _ESC):
            if self._probe.ended:
                return
            self._number += 1
            answer = self._probe.press(keys.replace(b"%d", b"%d" % self._number), 1)
            self._tally.key(answer.first_ms)

    def still_answers(self) -> None:
        """The help comes and goes."""
        if self._probe.ended:
            return
        for keys in (_ESC, b"?", _ESC):
            answer = self._probe.press(keys, _ANSWER_LIMIT)
        if not answer.bytes:
            self._tally.is_wrong(f"{self.name}: no answer to a key at the end")

    def leave(self) -> None:
        """`Q` ends it, once nothing is open that `Q` is a letter for."""
        for _turn in range(_DEEPEST):
            if not self._probe.ended:
                self._probe.press(_ESC, 0.3)
        # Once more: on a machine this busy, the last esc and a Q may be read as one key, alt+Q.
        if not self._probe.ended and self._probe.quit(b"Q") is None and self._probe.quit(b"Q") is None:
            self._tally.is_wrong(f"{self.name}: Q did not end the program: {self._probe.text()[-1000:]}")


class Writer:
    """A person who works with the command line."""

    def __init__(self, name: str, workspace: Path, folder: Path, seed: int, tally: Tally, acks: Acks) -> None:
        self.name, self._workspace, self._folder = name, workspace, folder
        self._tally, self._acks = tally, acks
        self._random = random.Random(f"{seed} {name}")
        self._number = 0
        self._known: dict[str, int] = {f"D-{number}": 0 for number in range(1, 21)}

    def work(self, until: float) -> None:
        """Random commands until then (of `time.monotonic`)."""
        jobs = [self._add] * 3 + [self._set] * 5 + [self._move] * 4 + [self._comment] * 4
        jobs += [self._delete, self._undo, self._undo, self._import]
        while time.monotonic() < until:
            self._number += 1
            self._random.choice(jobs)()

    def _run(self, *words: str) -> Any:
        """The answer of a command that went well; None for any other."""
        command = [*CRM, "--data", str(self._workspace), "--as", self.name, "--json", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, env=environment, cwd=self._folder, timeout=120, check=False)
        self._tally.command(done.returncode, f"{' '.join(words)}: {(done.stdout + done.stderr).decode()[-600:]}")
        return json.loads(done.stdout) if done.returncode == 0 else None

    def _note_items(self, answer: Any, fields: tuple[str, ...]) -> None:
        for item in answer["items"] if answer else ():
            self._known[item["ref"]] = item["rev"]
            kept = {key: item["fields"].get(key) for key in fields}
            self._acks.note(by=self.name, what="item", table=item["type"], id=item["id"], seq=item["rev"], fields=kept)

    def _ref(self) -> str:
        """Often one of the few that all want."""
        return (
            f"D-{self._random.randint(1, 5)}" if self._random.random() < 0.5 else self._random.choice(list(self._known))
        )

    def _add(self) -> None:
        self._note_items(self._run("deal", "add", f"title={self.name} {self._number}"), ("title",))

    def _set(self) -> None:
        ref, key = self._ref(), self._random.choice(("title", "amount"))
        value = f"{self.name} {self._number}" if key == "title" else f"{self._number} EUR"
        known = self._known.get(ref)
        expect = ("--expect", str(known)) if known and self._random.random() < 0.5 else ()
        self._note_items(self._run("deal", "edit", ref, f"{key}={value}", *expect), (key,))

    def _move(self) -> None:
        self._note_items(self._run("deal", "move", self._ref(), self._random.choice(_STAGES)), ("stage",))

    def _comment(self) -> None:
        text = f"{self.name} says {self._number}"
        if answer := self._run("comment", self._ref(), text):
            self._acks.note(by=self.name, what="comment", id=answer["entry"], text=text)

    def _delete(self) -> None:
        ref = self._random.choice([ref for ref in self._known if ref not in _WANTED])
        if answer := self._run("deal", "delete", ref):
            item = answer["items"][0]
            self._acks.note(by=self.name, what="delete", table=item["type"], id=item["id"], after=item["rev"])
            self._known.pop(ref)

    def _undo(self) -> None:
        answer = self._run(self._random.choice(("undo", "undo", "redo")))
        for step in answer["done"] if answer else ():
            self._acks.note(by=self.name, what="transaction", seq=step["seq"], titles=[])

    def _import(self) -> None:
        titles = [f"{self.name} imports {self._number} {row}" for row in range(3)]
        file = self._folder / f"{self.name}.csv"
        file.write_text("\n".join(("title", *titles)) + "\n")
        if answer := self._run("import", str(file), "--type", "deal"):
            self._acks.note(by=self.name, what="transaction", seq=answer["report"]["seq"], titles=titles)
