"""Items of an export of ours as tables: values as they are kept, refs to be found anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tuicrm.domain.context import Context
from tuicrm.domain.importing import ColumnReport, FileReport, TableReport
from tuicrm.domain.items import Ref
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.relations import is_origin
from tuicrm.domain.schema import Field, ItemType
from tuicrm.exchange.own_json import OwnItem
from tuicrm.exchange.presets import IdScope
from tuicrm.exchange.sheet import Rejected
from tuicrm.i18n import _
from tuicrm.services.importing.entries import ImportEntry, WantedLink
from tuicrm.services.importing.keys import digest
from tuicrm.services.importing.tables.csv_tables import OWN

LABEL_OF_ID = "ref"


class OwnTable:
    """The items of one type. Of a workspace with an id they are known for good by their own ids; of the one that is imported into,
    they are its items."""

    def __init__(
        self,
        file: FileReport,
        items: Sequence[OwnItem],
        item_type: ItemType,
        context: Context,
        workspace: str,
        here: str,
    ) -> None:
        self.item_type = item_type
        self.source = f"{OWN}:{workspace}" if workspace else OWN
        self.id_scope: IdScope = "source" if workspace else "run"
        self.as_kept = True
        self.refs_are_ours = bool(workspace) and workspace == here
        self.origin = file.name
        self._items, self._context = items, context
        self._fields = {field.key: field for field in item_type.fields}
        self.codes = tuple(dict.fromkeys(key for item in items for key in item.fields))
        self._columns = {key: self._column(key) for key in self.codes}
        self.report = TableReport(item_type.key, list(self._columns.values()))

    def _column(self, key: str) -> ColumnReport:
        field = self._fields.get(key)
        if field is None:
            return ColumnReport(key, reason=_("there is no such field"))
        if field.traits.holds_file:
            return ColumnReport(key, reason=_("an export lists files without their content"))
        if not _is_taken(field):
            return ColumnReport(key, reason=_("each program keeps its own"))
        return ColumnReport(key, key, "key", 100)

    def columns_of(self, field: str) -> list[str]:
        """The field's own column."""
        return [field] if field in self._columns else []

    def says(self, entry: ImportEntry, doc: Mapping[str, Any]) -> bool:  # noqa: ARG002 - its id alone says which item it is
        """Whether a row says what the item of this workspace says that it names: it is that item, whatever it says."""
        return True

    def entries(self) -> Iterator[ImportEntry | Rejected]:
        for number, item in enumerate(self._items, 1):
            yield self._entry(number, item)

    def _entry(self, number: int, item: OwnItem) -> ImportEntry:
        self.report.rows += 1
        for key, column in self._columns.items():
            if item.fields.get(key) in (None, "", [], {}):
                column.empty += 1
            else:
                column.filled += 1
        values = {
            key: value
            for key, value in item.fields.items()
            if (field := self._fields.get(key)) and _is_taken(field) and not field.traits.holds_file
        }
        taken = dict(values)
        links = list(self._links(values))
        cells = {LABEL_OF_ID: item.ref, **{key: self._text(key, item.fields[key]) for key in item.fields}}
        ref = str(Ref(item.type, item.id))
        return ImportEntry(
            number, cells, ref, values, tuple(links), _digest(taken), _digest({"ref": ref, **item.fields})
        )

    def _links(self, values: dict[str, Any]) -> Iterator[WantedLink]:
        """What the values name: taken out of them; of product rows, named beside them."""
        for key in list(values):
            field = self._fields[key]
            if field.traits.names_items:
                given = values.pop(key)
                for text in given if isinstance(given, list) else [given]:
                    if text:
                        yield WantedLink(key, tuple(field.targets), str(text), "any")
            elif key == PRODUCTS:
                yield from (
                    WantedLink(key, tuple(field.targets), str(row["product"]), "any") for row in named_rows(values[key])
                )

    def _text(self, key: str, value: object) -> str:
        """A value as a cell of the file of rejected rows, which reads it back."""
        from tuicrm.domain.kinds.values import format_field

        field = self._fields.get(key)
        if value is None:
            return ""
        if field is None or field.traits.is_place or field.traits.names_items or field.derived:
            return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
        return format_field(value, field, self._context)


def _digest(fields: Mapping[str, Any]) -> str:
    """What stands for fields in JSON form, in whatever order."""
    return digest(msgspec.json.encode(fields, order="deterministic").decode())


def named_rows(rows: object) -> list[dict[str, Any]]:
    """The product rows that name a product."""
    return [row for row in rows if isinstance(row, dict) and row.get("product")] if isinstance(rows, list) else []


def _is_taken(field: Field) -> bool:
    """Whether an import sets a field: what an item was made from comes along, what follows from the rest does not."""
    if field.derived:
        return False
    return not field.read_only or is_origin(field) or field.key == "created"
