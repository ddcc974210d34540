"""Answers of Bitrix24 as tables: a record is a row, its codes are the columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tuicrm.domain.importing import ColumnReport, FileReport, TableReport
from tuicrm.domain.schema import Field, ItemType
from tuicrm.exchange.bitrix.payloads import Items, PartColumn, SourceItem
from tuicrm.exchange.bitrix.taking import fields_by_code, take, why_left
from tuicrm.exchange.presets import IdScope
from tuicrm.exchange.sheet import Rejected
from tuicrm.exchange.targets import Targets
from tuicrm.i18n import _
from tuicrm.services.importing.entries import ImportEntry, WantedLink
from tuicrm.services.importing.keys import digest_of_cells
from tuicrm.services.importing.options import BadDecision, Decisions

SOURCE = "bitrix24"
LABEL = "Bitrix24"


def codes_of(payload: Items) -> Sequence[str]:
    """The codes that the records of an answer have values for, in their order."""
    return tuple(dict.fromkeys(code for item in payload.items for code in item.values))


def decided(item_type: ItemType, decisions: Decisions, codes: Sequence[str]) -> ItemType:
    """The type with the sources that a person decided for these codes: each goes into the field they named, or nowhere. Raises
    BadDecision for a field that there is not."""
    targets = Targets(item_type)
    told = {code: decisions.columns[code] for code in codes if code in decisions.columns}
    sources: dict[str, str] = {}
    for code, text in told.items():
        found = [one for one in (*targets.by_key(text), *targets.by_label(text)) if not one.part] if text else []
        if text and not found:
            raise BadDecision(_("{column}: there is no field {field} to import into").format(column=code, field=text))
        if found:
            sources[found[0].field] = code
    fields = [
        msgspec.structs.replace(field, source=sources.get(field.key, "" if field.source in told else field.source))
        for field in item_type.fields
    ]
    return msgspec.structs.replace(item_type, fields=fields)


class BitrixTable:
    """The records of one answer."""

    source = SOURCE
    id_scope: IdScope = "source"
    refs_are_ours = False
    as_kept = False

    def __init__(self, file: FileReport, payload: Items, item_type: ItemType, currency: str) -> None:
        self.item_type = item_type
        self.origin = f"{LABEL} ({file.name})"
        self._items = payload.items
        self._currency = currency
        self._fields = {field.key: field for field in item_type.fields}
        by_code = fields_by_code(item_type)
        self.codes = codes_of(payload)
        self._columns: dict[str, ColumnReport] = {}
        self._parts = {
            code: _part_column(code, part, by_code.get(part.of))
            for item in payload.items
            for code, part in item.parts.items()
        }
        for code in self.codes:
            field = by_code.get(code)
            if field is None or field.derived or field.read_only or field.traits.books:
                self._columns[code] = ColumnReport(code, reason=_(why_left(code, field)))
            else:
                self._columns[code] = ColumnReport(code, field.key, "code", 100)
        self.report = TableReport(item_type.key, [*self._parts.values(), *self._columns.values()])

    def says(self, entry: ImportEntry, doc: Mapping[str, Any]) -> bool:  # noqa: ARG002 - its ids are another program's
        """Never: its ids are another program's."""
        return False

    def columns_of(self, field: str) -> list[str]:
        """The codes that go into a field."""
        return [column.column for column in self._columns.values() if column.field == field]

    def entries(self) -> Iterator[ImportEntry | Rejected]:
        for number, item in enumerate(self._items, 1):
            yield self._entry(number, item)

    def _entry(self, number: int, item: SourceItem) -> ImportEntry:
        self.report.rows += 1
        cells = {"ID": item.id, **{code: _text(value) for code, value in item.values.items() if value is not None}}
        for code, column in self._columns.items():
            if code in cells:
                column.filled += 1
            else:
                column.empty += 1
        for code, column in self._parts.items():
            if (part := item.parts.get(code)) and part.filled:
                column.filled += 1
            else:
                column.empty += 1
        values = dict(take(item, self.item_type).values)
        links: list[WantedLink] = []
        for key in list(values):
            field = self._fields[key]
            if field.traits.has_currency:
                values[key] = _with_currency(values[key], self._currency)
            elif field.traits.names_items:
                given = values.pop(key)
                texts = given if isinstance(given, list) else [given]
                links += [WantedLink(key, tuple(field.targets), str(text), "id") for text in texts]
            elif field.traits.holds_file:
                # Answers name files without their content.
                del values[key]
        content = digest_of_cells(cells)
        return ImportEntry(number, cells, item.id, values, tuple(links), content, content)


def _part_column(code: str, part: PartColumn, field: Field | None) -> ColumnReport:
    """A column that is part of a value, or none."""
    if field is None:
        return ColumnReport(code, reason=_(part.why or why_left(code, None)))
    return ColumnReport(code, f"{field.key}.{part.name}" if part.name else field.key, "code", 100)


def _with_currency(value: object, currency: str) -> object:
    if isinstance(value, list):
        return [_with_currency(one, currency) for one in value]
    return {**value, "currency": value.get("currency") or currency} if isinstance(value, dict) else value


def _text(value: object) -> str:
    """A value as a cell of the file of rejected rows."""
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return "; ".join(_text(one) for one in value) if isinstance(value, list) else str(value)
