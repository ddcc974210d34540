"""What can be read of a damaged workspace folder, whatever of it is missing: the newest state of each record that a sound line holds.

A table that is whole is its snapshot with what the living journals changed since. Of one that is not, the folded journals are
read too: they have every state that a record ever had, so that a lost snapshot is no lost table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

import msgspec

from tuicrm.errors import Damaged
from tuicrm.store import blobs, manifest
from tuicrm.store.folder import Folder
from tuicrm.store.lines import BEGIN, unseal
from tuicrm.store.manifest import TableFile
from tuicrm.store.packed import sound_line, sound_lines
from tuicrm.store.protocol import Doc, Key
from tuicrm.store.records import JournalLine, LineOp, decode_line, decode_snapshot

_At: TypeAlias = tuple[int, int]
"""Where a line stands in a file: where its frame begins in a packed one (0 else), and the byte from there."""


class _State(NamedTuple):
    """Where a record's state stands: revision, file, and its line (None: it was deleted)."""

    rev: int
    file: _File
    at: _At | None


class Rescue:
    """Reads a folder once, keeping where each record's newest state is; `docs` then gives them."""

    def __init__(self, path: Path) -> None:
        """Raises NotAWorkspace, NewerFormat, and OSError for what cannot be opened at all."""
        self._folder = folder = manifest.open_folder(path)
        self._newest: dict[str, dict[int, _State]] = {}
        self._last: tuple[_File, _At, JournalLine] | None = None
        try:
            self._manifest, self._since = manifest.read(folder)[1], True
        except Damaged:
            self._manifest, self._since = manifest.guess(folder), False
        self._whole = {name: self._snapshot(name, held) for name, held in self._manifest.tables.items()}
        for file in self._journals():
            self._journal(file)

    def close(self) -> None:
        """Let go of the folder."""
        self._folder.close()

    @property
    def tables(self) -> list[str]:
        """Names of the tables that have records."""
        return sorted(name for name, states in self._newest.items() if any(one.at for one in states.values()))

    def docs(self, table: str) -> Iterator[tuple[int, Doc]]:
        """Every record of a table, by id."""
        for record_id, state in sorted(self._newest.get(table, {}).items()):
            if state.at is not None:
                yield record_id, self._doc(Key(table, record_id), state.file, state.at)

    def blobs(self) -> Iterator[str]:
        """The sha256 of every attachment that is there."""
        return blobs.digests(self._folder)

    def open_blob(self, digest: str) -> BinaryIO:
        """Raises NotFound, Damaged, StorageError."""
        return blobs.open_blob(self._folder, digest)

    # -- reading -------------------------------------------------------------------------------------------------------
    def _snapshot(self, table: str, held: TableFile) -> bool:
        """Take in a snapshot; whether all of it could be read."""
        file, states = _File(self._folder, held.file), self._newest.setdefault(table, {})
        try:
            whole = held.is_size(file.size())
            for at, body in file.lines():
                try:
                    record = decode_snapshot(body or b"")
                except msgspec.DecodeError:
                    whole = False
                else:
                    states[record.id] = _State(record.rev, file, at)
        except OSError:
            return False
        return whole

    def _journals(self) -> Iterator[_File]:
        """Folded and living ones, oldest first."""
        with suppress(OSError):
            history = self._folder.sub("history")
            yield from (_File(history, one.file) for one in self._manifest.folded)
        yield from (_File(self._folder, name) for name in self._manifest.journals)

    def _journal(self, file: _File) -> None:
        """Take in a journal: of a batch, what its closing line makes visible."""
        open_batches: dict[str, list[_At]] = {}
        number = manifest.journal_number(file.name)
        try:
            for at, body in file.lines():
                try:
                    line = decode_line(body or b"")
                except msgspec.DecodeError:
                    continue
                if line.pending:
                    open_batches.setdefault(line.batch, []).append(at)
                    continue
                out = {Key(table, record_id) for table, record_id in line.out}
                for begin in (*open_batches.pop(line.batch, ()), at):
                    for op in (line if begin == at else self._line(file, begin)).ops:
                        if Key(op.table, op.id) not in out and self._counts(op, line.seq, number):
                            self._take(op, _State(line.seq, file, None if op.deletes else begin))
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

    def _line(self, file: _File, at: _At) -> JournalLine:
        """A journal's line that was found sound; the last one is kept: records of one line are often asked for in a row."""
        if self._last is None or self._last[:2] != (file, at):
            self._last = (file, at, decode_line(file.body(at)))
        return self._last[2]

    def _doc(self, key: Key, file: _File, at: _At) -> Doc:
        if manifest.journal_number(file.name) == 0:
            raw = decode_snapshot(file.body(at)).doc
        else:
            ops = self._line(file, at).ops
            raw = next(op.doc for op in reversed(ops) if (op.table, op.id) == key)
        doc: Doc = msgspec.json.decode(raw)
        return doc


class _File(NamedTuple):
    """A snapshot or journal, packed or not."""

    folder: Folder
    name: str

    def size(self) -> int:
        """Raises FileNotFoundError."""
        found = self.folder.stat(self.name)
        if found is None:
            raise FileNotFoundError(self.name)
        return found.st_size

    def lines(self) -> Iterator[tuple[_At, bytes | None]]:
        """Where each line begins, and its body; None for what fails its checksum. A line whose end was lost runs into the next one:
        both are looked for in it."""
        for frame, offset, raw in self._raw():
            body = unseal(raw[:-1])
            if body is not None and raw.endswith(b"\n"):
                yield (frame, offset), body
            else:
                yield from (((frame, at), part) for at, part in _parts(offset, raw))

    def _raw(self) -> Iterator[tuple[int, int, bytes]]:
        if self.name.endswith(manifest.PACKED):
            yield from sound_lines(self.folder, self.name)
            return
        offset = 0
        with self.folder.reader(self.name) as file:
            for raw in file:
                yield 0, offset, raw
                offset += len(raw)

    def body(self, at: _At) -> bytes:
        """The body of a line, whatever stands in the place of its end."""
        if self.name.endswith(manifest.PACKED):
            raw = sound_line(self.folder, self.name, *at)
        else:
            with self.folder.reader(self.name) as file:
                file.seek(at[1])
                raw = file.readline()
        end = raw.find(BEGIN, 1)
        return _unsealed(raw[: end if end > 0 else len(raw)]) or b""


def _parts(offset: int, raw: bytes) -> Iterator[tuple[int, bytes | None]]:
    """The sound lines within a broken one, and None for what is broken about it."""
    yield offset, None
    begins = [found.start() for found in re.finditer(re.escape(BEGIN), raw)]
    for begin, end in pairwise([*begins, len(raw)]):
        if (body := _unsealed(raw[begin:end])) is not None:
            yield offset + begin, body


def _unsealed(line: bytes) -> bytes | None:
    """The body of a line with its end, with another byte in the place of that, or with none."""
    return unseal(line[:-1]) or unseal(line)
