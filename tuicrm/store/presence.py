"""Who is in a workspace: a file for each running session in `present/`, locked as long as it runs.

A session that died, however it died, has no lock: whoever looks next takes its file away. What a session tells of itself is a
small document, written in place; the folder's time stamp says that one was. Nothing here is worth an fsync, and nothing fails
anybody's work.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tuicrm.store.files import open_shared
from tuicrm.store.locks import FileLock
from tuicrm.store.protocol import Doc

LOOK_AGAIN = 1.0
"""Seconds after which files are looked at though nothing was told: how long a dead session may seem to be here."""


class Presence:
    """This session's file, and what the others tell."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "present"
        self._own: Path | None = None
        self._lock: FileLock | None = None
        self._stamp = 0
        self._looked = 0.0
        self._others: list[Doc] = []

    def tell(self, doc: Mapping[str, Any]) -> None:
        """Say who is here and where. Where the folder cannot be written, nobody sees it."""
        with suppress(OSError):
            while self._own is None or not self._own.exists():
                self._begin()
            descriptor = open_shared(self._own, os.O_WRONLY)
            try:
                data = msgspec.json.encode(doc)
                os.pwrite(descriptor, data, 0)
                os.ftruncate(descriptor, len(data))
            finally:
                os.close(descriptor)
            os.utime(self._folder)

    def _begin(self) -> None:
        """Make and lock the own file. Between the two, somebody may have taken it for a dead session's: then once more."""
        if self._lock is not None:
            self._lock.close()
        self._own = self._folder / f"{os.getpid()}-{os.urandom(4).hex()}"
        self._lock = FileLock(self._own)
        self._lock.acquire()

    def look(self) -> bool:
        """Read what others tell, if anything may be new: one `stat` otherwise. Whether it is other than before."""
        try:
            stamp = self._folder.stat().st_mtime_ns
        except OSError:
            return False
        now = time.monotonic()
        if stamp == self._stamp and now - self._looked < LOOK_AGAIN:
            return False
        self._stamp, self._looked = stamp, now
        before, self._others = self._others, self._read()
        return self._others != before

    def others(self) -> list[Doc]:
        """What the other sessions told last, by their files' names."""
        return list(self._others)

    def _read(self) -> list[Doc]:
        found: list[Doc] = []
        with suppress(OSError):
            for path in sorted(self._folder.iterdir()):
                if path != self._own and (doc := self._living(path)) is not None:
                    found.append(doc)
        return found

    @staticmethod
    def _living(path: Path) -> Doc | None:
        """What a session tells; None for a dead one, whose file is taken away, and for what is no session's."""
        try:
            lock = FileLock(path, make=False)
        except OSError:
            return None
        try:
            if lock.acquire(shared=True, wait=False):
                with suppress(OSError):
                    path.unlink()
                return None
            with suppress(OSError, msgspec.DecodeError):
                doc = msgspec.json.decode(path.read_bytes())
                return doc if isinstance(doc, dict) else None
            return None
        finally:
            lock.close()

    def close(self) -> None:
        """Go. The file goes first, so that nobody takes it for a dead one's."""
        if self._own is not None and self._lock is not None:
            with suppress(OSError):
                self._own.unlink()
            self._lock.close()
            self._own = self._lock = None
