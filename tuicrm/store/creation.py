"""Making an empty workspace folder."""

from __future__ import annotations

import os
from pathlib import Path

from tuicrm.errors import StorageError
from tuicrm.i18n import _
from tuicrm.store import manifest
from tuicrm.store.files import make_folder, open_shared, storage_error, sync_folder
from tuicrm.store.manifest import Manifest, journal_name


def create(folder: Path) -> None:
    """Make an empty workspace in a folder that is missing or empty. Raises StorageError when it holds anything."""
    try:
        if folder.exists() and not folder.is_dir():
            raise StorageError(_("{path} is no folder").format(path=folder))
        if (folder / manifest.NAME).exists():
            raise StorageError(_("{path} is a workspace already").format(path=folder))
        if folder.exists() and any(folder.iterdir()):
            raise StorageError(
                _("{path} is not empty: a new workspace needs a new or an empty folder").format(path=folder)
            )
        make_folder(folder)
        for name in ("history", ".cache", "blobs", "present"):
            make_folder(folder / name)
        os.close(open_shared(folder / journal_name(1), os.O_RDWR | os.O_CREAT))
        sync_folder(folder)
    except OSError as problem:
        raise storage_error(problem, folder) from problem
    manifest.write(folder, Manifest(manifest.FORMAT, 1, 0, {}, [1]))
