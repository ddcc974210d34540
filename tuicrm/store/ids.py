"""Ids that nobody else gets, ever: the next free one of each table, in a small file written under the lock.

The file is not synced: should power fail, what was handed out and never committed may be handed out again, which nobody can tell.
What was committed is known from the records themselves.
"""

from __future__ import annotations

import os

import msgspec

from tuicrm.store.files import storage_error, write_all
from tuicrm.store.folder import Folder
from tuicrm.store.lines import encode, seal, unseal

NAME = "ids"


class IdsFile:
    """The file `ids` of a workspace folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def take(self, table: str, n: int, least: int) -> list[int]:
        """`n` ids from `least` on or above whatever was handed out. The workspace's lock is held."""
        try:
            known = self._read()
            first = max(known.get(table, 1), least)
            known[table] = first + n
            self._write(known)
        except OSError as problem:
            raise storage_error(problem, self._folder.path / NAME) from problem
        return list(range(first, first + n))

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = self._folder.opened(NAME, os.O_RDWR)
        return self._descriptor

    def _read(self) -> dict[str, int]:
        """What was handed out. A damaged file is no loss: the records know their ids."""
        descriptor = self._open()
        os.lseek(descriptor, 0, os.SEEK_SET)
        body = unseal(os.read(descriptor, 1 << 20).rstrip(b"\n"))
        try:
            return msgspec.json.decode(body, type=dict[str, int]) if body else {}
        except msgspec.DecodeError:
            return {}

    def _write(self, known: dict[str, int]) -> None:
        descriptor = self._open()
        data = seal(encode(known))
        os.lseek(descriptor, 0, os.SEEK_SET)
        write_all(descriptor, data)
        os.ftruncate(descriptor, len(data))

    def close(self) -> None:
        """Close the file's descriptor; closing twice does no harm."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
