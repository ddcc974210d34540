"""The files of a run: opened, recognised, and made into tables in the order in which they are to be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tuicrm.domain.context import Context
from tuicrm.domain.importing import FileReport
from tuicrm.domain.schema import ItemType, all_labels
from tuicrm.errors import AccessDenied, NotFound, Refused, StorageError
from tuicrm.exchange.bitrix.payloads import Comments, Items, NotTaken, Payload, PayloadProductRows
from tuicrm.exchange.bitrix.recognise import read_payloads
from tuicrm.exchange.bitrix.taking import fields_by_code, has_no_field, kind_of, our_type
from tuicrm.exchange.encodings import HEAD
from tuicrm.exchange.own_json import Bundle, OwnItem, is_own, read_bundle
from tuicrm.exchange.presets import ColumnTarget, fold
from tuicrm.exchange.sniff import file_format
from tuicrm.i18n import _, ngettext
from tuicrm.limits import CSV_SIZE, JSON_SIZE
from tuicrm.services.importing.definitions.definitions import Definitions, FoundPayload
from tuicrm.services.importing.definitions.layout_definitions import Ask
from tuicrm.services.importing.entries import EntryTable
from tuicrm.services.importing.options import BadDecision, ImportOptions
from tuicrm.services.importing.run.values import check_decisions
from tuicrm.services.importing.tables.bitrix_tables import LABEL, BitrixTable, codes_of, decided
from tuicrm.services.importing.tables.csv_tables import CsvFile, CsvTable
from tuicrm.services.importing.tables.new_columns import kind_for
from tuicrm.services.importing.tables.own_tables import LABEL_OF_ID, OwnTable
from tuicrm.services.kernel.session import Session


class FileToRead(NamedTuple):
    """A table to read, with the report of its file and the columns of the file."""

    table: EntryTable
    file: FileReport
    columns: tuple[str, ...]


class OpenedFiles:
    """All files of a run. `reports` is in the order given; `work` in the order of writing; `product_rows` go into their
    items, `comments` come last."""

    def __init__(self, session: Session, paths: Sequence[Path], options: ImportOptions, ask: Ask | None = None) -> None:
        """`ask` is asked whose several card layouts are. Files that cannot be read or recognised are reported, not raised. Raises
        NotFound for a missing one, AccessDenied where fields are to be made by someone who may not."""
        self.reports: list[FileReport] = []
        self.definitions = Definitions(session, ask)
        self.work: list[FileToRead] = []
        self.comments: list[tuple[Comments, FileReport]] = []
        self.bundles: list[tuple[Bundle, FileReport]] = []
        self.product_rows: list[tuple[PayloadProductRows, FileReport]] = []
        self._session, self._options = session, options
        self._payloads: list[FoundPayload] = []
        self._csv: list[CsvFile] = []
        self._offered: dict[tuple[CsvFile, str], dict[str, str]] = {}
        if options.create_fields and not self.definitions.allowed:
            raise AccessDenied(_("You may not change the definitions of this workspace."))
        for path in paths:
            self._open(path)
        for bundle, report in self.bundles:
            self.definitions.take_own(bundle, report)
        self.definitions.prepare(self._payloads, options.decisions.layouts)
        check_decisions(options.decisions, self.definitions.workspace, session.person_key)
        self._make_tables()

    def names_addresses(self) -> bool:
        """Whether rows name items by their e-mail or web addresses."""
        maps = [mapping for file in self._csv for mapping in file.maps]
        links = (link for mapping in maps for link in mapping.links)
        return any(link.by in ("email", "domain", "name") for link in links) or any(one.by_own_domain for one in maps)

    def unused_columns(self) -> list[str]:
        """Columns that were decided about, and that no file has."""
        here = {column for file in self._csv for column in file.columns}
        here |= {
            code for found in self._payloads if isinstance(found.payload, Items) for code in codes_of(found.payload)
        }
        return [column for column in self._options.decisions.columns if column not in here]

    def _open(self, path: Path) -> None:
        name = path.name
        if path.exists() and not path.is_file():
            # A pipe would wait for ever, and /dev/zero never ends.
            raise Refused(_("{path} is not a file.").format(path=path))
        try:
            with path.open("rb") as stream:
                head = stream.read(HEAD)
            if is_own(head):
                report = FileReport(name, _("exported by tuicrm"))
                _refuse_huge(path, CSV_SIZE.most)
                self.bundles.append((read_bundle(path.read_bytes(), name), report))
                self.reports.append(report)
            elif file_format(head, name) == "json":
                report = FileReport(name, LABEL)
                _refuse_huge(path, JSON_SIZE.most)
                payloads = read_payloads(path.read_bytes(), name)
                self._payloads += [FoundPayload(payload, report) for payload in payloads]
                self.reports.append(report)
            else:
                _refuse_huge(path, CSV_SIZE.most)
                types = self.definitions.types
                file = CsvFile(path, name, types, self._options)
                self._csv.append(file)
                self.reports.append(file.report)
        except FileNotFoundError as error:
            raise NotFound(_("There is no file {path}.").format(path=path)) from error
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}") from error
        except BadDecision:
            raise
        except Refused as refused:
            self.reports.append(FileReport(name, problem=refused.message))

    # -- tables --------------------------------------------------------------------------------------------------------
    def _make_tables(self) -> None:
        context = self._session.context(canonical=True)
        for file in self._csv:
            self._csv_tables(file, context)
        for payload, report in map(self.definitions.meant, self._payloads):
            self._payload(payload, report, context.currency)
        for bundle, report in self.bundles:
            self._own_tables(bundle, report, context)
        self.work.sort(key=lambda one: _rank(one.table.item_type))

    def _csv_tables(self, file: CsvFile, context: Context) -> None:
        self._new_columns(file)
        for at, mapping in enumerate(file.maps):
            item_type = self.definitions.types[mapping.type]
            table = CsvTable(file, mapping, item_type, context, first=at == 0)
            file.report.tables.append(table.report)
            self.work.append(FileToRead(table, file.report, file.columns))
            for column, kind in self._offered.get((file, mapping.type), {}).items():
                next(one for one in table.report.columns if one.column == column).offered = kind
        if not any(guess.target for mapping in file.maps for guess in mapping.guesses):
            file.report.problem = _(
                "no column could be matched with a field; use --map to match them, or --create-fields to create fields"
            )
            self.work = [one for one in self.work if one.file is not file.report]

    def _own_tables(self, bundle: Bundle, report: FileReport, context: Context) -> None:
        here = str(self._session.workspace.settings.get("id") or "")
        by_type: dict[str, list[OwnItem]] = {}
        for item in bundle.items:
            by_type.setdefault(item.type, []).append(item)
        columns = tuple(dict.fromkeys((LABEL_OF_ID, *(key for item in bundle.items for key in item.fields))))
        for key, items in by_type.items():
            item_type = self.definitions.types.get(key)
            if item_type is None:
                told = ngettext(
                    "{n} item skipped: there is no similar item type here",
                    "{n} items skipped: there is no similar item type here",
                    len(items),
                )
                report.notes.append(f"{key}: {told}")
                continue
            table = OwnTable(report, items, item_type, context, bundle.workspace, here)
            report.tables.append(table.report)
            self.work.append(FileToRead(table, report, columns))

    def _payload(self, payload: Payload, report: FileReport, currency: str) -> None:
        if isinstance(payload, NotTaken):
            report.notes.append(_("skipped: {what}: {reason}").format(what=payload.what, reason=payload.reason))
        elif isinstance(payload, Comments):
            self.comments.append((payload, report))
        elif isinstance(payload, PayloadProductRows):
            self.product_rows.append((payload, report))
        elif isinstance(payload, Items):
            item_type = our_type(self.definitions.types, payload.type)
            if item_type is None:
                report.notes.append(_("skipped: there is no similar item type here"))
                return
            offered = self._new_codes(item_type, payload, report)
            item_type = decided(self.definitions.types[item_type.key], self._options.decisions, codes_of(payload))
            table = BitrixTable(report, payload, item_type, currency)
            report.tables.append(table.report)
            for column in table.report.columns:
                column.offered = offered.get(column.column, "")
            self.work.append(FileToRead(table, report, ("ID", *table.codes)))
            missing = payload.total - len(payload.items)
            if missing > 0:
                told = ngettext("{n} more record is in other answers", "{n} more records are in other answers", missing)
                report.notes.append(told)

    # -- columns without a field ---------------------------------------------------------------------------------------
    def _new_columns(self, file: CsvFile) -> None:
        """Offer each filled column that no field is like as a custom field, and make it where that was asked for."""
        for at, guessed in enumerate(file.maps):
            mapping = guessed
            item_type = self.definitions.types[mapping.type]
            for guess in guessed.guesses:
                if guess.target is not None or guess.how != "none" or guess.confidence:
                    continue
                if _has_name(item_type, guess.column) or not self.definitions.may_become(
                    item_type, guess.column, "string"
                ):
                    continue
                several = guess.column in mapping.lists
                cells = (row.cells.get(guess.column, "") for row in file.rows_of(mapping))
                kind = "string" if several and any(map(str.strip, cells)) else kind_for(cells)
                if kind and not self._options.create_fields:
                    self._offered.setdefault((file, mapping.type), {})[guess.column] = kind
                elif kind:
                    field = self.definitions.column(item_type, guess.column, kind, file.report, many=several)
                    item_type = self.definitions.types[mapping.type]
                    mapping = mapping.with_target(guess.column, ColumnTarget(field.key))
            file.maps[at] = mapping

    def _new_codes(self, item_type: ItemType, payload: Items, report: FileReport) -> dict[str, str]:
        """The same for the codes of an answer: those that could become fields, and as which kind; none once they are made."""
        by_code = fields_by_code(decided(item_type, self._options.decisions, codes_of(payload)))
        offered: dict[str, str] = {}
        for code in codes_of(payload):
            values = [item.values.get(code) for item in payload.items]
            open_ = code not in by_code and code not in self._options.decisions.columns and has_no_field(code, None)
            kind = kind_of(values) if open_ else ""
            if not kind or not self.definitions.may_become(item_type, code, kind):
                continue
            if self._options.create_fields:
                many = any(isinstance(value, list) for value in values)
                self.definitions.column(item_type, code, kind, report, source=code, many=many)
            else:
                offered[code] = kind
        return offered


def _refuse_huge(path: Path, most: int) -> None:
    size = path.stat().st_size
    if size > most:
        told = _(
            "{name} is {size} MB; at most {limit} MB can be imported at a time. Split it into "
            "smaller files, each with the header line, and import them one after the other."
        )
        raise Refused(told.format(name=path.name, size=-(-size >> 20), limit=most >> 20))


def _has_name(item_type: ItemType, column: str) -> bool:
    """Whether a column is called like a field that it cannot go into (a read-only one)."""
    names = (fold(name) for field in item_type.fields for name in (field.key, *all_labels(field.label)))
    return fold(column) in names


def _rank(item_type: ItemType) -> tuple[object, ...]:
    """Who is named comes before who names: rows find what was made before them."""
    catalogue, names_client = bool(item_type.code), bool(item_type.client)
    return (item_type.smart, item_type.has_stages, catalogue, names_client, item_type.sort)
