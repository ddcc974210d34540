"""What TinyDB sees of a table: a `DocView` to read, a `DocDraft` to change."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, MutableMapping
from functools import cached_property

import msgspec

from tuicrm.store.journal_store import JournalStore
from tuicrm.store.protocol import Doc, Op, Record


def encoded(doc: Mapping[str, object]) -> bytes:
    """A document's bytes, to tell whether it changed; the order of its fields is no change."""
    return msgspec.json.encode(dict(doc), order="deterministic")


class DocView(Mapping[str, Doc]):
    """A table's records by id as text, as TinyDB reads them: decoded when touched, each time anew for the caller to keep.

    `seen` remembers revision and bytes of what was touched, when asked to."""

    def __init__(self, store: JournalStore, name: str, *, remember: bool = False) -> None:
        self._store = store
        self._remember = remember
        self.name = name
        self.seen: dict[int, tuple[int, bytes]] = {}

    @cached_property
    def ids(self) -> dict[int, None]:
        """All ids when first asked for, ascending."""
        return dict.fromkeys(self._store.ids(self.name))

    def record(self, record_id: int) -> Record | None:
        """The record; None when there is none (any more)."""
        found = self._store.get(self.name, [record_id])
        if found and self._remember and record_id not in self.seen:
            self.seen[record_id] = (found[0].rev, encoded(found[0].doc))
        return found[0] if found else None

    def __getitem__(self, key: str) -> Doc:
        record = self.record(int(key)) if key.isdecimal() else None
        if record is None:
            raise KeyError(key)
        return record.doc

    def __iter__(self) -> Iterator[str]:
        return map(str, self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def items(self) -> ItemsView[str, Doc]:
        """Ids as text with their documents, each decoded when it is reached."""
        return _LivingItems(self)


class _LivingItems(ItemsView[str, Doc]):
    """Items of a view without those that others delete while one looks through it."""

    def __init__(self, view: DocView) -> None:
        super().__init__(view)
        self._view = view

    def __iter__(self) -> Iterator[tuple[str, Doc]]:
        for record_id in self._view.ids:
            record = self._view.record(record_id)
            if record is not None:
                yield str(record_id), record.doc


class DocDraft(MutableMapping[int, Doc]):
    """A table being changed, as TinyDB's updaters see it: documents by id, taken from the view when touched."""

    def __init__(self, view: DocView) -> None:
        self._view = view
        self._docs: dict[int, Doc] = {}
        self._before: dict[int, bytes] = {}
        self._gone: set[int] = set()

    def __getitem__(self, record_id: int) -> Doc:
        if record_id not in self._docs:
            record = None if record_id in self._gone else self._view.record(record_id)
            if record is None:
                raise KeyError(record_id)
            self._docs[record_id] = record.doc
            self._before[record_id] = encoded(record.doc)
        return self._docs[record_id]

    def __setitem__(self, record_id: int, doc: Doc) -> None:
        self._gone.discard(record_id)
        self._before.pop(record_id, None)
        self._docs[record_id] = doc

    def __delitem__(self, record_id: int) -> None:
        if record_id not in self:
            raise KeyError(record_id)
        self._docs.pop(record_id, None)
        if self._view.record(record_id) is not None:
            self._gone.add(record_id)

    def __contains__(self, record_id: object) -> bool:
        if not isinstance(record_id, int) or record_id in self._gone:
            return False
        return record_id in self._docs or self._view.record(record_id) is not None

    def __iter__(self) -> Iterator[int]:
        kept = (record_id for record_id in self._view.ids if record_id not in self._gone)
        yield from kept
        yield from [record_id for record_id in self._docs if record_id not in self._view.ids]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Delete every record of the table."""
        self._docs.clear()
        self._gone.update(self._view.ids)

    def ops(self) -> list[Op]:
        """What changed: documents that are new or no longer what they were, and those that went."""
        name = self._view.name
        deleted = [Op(name, record_id, None) for record_id in sorted(self._gone)]
        changed = [
            Op(name, record_id, doc)
            for record_id, doc in self._docs.items()
            if self._before.get(record_id) != encoded(doc)
        ]
        return deleted + changed
