"""Attachments and documents: written once, named by their content (sha256)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from tuicrm.errors import Damaged, NotFound
from tuicrm.i18n import _
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder

if TYPE_CHECKING:
    from tuicrm.store.opened import OpenFolder

NAME = "blobs"
_CHUNK = 1 << 20
_HEX = frozenset("0123456789abcdef")


def is_digest(name: str) -> bool:
    """Whether a name is that of a content."""
    return len(name) == 64 and _HEX.issuperset(name)


def place(digest: str) -> tuple[str, str]:
    """The folder in `blobs/` and the name there. Raises NotFound for what is no digest: names never come from people."""
    if not is_digest(digest):
        raise NotFound(_("There is no such file in this workspace."))
    return digest[:2], digest


def put(folder: Folder, data: bytes | BinaryIO) -> str:
    """Keep a content; returns its digest. The same content twice is kept once. Raises StorageError."""
    # 3 ms that only a file costs.
    from hashlib import sha256

    try:
        kept = folder.made(NAME)
        digest = sha256()
        source = BytesIO(data) if isinstance(data, bytes) else data
        with kept.fresh() as file:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
            within, name = place(digest.hexdigest())
            target = kept.made(within)
            if target.stat(name) is None:
                file.keep(name, target, mode=0o440)
    except OSError as problem:
        raise storage_error(problem, folder.path / NAME) from problem
    return name


def open_blob(folder: Folder, digest: str) -> BinaryIO:
    """Raises NotFound, and Damaged when the content is not what its name says."""
    within, name = place(digest)
    path = folder.path / NAME / within / name
    try:
        file = folder.sub(NAME).sub(within).reader(name)
    except FileNotFoundError:
        raise NotFound(_("There is no such file in this workspace.")) from None
    except OSError as problem:
        raise storage_error(problem, path) from problem
    if not intact(file, digest):
        file.close()
        raise Damaged(_("{file}: the content does not match its name").format(file=path))
    return file


def intact(file: BinaryIO, digest: str) -> bool:
    """Whether an open blob's content fits its name; leaves it at its beginning."""
    from hashlib import sha256

    found = sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest() == digest


def digests(folder: Folder) -> Iterator[str]:
    """All that are kept, in order, by their names."""
    try:
        folders = folder.sub(NAME).subs()
    except OSError:
        return
    for within in folders:
        for name in within.names():
            if is_digest(name) and name.startswith(within.path.name):
                yield name


class FolderBlobs:
    """The contents that a workspace folder keeps (`parts.Blobs`)."""

    def __init__(self, opened: OpenFolder) -> None:
        self._opened = opened

    def put(self, data: bytes | BinaryIO) -> str:
        self._opened.check_writable()
        return put(self._opened.folder, data)

    def open(self, digest: str) -> BinaryIO:
        return open_blob(self._opened.folder, digest)

    def digests(self) -> Iterator[str]:
        return digests(self._opened.folder)

    def size(self, digest: str) -> int:
        """Its bytes; 0 for one that is gone."""
        within, name = place(digest)
        known = self._opened.folder.sub(NAME).sub(within).stat(name)
        return known.st_size if known is not None else 0
