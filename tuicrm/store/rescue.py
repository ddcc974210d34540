"""What can be read of a damaged workspace folder, whatever of it is missing: the newest state of each record that a sound line holds.

A table that is whole is its snapshot with what the living journals changed since. Of one that is not, the folded journals are
read too: they have every state that a record ever had, so that a lost snapshot is no lost table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec

from tuicrm.errors import Damaged
from tuicrm.store import manifest
from tuicrm.store.lines import BEGIN, unseal
from tuicrm.store.manifest import TableFile
from tuicrm.store.protocol import Doc, Key
from tuicrm.store.records import Line, LineOp, decode_line, decode_snapshot


class _State(NamedTuple):
    """Where a record's state stands: revision, file, and the byte where its line begins (-1: it was deleted)."""

    rev: int
    path: Path
    offset: int


class Rescue:
    """Reads a folder once, keeping where each record's newest state is; `docs` then gives them."""

    def __init__(self, folder: Path) -> None:
        """Raises NotAWorkspace, NewerFormat, and OSError for what cannot be opened at all."""
        self._folder = folder
        self._newest: dict[str, dict[int, _State]] = {}
        self._last: tuple[Path, int, Line] | None = None
        try:
            self._manifest, self._since = manifest.read(folder)[1], True
        except Damaged:
            self._manifest, self._since = manifest.guess(folder), False
        self._whole = {name: self._snapshot(name, held) for name, held in self._manifest.tables.items()}
        for path in _journals(folder):
            self._journal(path)

    @property
    def tables(self) -> list[str]:
        """Names of the tables that have records."""
        return sorted(name for name, states in self._newest.items() if any(one.offset >= 0 for one in states.values()))

    def docs(self, table: str) -> Iterator[tuple[int, Doc]]:
        """Every record of a table, by id."""
        for record_id, state in sorted(self._newest.get(table, {}).items()):
            if state.offset >= 0:
                yield record_id, self._doc(Key(table, record_id), state)

    # -- reading -------------------------------------------------------------------------------------------------------
    def _snapshot(self, table: str, held: TableFile) -> bool:
        """Take in a snapshot; whether all of it could be read."""
        path, states = self._folder / held.file, self._newest.setdefault(table, {})
        try:
            whole = held.is_size(path.stat().st_size)
            for offset, body in _lines(path):
                try:
                    record = decode_snapshot(body or b"")
                except msgspec.DecodeError:
                    whole = False
                else:
                    states[record.id] = _State(record.rev, path, offset)
        except OSError:
            return False
        return whole

    def _journal(self, path: Path) -> None:
        """Take in a journal: of a batch, what its closing line makes visible."""
        open_batches: dict[str, list[int]] = {}
        number = manifest.journal_number(path.name)
        try:
            for offset, body in _lines(path):
                try:
                    line = decode_line(body or b"")
                except msgspec.DecodeError:
                    continue
                if line.pending:
                    open_batches.setdefault(line.batch, []).append(offset)
                    continue
                out = {Key(table, record_id) for table, record_id in line.out}
                for begin in (*open_batches.pop(line.batch, ()), offset):
                    for op in (line if begin == offset else self._line(path, begin)).ops:
                        if Key(op.table, op.id) not in out and self._counts(op, line.seq, number):
                            self._take(op, _State(line.seq, path, -1 if op.deletes else begin))
        except OSError:
            return

    def _counts(self, op: LineOp, seq: int, journal: int) -> bool:
        """Whether a snapshot does not say it better: one that is whole holds all that came before it, deletions too."""
        if not self._whole.get(op.table, not self._since):
            return True
        if self._since:
            return seq > self._manifest.seq
        held = self._manifest.tables.get(op.table)
        return held is None or journal >= manifest.snapshot_number(held.file)

    def _take(self, op: LineOp, state: _State) -> None:
        states = self._newest.setdefault(op.table, {})
        known = states.get(op.id)
        if known is None or known.rev <= state.rev:
            states[op.id] = state

    def _line(self, path: Path, offset: int) -> Line:
        """A journal's line that was found sound; the last one is kept: records of one line are often asked for in a row."""
        if self._last is None or self._last[:2] != (path, offset):
            self._last = (path, offset, decode_line(_body(path, offset)))
        return self._last[2]

    def _doc(self, key: Key, state: _State) -> Doc:
        if manifest.journal_number(state.path.name) == 0:
            raw = decode_snapshot(_body(state.path, state.offset)).doc
        else:
            ops = self._line(state.path, state.offset).ops
            raw = next(op.doc for op in reversed(ops) if (op.table, op.id) == key)
        doc: Doc = msgspec.json.decode(raw)
        return doc


def _journals(folder: Path) -> list[Path]:
    """Folded and living ones, oldest first; one that is in both places counts once."""
    found = {path.name: path for path in (folder / "history").glob("journal.*.jsonl")}
    found |= {path.name: path for path in folder.glob("journal.*.jsonl")}
    return [found[name] for name in sorted(found)]


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Where each line begins, and its body; None for what fails its checksum. A line whose end was lost runs into the next one:
    both are looked for in it."""
    offset = 0
    with path.open("rb") as file:
        for raw in file:
            body = unseal(raw[:-1])
            if body is not None and raw.endswith(b"\n"):
                yield offset, body
            else:
                yield from _parts(offset, raw)
            offset += len(raw)


def _parts(offset: int, raw: bytes) -> Iterator[tuple[int, bytes | None]]:
    """The sound lines within a broken one, and None for what is broken about it."""
    yield offset, None
    begins = [found.start() for found in re.finditer(re.escape(BEGIN), raw)]
    for begin, end in pairwise([*begins, len(raw)]):
        if (body := _unsealed(raw[begin:end])) is not None:
            yield offset + begin, body


def _body(path: Path, offset: int) -> bytes:
    """The body of the line that begins at a byte, whatever stands in the place of its end."""
    with path.open("rb") as file:
        file.seek(offset)
        raw = file.readline()
    end = raw.find(BEGIN, 1)
    return _unsealed(raw[: end if end > 0 else len(raw)]) or b""


def _unsealed(line: bytes) -> bytes | None:
    """The body of a line with its end, with another byte in the place of that, or with none."""
    return unseal(line[:-1]) or unseal(line)
