"""Where records are kept: the Store protocol and the journal that implements it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.store.creation import create
from tuicrm.store.journal_store import JournalStore
from tuicrm.store.protocol import Indexes, Store

if TYPE_CHECKING:
    from tinydb import TinyDB

__all__ = ["Indexes", "JournalStore", "Store", "create_store", "open_store", "open_tinydb"]


def create_store(path: Path, indexes: Indexes | None = None) -> JournalStore:
    """Make an empty workspace in a missing or empty folder and open it. Raises StorageError."""
    create(Path(path))
    return JournalStore(Path(path), indexes=indexes)


def open_store(path: Path, indexes: Indexes | None = None, *, salvage: bool = False) -> JournalStore:
    """Open a workspace folder. Raises NotAWorkspace, NewerFormat, Damaged, StorageError; nothing is touched then.

    `salvage` opens what is readable, read-only; `JournalStore.damage` lists what is not."""
    return JournalStore(Path(path), salvage=salvage, indexes=indexes)


def open_tinydb(path: Path | str, user: str | None = None) -> TinyDB:
    """A workspace folder as a `tinydb.TinyDB`, for administrators' scripts: past the door, journalled all the same."""
    from tuicrm.store.tinydb_face import open_tinydb as open_face

    return open_face(path, user)
