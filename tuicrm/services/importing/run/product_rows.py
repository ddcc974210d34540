"""Product rows of a run: into the items that it makes, and behind the rows of those that are here already. Each comes in once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tuicrm.domain.importing import FileReport
from tuicrm.domain.items import Ref
from tuicrm.domain.money import money_of
from tuicrm.domain.products import FIELD
from tuicrm.domain.schema import ItemType
from tuicrm.errors import Refusal
from tuicrm.exchange.bitrix.payloads import PayloadProductRows, SourceRow
from tuicrm.exchange.bitrix.taking import our_type
from tuicrm.i18n import _, ngettext
from tuicrm.services.importing.entries import WantedLink
from tuicrm.services.importing.keys import id_key, key_record, known_items
from tuicrm.services.importing.naming import match
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.run.linking import Links
from tuicrm.services.importing.tables.bitrix_tables import SOURCE
from tuicrm.services.importing.writing import Writer
from tuicrm.services.kernel.session import Session

_ANY_ROW = "product_row"
_UNITS = "unit"


class RowsToCome:
    """The rows of all files of a run, by the item they belong to: its type, and its id in the source."""

    def __init__(
        self,
        session: Session,
        files: Sequence[tuple[PayloadProductRows, FileReport]],
        writer: Writer,
        links: Links,
        remarks: Remarks,
    ) -> None:
        self._session, self._writer, self._links, self._remarks = session, writer, links, remarks
        self._rows: dict[tuple[str, str], list[tuple[SourceRow, FileReport]]] = defaultdict(list)
        self._taken: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._files = [file for _payload, file in files]
        for payload, file in files:
            self._sort(payload, file)

    def _sort(self, payload: PayloadProductRows, file: FileReport) -> None:
        """Put rows with their items; those that came in before are not looked at again."""
        keys = {row.id: id_key(SOURCE, _ANY_ROW, row.id) for row in payload.rows}
        known = known_items(self._session, keys.values())
        seen = {row.id for rows in self._rows.values() for row, _file in rows}
        for row in payload.rows:
            item_type = our_type(self._writer.workspace.types, row.type)
            if row.id in seen or keys[row.id] in known:
                _count(self._known, file)
            elif item_type is None or not item_type.products:
                _count(self._lost, file)
            else:
                seen.add(row.id)
                self._rows[item_type.key, row.item].append((row, file))

    def links(self, item_type: ItemType, external: str, source: str) -> Iterator[WantedLink]:
        """What the rows of an item name in the catalogue."""
        for row, _file in self._rows.get((item_type.key, external), ()) if source == SOURCE else ():
            if row.product:
                yield _wanted(item_type, row)

    def with_rows(
        self, item_type: ItemType, external: str, source: str, values: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """An item's values with its rows."""
        rows = self._rows.get((item_type.key, external)) if source == SOURCE else None
        if not rows:
            return values
        return {**values, FIELD: [self._json(item_type, row, values) for row, _file in rows]}

    def made(self, ref: Ref, external: str, source: str) -> None:
        """An item was made with its rows: they are not to come again."""
        if source == SOURCE:
            for row, file in self._rows.pop((ref.type, external), ()):
                self._keep(row, ref, file)

    def left_out(self, type_key: str, external: str, source: str) -> None:
        """Nothing is made of an item's row, nor of these."""
        if source == SOURCE:
            for _row, file in self._rows.pop((type_key, external), ()):
                _count(self._lost, file)

    def rest(self) -> None:
        """Rows of items that were here before the run; then tell what came of all."""
        for (type_key, external), rows in self._rows.items():
            ref = self._links.resolve(WantedLink("", (type_key,), external, "id"), SOURCE)
            item = self._session.peek(ref) if ref is not None else None
            if ref is None or item is None:
                for _row, file in rows:
                    _count(self._lost, file)
                continue
            item_type = self._writer.workspace.type(type_key)
            more = [self._json(item_type, row, item.fields) for row, _file in rows]
            try:
                self._writer.edit(ref, partial(with_more, more))
            except Refusal as error:
                told = _("{ref}: product rows skipped: {reason}")
                shown = self._writer.workspace.show_ref(ref)
                rows[0][1].notes.append(told.format(ref=shown, reason=error.message))
                continue
            for row, file in rows:
                self._keep(row, ref, file)
        self._rows.clear()
        self._tell()

    def _keep(self, row: SourceRow, ref: Ref, file: FileReport) -> None:
        me = self._session.person_key
        self._writer.keep(key_record(id_key(SOURCE, _ANY_ROW, row.id), ref, "", SOURCE, me, row.id))
        _count(self._taken, file)

    def _json(self, item_type: ItemType, row: SourceRow, values: Mapping[str, Any]) -> dict[str, Any]:
        """The row as it is kept: in the item's currency, its product one of the catalogue where that is here."""
        amount = money_of(values.get(item_type.amount))
        currency = amount.currency if amount else self._session.context().currency
        told = {
            "name": row.name,
            "quantity": row.quantity,
            "unit": self._unit(row),
            "price": {"amount": row.price, "currency": currency},
            "discount": row.discount,
            "tax": row.tax,
            "included": row.included,
            "product": self._product(item_type, row),
        }
        return {part: value for part, value in told.items() if value not in (None, "", False)}

    def _product(self, item_type: ItemType, row: SourceRow) -> str:
        if not row.product:
            return ""
        ref = self._links.resolve(_wanted(item_type, row), SOURCE)
        if ref is None:
            self._remarks.add("link", item_type.key, FIELD, row.product, _("imported as free text"))
        return str(ref) if ref is not None else ""

    def _unit(self, row: SourceRow) -> str:
        units = self._writer.workspace.dictionaries.get(_UNITS)
        entries = units.entries if units else ()
        coded = next((one for one in entries if row.measure and one.source == row.measure), None)
        found = coded or match(entries, row.unit)
        return found.key if found else row.unit[:40]

    def _tell(self) -> None:
        for file in dict.fromkeys(file.name for file in self._files):
            notes = next(one for one in self._files if one.name == file).notes
            if count := self._taken.get(file):
                notes.append(ngettext("{n} product row imported", "{n} product rows imported", count))
            if count := self._known.get(file):
                notes.append(ngettext("{n} product row is already here", "{n} product rows are already here", count))
            if count := self._lost.get(file):
                told = ngettext(
                    "{n} product row skipped: its item is not here, or has no products",
                    "{n} product rows skipped: their items are not here, or have no products",
                    count,
                )
                notes.append(told)


def with_more(more: Sequence[Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of an item that is here, with others behind them, as a change."""
    kept = item.get(FIELD)
    return {FIELD: [*(kept if isinstance(kept, list) else ()), *more]}


def with_product(rows: Sequence[Any], named: str, product: Ref | None) -> list[Any]:
    """Rows of an export of ours with what one name of a product means here; without it where it means nothing."""
    found = []
    for row in rows:
        if isinstance(row, dict) and row.get("product") == named:
            rest = {part: value for part, value in row.items() if part != "product"}
            found.append({**rest, "product": str(product)} if product is not None else rest)
        else:
            found.append(row)
    return found


def _wanted(item_type: ItemType, row: SourceRow) -> WantedLink:
    """The product of a row, by its id in the source."""
    field = next(field for field in item_type.fields if field.key == FIELD)
    return WantedLink(FIELD, tuple(field.targets), row.product, "id")


def _count(counts: dict[str, int], file: FileReport) -> None:
    counts[file.name] = counts.get(file.name, 0) + 1
