"""Advisory locks on files that are never deleted. A lock of a process that died is gone with it.

A few lines over `fcntl` and `msvcrt`: lock libraries import asyncio, 40 ms.
"""

from __future__ import annotations

import os
import sys

from tuicrm.store.folder import Folder

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, shared: bool, wait: bool) -> None:  # noqa: ARG001 - no shared lock of this kind there
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int, shared: bool, wait: bool) -> None:
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, how if wait else how | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class FileLock:
    """A lock between processes, and between stores of one process. Not re-entrant."""

    def __init__(self, folder: Folder, name: str, *, make: bool = True) -> None:
        """Raises OSError when the file cannot be opened for writing, or is not there and not to be made."""
        self._folder, self._name = folder, name
        self._descriptor = folder.opened(name, os.O_RDWR) if make else folder.open(name, os.O_RDWR)
        found = os.fstat(self._descriptor)
        self._identity = found.st_dev, found.st_ino

    def acquire(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock; False when `wait` is off and another holds it."""
        try:
            _lock(self._descriptor, shared, wait)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def release(self) -> None:
        """Give the lock back: who waits for it may have it."""
        _unlock(self._descriptor)

    def is_still_here(self) -> bool:
        """Whether the name still stands for this file: one that was taken away locks nobody out."""
        found = self._folder.stat(self._name)
        return found is not None and (found.st_dev, found.st_ino) == self._identity

    def close(self) -> None:
        """Close the file; the lock goes with it."""
        os.close(self._descriptor)
