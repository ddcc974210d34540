"""The rows of a run: each becomes an item, is laid over one, is known already, or is rejected with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from tuicrm.domain.importing import Fate
from tuicrm.domain.items import Ref
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.schema import ItemType, label_text
from tuicrm.errors import Refusal, Refused
from tuicrm.exchange.sheet import Rejected
from tuicrm.i18n import _, language, ngettext
from tuicrm.limits import IMPORT_ROWS
from tuicrm.services.importing.entries import EntryTable, ImportEntry
from tuicrm.services.importing.keys import Known, content_key, id_key, key_record, known_items
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.run.awaited import AwaitedLinks
from tuicrm.services.importing.run.comments import CommentsToCome
from tuicrm.services.importing.run.duplicate_rows import DuplicateRows, Looked, RowVerdict, laid_over
from tuicrm.services.importing.run.files import FileToRead, OpenedFiles
from tuicrm.services.importing.run.lookalikes import RowOrigin
from tuicrm.services.importing.run.own_links import LinksToCome
from tuicrm.services.importing.run.product_rows import RowsToCome, with_more
from tuicrm.services.importing.run.row_links import RowLinks
from tuicrm.services.importing.run.values import Values
from tuicrm.services.importing.tables.previews import Previews
from tuicrm.services.importing.tables.rejecting import RejectFiles
from tuicrm.services.importing.writing import Writer
from tuicrm.services.kernel.bulk import Bulk
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc

_AT_ONCE = 200
"""Rows whose keys are looked up together."""

TellFile = Callable[[str, int], None]
"""Called with a file's name and how many of its rows were read, some hundred rows apart."""


class _Fresh(NamedTuple):
    """A row that will make or change the item `ref`; `former` is the key by which its item is known, None for one that is new."""

    work: FileToRead
    entry: ImportEntry
    key: str
    former: Known | None
    looked: Looked
    verdict: RowVerdict
    ref: Ref


