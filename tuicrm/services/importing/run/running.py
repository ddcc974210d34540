"""A run: the files are opened, and every row becomes an item, is known already, or is rejected with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from tuicrm.domain.importing import Fate, RemarkKind, Report
from tuicrm.domain.items import Ref
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.schema import ItemType, label_text
from tuicrm.errors import AccessDenied, Refusal, Refused
from tuicrm.exchange.sheet import Rejected
from tuicrm.i18n import _, language, ngettext
from tuicrm.limits import IMPORT_ROWS
from tuicrm.services.importing.definitions.layout_definitions import Ask
from tuicrm.services.importing.entries import EntryTable, ImportEntry, WantedLink
from tuicrm.services.importing.keys import Known, content_key, id_key, key_record, known_items
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.run.awaited import AwaitedLinks
from tuicrm.services.importing.run.comments import CommentsToCome
from tuicrm.services.importing.run.duplicate_rows import DuplicateRows, Looked, RowVerdict, laid_over
from tuicrm.services.importing.run.files import FileToRead, OpenedFiles
from tuicrm.services.importing.run.linking import Links
from tuicrm.services.importing.run.lookalikes import RowOrigin
from tuicrm.services.importing.run.own_links import LinksToCome
from tuicrm.services.importing.run.product_rows import RowsToCome, with_more, with_product
from tuicrm.services.importing.run.values import Values
from tuicrm.services.importing.tables.previews import Previews
from tuicrm.services.importing.tables.rejecting import RejectFiles
from tuicrm.services.importing.writing import Writer
from tuicrm.services.kernel.bulk import Bulk
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc

_AT_ONCE = 200
"""Rows whose keys are looked up together."""
_AS_IT_IS = ImportOptions()

TellFile = Callable[[str, int], None]
"""Called with a file's name and how many of its rows were read, some hundred rows apart."""


class ImportStopped(Exception):
    """Raised by a `TellFile` to stop the run: nothing of it stays."""


class _Fresh(NamedTuple):
    """A row that will make or change the item `ref`; `former` is the key by which its item is known, None for one that is new."""

    work: FileToRead
    entry: ImportEntry
    key: str
    former: Known | None
    looked: Looked
    verdict: RowVerdict
    ref: Ref


def run_import(
    session: Session,
    paths: Sequence[Path],
    options: ImportOptions = _AS_IT_IS,
    progress: TellFile | None = None,
    ask: Ask | None = None,
) -> Report:
    """Import files in one go that is one undo; a dry run does all but write. `ask` is asked whose several card layouts are,
    before anything is written; without it that is told in the report.

    Raises NotFound for a missing file, AccessDenied, Refused for decisions about fields that do not exist, StorageError; nothing
    is written then. Files that cannot be read are reported. A run that `progress` stops (Stopped) gives a report that says so."""
    tell: TellFile = progress or (lambda _name, _rows: None)
    opened = OpenedFiles(session, paths, options, ask)
    report = Report(opened.reports, dry_run=options.dry_run, enforced=options.enforce)
    report.unused_columns = opened.unused_columns()
    _require(session, opened)
    names = [path.name for path in paths]
    label = (
        _("import {file}").format(file=names[0])
        if len(names) == 1
        else ngettext("import {n} file", "import {n} files", len(names))
    )
    remarks = Remarks()
    try:
        with RejectFiles(options.rejects, paths, opened.reports, dry=options.dry_run) as rejects:
            duplicates = DuplicateRows(session, options)
            _catch_up(duplicates, opened, tell)
            batch: AbstractContextManager[Bulk | None] = nullcontext() if options.dry_run else session.bulk(label)
            with batch as bulk:
                wrote = _Run(session, opened, options, remarks, rejects, duplicates, bulk, tell).all()
                rejects.finish()
            if bulk is not None and wrote:
                report.seq, report.conflicts = bulk.seq, len(bulk.left_out)
            rejects.keep()
    except ImportStopped:
        report.stopped = True
    report.remarks = remarks.all()
    return report


def _require(session: Session, opened: OpenedFiles) -> None:
    """Who may import nothing of a type is told before anything is read."""
    for work in opened.work:
        if session.access.scope("import", work.table.item_type.key) == "none":
            name = session.label(work.table.item_type.label).lower()
            raise AccessDenied(_("You may not import {type}.").format(type=name))


def _catch_up(duplicates: DuplicateRows, opened: OpenedFiles, tell: TellFile) -> None:
    """Read the items that rows may look like, where there are such rows."""

    def read(done: int, of: int) -> None:
        if of:
            tell(_("items here"), done)

    looked_at = [work for work in opened.work if work.table.item_type.alike]
    reason = duplicates.catch_up(read) if looked_at else ""
    if reason:
        for work in looked_at:
            work.file.notes.append(reason)


