"""A workspace folder as a genuine TinyDB, for administrators' own scripts (STORE.md, "The TinyDB face").

The one way past the door, and so for administrators alone (`tinydb_rights.py`): neither access nor required fields are checked here.
All the same each write is one transaction in the journal, attributed to the user, with the fields it changed, undoable, and safe
beside running sessions: reads see what others have written, and what reads
before it writes (`update`, `upsert`, `remove`) does both under the lock.

`JournalTable` works on the records it touches. Behind a middleware, or with another table class, TinyDB reads and writes whole
tables; then `JournalStorage.write` finds out what changed since it was read, and refuses (`Conflict`) to overwrite what
others changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document

from tuicrm.login import system_login
from tuicrm.store.journal_store import JournalStore
from tuicrm.store.protocol import Doc, Key, Op
from tuicrm.store.tinydb_inside import OpenTable
from tuicrm.store.tinydb_notes import note
from tuicrm.store.tinydb_rights import writer
from tuicrm.store.tinydb_views import DocDraft, DocView, encoded

_Tables = dict[str, Any]


def open_tinydb(path: Path | str, user: str | None = None) -> TinyDB:
    """Open a workspace folder. `user` (default: the system's user) is who the journal says it was: another person only as `--as` is.

    Raises AccessDenied for who is no administrator of the workspace, NotFound for a `user` that is nobody there; NotAWorkspace,
    NewerFormat, Damaged, StorageError; writing raises StorageFull, Conflict, Refused."""
    return JournalDB(path, user=user)


class JournalStorage(Storage):
    """TinyDB's storage contract over a `JournalStore`; `TinyDB(path, storage=CachingMiddleware(JournalStorage))` works too."""

    def __init__(self, path: Path | str, user: str | None = None) -> None:
        self.store = JournalStore(Path(path))
        try:
            self.by = writer(self.store, system_login(), user)
        except BaseException:
            self.store.close()
            raise
        self.empty: set[str] = set()
        self._restarted: dict[str, int] = {}
        self._handed: dict[str, int] = {}
        self._read: dict[str, DocView] = {}

    # -- TinyDB's contract ---------------------------------------------------------------------------------------------
    def read(self) -> _Tables:
        """All tables, each a lazy mapping of id (as text) → document of the caller's own."""
        self.store.refresh()
        names = [name for name in self.store.opened.image.tables if self.store.ids(name)]
        self._read = {name: DocView(self.store, name, remember=True) for name in names}
        return {**self._read, **{name: {} for name in self.empty.difference(names)}}

    def write(self, data: _Tables) -> None:
        """Make the tables what `data` says, in one transaction. Raises Conflict where others changed a record since `read`.

        What others added since is kept, except that `{}` (TinyDB's `drop_tables`) empties the whole workspace."""
        with self.store.opened.exclusive():
            names = list(self.store.opened.image.tables) if not data else [*self._read, *self.empty]
            gone = [name for name in names if name not in data]
            ops = [Op(name, record_id, None) for name in gone for record_id in self.store.ids(name)]
            expect: dict[Key, int] = {}
            for name, wanted in data.items():
                if not isinstance(wanted, DocView):
                    self._compare(name, wanted, ops, expect)
            self.commit(ops, expect)
            self._remember(ops)
            for name in gone:
                self.restart(name)
                self.empty.discard(name)

    def close(self) -> None:
        self.store.close()

    def _compare(self, name: str, wanted: Mapping[str, Any], ops: list[Op], expect: dict[Key, int]) -> None:
        seen = self._read[name].seen if name in self._read else {}
        changes = [
            Op(name, int(text), dict(doc))
            for text, doc in wanted.items()
            if seen.get(int(text), (0, b""))[1] != encoded(doc)
        ]
        changes += [Op(name, record_id, None) for record_id in seen if str(record_id) not in wanted]
        ops += changes
        expect.update({Key(name, op.id): seen[op.id][0] if op.id in seen else 0 for op in changes})
        if not wanted:
            self.empty.add(name)

    def _remember(self, ops: list[Op]) -> None:
        """What was written is what the next `write` compares with: a caching middleware never reads again."""
        for op in ops:
            if op.table not in self._read:
                self._read[op.table] = DocView(self.store, op.table, remember=True)
            seen = self._read[op.table].seen
            if op.doc is None:
                seen.pop(op.id, None)
            else:
                seen[op.id] = (self.store.seq(), encoded(op.doc))

    # -- for JournalTable ----------------------------------------------------------------------------------------------
    def exclusive(self) -> AbstractContextManager[None]:
        """Nobody else writes meanwhile, and what they wrote before is seen."""
        return self.store.opened.exclusive()

    def commit(self, ops: list[Op], expect: Mapping[Key, int] | None = None) -> None:
        """One transaction, named after what the script changed; nothing for no ops."""
        if ops or expect:
            with self.exclusive():
                self.store.commit(ops, expect, self.by, note(ops, map(self._before, ops)))

    def _before(self, op: Op) -> Doc | None:
        """A record as it is before it is changed; nothing is read of one that goes."""
        found = self.store.get(op.table, [op.id]) if op.doc is not None else []
        return found[0].doc if found else None

    def next_id(self, name: str, taken: DocDraft | None) -> int:
        """An id that nobody else gets. `taken` holds what is being inserted along with it."""
        while True:
            if name in self._restarted:
                record_id = self._restarted[name]
                self._restarted[name] += 1
            else:
                record_id = self.store.new_ids(name)[0]
                self._handed[name] = record_id + 1
            if record_id not in (taken if taken is not None else DocDraft(DocView(self.store, name))):
                return record_id

    def restart(self, name: str) -> None:
        """Ids of a truncated or dropped table start anew, as in TinyDB, unless another session holds ids it has not used yet."""
        expected = max(self.store.opened.table(name).next_id, self._handed.get(name, 0))
        handed = self.store.new_ids(name)[0]
        self._handed[name] = handed + 1
        if handed == expected:
            self._restarted[name] = 1
        else:
            self._restarted.pop(name, None)


class JournalTable(OpenTable):
    """TinyDB's table, reading and writing only what it must. Behind a middleware it is TinyDB's own."""

    def __init__(self, storage: Storage, name: str, cache_size: int = 10, persist_empty: bool = False) -> None:
        self._journal = storage if isinstance(storage, JournalStorage) else None
        self._draft: DocDraft | None = None
        self._cached_at = -1
        super().__init__(storage, name, cache_size, persist_empty)

    # -- reading -------------------------------------------------------------------------------------------------------
    def rows(self) -> Any:
        if self._journal is None:
            return super().rows()
        self._journal.store.refresh()
        return DocView(self._journal.store, self.name)

    def search(self, cond: QueryLike) -> list[Document]:
        if self._journal is not None:
            self._journal.store.refresh()
            if self._cached_at != self._journal.store.seq():  # others write too: TinyDB's cache would not notice
                self.clear_cache()
                self._cached_at = self._journal.store.seq()
        return super().search(cond)

    def get(self, cond: Any = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        if self._journal is None or doc_id is not None or doc_ids is None:
            return super().get(cond, doc_id, doc_ids)
        table = self.rows()
        found = {int(one): table.get(str(one)) for one in doc_ids}
        return [self.document_class(doc, one) for one, doc in sorted(found.items()) if doc is not None]

    # -- writing -------------------------------------------------------------------------------------------------------
    def change_rows(self, updater: Callable[[Any], None]) -> None:
        if self._journal is None:
            super().change_rows(updater)
            return
        with self._journal.exclusive():
            draft = self._draft = DocDraft(DocView(self._journal.store, self.name))
            try:
                updater(draft)
                ops = draft.ops()
                self._journal.commit(ops)
                if all(op.doc is None for op in ops):
                    self._journal.empty.add(self.name)  # what has no records any more is a table all the same
            finally:
                self._draft = None
            self.clear_cache()

    def next_number(self) -> int:
        if self._journal is None:
            return super().next_number()
        return self._journal.next_id(self.name, self._draft)

    def _locked(self) -> AbstractContextManager[None]:
        return self._journal.exclusive() if self._journal is not None else nullcontext()

    def _matching(self, cond: QueryLike | None, doc_ids: Iterable[int] | None) -> Iterable[int] | None:
        """Ids instead of a condition, so that only what matches is taken into the draft."""
        if self._journal is None or doc_ids is not None or cond is None:
            return doc_ids
        return [int(one) for one, doc in self.rows().items() if cond(doc)]

    def insert(self, document: Mapping[Any, Any]) -> int:
        with self._locked():
            return super().insert(document)

    def update(self, fields: Any, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        with self._locked():
            found = self._matching(cond, doc_ids)
            return super().update(fields, cond if found is None else None, found)

    def upsert(self, document: Mapping[Any, Any], cond: QueryLike | None = None) -> list[int]:
        with self._locked():
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        with self._locked():
            found = self._matching(cond, doc_ids)
            return super().remove(cond if found is None else None, found)

    def truncate(self) -> None:
        with self._locked():
            super().truncate()
            if self._journal is not None:
                self._journal.restart(self.name)


class JournalDB(TinyDB):
    """A workspace folder as a TinyDB: `JournalDB(path, user="anna")`."""

    table_class = JournalTable
    default_storage_class = JournalStorage  # type: ignore[assignment]  # TinyDB's hint is its own JSONStorage
