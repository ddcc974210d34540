"""A CSV file as tables: mapped, its columns' style found out, then read row by row in bounded memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from tuicrm.domain.context import Context
from tuicrm.domain.importing import ColumnReport, FileReport, TableReport
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import ItemType, label_text
from tuicrm.errors import Refused
from tuicrm.exchange.assemble import assemble
from tuicrm.exchange.csv_reader import read_csv
from tuicrm.exchange.encodings import Encoding
from tuicrm.exchange.mapping import ColumnMap, Guess
from tuicrm.exchange.planning import plan
from tuicrm.exchange.presets import NAME, ColumnTarget, IdScope, LinkColumn, presets
from tuicrm.exchange.rejects import REJECT_COLUMNS
from tuicrm.exchange.sheet import Rejected, Sheet, SheetRow
from tuicrm.exchange.source_ids import as_kept
from tuicrm.exchange.targets import Targets
from tuicrm.i18n import _, language
from tuicrm.services.importing.addresses import own_domains
from tuicrm.services.importing.entries import ENDED, By, ImportEntry, WantedLink
from tuicrm.services.importing.keys import digest_of_cells
from tuicrm.services.importing.options import BadDecision, ImportOptions
from tuicrm.services.importing.tables.columns import judge_columns

_SAMPLE = 50
_SHOWN = 60
OWN = "tuicrm"
"""The source of what `tuicrm export` wrote."""


class CsvFile:
    """One CSV file, read as often as is needed. `maps` says how the rows of each type are read."""

    def __init__(self, path: Path, name: str, types: Mapping[str, ItemType], options: ImportOptions) -> None:
        """Raises Refused when it cannot be read, or nothing tells what its rows are."""
        self.path = path
        self.name = name
        self._encoding: Encoding | str = options.encoding
        with self._open() as sheet:
            self.columns, notes = sheet.columns, sheet.notes
            self._encoding = sheet.encoding
            sample = [row.cells for row in islice(sheet.rows, _SAMPLE) if isinstance(row, SheetRow)]
        maps = plan(self.columns, types, sample, options.type, name)
        if not maps:
            raise Refused(_("cannot tell the item type of its rows; set it with --type"))
        self.maps = [_decided(mapping, types[mapping.type], options) for mapping in maps]
        self.report = FileReport(name, self._label(), notes=list(notes))

    def _label(self) -> str:
        preset = next((one for one in presets() if one.key == self.maps[0].preset), None)
        if preset:
            return label_text(preset.label, language())
        return _("exported by tuicrm") if self.maps[0].source == OWN else "CSV"

    @contextmanager
    def _open(self) -> Iterator[Sheet]:
        with self.path.open("rb") as stream:
            sheet = read_csv(stream, self.name, self._encoding)
            rows = sheet.rows
            try:
                yield sheet
            finally:
                if hasattr(rows, "close"):
                    rows.close()

    def rows(self) -> Generator[SheetRow | Rejected]:
        """All rows, from the first."""
        with self._open() as sheet:
            yield from sheet.rows

    def rows_of(self, mapping: ColumnMap) -> Iterator[SheetRow]:
        """The readable rows of one type, without those that the source marks as deleted."""
        with closing(self.rows_for(mapping)) as rows:
            for row in rows:
                if isinstance(row, SheetRow) and mapping.takes(row.cells) and not mapping.skips(row.cells):
                    yield row

    def rows_for(self, mapping: ColumnMap) -> Generator[SheetRow | Rejected]:
        """All rows, with the cells that hold for them from the rows above."""
        above: dict[str, str] = {}
        with closing(self.rows()) as rows:
            for row in rows:
                if not mapping.carried or isinstance(row, Rejected):
                    yield row
                elif any(row.cells.get(column, "").strip() for column in mapping.carried):
                    above = {column: row.cells.get(column, "") for column in mapping.carried}
                    yield row
                else:
                    yield row._replace(cells={**row.cells, **above})


def _decided(mapping: ColumnMap, item_type: ItemType, options: ImportOptions) -> ColumnMap:
    """The map with what a person decided of its columns. Raises BadDecision for a field that does not exist."""
    targets = Targets(item_type)
    for column, text in options.decisions.columns.items():
        if column not in {guess.column for guess in mapping.guesses}:
            continue
        found = [*targets.by_key(text), *targets.by_label(text)] if text else []
        if text == NAME:
            found = [ColumnTarget(NAME)]
        if text and not found:
            raise BadDecision(_("{column}: there is no field {field} to import into").format(column=column, field=text))
        target = found[0] if found else None
        mapping = mapping.with_target(column, target)
        # A field of one value is filled by one column: the decision takes it from a guess.
        others = tuple(
            Guess(guess.column, None, "none", 100, _("another column is imported there"))
            if target and guess.target == target and guess.column != column and not targets.takes_several(target)
            else guess
            for guess in mapping.guesses
        )
        links = tuple(link for link in mapping.links if link.column != column)
        mapping = msgspec.structs.replace(mapping, guesses=others, links=links)
    return mapping


class CsvTable:
    """The rows of one type in a CSV file. The first table of a file also tells of the rows that no type takes."""

    def __init__(
        self, file: CsvFile, mapping: ColumnMap, item_type: ItemType, context: Context, *, first: bool
    ) -> None:
        self.item_type = item_type
        self.source = mapping.source
        self.origin = _origin(file)
        self.id_scope: IdScope = mapping.id_scope
        self.as_kept = False
        self.refs_are_ours = mapping.id_scope == "workspace"
        self.mapping = mapping
        self._file, self._context, self._first = file, context, first
        self._fields = {field.key: field for field in item_type.fields}
        rows = () if self.source == OWN else file.rows_of(mapping)
        self._styles, readings = judge_columns(rows, mapping, self._fields, context)
        self._columns = {guess.column: self._column(guess) for guess in mapping.guesses}
        self.report = TableReport(item_type.key, list(self._columns.values()), readings=readings)
        self._links = list({link.column: link for link in mapping.links}.values())
        run_ids = {link.column for link in mapping.links if link.by == "run"}
        self._meaningless = {
            *REJECT_COLUMNS,
            *run_ids,
            *([mapping.id] if mapping.id_scope in ("run", "workspace") else []),
        }

    def _column(self, guess: Guess) -> ColumnReport:
        return ColumnReport(guess.column, self._shown(guess), guess.how, guess.confidence, guess.reason)

    def _shown(self, guess: Guess) -> str:
        if guess.target is None:
            return ""
        return ", ".join(self.item_type.title) if guess.target.field == NAME else str(guess.target)

    def columns_of(self, field: str) -> list[str]:
        """The columns that go into a field."""
        title = field in self.item_type.title
        return [
            guess.column
            for guess in self.mapping.guesses
            if guess.target and (guess.target.field == field or (title and guess.target.field == NAME))
        ]

    def entries(self) -> Iterator[ImportEntry | Rejected]:
        with closing(self._file.rows_for(self.mapping)) as rows:
            for row in rows:
                if isinstance(row, Rejected):
                    if self._first:
                        yield row
                elif not self.mapping.takes(row.cells):
                    if self._first and not any(mapping.takes(row.cells) for mapping in self._file.maps):
                        yield Rejected(row.number, row.cells, _("cannot tell the item type of this row"))
                elif self.mapping.skips(row.cells):
                    self.report.skipped += 1
                else:
                    yield self._entry(row)

    def _entry(self, row: SheetRow) -> ImportEntry | Rejected:
        self.report.rows += 1
        for name, column in self._columns.items():
            if row.cells.get(name, "").strip():
                column.filled += 1
            else:
                column.empty += 1
        values, problems = self._own(row) if self.source == OWN else self._foreign(row)
        if problems:
            for name, _reason in problems:
                self._columns[name].rejected += 1
            self.report.rejected += 1
            return Rejected(row.number, row.cells, _told(row, problems))
        links = [one for link in self._links for one in self._named(link, row.cells.get(link.column, ""))]
        for field in self._fields.values():
            if field.traits.names_items and field.key in values:
                given = values.pop(field.key)
                texts = given if isinstance(given, list) else [given]
                links += [WantedLink(field.key, tuple(field.targets), text, "any") for text in texts]
        links += self._by_own_domain(links, values)
        own = self._own_cells(row.cells)
        content = digest_of_cells(own, self._meaningless)
        identity = as_kept(self.source, row.cells.get(self.mapping.id, ""))
        return ImportEntry(row.number, row.cells, identity, values, tuple(links), content, digest_of_cells(own))

    def _by_own_domain(self, links: Sequence[WantedLink], values: Mapping[str, Any]) -> list[WantedLink]:
        """The company of a row that names none, by the row's own addresses."""
        field = self._fields.get(self.mapping.by_own_domain)
        if field is None or any(link.field == field.key for link in links):
            return []
        domains = own_domains(values, self.item_type)
        return [WantedLink(field.key, tuple(field.targets), domain, "own domain") for domain in domains]

    def _own_cells(self, cells: Mapping[str, str]) -> Mapping[str, str]:
        """The cells that say something of this item, where a row holds parts of several."""
        if not self.mapping.parts:
            return cells
        own = {self.mapping.id, *(guess.column for guess in self.mapping.guesses if guess.target)}
        return {name: text for name, text in cells.items() if name in own}

    def _named(self, link: LinkColumn, cell: str) -> Iterator[WantedLink]:
        """What a cell names; ids and addresses may be several, of which the further ones go where there is room for them."""
        field = self._fields[link.field]
        several = link.by != "name" or field.many
        room = next((one for one in self._fields.values() if one.many and one.targets == field.targets), field)
        by: By = "id" if link.by == "source" else link.by
        for text in cell.split(";") if several else [cell]:
            if text.strip():
                kept = as_kept(self.source, text) if by == "id" else text.strip()
                yield WantedLink(field.key, (link.type,), kept, by)
                field = room if room.traits.names_items else field

    def _foreign(self, row: SheetRow) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Another program's cells."""
        found = assemble(self.mapping, self.item_type, row.cells, self._styles, self._context.currency)
        ended = self.mapping.ended(row.cells)
        if ended:
            found.values[ENDED] = ended
        return found.values, [(problem.column, problem.reason) for problem in found.problems]

    def _own(self, row: SheetRow) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Cells in canonical form, as `export` writes them."""
        from tuicrm.domain.kinds.several import split
        from tuicrm.domain.kinds.values import parse_field

        values: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        for guess in self.mapping.guesses:
            text = row.cells.get(guess.column, "")
            field = self._fields.get(guess.target.field) if guess.target else None
            # Of a file, an export has the name alone.
            if not text.strip() or field is None or field.traits.holds_file:
                continue
            if field.traits.is_pointing or field.traits.is_place:
                values[field.key] = split(text, field.kind) if field.many else text.strip()
                continue
            try:
                values[field.key] = parse_field(text, field, self._context)
            except BadValue as bad:
                problems.append((guess.column, bad.message))
        return values, problems

    def says(self, entry: ImportEntry, doc: Mapping[str, Any]) -> bool:
        """Whether a row of our own export says what an item says."""
        from tuicrm.domain.kinds.values import format_field

        for guess in self.mapping.guesses:
            field = self._fields.get(guess.target.field) if guess.target else None
            if field is None:
                continue
            value = doc.get(field.key)
            plain = field.traits.is_place
            shown = "" if value is None else str(value) if plain else format_field(value, field, self._context)
            if _lines(entry.cells.get(guess.column, "")) != _lines(shown):
                return False
        return True


def _told(row: SheetRow, problems: list[tuple[str, str]]) -> str:
    """Why a row was rejected: each column, what stands in it, what is expected."""
    return "; ".join(
        _("{column} “{value}”: {reason}").format(column=name, value=row.cells.get(name, "")[:_SHOWN], reason=reason)
        for name, reason in problems
    )


def _lines(text: str) -> list[str]:
    # The csv module keeps a quoted line end as it is; which one it was says nothing.
    return text.strip().splitlines()


def _origin(file: CsvFile) -> str:
    return file.name if file.report.label == "CSV" else f"{file.report.label} ({file.name})"
