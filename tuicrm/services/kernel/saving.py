"""Files outside of the workspace, written as a whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.store.files import storage_error


def save_file(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file as a whole, over another one only where it is to be replaced. Raises Refused, StorageError."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            # A device or a named pipe is written to, never put away for a file.
            with path.open("wb") as stream:
                stream.write(content)
            return
        if path.exists() and not replace:
            raise Refused(_("{path} exists; --force replaces it").format(path=path))
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as problem:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise storage_error(problem, path) from problem
