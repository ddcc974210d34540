"""A run: the files are opened and their rows taken (`rows.py`), all of it as one change; what came of it is reported."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tuicrm.domain.importing import Report
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _, ngettext
from tuicrm.services.importing.definitions.layout_definitions import Ask
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.run.duplicate_rows import DuplicateRows
from tuicrm.services.importing.run.files import OpenedFiles
from tuicrm.services.importing.run.rows import RowsOfRun, TellFile
from tuicrm.services.importing.tables.rejecting import RejectFiles
from tuicrm.services.kernel.bulk import Bulk
from tuicrm.services.kernel.session import Session

_AS_IT_IS = ImportOptions()


class ImportStopped(Exception):
    """Raised by a `TellFile` to stop the run: nothing of it stays."""


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
    is written then. Files that cannot be read are reported. A run that `progress` stops (ImportStopped) gives a report that says
    so."""
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
                wrote = RowsOfRun(session, opened, options, remarks, rejects, duplicates, bulk, tell).all()
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