class RowsOfRun:
    """The rows of a run, and what they share."""

    def __init__(
        self,
        session: Session,
        opened: OpenedFiles,
        options: ImportOptions,
        remarks: Remarks,
        rejects: RejectFiles,
        duplicates: DuplicateRows,
        bulk: Bulk | None,
        tell: TellFile,
    ) -> None:
        self._session, self._opened, self._options = session, opened, options
        self._remarks, self._rejects, self._tell = remarks, rejects, tell
        self._duplicates = duplicates
        self._writer = Writer(session, opened.definitions.workspace, bulk, enforce=options.enforce)
        self._links = RowLinks(session, remarks, opened)
        self._awaited = AwaitedLinks(session, self._writer, self._links.known)
        self._changed: set[Ref] = set()
        self._product_rows = RowsToCome(session, opened.product_rows, self._writer, self._links.known, remarks)
        self._seen: set[tuple[str, str]] = set()
        self._alike: Counter[tuple[str, str]] = Counter()
        self._waiting: list[_Fresh] = []
        self._filled: dict[str, set[str]] = {}
        self._previews = Previews(session, opened.definitions.workspace, dry=options.dry_run)
        self._rows = 0

    def all(self) -> bool:
        """Definitions, then rows, then rows that waited for others, then product rows of items that are here, then comments and
        free links; whether anything was to be written."""
        self._opened.definitions.records.write(self._writer)
        for work in self._opened.work:
            self._table(work)
            self._links.was_read(work.table.item_type.key)
        self._links.all_read()
        for fresh in self._waiting:
            self._write(fresh)
        self._links.tell_domains()
        self._tell_awaited()
        self._product_rows.rest()
        self._opened.definitions.records.write_awaited(self._writer, self._filled)
        comments = CommentsToCome(
            self._session, self._writer, self._links.known, self._options.decisions, self._remarks
        )
        for payload, file in self._opened.comments:
            comments.take(payload, file)
        links = LinksToCome(self._session, self._writer, self._links.known)
        for bundle, file in self._opened.bundles:
            links.take(bundle, file)
        self._writer.flush()
        return self._writer.wrote

    # -- rows ----------------------------------------------------------------------------------------------------------
    def _table(self, work: FileToRead) -> None:
        table = work.table
        values = Values(
            self._writer.workspace,
            table.item_type,
            self._options.decisions,
            self._remarks,
            self._session.person_key,
            self._session.context().country,
            as_kept=table.as_kept,
        )
        entries = table.entries()
        rows = 0
        while some := list(islice(entries, _AT_ONCE)):
            self._some(work, values, some)
            rows += len(some)
            self._rows += len(some)
            if self._rows > IMPORT_ROWS.most:
                told = _(
                    "{name}: at most {n} rows can be imported at a time. Nothing was written; "
                    "split it into smaller files."
                )
                raise Refused(told.format(name=work.file.name, n=f"{IMPORT_ROWS.most:,}"))
            self._tell(work.file.name, rows)

    def _some(self, work: FileToRead, values: Values, some: list[ImportEntry | Rejected]) -> None:
        keyed = [(row, "" if isinstance(row, Rejected) else self._key(work.table, row)) for row in some]
        known = known_items(self._session, [key for _row, key in keyed if key])
        here = {key: one.ref for key, one in known.items()}
        here |= {key: ref for row, key in keyed if key and key not in here and (ref := self._ours(work.table, row))}
        fresh = [(row, key) for row, key in keyed if key and key not in here and not isinstance(row, Rejected)]
        looked = self._look(work.table.item_type, values, fresh)
        for row, key in keyed:
            if isinstance(row, Rejected):
                self._reject(work, row)
            elif not key:
                work.table.report.repeated += 1
            elif key in here:
                self._known(work, values, row, here[key], key, known.get(key))
            else:
                verdict = self._duplicates.judge(work.table.item_type.key, looked[key])
                self._row(work, row, key, None, looked[key], verdict)

    def _look(self, item_type: ItemType, values: Values, fresh: Sequence[tuple[ImportEntry, str]]) -> dict[str, Looked]:
        """The values of rows that are new, and what they look like, by their keys."""
        found = self._duplicates.look(item_type, [values.resolve(row.values) for row, _key in fresh])
        made = sum(self._duplicates.may_be_made(item_type.key, looked) for looked in found)
        self._writer.expect(item_type.key, made)
        return {key: looked for (_row, key), looked in zip(fresh, found, strict=True)}

    def _key(self, table: EntryTable, entry: ImportEntry) -> str:
        """What makes the row known; "" when the run has had this very row already."""
        type_key = table.item_type.key
        raw = (type_key, f"{table.source}\0{entry.id}" if self._is_stable(table, entry) else entry.raw)
        if raw in self._seen:
            return ""
        self._seen.add(raw)
        if self._is_stable(table, entry):
            return id_key(table.source, type_key, entry.id)
        self._alike[type_key, entry.content] += 1
        return content_key(type_key, entry.content, self._alike[type_key, entry.content])

    @staticmethod
    def _is_stable(table: EntryTable, entry: ImportEntry) -> bool:
        return bool(entry.id) and table.id_scope == "source"

    def _known(
        self, work: FileToRead, values: Values, entry: ImportEntry, ref: Ref, key: str, former: Known | None
    ) -> None:
        """A row whose item is here: other rows may name it. Where it says something else by now, it is laid over its item if that was
        asked for."""
        table = work.table
        is_other = former is None or (former.ref == ref and former.content != entry.content)
        if is_other and self._duplicates.lays_over and (former is None or former.readable):
            looked = Looked(values.resolve(entry.values))
            self._row(work, entry, key, former, looked, self._duplicates.judge_known(ref))
            return
        table.report.known += 1
        table.report.changed += is_other and former is not None
        self._register(ref, table, entry, entry.values)

    def _register(self, ref: Ref, table: EntryTable, entry: ImportEntry, values: Mapping[str, Any]) -> None:
        """Let other rows name the item of a row."""
        title = self._title(table, values)
        self._links.known.register(ref, table.source, entry.id, title, values, table.item_type)
        self._previews.name(ref, title)
        self._awaited.here(ref, table, entry.id, title)

    def _row(
        self, work: FileToRead, entry: ImportEntry, key: str, former: Known | None, looked: Looked, verdict: RowVerdict
    ) -> None:
        """A row that makes or changes something. `former` is the key of the item that it changes, where it is known by one."""
        table, type_key = work.table, work.table.item_type.key
        if verdict.fate in ("left out", "rejected"):
            self._left(work, entry, verdict)
            return
        ref = verdict.changed or Ref(type_key, self._writer.new_id(type_key))
        fresh = _Fresh(work, entry, key, former, looked, verdict, ref)
        named = (*entry.links, *self._product_rows.links(table.item_type, entry.id, table.source))
        if not any(self._links.may_come(link, table) for link in named):
            if self._write(fresh):
                self._took(fresh)
            return
        try:
            if not verdict.changed:
                self._writer.check(ref, looked.values)
        except Refusal as error:
            self._refused(fresh, error)
        else:
            self._waiting.append(fresh)
            self._took(fresh)

    def _took(self, fresh: _Fresh) -> None:
        """Let other rows name the item of a row, and look like it."""
        table, entry = fresh.work.table, fresh.entry
        self._register(fresh.ref, table, entry, fresh.looked.values)
        place = RowOrigin(fresh.work.file.name, entry.number, fresh.ref)
        self._duplicates.took(fresh.looked, place, changed=fresh.verdict.changed is not None)

    def _left(self, work: FileToRead, entry: ImportEntry, verdict: RowVerdict) -> None:
        """A row of which nothing is made; where it is left out, other rows that name it mean what it looks like."""
        table = work.table
        self._looks(work, entry, verdict, verdict.fate)
        self._product_rows.left_out(table.item_type.key, entry.id, table.source)
        if verdict.fate == "rejected":
            table.report.rejected += 1
            self._reject(work, Rejected(entry.number, entry.cells, verdict.reason))
            return
        table.report.left_out += 1
        if verdict.ref is not None:
            self._register(verdict.ref, table, entry, entry.values)

    def _looks(self, work: FileToRead, entry: ImportEntry, verdict: RowVerdict, fate: Fate) -> None:
        likeness = self._duplicates.likeness(entry.number, verdict, fate)
        if likeness is not None:
            work.table.report.looks(likeness)

    def _ours(self, table: EntryTable, entry: ImportEntry | Rejected) -> Ref | None:
        """The item of this workspace that a row of our own export says it is, if it says what the item says."""
        if not table.refs_are_ours or isinstance(entry, Rejected):
            return None
        ref = self._session.workspace.read_ref(entry.id)
        item = self._session.peek(ref) if ref is not None and ref.type == table.item_type.key else None
        return item.ref if item is not None and table.says(entry, item.fields) else None

    def _tell_awaited(self) -> None:
        """Link rows of earlier runs that named what has come now."""
        if count := self._awaited.link(self._changed):
            told = ngettext(
                "{n} item imported earlier is now linked to what it refers to",
                "{n} items imported earlier are now linked to what they refer to",
                count,
            )
            self._opened.reports[0].notes.append(told)

    # -- writing -------------------------------------------------------------------------------------------------------
    def _write(self, fresh: _Fresh) -> bool:
        """Make or change the item of a row; what the rules refuse is rejected, and False."""
        table, entry, ref = fresh.work.table, fresh.entry, fresh.ref
        values = self._links.linked(fresh.work, entry, fresh.looked.values)
        whole = self._product_rows.with_rows(table.item_type, entry.id, table.source, values)
        more = whole.get(PRODUCTS) if PRODUCTS not in values else None
        try:
            fate = self._change(fresh, values, more) if fresh.verdict.changed else self._make(fresh, whole)
        except Refusal as error:
            self._refused(fresh, error)
            return False
        self._filled.setdefault(ref.type, set()).update(values)
        if fate != "unchanged":
            self._previews.add(table.report, entry.number, fate, whole, self._writer.last, table.item_type)
        self._looks(fresh.work, entry, fresh.verdict, fate)
        self._product_rows.made(ref, entry.id, table.source)
        if fate == "unchanged" and fresh.verdict.known and fresh.former is None:
            return True
        external = entry.id if table.id_scope == "source" else ""
        record = key_record(fresh.key, ref, entry.content, table.source, self._session.person_key, external)
        self._writer.keep(record, fresh.former.id if fresh.former else 0)
        self._awaited.keep(ref, self._links.lost(table, entry, values), table)
        return True

    def _make(self, fresh: _Fresh, values: Mapping[str, Any]) -> Fate:
        table = fresh.work.table
        for field in self._writer.add(fresh.ref, values, {"source": table.origin}):
            name = label_text(field.label, language())
            self._remarks.add("lacking", fresh.ref.type, field.key, name, _("shown as missing"))
        table.report.made += 1
        return "made"

    def _change(self, fresh: _Fresh, values: Mapping[str, Any], product_rows: Sequence[Any] | None) -> Fate:
        """Lay a row over the item that it looks like."""
        fields = {field.key: field for field in fresh.work.table.item_type.fields}

        def laid(before: Doc) -> Mapping[str, Any]:
            more = with_more(product_rows, before) if product_rows else {}
            return {**laid_over(before, values, fields, self._options.duplicates), **more}

        report = fresh.work.table.report
        if self._writer.edit(fresh.ref, laid):
            self._changed.add(fresh.ref)
            report.updated += 1
            return "changed"
        report.known += 1
        return "unchanged"

    def _title(self, table: EntryTable, values: Mapping[str, Any]) -> str:
        return " ".join(str(values[key]) for key in table.item_type.title if values.get(key))

    # -- rejecting -----------------------------------------------------------------------------------------------------
    def _refused(self, fresh: _Fresh, error: Refusal) -> None:
        """Reject a row for what the rules of items say."""
        work, entry, table = fresh.work, fresh.entry, fresh.work.table
        self._looks(work, entry, fresh.verdict, "rejected")
        table.report.rejected += 1
        columns = {column.column: column for column in table.report.columns}
        for problem in error.fields:
            for name in table.columns_of(problem.field):
                columns[name].rejected += 1
        reasons = [problem.message for problem in error.fields if problem.message not in error.message]
        self._reject(work, Rejected(entry.number, entry.cells, "; ".join([error.message, *reasons])))

    def _reject(self, work: FileToRead, row: Rejected) -> None:
        work.file.reject(row.number, row.reason)
        self._rejects.add(work.file, work.columns, row)
