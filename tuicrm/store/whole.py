"""A new workspace is there whole, or not at all: what was begun in a free folder goes again where the store fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tuicrm.errors import StorageError

_FOLDERS = ("history", ".cache", "blobs", "present")
_FILES = ("CURRENT", "CURRENT.*.tmp", "*.[0-9]*.jsonl", "*.[0-9]*.jsonl.*.tmp", "ids", "lock", "compact.lock")
"""What a workspace folder holds, as patterns of names: nothing else is taken away."""


@contextmanager
def made_whole(folder: Path) -> Iterator[None]:
    """Make a workspace in the block. The folder is as it was before, missing or empty, where that ends with a StorageError."""
    was_there, free = folder.exists(), False
    with suppress(OSError):
        free = not was_there or not any(folder.iterdir())
    try:
        yield
    except StorageError:
        if free:
            _take_away(folder, all_of_it=not was_there)
        raise


def _take_away(folder: Path, *, all_of_it: bool) -> None:
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in [path for pattern in _FILES for path in folder.glob(pattern)]:
        with suppress(OSError):
            path.unlink()
    if all_of_it:
        with suppress(OSError):
            folder.rmdir()
