"""A big change: many lines under one batch id, visible to all only when its closing line is written; cut short, it never happened.

While a batch is open, compaction waits (a shared lock on `compact.lock`), so that its lines stay in the journal; a writer that
died lets it go. Others go on writing: a record they changed in between is left out, and reported.

A batch that is given up takes its lines back from the end of the journal, as far as nobody wrote behind them. Who has read them by
then notices (`Journal.was_taken_back`); nothing that shows is ever taken back, so that `seq()` never goes backwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tuicrm.errors import StorageError
from tuicrm.i18n import _
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import COMPACT_LOCK
from tuicrm.store.parts import Batch
from tuicrm.store.protocol import Doc, Key, Op, QueryAnswer
from tuicrm.store.records import JournalLine

if TYPE_CHECKING:
    from tuicrm.store.writer import JournalWriter

_ROOM = 16 << 10
"""Bytes held back while a batch is open: for giving back what was reserved for it, on a disk that it has filled."""


class OpenBatch:
    """A batch being written. Memory holds one line and the keys written with the revisions they stood on."""

    def __init__(self, writer: JournalWriter, by: str, note: str, meta: Doc) -> None:
        """Raises StorageError where there is not even a little room."""
        self._writer, self._opened = writer, writer.opened
        self._by, self._note, self._meta = by, note, meta
        self._id = ""
        self._lines: dict[int, int] = {}
        self._stood_on: dict[Key, int] = {}
        self._over = False
        self._room = _hold_room(self._opened.folder)
        self.taken = 0
        """Bytes of the journal that stay taken, once it was given up."""

    def add(self, ops: Sequence[Op], expect: Mapping[Key, int] | None = None) -> None:
        """Write one line. Raises Conflict where `expect` does not hold now."""
        writer, opened = self._writer, self._opened
        with opened.exclusive():
            writer.check_expected(expect or {})
            seq = opened.written + 1
            # Of its own, also where a seq comes again: who has read lines of one that was taken back knows them apart.
            self._id = self._id or f"b{seq}.{os.urandom(8).hex()}"
            lined = writer.line_ops(ops)
            at, clock = writer.times.stamp()
            before = opened.growing.offset
            writer.append(JournalLine(seq, at, self._by, self._note, batch=self._id, clock=clock, ops=lined))
            self._lines[seq] = opened.growing.offset - before
            for op in lined:
                self._stood_on[Key(op.table, op.id)] = op.previous

    def close(
        self, expect: Mapping[Key, int] | None = None, answers: Sequence[QueryAnswer] = ()
    ) -> tuple[int, list[Key]]:
        """Make it visible; returns its seq and the records left out because others changed them meanwhile."""
        writer, opened = self._writer, self._opened
        with opened.exclusive():
            if not self._id:
                self._end()
                return opened.seq, []
            writer.check_expected(expect or {})
            writer.check_answers(answers)
            out = [key for key, rev in self._stood_on.items() if opened.table(key.table).rev(key.id) != rev]
            if answers and out:
                writer.check_expected({key: self._stood_on[key] for key in out})
            left_out = [(key.table, key.id) for key in out]
            at, clock = writer.times.stamp()
            head = (opened.written + 1, at, self._by, self._note, self._meta, self._id)
            line = JournalLine(*head, True, min(self._lines), left_out, clock)
            changes = writer.append(line)
            self._end()
        writer.tell(changes)
        return line.seq, out

    def drop(self) -> None:
        """It never happened: take back what was written, as far as nobody wrote behind it."""
        if self._over:
            return
        self._end()
        gone = 0
        if self._id:
            # Where even that fails, all stays as it is: pending for ever, and folded with the journal.
            with suppress(StorageError), self._opened.exclusive():
                gone = self._writer.take_back(self._id)
        self.taken = sum(size for seq, size in self._lines.items() if not gone or seq < gone)

    def _end(self) -> None:
        if not self._over:
            os.close(self._room)
        self._over = True


def _hold_room(folder: Folder) -> int:
    """A descriptor that keeps a little of the disk until it is closed, or its process has died. Raises StorageError."""
    try:
        return folder.nameless(_ROOM)
    except OSError as problem:
        raise storage_error(problem, folder.path) from problem


@contextmanager
def open_batch(
    writer: JournalWriter, by: str, note: str, meta: dict[str, Any], compact_when_due: Callable[[], None]
) -> Iterator[Batch]:
    """A batch that keeps compaction away while it is open."""
    writer.opened.check_writable()
    try:
        lock = FileLock(writer.opened.folder, COMPACT_LOCK)
    except OSError as problem:
        raise storage_error(problem) from problem
    lock.acquire(shared=True)
    try:
        batch = OpenBatch(writer, by, note, meta)
        try:
            yield batch
        except StorageError as error:
            batch.drop()
            if batch.taken:
                error.more(_still_taken(batch.taken))
            raise
        finally:
            batch.drop()
    finally:
        lock.release()
        lock.close()
        # At once, not with the next commit: until then whoever opens the workspace reads all of it from the journal, also what
        # was given up.
        compact_when_due()


def _still_taken(size: int) -> str:
    shown = f"{size / (1 << 20):.1f} MB" if size >= 100_000 else f"{size / 1024:.1f} KB"
    return _("{size} of unfinished changes stay in use until the journal is compacted").format(size=shown)
