"""Compaction: the journal is folded into snapshots without blocking a writer.

A new journal under the lock (milliseconds), snapshots of the changed tables and the packed journal without it, publishing under it
again. Killed anywhere, the old manifest still names everything, and both journals are replayed; what was left then is taken away by
the next one (`leftovers.py`).
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Mapping
from contextlib import suppress
from heapq import merge
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from tuicrm.digests import token_hex
from tuicrm.errors import CrmError, Damaged, StorageFull
from tuicrm.i18n import _
from tuicrm.store import leftovers, manifest, tombstones
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import COMPACT_LOCK, PACKED, Folded, Manifest, TableFile, journal_name, journal_number
from tuicrm.store.packed import pack
from tuicrm.store.records import snapshot_line
from tuicrm.store.snapshot import Snapshot
from tuicrm.store.table import Newer
from tuicrm.store.tombstones import Dropped, Dropping

if TYPE_CHECKING:
    from tuicrm.store.clock import LineTimes
    from tuicrm.store.opened import OpenFolder

_HISTORY = "history"
_ROOM = 256 << 10
"""Bytes that folding needs besides what it writes: the manifest, indexes, what folders take."""
_OF_A_RECORD = 96
"""Bytes that a record takes beside its document: its line, its place in the index."""
_FORMER_AT_ONCE = 64 << 20
"""Bytes of journals of format 1 that are packed in one go."""


class Frozen(msgspec.Struct, frozen=True):
    """A table as it was when the journal was turned over."""

    base: Snapshot | None
    over: dict[int, Newer]
    next_id: int
    dead: frozenset[str]


def compact(opened: OpenFolder, times: LineTimes) -> bool:
    """Fold now, on this thread. False when another session is at it, or a batch is open. Raises StorageFull, with what is needed,
    before anything is written where there is too little room."""
    if opened.read_only:
        return False
    try:
        lock = FileLock(opened.folder, COMPACT_LOCK)
    except OSError as problem:
        raise storage_error(problem) from problem
    try:
        if not (lock.acquire(wait=False) and lock.is_still_here()):
            return False
        with opened.exclusive():
            leftovers.sweep(opened.folder, opened.manifest)
        _check_room(opened)
        _fold(opened, times)
    finally:
        lock.close()
    return True


def room(opened: OpenFolder) -> tuple[int, int]:
    """Bytes that folding now would need at most, and that are free."""
    current = opened.manifest
    needed = _ROOM + sum(found.st_size for name in current.journals if (found := opened.folder.stat(name)))
    for table in opened.image.tables.values():
        if table.over:
            over = sum(len(newer.raw or b"") + _OF_A_RECORD for newer in tuple(table.over.values()))
            needed += over + (table.base.size + len(table.base.ids) * _OF_A_RECORD // 2 if table.base else 0)
    return needed, opened.folder.free()


def _check_room(opened: OpenFolder) -> None:
    needed, free = room(opened)
    if free < needed:
        told = _("{path}: compacting the journal needs {needed:,} bytes of free disk space; there are {free:,}")
        raise StorageFull(told.format(path=opened.folder.path, needed=needed, free=free))


def _fold(opened: OpenFolder, times: LineTimes) -> None:
    """Fold; what was written is taken away again if it fails, unless it is named by now: it may fail in the last moment."""
    try:
        _Compaction(opened, times).run()
    except BaseException:
        with suppress(CrmError, OSError), opened.exclusive():
            leftovers.sweep(opened.folder, opened.manifest)
        raise


class _Compaction:
    """One folding."""

    def __init__(self, opened: OpenFolder, times: LineTimes) -> None:
        self._opened, self._times = opened, times
        self._folder = opened.folder

    def run(self) -> None:
        number, seq, frozen = _turn_over(self._opened)
        tables: dict[str, TableFile] = {}
        taken_out: list[Dropped] = []
        for name, table in frozen.items():
            kept = self._opened.manifest.tables.get(name)
            gone = kept.dropped if kept is not None else []
            if kept is not None and not table.over and table.dead.issubset(gone):
                tables[name] = TableFile(kept.file, table.next_id, kept.size, kept.dropped)
                continue
            dropping = Dropping(name, table.dead, gone)
            tables[name] = self._write_snapshot(manifest.snapshot_name(name, number), table, dropping)
            if dropping.dropped is not None:
                taken_out.append(dropping.dropped)
            indexed = self._opened.image.indexed(name)
            if indexed:
                # Now, on this thread: whoever opens the first card would wait for it.
                Snapshot(self._folder, tables[name].file, indexed).warm()
        past = self._folder.made(_HISTORY)
        dropped = [tombstones.keep(past, number, taken_out)] if taken_out else []
        current = self._opened.manifest
        folded = [self._packed(self._folder, name) for name in current.journals if journal_number(name) < number]
        folded = [one for one in folded if one is not None]
        _publish(
            self._opened,
            self._times,
            number,
            seq,
            tables,
            frozen,
            _Past(self._former(past), [*filter(None, folded)], dropped),
        )

    def _write_snapshot(self, name: str, table: Frozen, dropping: Dropping) -> TableFile:
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

        self._folder.replace(name, lines())
        Snapshot.keep_index(self._folder, name, at, ids, offsets, revs)
        return TableFile(name, table.next_id, at, sorted(table.dead))

    def _packed(self, folder: Folder, name: str) -> Folded | None:
        """Pack a journal that grows no more into history/; None for an empty one."""
        past = self._folder.made(_HISTORY)
        found = folder.stat(name)
        if found is not None and not found.st_size:
            return None
        target = (name if manifest.has_identity(name) else journal_name(journal_number(name))) + PACKED
        try:
            with folder.reader(name) as source, past.fresh() as file:
                told = pack(source, file.file)
                file.keep(target)
        except OSError as problem:
            raise storage_error(problem, past.path / target) from problem
        return Folded(target, told.first, told.last, told.at, told.raw)

    def _former(self, past: Folder) -> dict[str, Folded]:
        """Journals of format 1 in history/, packed: by the names they had. One that is damaged stays as it is."""
        found: dict[str, Folded] = {}
        size = 0
        for one in self._opened.manifest.folded:
            known = past.stat(one.file)
            if one.file.endswith(PACKED) or known is None or (size := size + known.st_size) > _FORMER_AT_ONCE:
                continue
            if past.free() < known.st_size + _ROOM:
                break
            with suppress(Damaged):
                packed = self._packed(past, one.file)
                if packed is not None:
                    found[one.file] = packed
        return found


class _Past(msgspec.Struct, frozen=True):
    """What a folding did in history/: journals of format 1 that were packed, the journals folded now, values of deleted fields."""

    former: dict[str, Folded]
    folded: list[Folded]
    dropped: list[str]


def _turn_over(opened: OpenFolder) -> tuple[int, int, dict[str, Frozen]]:
    """Begin a new journal; returns its number, the last seq before it, and the tables as they are."""
    folder = opened.folder
    with opened.exclusive():
        current = opened.manifest
        number = journal_number(current.journals[-1]) + 1
        name = journal_name(number)
        try:
            os.close(folder.new(name))
            folder.sync()
        except OSError as problem:
            raise storage_error(problem, folder.path / name) from problem
        seq = opened.written
        journals = [*current.journals, name]
        manifest.write(folder, _next(current, journals=journals))
        opened.adopt()
        frozen = {
            name: Frozen(t.base, dict(t.over), t.next_id, t.dead)
            for name, t in opened.image.tables.items()
            if t.base or t.over
        }
    return number, seq, frozen


def _next(current: Manifest, **changes: object) -> Manifest:
    """The manifest that follows."""
    return replace(
        current,
        format=manifest.FORMAT,
        generation=current.generation + 1,
        id=current.id or token_hex(8),
        **changes,
    )


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
    opened: OpenFolder,
    times: LineTimes,
    number: int,
    seq: int,
    tables: Mapping[str, TableFile],
    frozen: Mapping[str, Frozen],
    past: _Past,
) -> None:
    """Make the snapshots the present ones, and the folded journals the past."""
    folder = opened.folder
    with opened.exclusive():
        current = opened.manifest
        before = {held.file for held in current.tables.values()}
        after = {held.file for held in tables.values()}
        if any(not table.dead.issubset(opened.table(name).dead) for name, table in frozen.items()):
            # Someone brought a deleted field back meanwhile: its values must not go. The next compaction folds it all.
            leftovers.sweep(folder, current)
            return
        changed = _next(
            current,
            seq=seq,
            time=times.newest,
            tables=dict(tables),
            journals=[name for name in current.journals if journal_number(name) >= number],
            folded=[past.former.get(one.file, one) for one in current.folded] + past.folded,
            dropped=[*current.dropped, *past.dropped],
        )
        manifest.write(folder, changed)
        opened.adopt()
    for name in set(current.journals) - set(changed.journals):
        with suppress(OSError):
            folder.remove(name)
    for name in past.former:
        with suppress(OSError):
            folder.sub(_HISTORY).remove(name)
    leftovers.remove_snapshots(folder, before - after)
