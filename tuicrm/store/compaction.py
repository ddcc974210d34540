"""Compaction: the journal is folded into snapshots without blocking a writer.

A new journal under the lock (milliseconds), snapshots of the changed tables without it, publishing under it again. Killed anywhere,
the old manifest still names everything, and both journals are replayed.
"""

from __future__ import annotations

import contextlib
import os
from array import array
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from tuicrm.store import manifest, tombstones
from tuicrm.store.files import open_shared, storage_error, sync_folder, write_atomic
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import TableFile, journal_name
from tuicrm.store.records import snapshot_line
from tuicrm.store.snapshot import Snapshot
from tuicrm.store.table import Newer
from tuicrm.store.tombstones import Dropped, Dropping

if TYPE_CHECKING:
    from tuicrm.store.journal_store import JournalStore


class Frozen(NamedTuple):
    """A table as it was when the journal was turned over."""

    base: Snapshot | None
    over: dict[int, Newer]
    next_id: int
    dead: frozenset[str]


def compact(store: JournalStore) -> bool:
    """Fold now, on this thread. False when another session is at it, or a batch is open."""
    if store.read_only:
        return False
    lock = FileLock(store.folder / "compact.lock")
    try:
        if not lock.acquire(wait=False):
            return False
        _compact(store)
    finally:
        lock.close()
    return True


def _compact(store: JournalStore) -> None:
    number, seq, frozen = _turn_over(store)
    tables: dict[str, TableFile] = {}
    taken_out: list[Dropped] = []
    for name, table in frozen.items():
        kept = store.manifest.tables.get(name)
        gone = kept.dropped if kept is not None else []
        if kept is not None and not table.over and table.dead.issubset(gone):
            tables[name] = TableFile(kept.file, table.next_id, kept.size, kept.dropped)
            continue
        dropping = Dropping(name, table.dead, gone)
        tables[name] = _write_snapshot(store.folder, f"{name}.{number:08d}.jsonl", table, dropping)
        if dropping.dropped is not None:
            taken_out.append(dropping.dropped)
        indexed = store.indexed(name)
        if indexed:
            # Now, on this thread: whoever opens the first card would wait for it.
            Snapshot(store.folder / tables[name].file, store.folder / ".cache", indexed).warm()
    if taken_out:
        tombstones.keep(store.folder, number, taken_out)
    _publish(store, number, seq, tables, frozen)


def _turn_over(store: JournalStore) -> tuple[int, int, dict[str, Frozen]]:
    """Begin a new journal; returns its number, the last seq before it, and the tables as they are."""
    folder = store.folder
    with store.exclusive():
        current = store.manifest
        number = current.journals[-1] + 1
        path = folder / journal_name(number)
        try:
            os.close(open_shared(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC))
            sync_folder(folder)
        except OSError as problem:
            raise storage_error(problem, path) from problem
        seq = store.written
        journals = [*current.journals, number]
        manifest.write(folder, replace(current, generation=current.generation + 1, journals=journals))
        store.adopt()
        frozen = {
            name: Frozen(t.base, dict(t.over), t.next_id, t.dead)
            for name, t in store.tables.items()
            if t.base or t.over
        }
    return number, seq, frozen


def _write_snapshot(folder: Path, name: str, table: Frozen, dropping: Dropping) -> TableFile:
    """One table's records, by id, without its deleted fields."""
    ids, offsets, revs = array("q"), array("q"), array("q")
    at = 0

    def lines() -> Iterator[bytes]:
        nonlocal at
        for record_id, rev, line in _records(table, dropping):
            for column, value in ((ids, record_id), (offsets, at), (revs, rev)):
                column.append(value)
            at += len(line)
            yield line

    path = folder / name
    write_atomic(path, lines())
    Snapshot.keep_index(path, folder / ".cache", at, ids, offsets, revs)
    return TableFile(name, table.next_id, at, sorted(table.dead))


def _records(table: Frozen, dropping: Dropping) -> Iterator[tuple[int, int, bytes]]:
    """Id, revision and line of every record; lines of the former snapshot are checked and copied as they are."""
    base, over = table.base, table.over
    old = ((record_id, place) for place, record_id in enumerate(base.ids) if record_id not in over) if base else ()
    new = ((record_id, -1) for record_id in sorted(over) if over[record_id].raw is not None)
    for record_id, place in merge(old, new):
        if place >= 0 and base is not None:
            line = base.line(place)
            raw = bytes(base.check(base.offsets[place], line, record_id).doc)
            living, rev = dropping.living(record_id, raw), base.revs[place]
            yield record_id, rev, line + b"\n" if living is raw else snapshot_line(record_id, rev, living)
        else:
            rev, newer = over[record_id]
            yield record_id, rev, snapshot_line(record_id, rev, dropping.living(record_id, newer or b"null"))


def _publish(
    store: JournalStore, number: int, seq: int, tables: Mapping[str, TableFile], frozen: Mapping[str, Frozen]
) -> None:
    """Make the snapshots the present ones; the folded journals go to history/."""
    folder = store.folder
    with store.exclusive():
        current = store.manifest
        if any(not table.dead.issubset(store.table(name).dead) for name, table in frozen.items()):
            # Someone brought a deleted field back meanwhile: its values must not go. The next compaction folds it all.
            _remove(folder, {held.file for held in tables.values()} - {held.file for held in current.tables.values()})
            return
        folded = [journal for journal in current.journals if journal < number]
        gone = {held.file for held in current.tables.values()} - {held.file for held in tables.values()}
        for journal in folded:
            # A copy by name first: whoever follows history finds the lines at every moment.
            target = folder / "history" / journal_name(journal)
            with contextlib.suppress(FileExistsError):
                os.link(folder / journal_name(journal), target)
        sync_folder(folder / "history")
        journals = [journal for journal in current.journals if journal >= number]
        manifest.write(
            folder,
            replace(current, generation=current.generation + 1, seq=seq, tables=dict(tables), journals=journals),
        )
        store.adopt()
    for journal in folded:
        with contextlib.suppress(OSError):
            os.unlink(folder / journal_name(journal))
    _remove(folder, gone)


def _remove(folder: Path, snapshots: Iterable[str]) -> None:
    """Delete snapshots and what was kept beside them."""
    for name in snapshots:
        for path in (folder / name, *(folder / ".cache").glob(f"{name}.*")):
            with contextlib.suppress(OSError):
                path.unlink()
