"""Where rejected rows go: a file for each that was imported, beside nothing that is there already, kept only when the run is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from tuicrm.domain.importing import FileReport
from tuicrm.errors import Refused
from tuicrm.exchange.rejects import Rejects
from tuicrm.exchange.sheet import Rejected
from tuicrm.i18n import _
from tuicrm.store.files import storage_error


class RejectFiles:
    """A context manager around a run. Rows are written under names of their own until `keep`; without it nothing stays. `finish` comes
    before what is imported shows: rows that find no room are no reason to import the others without them.

    `where` is a file, for one imported file, or a folder; None is the folder of each imported file. Raises Refused for a file that
    is there already, or for one file and several imported ones; StorageError where nothing can be written."""

    def __init__(
        self, where: Path | None, imported: Sequence[Path], reports: Sequence[FileReport], *, dry: bool
    ) -> None:
        """`reports` are those of the imported files, in their order."""
        self._dry = dry
        self._beside = {id(report): path.parent for report, path in zip(reports, imported, strict=True)}
        self._folder = where if where is not None and (where.is_dir() or len(imported) != 1) else None
        self._file = where if where is not None and self._folder is None else None
        if self._file is not None and self._file.exists():
            raise Refused(_("{path} exists already; name another file for the rejected rows").format(path=self._file))
        if self._folder is not None and not self._folder.is_dir():
            raise Refused(
                _("{path} is not a folder; several files need one for their rejected rows").format(path=where)
            )
        self._open: dict[int, tuple[FileReport, Rejects, Path]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> RejectFiles:
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError):
            self._stack.close()
        for _report, rejects, _path in self._open.values():
            with suppress(OSError):
                rejects.path.unlink()

    def add(self, report: FileReport, columns: Sequence[str], row: Rejected) -> None:
        """Write one row for the file of this report."""
        if self._dry:
            return
        if id(report) not in self._open:
            folder = self._folder or self._beside[id(report)]
            path = self._file or _free(folder / f"{Path(report.name).stem}.rejects.csv")
            fresh = path.with_name(f".{path.name}.{len(self._open)}.new")
            self._open[id(report)] = report, self._stack.enter_context(Rejects(fresh, columns)), path
        _report, rejects, path = self._open[id(report)]
        try:
            rejects.add(row)
        except OSError as error:
            raise storage_error(error, path) from error

    def finish(self) -> None:
        """All rows are told: have them on the disk."""
        for _report, rejects, path in self._open.values():
            try:
                rejects.finish()
            except OSError as error:
                raise storage_error(error, path) from error

    def keep(self) -> None:
        """The run is done: give the files their names, and tell the reports."""
        self._stack.close()
        for report, rejects, path in self._open.values():
            try:
                rejects.path.replace(path)
            except OSError as error:
                report.notes.append(f"{path}: {error.strerror}")
                report.rejects_file = str(rejects.path)
            else:
                report.rejects_file = str(path)
        self._open.clear()


def _free(path: Path) -> Path:
    """A name that nothing has: a file from before may be one that somebody is just correcting."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
