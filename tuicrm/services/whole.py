"""A new workspace is there whole, or not at all: what was begun in a free folder goes again where the store fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tuicrm.errors import StorageError
from tuicrm.store.creation import FOLDERS
from tuicrm.store.folder import Folder


@contextmanager
def made_whole(path: Path) -> Iterator[None]:
    """Make a workspace in the block. The folder is as it was before, missing or empty, where that ends with a StorageError."""
    was_there, free = path.exists(), False
    with suppress(OSError):
        free = not was_there or not any(path.iterdir())
    try:
        yield
    except StorageError:
        if free:
            with suppress(OSError):
                _take_away(Folder.at(path))
            if not was_there:
                with suppress(OSError):
                    path.rmdir()
        raise


def _take_away(folder: Folder) -> None:
    """What is of our own naming; what somebody else put there meanwhile stays."""
    try:
        for name in FOLDERS:
            with suppress(OSError):
                _empty(folder.sub(name))
                folder.remove_folder(name)
        _empty(folder)
    finally:
        folder.close()


def _empty(folder: Folder) -> None:
    for sub in folder.subs():
        with suppress(OSError):
            _empty(sub)
            folder.remove_folder(sub.path.name)
    for name in folder.names():
        with suppress(OSError, ValueError):
            folder.remove(name)
