"""Making an empty workspace folder."""

from __future__ import annotations

import os
from pathlib import Path

from tuicrm.digests import token_hex
from tuicrm.errors import StorageError
from tuicrm.i18n import _
from tuicrm.store import manifest
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.manifest import Manifest, journal_name

FOLDERS = ("history", ".cache", "blobs", "present")
"""The folders in a workspace's."""


def create(path: Path) -> None:
    """Make an empty workspace in a folder that is missing or empty. Raises StorageError when it holds anything."""
    folder = new_folder(path)
    try:
        name = journal_name(1)
        os.close(folder.new(name))
        manifest.write(folder, Manifest(manifest.FORMAT, 1, 0, {}, [name], id=token_hex(8)))
    except OSError as problem:
        raise storage_error(problem, path) from problem
    finally:
        folder.close()


def new_folder(path: Path) -> Folder:
    """A folder with those of a workspace in it, and no manifest yet. Raises StorageError when it holds anything."""
    try:
        folder = Folder.making(path)
    except (FileExistsError, NotADirectoryError):
        raise StorageError(_("{path} is not a folder").format(path=path)) from None
    except OSError as problem:
        raise storage_error(problem, path) from problem
    try:
        names = folder.names()
        if manifest.NAME in names:
            raise StorageError(_("{path} is already a workspace").format(path=path))
        if names:
            raise StorageError(
                _("{path} is not empty: choose a new or an empty folder for the workspace").format(path=path)
            )
        for name in FOLDERS:
            folder.made(name)
        folder.sync()
    except OSError as problem:
        folder.close()
        raise storage_error(problem, path) from problem
    except StorageError:
        folder.close()
        raise
    return folder
