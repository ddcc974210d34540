"""The config records that a run adds, and the definitions as they will be with them."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.importing import Definition, FileReport, Outcome
from tuicrm.domain.schema import ItemType
from tuicrm.domain.workspace import Entry, Workspace
from tuicrm.services.importing.writing import Writer
from tuicrm.services.session import Session
from tuicrm.store.protocol import Doc


class Records:
    """Collects records for the batch; `workspace` is what it will be with them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._records: dict[tuple[str, int], Doc] = {}
        self._keys: list[Doc] = []
        self._fresh = 0
        # Built again when it is next asked for: a file may bring hundreds of fields.
        self._workspace: Workspace | None = session.workspace
        self._types: dict[str, ItemType] = {}

    @property
    def workspace(self) -> Workspace:
        """The definitions with those of the run."""
        if self._workspace is None:
            extra: dict[str, list[Entry]] = {}
            for (table, record_id), doc in self._records.items():
                extra.setdefault(table, []).append(Entry(record_id, 0, doc))
            self._workspace = self.session.load_workspace(extra)
        return self._workspace

    @property
    def types(self) -> Mapping[str, ItemType]:
        """The item types with the fields that the person sees: of the others nothing is guessed, filled or told."""
        if not self._types:
            self._types = {key: self.session.access.seen_type(one) for key, one in self.workspace.types.items()}
        return self._types

    def put(self, table: str, doc: Doc, record_id: int = 0) -> int:
        """Keep a record for writing: over the one with this id, or a new one; returns its id (negative until it is written)."""
        if not record_id:
            self._fresh -= 1
            record_id = self._fresh
        self._records[table, record_id] = doc
        self._workspace, self._types = None, {}
        return record_id

    def keep(self, doc: Doc) -> None:
        """Keep an import key for writing."""
        self._keys.append(doc)

    def write(self, writer: Writer) -> None:
        """Hand all records to the batch."""
        for (table, record_id), doc in self._records.items():
            writer.put(table, doc, max(record_id, 0))
        for doc in self._keys:
            writer.keep(doc)


def tell(
    report: FileReport, what: str, name: str, outcome: Outcome, reason: str = "", left: tuple[str, ...] = ()
) -> None:
    """Note what came of a definition."""
    report.definitions.append(Definition(what, name, outcome, reason, left))
