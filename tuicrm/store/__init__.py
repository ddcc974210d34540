"""Where records are kept: the Store protocol and the journal that implements it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.store.journal_store import JournalStore
from tuicrm.store.places import create_store, open_store
from tuicrm.store.protocol import Indexes, Store

if TYPE_CHECKING:
    from tinydb import TinyDB

__all__ = ["Indexes", "JournalStore", "Store", "create_store", "open_store", "open_tinydb"]


def open_tinydb(path: Path | str, user: str | None = None) -> TinyDB:
    """A workspace folder as a `tinydb.TinyDB`, for administrators' scripts: past the door, journalled all the same."""
    from tuicrm.store.tinydb_face import open_tinydb as open_face

    return open_face(path, user)
