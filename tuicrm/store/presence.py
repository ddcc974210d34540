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
from typing import Any

import msgspec

from tuicrm.regex import regex
from tuicrm.store.folder import Folder
from tuicrm.store.locks import FileLock
from tuicrm.store.protocol import Doc

_NAME = regex(r"\d+-[0-9a-f]{8}")
"""A session's file: its process, and what tells it from others. Nothing else in the folder is looked at, or taken away."""

LOOK_AGAIN = 1.0
"""Seconds after which files are looked at though nothing was told: how long a dead session may seem to be here."""


class FolderPresence:
    """This session's file, and what the others tell."""

    def __init__(self, folder: Folder) -> None:
        self.hidden = False
        """Whether it tells nothing of itself: where nothing is written."""
        self._workspace = folder
        self._own = ""
        self._lock: FileLock | None = None
        self._stamp = 0
        self._looked = 0.0
        self._others: list[Doc] = []

    def tell(self, doc: Mapping[str, Any]) -> None:
        """Say who is here and where. Where the folder cannot be written, nobody sees it."""
        if self.hidden:
            return
        with suppress(OSError):
            folder = self._folder()
            while not self._own or folder.stat(self._own) is None:
                self._begin(folder)
            descriptor = folder.open(self._own, os.O_WRONLY)
            try:
                data = msgspec.json.encode(doc)
                os.pwrite(descriptor, data, 0)
                os.ftruncate(descriptor, len(data))
            finally:
                os.close(descriptor)
            folder.touch()

    def _folder(self) -> Folder:
        return self._workspace.sub("present")

    def _begin(self, folder: Folder) -> None:
        """Make and lock the own file. Between the two, somebody may have taken it for a dead session's: then once more."""
        if self._lock is not None:
            self._lock.close()
        self._own = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._lock = FileLock(folder, self._own)
        self._lock.acquire()

    def look(self) -> bool:
        """Read what others tell, if anything may be new: one `stat` otherwise. Whether it is other than before."""
        try:
            stamp = self._folder().changed()
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
            folder = self._folder()
            for name in folder.names():
                if name != self._own and _NAME.fullmatch(name) and (doc := self._living(folder, name)) is not None:
                    found.append(doc)
        return found

    @staticmethod
    def _living(folder: Folder, name: str) -> Doc | None:
        """What a session tells; None for a dead one, whose file is taken away, and for what is no session's."""
        try:
            lock = FileLock(folder, name, make=False)
        except OSError:
            return None
        try:
            if lock.acquire(shared=True, wait=False):
                with suppress(OSError):
                    folder.remove(name)
                return None
            with suppress(OSError, msgspec.DecodeError):
                doc = msgspec.json.decode(folder.read(name))
                return doc if isinstance(doc, dict) else None
            return None
        finally:
            lock.close()

    def close(self) -> None:
        """Go. The file goes first, so that nobody takes it for a dead one's."""
        if self._lock is not None:
            with suppress(OSError):
                self._folder().remove(self._own)
            self._lock.close()
            self._own, self._lock = "", None
