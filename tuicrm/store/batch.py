"""A big change: many lines under one batch id, visible to all only when its closing line is written; cut short, it never happened.

While a batch is open, compaction waits (a shared lock on `compact.lock`), so that its lines stay in the journal; a writer that
died lets it go. Others go on writing: a record they changed in between is left out, and reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import COMPACT_LOCK
from tuicrm.store.protocol import Answer, Batch, Doc, Key, Op
from tuicrm.store.records import Line

if TYPE_CHECKING:
    from tuicrm.store.journal_store import JournalStore


class OpenBatch:
    """A batch being written. Memory holds one line and the keys written with the revisions they stood on."""

    def __init__(self, store: JournalStore, by: str, note: str, meta: Doc) -> None:
        self._store = store
        self._by, self._note, self._meta = by, note, meta
        self._id = ""
        self._first = 0
        self._stood_on: dict[Key, int] = {}

    def add(self, ops: Sequence[Op], expect: Mapping[Key, int] | None = None) -> None:
        """Write one line. Raises Conflict where `expect` does not hold now."""
        store = self._store
        with store.exclusive():
            store.check_expected(expect or {})
            seq = store.seq() + 1
            self._id = self._id or f"b{seq}"
            self._first = self._first or seq
            lined = store.line_ops(ops)
            at, clock = store.stamp()
            store.append(Line(seq, at, self._by, self._note, batch=self._id, clock=clock, ops=lined))
            for op in lined:
                self._stood_on[Key(op.table, op.id)] = op.previous

    def close(self, expect: Mapping[Key, int] | None = None, answers: Sequence[Answer] = ()) -> tuple[int, list[Key]]:
        """Make it visible; returns its seq and the records left out because others changed them meanwhile."""
        store = self._store
        with store.exclusive():
            if not self._id:
                return store.seq(), []
            store.check_expected(expect or {})
            store.check_answers(answers)
            out = [key for key, rev in self._stood_on.items() if store.table(key.table).rev(key.id) != rev]
            if answers and out:
                store.check_expected({key: self._stood_on[key] for key in out})
            left_out = [(key.table, key.id) for key in out]
            at, clock = store.stamp()
            head = (store.seq() + 1, at, self._by, self._note, self._meta, self._id)
            line = Line(*head, True, self._first, left_out, clock)
            changes = store.append(line)
            seq = store.seq()
        store.feed.tell(changes)
        return seq, out


@contextmanager
def open_batch(store: JournalStore, by: str, note: str, meta: dict[str, Any]) -> Iterator[Batch]:
    """A batch that keeps compaction away while it is open."""
    if store.read_only:
        with store.exclusive():
            pass
    lock = FileLock(store.folder, COMPACT_LOCK)
    lock.acquire(shared=True)
    try:
        yield OpenBatch(store, by, note, meta)
    finally:
        lock.release()
        lock.close()
        # At once, not with the next commit: until then whoever opens the workspace reads all of it from the journal, also what
        # was given up.
        store.compact_when_due()
