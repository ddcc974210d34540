"""What every file of the store has in common: how it is written whole, and what people are told where that fails."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from tuicrm.errors import ForeignFile, ReadOnlyStore, StorageError, StorageFull
from tuicrm.i18n import _

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_RIGHT = (errno.EROFS, errno.EACCES, errno.EPERM)


class NotOurs(OSError):
    """A link, a pipe, a folder, a file of somebody else stands where one of the workspace's own files is to be."""


def storage_error(problem: OSError, path: Path | None = None) -> StorageError:
    """The error people see for an OSError at a file; without `path`, at the one that the problem names."""
    path = path or Path(str(problem.filename or ""))
    reason = problem.strerror or str(problem)
    if isinstance(problem, NotOurs):
        return ForeignFile(_("{path}: {reason}").format(path=problem.filename, reason=reason))
    if problem.errno in _NO_SPACE:
        return StorageFull(_("{path}: {reason}; nothing was written").format(path=path, reason=reason))
    if problem.errno in _NO_RIGHT:
        return ReadOnlyStore(_("{path}: {reason}").format(path=path, reason=reason))
    return StorageError(_("{path}: {reason}").format(path=path, reason=reason))


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; a short write goes on where it stopped. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
