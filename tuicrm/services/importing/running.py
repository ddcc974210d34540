"""A run: the files are opened, and every row becomes an item, is known already, or is rejected with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from tuicrm.domain.importing import FileReport, Report
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import label_text
from tuicrm.errors import AccessDenied, CrmError, Refused
from tuicrm.exchange.bitrix.payloads import Comments, SourceComment
from tuicrm.exchange.bitrix.taking import our_type
from tuicrm.exchange.sheet import Rejected
from tuicrm.i18n import _, language, ngettext
from tuicrm.services.changes import Bulk
from tuicrm.services.importing.bitrix_tables import SOURCE
from tuicrm.services.importing.csv_tables import CsvTable
from tuicrm.services.importing.entries import Entry, Table, WantedLink
from tuicrm.services.importing.files import Opened, Work
from tuicrm.services.importing.keys import Known, content_key, id_key, key_record, living, look_up
from tuicrm.services.importing.linking import Links
from tuicrm.services.importing.options import Options
from tuicrm.services.importing.product_rows import RowsToCome
from tuicrm.services.importing.rejecting import RejectFiles
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.values import Values
from tuicrm.services.importing.writing import Writer
from tuicrm.services.session import ENTRIES, Session
from tuicrm.store.protocol import Doc

_AT_ONCE = 200
"""Rows whose keys are looked up together."""
MAX_ROWS = 250_000
"""Rows of a run: each is remembered until its end, so that others can name it, and all are one change."""
_ANY_COMMENT = "comment"
_AS_IT_IS = Options()

Progress = Callable[[str, int], None]
"""Called with a file's name and how many of its rows were read, some hundred rows apart."""


class Stopped(Exception):
    """Raised by a `Progress` to stop the run: nothing of it stays."""


class _Waiting(NamedTuple):
    """A row that names one which may still come."""

    work: Work
    entry: Entry
    ref: Ref
    values: dict[str, Any]
    key: str
    former: Known | None


def run_import(
    session: Session, paths: Sequence[Path], options: Options = _AS_IT_IS, progress: Progress | None = None
) -> Report:
    """Import files in one go that is one undo; a dry run does all but write.

    Raises NotFound for a missing file, AccessDenied, Refused for decisions about fields that do not exist, StorageError; nothing
    is written then. Files that cannot be read are reported. A run that `progress` stops (Stopped) gives a report that says so."""
    tell: Progress = progress or (lambda _name, _rows: None)
    opened = Opened(session, paths, options)
    report = Report(opened.reports, dry_run=options.dry_run, enforced=options.enforce)
    report.unused_columns = opened.unused_columns()
    _require(session, opened)
    names = [path.name for path in paths]
    label = _("import {file}").format(file=names[0]) if len(names) == 1 else _("import {n} files").format(n=len(names))
    remarks = Remarks()
    try:
        with RejectFiles(options.rejects, paths, opened.reports, dry=options.dry_run) as rejects:
            batch: AbstractContextManager[Bulk | None] = nullcontext() if options.dry_run else session.bulk(label)
            with batch as bulk:
                wrote = _Run(session, opened, options, remarks, rejects, bulk, tell).all()
            if bulk is not None and wrote:
                report.seq, report.conflicts = bulk.seq, len(bulk.left_out)
            rejects.keep()
    except Stopped:
        report.stopped = True
    report.remarks = remarks.all()
    return report


def _require(session: Session, opened: Opened) -> None:
    """Who may import nothing of a type is told before anything is read."""
    for work in opened.work:
        if session.access.scope("import", work.table.item_type.key) == "none":
            name = session.label(work.table.item_type.label).lower()
            raise AccessDenied(_("You may not import {type}.").format(type=name))


