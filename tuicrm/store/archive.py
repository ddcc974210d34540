"""How much room the past takes, and moving the old part of it out of the workspace.

Folded journals are moved whole; what they hold is known to whoever has them (`zstd -d` reads them), and to nobody in the workspace
any more: undo, history and the log reach back to the first transaction that is still here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from tuicrm.domain.progress import Tell
from tuicrm.errors import StorageError
from tuicrm.i18n import _
from tuicrm.store import manifest
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import COMPACT_LOCK, Folded

if TYPE_CHECKING:
    from tuicrm.store.opened import OpenFolder

_HISTORY = "history"
_CHUNK = 1 << 20


class Piece(NamedTuple):
    """One journal of the past: its file within the workspace, its first and last transaction (0: not known), when the last was written
    ("": not known), its bytes on the disk and as it was written."""

    file: str
    first: int
    last: int
    at: str
    size: int
    raw: int


class Archived(NamedTuple):
    """What was moved out: how many journals, their bytes, the last transaction of them and when that was written."""

    files: int
    size: int
    seq: int
    at: str


def pieces(opened: OpenFolder) -> Iterator[Piece]:
    """The journals of a workspace, oldest first, the growing one last. Raises StorageError."""
    current = opened.manifest
    try:
        for one in current.folded:
            found = opened.folder.sub(_HISTORY).stat(one.file)
            size = found.st_size if found else 0
            yield Piece(f"{_HISTORY}/{one.file}", one.first, one.last, one.at, size, one.raw or size)
        for name in current.journals:
            found = opened.folder.stat(name)
            size = found.st_size if found else 0
            yield Piece(name, 0, 0, "", size, size)
    except OSError as problem:
        raise storage_error(problem) from problem


def move_out(opened: OpenFolder, before: str, target: Path, tell: Tell = lambda _done, _of: None) -> Archived:
    """Move the folded journals whose last transaction was written before a UTC ISO time into another folder, each compared byte for
    byte before it goes. Raises StorageError, and what `tell` raises; nothing is moved then."""
    try:
        lock = FileLock(opened.folder, COMPACT_LOCK)
        try:
            if not lock.acquire(wait=False):
                raise StorageError(
                    _("{path}: a big change is being written; try again").format(path=opened.folder.path)
                )
            return _moved(opened, before, target, tell)
        finally:
            lock.close()
    except OSError as problem:
        raise storage_error(problem) from problem


def _moved(opened: OpenFolder, before: str, target: Path, tell: Tell) -> Archived:
    old = list(_older(opened.manifest.folded, before))
    if not old:
        return Archived(0, 0, opened.manifest.archived, opened.manifest.archived_at)
    history, place = opened.folder.sub(_HISTORY), Folder.making(target)
    copied: list[str] = []
    size = 0
    try:
        for one in old:
            size += _copy(history, place, one.file)
            copied.append(one.file)
            tell(len(copied), len(old))
        with opened.exclusive():
            current = opened.manifest
            rest = [one for one in current.folded if one not in old]
            changes = {"folded": rest, "archived": old[-1].last, "archived_at": old[-1].at}
            manifest.write(opened.folder, replace(current, generation=current.generation + 1, **changes))
            opened.adopt()
    except BaseException:
        for name in copied:
            with suppress(OSError):
                place.remove(name)
        raise
    finally:
        place.close()
    for one in old:
        with suppress(OSError):
            history.remove(one.file)
    return Archived(len(old), size, old[-1].last, old[-1].at)


def _older(folded: list[Folded], before: str) -> Iterator[Folded]:
    for one in folded:
        if not one.at or not one.last or one.at >= before:
            return
        yield one


def _copy(history: Folder, place: Folder, name: str) -> int:
    """Copy a journal, and read again what was written; its bytes."""
    with history.reader(name) as source, place.fresh() as file:
        digest = sha256()
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.keep(name)
    with place.reader(name) as written:
        size, again = _digest(written)
    if again != digest.digest():
        raise StorageError(_("{file}: the copy does not match the original").format(file=place.path / name))
    return size


def _digest(file: IO[bytes]) -> tuple[int, bytes]:
    digest, size = sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.digest()
