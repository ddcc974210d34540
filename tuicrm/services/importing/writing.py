"""Writing what an import makes: items pass the same rules as any other, some hundred records a line of the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.domain.relations import is_origin
from tuicrm.domain.schema import Field
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import Conflict, NotFound
from tuicrm.i18n import _
from tuicrm.services.kernel import bookings, item_rules
from tuicrm.services.kernel.bulk import Bulk
from tuicrm.services.kernel.drafts import Draft, DryIds, NewIds
from tuicrm.services.kernel.numbers import InCommit
from tuicrm.services.kernel.permissions import require
from tuicrm.services.kernel.reader import ENTRIES, IMPORT_KEYS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Key, Op

_LINE = 400
"""Records a line of the batch; an item is three (itself, its entry, its key)."""


class Writer:
    """Writes into a batch; without one (a dry run) everything is checked and nothing written.

    `workspace` holds the definitions that the run itself adds."""

    def __init__(self, session: Session, workspace: Workspace, bulk: Bulk | None, *, enforce: bool) -> None:
        self.session = session
        self.workspace = workspace
        self._bulk = bulk
        self._enforce = enforce
        self._ids = NewIds(session) if bulk else DryIds(session)
        self._ledger = bulk.bookings if bulk else bookings.Ledger(big=True)
        self._draft = self._begun()
        self._records = 0
        self.wrote = False
        """Whether anything went into the batch."""
        self.last: Doc = {}
        """What was made or changed last, as it will be."""

    def expect(self, type_key: str, count: int) -> None:
        """So many items will be made, each with its entry and its key."""
        for table in (type_key, ENTRIES, IMPORT_KEYS):
            self._ids.expect(table, count)

    def new_id(self, table: str) -> int:
        """An id that is kept whatever becomes of the record."""
        return self._ids.next(table)

    def check(self, ref: Ref, values: Mapping[str, Any]) -> None:
        """Raise what `add` would raise, and write nothing."""
        self._make(self._trial(), ref, values, {})

    def add(self, ref: Ref, values: Mapping[str, Any], origin: Mapping[str, Any]) -> list[Field]:
        """Make an item; returns the required fields that it lacks. Raises Refused, RequiredFields, AccessDenied for it alone."""
        self._booked(ref.type, values, lambda draft: self._make(draft, ref, values, origin))
        doc = self.last = self._draft.get(Key(*ref)) or {}
        self._count(2)
        return [] if self._enforce else item_rules.missing(self.session, self.workspace, ref.type, doc)

    def edit(self, ref: Ref, values: Callable[[Doc], Mapping[str, Any]]) -> bool:
        """Change an item that is here by what `values` makes of it; whether anything was other. Raises what an edit raises.

        An item is changed once in a run: what a former line of the batch wrote of it is not in the store yet."""
        before = self._draft.get(Key(*ref))
        if before is None:
            raise NotFound(
                _("{name} was deleted by someone. Choose another.").format(name=self.workspace.show_ref(ref))
            )
        for operation in ("import", "edit"):
            require(self.session, operation, ref.type, before)
        changes = item_rules.changes(self._draft, ref, before, values(before))
        if not changes:
            return False
        edit = lambda draft: item_rules.edit(draft, ref, before, changes, enforce=self._enforce)  # noqa: E731 - done twice
        self._booked(ref.type, changes, edit)
        self.last = self._draft.get(Key(*ref)) or {}
        self._count(2)
        return True

    def _make(self, draft: Draft, ref: Ref, values: Mapping[str, Any], origin: Mapping[str, Any]) -> None:
        require(self.session, "import", ref.type, {"responsible": self.session.person_key, **values})
        fields = self.workspace.fields(ref.type)
        # What an item was made from: only an export of ours tells it.
        made_from = {key: value for key, value in values.items() if (field := fields.get(key)) and is_origin(field)}
        given = {key: value for key, value in values.items() if key not in made_from}
        item_rules.make(draft, ref, given, enforce=self._enforce, origin=origin, links=made_from)

    def _trial(self) -> Draft:
        """A draft that is thrown away: what one item is refused for must leave nothing in the line."""
        return Draft(self.session, self.workspace, DryIds(self.session), InCommit())

    def _booked(self, type_key: str, values: Mapping[str, Any], do: Callable[[Draft], None]) -> None:
        """Do it to the line. What books is tried first, and takes its rooms at once, so that the next one meets it."""
        books = any(values.get(key) for key in bookings.booking_fields(self.workspace, type_key))
        if books:
            trial = self._trial()
            do(trial)
            bookings.tried(trial, self._ledger)
        do(self._draft)
        if books:
            bookings.follow(self._draft, self._ledger)

    def put(self, table: str, doc: Doc, record_id: int = 0) -> int:
        """Write a definition, key or entry (a new one without `record_id`); returns its id. Rights are the caller's matter."""
        key = Key(table, record_id or self.new_id(table))
        if record_id:
            self._draft.get(key)
        self._draft.put(key, doc)
        self._count(1)
        return key.id

    def keep(self, doc: Doc, record_id: int = 0) -> None:
        """Write an import key, over a former one of the same row if there is one."""
        self.put(IMPORT_KEYS, doc, record_id)

    def drop(self, record_id: int) -> None:
        """Take an import key away."""
        key = Key(IMPORT_KEYS, record_id)
        if self._draft.get(key) is not None:
            self._draft.put(key, None)
            self._count(1)

    def _count(self, records: int) -> None:
        self._records += records
        if self._records >= _LINE:
            self.flush()

    def flush(self) -> None:
        """Write the line that is begun; an item that somebody changed since it was read stays as they made it, and is left out."""
        ops, expect = self._draft.operations()
        while ops and self._bulk is not None:
            try:
                self._bulk.write(ops, expect)
            except Conflict as stale:
                key = Key(stale.table, stale.record_id)
                known = key.table in self.workspace.types and any((op.table, op.id) == key for op in ops)
                if not known or self._ledger.holds(Ref(*key)):
                    raise
                self._bulk.left_out.append(key)
                ops = [op for op in ops if (op.table, op.id) != key and not _is_key_of(op, Ref(*key))]
                expect = {each: rev for each, rev in expect.items() if each != key}
            else:
                self.wrote = True
                break
        self._draft = self._begun()
        self._records = 0

    def _begun(self) -> Draft:
        """The next line's draft."""
        return Draft(self.session, self.workspace, self._ids, self._bulk.numbers if self._bulk else InCommit())


def _is_key_of(op: Op, ref: Ref) -> bool:
    """Whether it would be remembered that a row is in this item."""
    return op.table == IMPORT_KEYS and (op.doc or {}).get("ref") == str(ref)
