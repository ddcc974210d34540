"""Backups: a copy of a workspace while people work in it, a workspace made of one, and the old part of the past moved out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import IO, NamedTuple, cast

from msgspec import Struct

from tuicrm.digests import token_hex
from tuicrm.domain.progress import Tell
from tuicrm.domain.stamps import stamp
from tuicrm.errors import AccessDenied, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.store.archive import Archived, Piece
from tuicrm.store.backup import Contents, FolderSink, TarSink, clear, folder_members, members, restore
from tuicrm.store.files import storage_error
from tuicrm.store.parts import Files

_GZIP, _ZSTANDARD = (".gz", ".tgz"), (".zst",)
_TAR = (".tar", *_GZIP, *_ZSTANDARD)


class BackupContents(Struct, frozen=True):
    """What a backup holds: when it was made (UTC), up to which transaction, its files and their bytes, how many items of each
    type and how many attachments."""

    made: str
    seq: int
    files: int
    size: int
    items: dict[str, int]
    attachments: int


class PastFiles(NamedTuple):
    """The journals of a workspace, and what was moved out of it before."""

    pieces: list[Piece]
    archived: int
    archived_at: str


# -- making one --------------------------------------------------------------------------------------------------------
def is_file(target: Path) -> bool:
    """Whether a backup goes into a file rather than a folder: by its name."""
    return target.name.endswith(_TAR)


def back_up(
    session: Session, target: Path | None, tell: Tell = lambda _done, _of: None, out: IO[bytes] | None = None
) -> BackupContents:
    """Write a backup into a new or empty folder, a new file (`.tar`, `.tar.gz`, `.tar.zst`), or (None) as a tar stream to `out`.

    Raises AccessDenied for who is no administrator, Refused where something is already, StorageError, what `tell` raises;
    nothing stays of a backup that did not end well. Folders on the way to it are made."""
    _require(session)
    files = session.store.files
    if target is None:
        sink = TarSink(out or sys.stdout.buffer, _("the output"))
        contents = _written(files, sink, tell)
        return _held(session, contents)
    if not is_file(target):
        return _held(session, files.back_up(target, tell))
    with fresh_file(target) as file, _packing(file, target.name) as packed:
        contents = _written(files, TarSink(packed, str(target)), tell)
    return _held(session, contents)


def _written(files: Files, sink: TarSink, tell: Tell) -> Contents:
    contents = files.back_up(sink, tell)
    try:
        sink.close()
    except OSError as problem:
        raise storage_error(problem) from problem
    return contents


def _require(session: Session) -> None:
    """A backup holds everything, whoever may see it."""
    if not session.access.admin:
        raise AccessDenied(
            _("Only administrators may make a backup or archive the history: it contains what others may not see.")
        )


@contextmanager
def fresh_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when all of it is written, and may be read by its owner alone."""
    fresh = target.with_name(f".{target.name}.{token_hex(4)}.new")
    try:
        if target.exists() or target.is_symlink():
            raise Refused(_("{path} already exists; name another file").format(path=target))
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise storage_error(problem, target) from problem


@contextmanager
def _packing(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    if name.endswith(_GZIP):
        import gzip

        with gzip.GzipFile(fileobj=file, mode="wb", filename="") as packed:
            yield cast("IO[bytes]", packed)
    elif name.endswith(_ZSTANDARD):
        import zstandard

        with zstandard.ZstdCompressor(write_checksum=True).stream_writer(file, closefd=False) as writer:
            yield writer
    else:
        yield file


def _held(session: Session, contents: Contents) -> BackupContents:
    counts = {key: session.whole.count(key) for key in session.workspace.types}
    return BackupContents(
        contents.made,
        contents.seq,
        len(contents.files),
        contents.size,
        {key: count for key, count in counts.items() if count},
        sum(1 for one in contents.files if one.path.startswith("blobs/")),
    )


# -- a workspace of one ------------------------------------------------------------------------------------------------
def restore_to(
    source: Path | None, target: Path, tell: Tell = lambda _done, _of: None, given: BufferedReader | None = None
) -> Contents:
    """Make a workspace of a backup (a folder, a file, or None for the tar stream `given`) in a new or empty folder. Every file is
    compared with its checksum and every record verified first.

    Raises Refused for what is no backup, Damaged, StorageError, what `tell` raises; nothing stays then."""
    with ExitStack() as stack:
        if source is not None and source.is_dir():
            files: Iterator[tuple[str, IO[bytes]]] = folder_members(source)
        elif source is None:
            files = members(given or cast("BufferedReader", sys.stdin.buffer))
        else:
            try:
                file: BufferedReader = stack.enter_context(source.open("rb"))
            except OSError as problem:
                raise storage_error(problem, source) from problem
            files = members(file)
        return restore(files, target, tell)


# -- the past ----------------------------------------------------------------------------------------------------------
def past(session: Session) -> PastFiles:
    """How much room the past takes."""
    archived, at = session.store.past.archived
    return PastFiles(list(session.store.files.past_pieces()), archived, at)


def archive(session: Session, before: datetime, target: Path, tell: Tell = lambda _done, _of: None) -> Archived:
    """Move the journals that were done before a moment out of the workspace, into a folder. Undo, history and the log then reach
    back to the first transaction that is still here. Raises AccessDenied, StorageError, what `tell` raises."""
    _require(session)
    return session.store.files.archive(stamp(before), target, tell)


__all__ = [
    "Archived",
    "BackupContents",
    "Contents",
    "FolderSink",
    "PastFiles",
    "archive",
    "back_up",
    "clear",
    "fresh_file",
    "past",
    "restore_to",
]
