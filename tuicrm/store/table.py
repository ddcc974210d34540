"""One table in memory: a snapshot and everything newer laid over it. What queries read (`query.TableSource`)."""

from __future__ import annotations

import threading
from array import array
from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from tuicrm.domain.progress import Tell
from tuicrm.store.postings import posted
from tuicrm.store.protocol import Doc
from tuicrm.store.snapshot import Snapshot
from tuicrm.store.tombstones import without

_KEPT_CHANGES = 20_000
_KEPT_DOCS = 4_096


class Newer(NamedTuple):
    """A record newer than the snapshot; `raw` None when it was deleted."""

    rev: int
    raw: bytes | None


class RecordTable:
    """A table's records. Written only by the store, under its lock."""

    def __init__(self, name: str, indexed: Sequence[str] = ()) -> None:
        self.name = name
        self.base: Snapshot | None = None
        self.over: dict[int, Newer] = {}
        self.next_id = 1
        self.dead: frozenset[str] = frozenset()
        """Fields under a tombstone: no reading gives their values, writing carries them along."""
        self._indexed = tuple(indexed)
        # A number alone where it is the only one: sets and dicts of one would take five times the memory of a big import.
        self._postings: dict[str, dict[str, int | set[int]]] = {path: {} for path in indexed}
        self._posted: dict[int, tuple[tuple[str, str], ...]] = {}
        self._version = 0
        self._changes: list[int] = []
        self._changes_from = 0
        self._docs: dict[int, Doc] = {}
        self._live: Sequence[int] | None = None
        self._lock = threading.RLock()

    # -- records -------------------------------------------------------------------------------------------------------
    def rev(self, record_id: int) -> int:
        """The seq of the transaction that last wrote it (a deletion too); 0 when it never was."""
        newer = self.over.get(record_id)
        if newer is not None:
            return newer.rev
        place = self.base.position(record_id) if self.base else -1
        return self.base.revs[place] if self.base and place >= 0 else 0

    def living_rev(self, record_id: int) -> int:
        """The revision of a record that exists; 0 when there is none."""
        newer = self.over.get(record_id)
        if newer is not None:
            return newer.rev if newer.raw is not None else 0
        return self.rev(record_id)

    def raw(self, record_id: int) -> bytes | None:
        """A record's document as JSON in UTF-8; None where there is no such record."""
        newer = self.over.get(record_id)
        if newer is not None:
            return newer.raw
        place = self.base.position(record_id) if self.base else -1
        return self.base.raw(place) if self.base and place >= 0 else None

    def own_doc(self, record_id: int) -> Doc | None:
        """A document of the caller's own; None when there is no such record."""
        doc = self.whole_doc(record_id)
        return None if doc is None else without(doc, self.dead)

    def whole_doc(self, record_id: int) -> Doc | None:
        """The same with the values of deleted fields: what the next writer keeps."""
        raw = self.raw(record_id)
        return None if raw is None else msgspec.json.decode(raw)

    def bury(self, dead: frozenset[str]) -> None:
        """Hide these fields, and no others, from now on."""
        if dead != self.dead:
            self.dead = dead
            self.forget_changes()

    def put(self, record_id: int, rev: int, raw: bytes | None) -> None:
        """Lay a newer record over the snapshot."""
        with self._lock:
            had = self.living_rev(record_id) > 0
            self.over[record_id] = Newer(rev, raw)
            self.next_id = max(self.next_id, record_id + 1)
            self._docs.pop(record_id, None)
            if had != (raw is not None):
                self._live = None
            self._post(record_id, raw)
            self._version += 1
            self._changes.append(record_id)
            if len(self._changes) > _KEPT_CHANGES:
                drop = _KEPT_CHANGES // 2
                del self._changes[:drop]
                self._changes_from += drop

    def rebase(self, base: Snapshot | None, newer_than: int, next_id: int) -> None:
        """Take another snapshot; of what lies over it, only what is newer than its transaction stays."""
        with self._lock:
            self.base = base
            self.next_id = max(self.next_id, next_id)
            gone = [record_id for record_id, newer in self.over.items() if newer.rev <= newer_than]
            for record_id in gone:
                del self.over[record_id]
                self._unpost(record_id)
            self._live = None

    def forget_changes(self) -> None:
        """What changed is no longer known: readers start anew."""
        with self._lock:
            self._version += 1
            self._changes.clear()
            self._changes_from = self._version
            self._docs.clear()
            self._live = None

    # -- postings of the overlay ---------------------------------------------------------------------------------------
    def _post(self, record_id: int, raw: bytes | None) -> None:
        if not self._indexed:
            return
        self._unpost(record_id)
        if raw is None:
            return
        pairs = posted(self._indexed)(raw)
        for path, value in pairs:
            known = self._postings[path].setdefault(value, record_id)
            if isinstance(known, set):
                known.add(record_id)
            elif known != record_id:
                self._postings[path][value] = {known, record_id}
        if pairs:
            self._posted[record_id] = pairs

    def _unpost(self, record_id: int) -> None:
        for path, value in self._posted.pop(record_id, ()):
            ids = self._postings[path][value]
            if isinstance(ids, set):
                ids.discard(record_id)
            if not isinstance(ids, set) or not ids:
                del self._postings[path][value]

    # -- what queries read ---------------------------------------------------------------------------------------------
    def live_ids(self) -> Sequence[int]:
        """The ids of all records, ascending."""
        with self._lock:
            if self._live is None:
                self._live = self._merged_ids()
            return self._live

    def _merged_ids(self) -> Sequence[int]:
        base = self.base.ids if self.base else ()
        if not self.over:
            return base
        gone = {record_id for record_id, newer in self.over.items() if newer.raw is None}
        added = sorted(i for i, newer in self.over.items() if newer.raw is not None and self._not_in_base(i))
        if not gone and not added:
            return base
        kept = array("q", (record_id for record_id in base if record_id not in gone) if gone else base)
        if added and (not kept or added[0] > kept[-1]):
            kept.extend(added)
        else:
            merged = list(kept)
            for record_id in added:
                insort(merged, record_id)
            kept = array("q", merged)
        return kept

    def _not_in_base(self, record_id: int) -> bool:
        return self.base is None or self.base.position(record_id) < 0

    def doc(self, record_id: int) -> Doc:
        """Shared: never change it. Raises KeyError."""
        found = self._docs.get(record_id)
        if found is None:
            raw = self.raw(record_id)
            if raw is None:
                raise KeyError(record_id)
            found = without(msgspec.json.decode(raw), self.dead)
            if len(self._docs) >= _KEPT_DOCS:
                self._docs.clear()
            self._docs[record_id] = found
        return found

    def newer_ids(self) -> Iterable[int]:
        """The ids that were written or deleted since the snapshot."""
        return tuple(self.over)

    def version(self) -> int:
        """A number that rises with every commit that touches the table."""
        return self._version

    def changed_since(self, version: int) -> Iterable[int] | None:
        """The ids that changed since; None where that is too long ago to be remembered."""
        with self._lock:
            if version < self._changes_from:
                return None
            return self._changes[version - self._changes_from :]

    lent: Mapping[str, Callable[[int], Any]] = MappingProxyType({})

    def wake(self, path: str) -> None:
        """Raises KeyError: a table of its own has no paths that no document holds."""
        raise KeyError(path)

    def is_ready(self, path: str) -> bool:
        """Raises KeyError, as `wake` does."""
        raise KeyError(path)

    def prepare(self, path: str, tell: Tell) -> None:  # noqa: ARG002 - no such path
        """Raises KeyError, as `wake` does."""
        raise KeyError(path)

    def posting(self, field: str, value: object) -> Sequence[int] | None:
        """The ids whose indexed field holds the text `value`, ascending; None where the field has no index or the value is no text."""
        if field not in self._indexed or not isinstance(value, str):
            return None
        with self._lock:
            base = self.base.posting(field, value) if self.base else ()
            newer = self._postings[field].get(value, set())
            if not newer and not self.over:
                return base
            kept = {record_id for record_id in base if record_id not in self.over}
            return sorted(kept | (newer if isinstance(newer, set) else {newer}))