class _Run:
    """What the rows of a run share."""

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
        self._links = Links(session, addresses=opened.names_addresses())
        self._awaited = AwaitedLinks(session, self._writer, self._links)
        self._changed: set[Ref] = set()
        self._product_rows = RowsToCome(session, opened.product_rows, self._writer, self._links, remarks)
        self._seen: set[tuple[str, str]] = set()
        self._alike: Counter[tuple[str, str]] = Counter()
        self._to_come: Counter[str] = Counter(work.table.item_type.key for work in opened.work)
        self._waiting: list[_Fresh] = []
        self._filled: dict[str, set[str]] = {}
        self._by_domain: Counter[str] = Counter()
        self._previews = Previews(session, opened.definitions.workspace, dry=options.dry_run)
        self._rows = 0

    def all(self) -> bool:
        """Definitions, then rows, then rows that waited for others, then product rows of items that are here, then comments and
        free links; whether anything was to be written."""
        self._opened.definitions.records.write(self._writer)
        for work in self._opened.work:
            self._table(work)
            self._to_come[work.table.item_type.key] -= 1
        self._to_come.clear()
        for fresh in self._waiting:
            self._write(fresh)
        self._tell_domains()
        self._tell_awaited()
        self._product_rows.rest()
        self._opened.definitions.records.write_awaited(self._writer, self._filled)
        comments = CommentsToCome(self._session, self._writer, self._links, self._options.decisions, self._remarks)
        for payload, file in self._opened.comments:
            comments.take(payload, file)
        links = LinksToCome(self._session, self._writer, self._links)
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
        self._links.register(ref, table.source, entry.id, title, values, table.item_type)
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
        if not any(self._may_come(link, table) for link in named):
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

    # -- links ---------------------------------------------------------------------------------------------------------
    def _may_come(self, link: WantedLink, table: EntryTable) -> bool:
        """Whether a link leads nowhere yet, and rows of its types are still to be read; what is known by its domain is known when all
        are read that may have it too."""
        still = any(self._to_come[key] > 0 for key in link.types)
        return still and (link.by == "own domain" or self._resolve(link, table) is None)

    def _resolve(self, link: WantedLink, table: EntryTable) -> Ref | None:
        return self._links.resolve(link, table.source, refs=table.refs_are_ours)

    def _linked(self, work: FileToRead, entry: ImportEntry, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with what the links name; a link that names nothing is left out and remarked."""
        table, linked = work.table, dict(values)
        fields = {field.key: field for field in table.item_type.fields}
        missing: dict[str, WantedLink] = {}
        for link in entry.links:
            field, ref = fields[link.field], self._resolve(link, table)
            if field.traits.holds_rows:
                linked[link.field] = with_product(linked[link.field], link.text, ref)
                if ref is None:
                    self._remarks.add("link", table.item_type.key, link.field, link.text, _("imported as free text"))
            elif ref is None:
                missing.setdefault(f"{link.field}\0{link.text}" if field.many else link.field, link)
            elif field.many:
                found = linked.setdefault(link.field, [])
                if str(ref) not in found:
                    linked[link.field] = [*found, str(ref)]
            elif link.field not in linked:
                linked[link.field] = str(ref)
                if link.by == "own domain":
                    self._by_domain[work.file.name] += 1
            elif linked[link.field] != str(ref):
                self._remarks.add("further", table.item_type.key, link.field, link.text, _("not imported"))
        for link in missing.values():
            # Of several ways to name the one item of a field, one is enough.
            if fields[link.field].many or link.field not in linked:
                self._missing(link, table)
        return linked

    def _tell_domains(self) -> None:
        """Nobody said what was found by a domain: it is told."""
        for file in self._opened.reports:
            if count := self._by_domain[file.name]:
                told = ngettext(
                    "{n} row is linked to the company that has the domain of its e-mail address",
                    "{n} rows are linked to the companies that have the domains of their e-mail addresses",
                    count,
                )
                file.notes.append(told)

    def _tell_awaited(self) -> None:
        """Link rows of earlier runs that named what has come now."""
        if count := self._awaited.link(self._changed):
            told = ngettext(
                "{n} item imported earlier is now linked to what it refers to",
                "{n} items imported earlier are now linked to what they refer to",
                count,
            )
            self._opened.reports[0].notes.append(told)

    def _lost(self, table: EntryTable, entry: ImportEntry, values: Mapping[str, Any]) -> list[WantedLink]:
        """The links of a row that led nowhere, and whose fields still have room."""
        fields = {field.key: field for field in table.item_type.fields}
        roomy = [one for one in entry.links if fields[one.field].traits.names_items]
        wanting = [one for one in roomy if fields[one.field].many or one.field not in values]
        return [one for one in wanting if self._resolve(one, table) is None and not self._links.names_several(one)]

    def _missing(self, link: WantedLink, table: EntryTable) -> None:
        """Tell of a link that leads nowhere; a domain that no company has is nothing to tell of."""
        several = self._links.names_several(link)
        if several or link.by != "own domain":
            kind: RemarkKind = "several" if several else "link"
            self._remarks.add(kind, table.item_type.key, link.field, link.text, _("left empty"))

    # -- writing -------------------------------------------------------------------------------------------------------
    def _write(self, fresh: _Fresh) -> bool:
        """Make or change the item of a row; what the rules refuse is rejected, and False."""
        table, entry, ref = fresh.work.table, fresh.entry, fresh.ref
        values = self._linked(fresh.work, entry, fresh.looked.values)
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
        self._awaited.keep(ref, self._lost(table, entry, values), table)
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
