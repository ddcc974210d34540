"""What is derived from the records and kept beside them: an SQLite file in a cache folder, which any session may write, and which can
be deleted at any moment. A damaged one is made anew.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tuicrm.errors import IndexTrouble, StorageFull
from tuicrm.i18n import _
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder

_PATIENCE = 10.0
"""Seconds to wait for another session that is writing."""


def no_room(error: sqlite3.Error | OSError, path: Path | None) -> StorageFull | None:
    """The error of a full disk, where that is what it was; None for any other."""
    if isinstance(error, OSError):
        told = storage_error(error, path or Path(str(error.filename or "")))
        return told if isinstance(told, StorageFull) else None
    # Of a disk that is full SQLite says so of its own files; of memory shared through one (-shm) it only says that it failed.
    if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return None
    return StorageFull(_("{path}: {reason}; nothing was written").format(path=path, reason=error))


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """What SQLite makes of damage; a full disk, a lock or a mistake of ours is of a class beneath it."""
    return type(error) is sqlite3.DatabaseError


class Derived:
    """One such file: `reading` from any thread, `writing` one at a time over all sessions. Readers never wait for a writer."""

    def __init__(self, folder: Folder, name: str, schema: str) -> None:
        """`schema` makes the tables; a file of another schema has another name. Raises OSError, sqlite3.Error where nothing can be
        kept there."""
        self.path = folder.path / name
        self._folder, self._name = folder, name
        self._schema = schema
        self._lock = threading.RLock()
        self._write_lock = threading.RLock()
        self._closed = False
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._remove()
            self._open()

    def _open(self) -> None:
        self._writer = self._connect()
        try:
            self._writer.execute("PRAGMA journal_mode=WAL")
            self._writer.execute("PRAGMA journal_size_limit=4194304")
            self._writer.executescript(self._schema)
            self._reader = self._connect()
            self._reader.execute("PRAGMA query_only=1")
        except BaseException:
            self._writer.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        connection = self._folder.database(self._name, patience=_PATIENCE)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA cache_size=-8000")
        return connection

    def _remove(self) -> None:
        for beside in ("", "-wal", "-shm"):
            self._folder.remove(self._name + beside)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with. Damage as with `writing`."""
        with self._lock, self._mending():
            yield self._reader

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all or nothing. Raises IndexTrouble; a file that is found damaged is made anew, empty, then."""
        with self._write_lock, self._mending():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                # On a full disk SQLite has rolled back already, or not: nobody else can write as long as it has not.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def _mending(self) -> Iterator[None]:
        try:
            if self._closed:
                raise sqlite3.ProgrammingError("closed")
            yield
        except sqlite3.Error as error:
            if isinstance(error, sqlite3.DatabaseError) and _is_damage(error):
                self.make_anew()
            raise IndexTrouble(str(error), no_room(error, self.path)) from error

    def make_anew(self) -> None:
        """Begin with an empty file."""
        with self._write_lock, self._lock:
            self._writer.close()
            self._reader.close()
            self._remove()
            self._open()

    def interrupt(self) -> None:
        """Let a reading that is going on end with IndexTrouble: nobody waits for it any more."""
        if not self._closed:
            self._reader.interrupt()

    def close(self) -> None:
        """Let go of it; again is nothing."""
        with self._write_lock, self._lock:
            if not self._closed:
                self._closed = True
                self._reader.close()
                self._writer.close()
