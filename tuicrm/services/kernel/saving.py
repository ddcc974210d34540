"""Files outside of the workspace, written as a whole."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from tuicrm.digests import token_hex
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.store.files import storage_error

_NAMED = 100


def save_file(path: Path, content: bytes, *, replace: bool, waits: bool = True) -> None:
    """Write a file as a whole, over another one only where it is to be replaced. What is no file (a named pipe) may have to be waited
    for: it is refused where nobody `waits`. Raises Refused, StorageError."""
    fresh: Path | None = None
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            if not waits:
                raise Refused(_("{path} is not a file.").format(path=path))
            # A device or a named pipe is written to, never put away for a file.
            with path.open("wb") as stream:
                stream.write(content)
            return
        if path.exists() and not replace:
            raise Refused(_("{path} exists; --force replaces it").format(path=path))
        fresh = path.with_name(f".{path.name[:_NAMED]}.{token_hex(8)}.new")
        _write(fresh, content, like=path)
        fresh.replace(path)
    except OSError as problem:
        if fresh is not None:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        raise storage_error(problem, path) from problem


def _write(path: Path, content: bytes, *, like: Path) -> None:
    """Write a new file, which is nobody else's, to be read by whom another one was to be read by."""
    mode = 0o666
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(like.stat().st_mode) & 0o666
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(opened, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
