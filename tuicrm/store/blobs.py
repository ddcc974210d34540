"""Attachments and documents: written once, named by their content (sha256)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import BinaryIO

from tuicrm.errors import Damaged, NotFound
from tuicrm.i18n import _
from tuicrm.store.files import make_folder, storage_error, sync_folder

_CHUNK = 1 << 20
_HEX = frozenset("0123456789abcdef")


def blob_path(folder: Path, digest: str) -> Path:
    """Raises NotFound for what is no digest: names never come from people."""
    if len(digest) != 64 or not _HEX.issuperset(digest):
        raise NotFound(_("There is no such file in this workspace."))
    return folder / "blobs" / digest[:2] / digest


def put(folder: Path, data: bytes | BinaryIO) -> str:
    """Keep a content; returns its digest. The same content twice is kept once."""
    # 6 ms that only a file costs.
    from hashlib import sha256
    from tempfile import mkstemp

    place = folder / "blobs"
    try:
        make_folder(place)
        descriptor, temporary = mkstemp(dir=place)
        try:
            digest = sha256()
            with os.fdopen(descriptor, "wb") as file:
                chunk = data if isinstance(data, bytes) else data.read(_CHUNK)
                while chunk:
                    digest.update(chunk)
                    file.write(chunk)
                    chunk = b"" if isinstance(data, bytes) else data.read(_CHUNK)
                file.flush()
                os.fsync(file.fileno())
            path = blob_path(folder, digest.hexdigest())
            if path.exists():
                os.unlink(temporary)
            else:
                make_folder(path.parent)
                os.chmod(temporary, 0o440)
                os.replace(temporary, path)
                sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as problem:
        raise storage_error(problem, place) from problem
    return digest.hexdigest()


def open_blob(folder: Path, digest: str) -> BinaryIO:
    """Raises NotFound, and Damaged when the content is not what its name says."""
    path = blob_path(folder, digest)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise NotFound(_("There is no such file in this workspace.")) from None
    except OSError as problem:
        raise storage_error(problem, path) from problem
    if not intact(file, digest):
        file.close()
        raise Damaged(_("{file}: the content is not what its name says").format(file=path))
    return file


def intact(file: BinaryIO, digest: str) -> bool:
    """Whether an open blob's content fits its name; leaves it at its beginning."""
    from hashlib import sha256

    found = sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest() == digest
