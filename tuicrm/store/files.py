"""Files of a workspace folder: shared by a Unix group whatever the umask, and replaced whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable
from pathlib import Path

from tuicrm.errors import ReadOnlyStore, StorageError, StorageFull
from tuicrm.i18n import _

_FILE_MODE, _FOLDER_MODE = 0o660, 0o2770
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_RIGHT = (errno.EROFS, errno.EACCES, errno.EPERM)
_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def storage_error(problem: OSError, path: Path) -> StorageError:
    """The error people see for an OSError at a file."""
    reason = problem.strerror or str(problem)
    if problem.errno in _NO_SPACE:
        return StorageFull(_("{path}: {reason}; nothing was written").format(path=path, reason=reason))
    if problem.errno in _NO_RIGHT:
        return ReadOnlyStore(_("{path}: {reason}").format(path=path, reason=reason))
    return StorageError(_("{path}: {reason}").format(path=path, reason=reason))


def open_shared(path: Path, flags: int) -> int:
    """Open for a group: 0660 by `fchmod` when made here, whatever the umask."""
    try:
        descriptor = os.open(path, flags & ~os.O_CREAT | _FLAGS)
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
        descriptor = os.open(path, flags | _FLAGS, _FILE_MODE)
        with contextlib.suppress(OSError):
            os.chmod(path, _FILE_MODE)
    return descriptor


def make_folder(path: Path) -> None:
    """Make a folder for a group (setgid: what is made in it belongs to the group)."""
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            path.chmod(_FOLDER_MODE)


def sync_folder(path: Path) -> None:
    """Make renames in a folder last. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; a short write goes on where it stopped. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_atomic(path: Path, chunks: Iterable[bytes], *, durable: bool = True) -> None:
    """Replace a file whole: temporary file, fsync, rename, fsync of the folder. The former one stays on any failure."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = open_shared(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
        if durable:
            sync_folder(path.parent)
    except BaseException as problem:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(problem, OSError):
            raise storage_error(problem, path) from problem
        raise