class _Run:
    """What the rows of a run share."""

    def __init__(
        self,
        session: Session,
        opened: Opened,
        options: Options,
        remarks: Remarks,
        rejects: RejectFiles,
        bulk: Bulk | None,
        tell: Progress,
    ) -> None:
        self._session, self._opened, self._options = session, opened, options
        self._remarks, self._rejects, self._tell = remarks, rejects, tell
        self._writer = Writer(session, opened.definitions.workspace, bulk, enforce=options.enforce)
        self._links = Links(session)
        self._product_rows = RowsToCome(session, opened.product_rows, self._writer, self._links, remarks)
        self._seen: set[tuple[str, str]] = set()
        self._alike: Counter[tuple[str, str]] = Counter()
        self._to_come: Counter[str] = Counter(work.table.item_type.key for work in opened.work)
        self._waiting: list[_Waiting] = []
        self._rows = 0

    def all(self) -> bool:
        """Definitions, then rows, then rows that waited for others, then product rows of items that are here, then comments; whether
        anything was to be written."""
        self._opened.definitions.records.write(self._writer)
        for work in self._opened.work:
            self._table(work)
            self._to_come[work.table.item_type.key] -= 1
        self._to_come.clear()
        for waiting in self._waiting:
            self._add(waiting, self._linked(waiting.work, waiting.entry, waiting.values))
        self._product_rows.rest()
        for comments, file in self._opened.comments:
            self._comments(comments, file)
        self._writer.flush()
        return self._writer.wrote

    # -- rows ----------------------------------------------------------------------------------------------------------
    def _table(self, work: Work) -> None:
        table = work.table
        values = Values(
            self._writer.workspace, table.item_type, self._options.decisions, self._remarks, self._session.person_key
        )
        entries = table.entries()
        rows = 0
        while some := list(islice(entries, _AT_ONCE)):
            self._some(work, values, some)
            rows += len(some)
            self._rows += len(some)
            if self._rows > MAX_ROWS:
                told = _(
                    "{name}: at most {n} rows can be imported at a time. Nothing was written; cut it into smaller files."
                )
                raise Refused(told.format(name=work.file.name, n=f"{MAX_ROWS:,}"))
            self._tell(work.file.name, rows)

    def _some(self, work: Work, values: Values, some: list[Entry | Rejected]) -> None:
        keyed = [(row, "" if isinstance(row, Rejected) else self._key(work.table, row)) for row in some]
        known = look_up(self._session.store, [key for _row, key in keyed if key])
        alive = living(self._session.store, [one.ref for one in known.values()])
        here = {key: one.ref for key, one in known.items() if one.ref in alive}
        here |= {key: ref for row, key in keyed if key and key not in here and (ref := self._ours(work.table, row))}
        self._writer.expect(work.table.item_type.key, sum(1 for _row, key in keyed if key and key not in here))
        for row, key in keyed:
            if isinstance(row, Rejected):
                self._reject(work, row)
            elif not key:
                work.table.report.repeated += 1
            elif key in here:
                self._known(work.table, row, here[key], known.get(key))
            else:
                self._row(work, values, row, key, known.get(key))

    def _key(self, table: Table, entry: Entry) -> str:
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
    def _is_stable(table: Table, entry: Entry) -> bool:
        return bool(entry.id) and table.id_scope == "source"

    def _known(self, table: Table, entry: Entry, ref: Ref, former: Known | None) -> None:
        """A row whose item is here: other rows may name it."""
        table.report.known += 1
        table.report.changed += former is not None and former.ref == ref and former.content != entry.content
        self._links.register(ref, table.source, entry.id, self._title(table, entry.values))

    def _row(self, work: Work, values: Values, entry: Entry, key: str, former: Known | None) -> None:
        """A row that is new, or whose item is gone (`former` then)."""
        table = work.table
        resolved = values.resolve(entry.values)
        ref = Ref(table.item_type.key, self._writer.new_id(table.item_type.key))
        waiting = _Waiting(work, entry, ref, resolved, key, former)
        named = (*entry.links, *self._product_rows.links(table.item_type, entry.id, table.source))
        if any(self._may_come(link, table) for link in named):
            try:
                self._writer.check(ref, resolved)
            except CrmError as error:
                self._refused(work, entry, error)
            else:
                self._waiting.append(waiting)
                self._links.register(ref, table.source, entry.id, self._title(table, resolved))
            return
        self._add(waiting, self._linked(work, entry, resolved))

    def _ours(self, table: Table, entry: Entry | Rejected) -> Ref | None:
        """The item of this workspace that a row of our own export says it is, if it says what the item says."""
        if table.id_scope != "workspace" or not isinstance(table, CsvTable) or isinstance(entry, Rejected):
            return None
        ref = self._session.workspace.read_ref(entry.id)
        item = self._session.peek(ref) if ref is not None and ref.type == table.item_type.key else None
        return item.ref if item is not None and table.same_as(entry.cells, item.fields) else None

    # -- links ---------------------------------------------------------------------------------------------------------
    def _may_come(self, link: WantedLink, table: Table) -> bool:
        """Whether a link leads nowhere yet, and rows of its types are still to be read."""
        return any(self._to_come[key] > 0 for key in link.types) and self._resolve(link, table) is None

    def _resolve(self, link: WantedLink, table: Table) -> Ref | None:
        return self._links.resolve(link, table.source, refs=table.id_scope == "workspace")

    def _linked(self, work: Work, entry: Entry, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with what the links name; a link that names nothing is left out and remarked."""
        table, linked = work.table, dict(values)
        fields = {field.key: field for field in table.item_type.fields}
        for link in entry.links:
            ref = self._resolve(link, table)
            if ref is None:
                self._remarks.add("link", table.item_type.key, link.field, link.text, _("left empty"))
            elif fields[link.field].many:
                found = linked.setdefault(link.field, [])
                if str(ref) not in found:
                    linked[link.field] = [*found, str(ref)]
            else:
                linked.setdefault(link.field, str(ref))
        return linked

    # -- writing -------------------------------------------------------------------------------------------------------
    def _add(self, waiting: _Waiting, values: Mapping[str, Any]) -> None:
        work, entry, ref = waiting.work, waiting.entry, waiting.ref
        table = work.table
        values = self._product_rows.with_rows(table.item_type, entry.id, table.source, values)
        try:
            lacking = self._writer.add(ref, values, {"source": table.origin})
        except CrmError as error:
            self._refused(work, entry, error)
            return
        table.report.made += 1
        self._product_rows.made(ref, entry.id, table.source)
        for field in lacking:
            name = label_text(field.label, language())
            self._remarks.add("lacking", ref.type, field.key, name, _("shown as missing"))
        external = entry.id if table.id_scope == "source" else ""
        record = key_record(waiting.key, ref, entry.content, table.source, external)
        self._writer.keep(record, waiting.former.id if waiting.former else 0)
        self._links.register(ref, table.source, entry.id, self._title(table, values))

    def _title(self, table: Table, values: Mapping[str, Any]) -> str:
        return " ".join(str(values[key]) for key in table.item_type.title if values.get(key))

    # -- rejecting -----------------------------------------------------------------------------------------------------
    def _refused(self, work: Work, entry: Entry, error: CrmError) -> None:
        """Reject a row for what the rules of items say."""
        table = work.table
        table.report.rejected += 1
        columns = {column.column: column for column in table.report.columns}
        for problem in error.fields:
            for name in table.columns_of(problem.field):
                columns[name].rejected += 1
        reasons = [problem.message for problem in error.fields if problem.message not in error.message]
        self._reject(work, Rejected(entry.number, entry.cells, "; ".join([error.message, *reasons])))

    def _reject(self, work: Work, row: Rejected) -> None:
        work.file.reject(row.number, row.reason)
        self._rejects.add(work.file, work.columns, row)

    # -- comments ------------------------------------------------------------------------------------------------------
    def _comments(self, payload: Comments, file: FileReport) -> None:
        made = known = 0
        lost: list[str] = []
        keys = {one.id: id_key(SOURCE, _ANY_COMMENT, one.id) for one in payload.comments}
        here = look_up(self._session.store, keys.values())
        for one in payload.comments:
            owner = self._owner(one)
            if keys[one.id] in here or (_ANY_COMMENT, one.id) in self._seen:
                known += 1
            elif owner is None:
                lost.append(one.id)
            else:
                self._seen.add((_ANY_COMMENT, one.id))
                entry_id = self._writer.put(ENTRIES, self._comment(one, owner, file))
                self._writer.keep(key_record(keys[one.id], Ref(ENTRIES, entry_id), "", SOURCE, one.id))
                made += 1
        if made:
            file.notes.append(ngettext("{n} comment taken", "{n} comments taken", made))
        if known:
            file.notes.append(ngettext("{n} comment is here already", "{n} comments are here already", known))
        if lost:
            told = ngettext(
                "{n} comment not taken: its item is not here",
                "{n} comments not taken: their items are not here",
                len(lost),
            )
            file.notes.append(told)

    def _owner(self, comment: SourceComment) -> Ref | None:
        item_type = our_type(self._writer.workspace.types, comment.type)
        if item_type is None:
            return None
        return self._links.resolve(WantedLink("", (item_type.key,), comment.item, "id"), SOURCE)

    def _comment(self, comment: SourceComment, owner: Ref, file: FileReport) -> Doc:
        """An entry as its author wrote it then, if the author is known here."""
        people = Values(
            self._writer.workspace,
            self._writer.workspace.type(owner.type),
            self._options.decisions,
            self._remarks,
            self._session.person_key,
        )
        text = comment.text
        if comment.files:
            text = f"{text}\n[{', '.join(comment.files)}]".strip()
        by = people.author(comment.author)
        doc: Doc = {"owner": str(owner), "kind": "comment", "at": comment.created, "by": by, "text": text}
        return {**doc, "data": {"source": file.name}}
