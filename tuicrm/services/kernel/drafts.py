"""What a change is about to write: the records as it sees them, and the ids of new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from typing import Any, Protocol

import msgspec

from tuicrm.domain.activities.lasting import marked
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Numerator
from tuicrm.domain.stamps import stamp
from tuicrm.domain.workspace import Workspace
from tuicrm.services.kernel.bounds import check_record
from tuicrm.services.kernel.names import SessionNames
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES, Reader
from tuicrm.store.protocol import Doc, Key, Op, QueryAnswer, Record


class Draft:
    """The records a change is about to write, as it sees them: read once, written over, checked by revision at commit."""

    def __init__(self, session: Reader, workspace: Workspace, ids: NewIds, numbers: Numbers) -> None:
        """`numbers` gives new items theirs."""
        self.session = session
        self.workspace = workspace
        self.now = stamp(session.moment())
        self._ids = ids
        self._read: dict[Key, Record | None] = {}
        self._written: dict[Key, Doc | None] = {}
        self._deleted_by: dict[Key, int] = {}
        self.numbers = numbers
        self._held: set[Key] = set()
        self._definitions: dict[Key, int] = {}
        self.answers: list[QueryAnswer] = []
        """Questions that the draft rests on: asked anew when it is drafted again."""

    @cached_property
    def context(self) -> Context:
        """How values are read: in canonical form, with the definitions that the change itself adds."""
        context = self.session.context(canonical=True)
        return msgspec.structs.replace(context, names=SessionNames(self.session, self.workspace))

    def get(self, key: Key) -> Doc | None:
        """A copy of the record as it would be after this change; None when there is none."""
        if key in self._written:
            doc = self._written[key]
            return dict(doc) if doc is not None else None
        record = self.record(key)
        return dict(record.doc) if record else None

    def record(self, key: Key) -> Record | None:
        """The record as it is in the store."""
        if key not in self._read:
            self._read[key] = next(iter(self.session.whole.get(key.table, [key.id])), None)
        return self._read[key]

    def put(self, key: Key, doc: Doc | None, deleted_by: int = 0) -> None:
        """Write a record; of one that comes back, `deleted_by` is the transaction that deleted it."""
        if doc is not None and key.table == ACTIVITIES:
            doc = marked(doc)
        self._written[key] = doc
        self._deleted_by[key] = deleted_by

    def written(self, table: str) -> Iterator[tuple[int, Doc]]:
        """What this change writes of a table so far, by id."""
        return ((key.id, doc) for key, doc in self._written.items() if key.table == table and doc is not None)

    def touched(self) -> list[Key]:
        """Every record that this change writes or deletes so far."""
        return list(self._written)

    def comes_back(self, key: Key) -> bool:
        """Whether a record was deleted before and is written again."""
        return bool(self._deleted_by.get(key))

    def remember(self, what: str, texts: Iterable[str]) -> None:
        """Note something for the other items of this change, or of the import that it is a line of."""
        self._ids.noted.setdefault(what, set()).update(texts)

    def remembered(self, what: str) -> Set[str]:
        """All that was noted of something."""
        return self._ids.noted.get(what, set())

    def remembers(self, what: str, texts: Iterable[str]) -> bool:
        """Whether any of these was noted."""
        return not self._ids.noted.get(what, set()).isdisjoint(texts)

    def hold(self, key: Key) -> None:
        """The change rests on this record as it is read, also where it is not written."""
        self.record(key)
        self._held.add(key)

    def rest_on(self, table: str, definition: ConfigRecord | None) -> None:
        """The change rests on a definition as this session knows it: that a stage is there, say. What a big change brings along itself
        is its own."""
        if definition is not None and self.workspace is self.session.workspace:
            self._definitions[Key(table, definition.id)] = definition.rev

    def new_id(self, table: str) -> int:
        """An id for a new record of a table; nobody else gets it."""
        return self._ids.next(table)

    def entry(self, owner: Ref, kind: str, data: Mapping[str, Any] | None = None, text: str = "") -> int:
        """Add a timeline entry; returns its id."""
        entry: Doc = {"owner": str(owner), "kind": kind, "at": self.now, "by": self.session.person_key}
        if text:
            entry["text"] = text
        if data:
            entry["data"] = dict(data)
        entry_id = self.new_id(ENTRIES)
        self.put(Key(ENTRIES, entry_id), entry)
        return entry_id

    def operations(self) -> tuple[list[Op], dict[Key, int]]:
        """What to commit, and the revisions it stands on. What came out as it was is left out."""
        ops: list[Op] = []
        for key, doc in self._written.items():
            before = self._read.get(key)
            if doc != (before.doc if before else None):
                if doc is not None:
                    check_record(key.table, doc)
                ops.append(Op(key.table, key.id, doc, self._deleted_by.get(key, 0)))
        stands_on = self._written.keys() | self._held
        expect = {key: record.rev if record else 0 for key, record in self._read.items() if key in stands_on}
        return ops, {**self._definitions, **expect}


class NewIds:
    """Ids for new records that stay the same when a commit is tried again; taken from the store `block` at a time."""

    def __init__(self, session: Reader, block: int = 1) -> None:
        self._session = session
        self._block = block
        self._given: dict[str, list[int]] = {}
        self._used: dict[str, int] = {}
        self.noted: dict[str, set[str]] = {}
        """What drafts that share these ids tell each other (`Draft.remember`)."""

    def rewind(self) -> None:
        """Give out the same ids once more: the change is tried again."""
        self._used.clear()
        self.noted.clear()

    def expect(self, table: str, count: int) -> None:
        """Have ids at hand for so many new records, and no more: those that nobody uses leave a gap."""
        missing = count - (len(self._given.get(table, ())) - self._used.get(table, 0))
        if missing > 0:
            self._given.setdefault(table, []).extend(self._session.store.new_ids(table, missing))

    def next(self, table: str) -> int:
        """The next id for a new record of a table."""
        given, at = self._given.setdefault(table, []), self._used.get(table, 0)
        if at == len(given):
            given += self._session.store.new_ids(table, self._block)
        self._used[table] = at + 1
        return given[at]


class DryIds(NewIds):
    """Ids for what is only tried: taken from nowhere, above all real ones."""

    _FIRST = 1 << 40

    def __init__(self, session: Reader) -> None:
        super().__init__(session)
        self._last = self._FIRST

    def next(self, table: str) -> int:  # noqa: ARG002 - one row of numbers does for all tables
        """An id above all that records have: nothing is written with it."""
        self._last += 1
        return self._last

    def expect(self, table: str, count: int) -> None:
        """Nothing is taken from anywhere."""


class Numbers(Protocol):
    """Where the numbers of a draft's new items come from."""

    def take(self, type_key: str, numerator: Numerator, draft: Draft) -> str:
        """The next number."""

    def claim(self, type_key: str, numerator: Numerator, item_id: int, number: str, draft: Draft) -> None:
        """Take a number that somebody typed. Raises Refused where another item has it."""
