"""The config records that a run adds, and the definitions as they will be with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.importing import Definition, DefinitionOutcome, FileReport
from tuicrm.domain.schema import ItemType
from tuicrm.domain.workspace import Workspace
from tuicrm.i18n import _
from tuicrm.services.importing.writing import Writer
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc


class Awaited(NamedTuple):
    """A field that is made if a row comes in that has a value for it: its record, its type and key, what its column is called, the
    report that tells of it."""

    record: tuple[str, int]
    type: str
    key: str
    name: str
    reason: str
    report: FileReport


class Records:
    """Collects records for the batch; `workspace` is what it will be with them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._records: dict[tuple[str, int], Doc] = {}
        self._keys: list[Doc] = []
        self._awaited: list[Awaited] = []
        self._fresh = 0
        # Built again when it is next asked for: a file may bring hundreds of fields.
        self._workspace: Workspace | None = session.workspace
        self._types: dict[str, ItemType] = {}

    @property
    def workspace(self) -> Workspace:
        """The definitions with those of the run."""
        if self._workspace is None:
            extra: dict[str, list[ConfigRecord]] = {}
            for (table, record_id), doc in self._records.items():
                extra.setdefault(table, []).append(ConfigRecord(record_id, 0, doc))
            self._workspace = self.session.load_workspace(extra)
        return self._workspace

    @property
    def types(self) -> Mapping[str, ItemType]:
        """The item types with the fields that the person sees: of the others nothing is guessed, filled or told."""
        if not self._types:
            self._types = {key: self.session.access.seen_type(one) for key, one in self.workspace.types.items()}
        return self._types

    def put(self, table: str, doc: Doc, record_id: int = 0) -> int:
        """Keep a record for writing: over the one with this id, or a new one; returns its id (negative until it is written). NUL
        characters, which nobody sees and no store takes, are left out of its texts."""
        if not record_id:
            self._fresh -= 1
            record_id = self._fresh
        self._records[table, record_id] = {key.replace("\0", ""): _without_nul(each) for key, each in doc.items()}
        self._workspace, self._types = None, {}
        return record_id

    def keep(self, doc: Doc) -> None:
        """Keep an import key for writing."""
        self._keys.append(doc)

    def await_rows(self, record_id: int, type_key: str, key: str, name: str, reason: str, report: FileReport) -> None:
        """Let a field that was put be written only when it is known that rows have values for it."""
        self._awaited.append(Awaited(("field", record_id), type_key, key, name, reason, report))

    def write(self, writer: Writer) -> None:
        """Hand all records to the batch but fields that await rows."""
        awaited = {one.record for one in self._awaited}
        for (table, record_id), doc in self._records.items():
            if (table, record_id) not in awaited:
                writer.put(table, doc, max(record_id, 0))
        for doc in self._keys:
            writer.keep(doc)

    def write_awaited(self, writer: Writer, filled: Mapping[str, Collection[str]]) -> None:
        """Hand over the fields that rows have values for (`filled`: their keys by type), and tell what came of each."""
        for one in self._awaited:
            if one.key in filled.get(one.type, ()):
                writer.put("field", self._records[one.record])
                tell(one.report, "field", one.name, "made", one.reason)
                continue
            reason = _("no row that has it was imported")
            tell(one.report, "field", one.name, "not taken", reason)
            for table in one.report.tables:
                for column in table.columns:
                    if table.type == one.type and column.field == one.key:
                        column.field, column.how, column.confidence, column.reason = "", "none", 0, reason


def tell(
    report: FileReport, what: str, name: str, outcome: DefinitionOutcome, reason: str = "", left: tuple[str, ...] = ()
) -> None:
    """Note what came of a definition."""
    report.definitions.append(Definition(what, name, outcome, reason, left))


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, Mapping):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return [_without_nul(each) for each in value] if isinstance(value, list) else value
