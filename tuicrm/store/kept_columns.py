"""Columns of a snapshot kept in `.cache/`: a snapshot never changes, so neither do they.

Disposable: made anew when missing, stale, damaged, or read otherwise by this tuicrm.
"""

from __future__ import annotations

import contextlib
import zlib
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from tuicrm.digests import blake2b
from tuicrm.domain import matching
from tuicrm.domain.money import Money
from tuicrm.errors import StorageError
from tuicrm.files import code_digest
from tuicrm.store.column import Kept, SeveralReadings
from tuicrm.store.folder import Folder

_CHECK = 4  # bytes of the checksum before the rest


@lru_cache(maxsize=1)
def _reading() -> str:
    """What stands for the way values are read: another tuicrm may read them otherwise."""
    return code_digest(matching)


def name_of(snapshot: str, path: str, form: str) -> str:
    """The file of a column of a snapshot."""
    name = blake2b(f"{path}\0{form}\0{_reading()}".encode(), digest_size=8).hexdigest()
    return f"{snapshot}.{name}.col"


def load(cache: Folder, name: str, size: int, count: int) -> Kept | None:
    """The column that was kept for a snapshot of this size with so many records; None when there is none, or it is damaged."""
    try:
        content = cache.read(name)
        if zlib.crc32(content[_CHECK:]) != int.from_bytes(content[:_CHECK], "little"):
            return None
        of_size, entries, codes, width = msgspec.msgpack.decode(content[_CHECK:])
        if of_size != size or len(codes) != count * width:
            return None
        return Kept([_restored(entry) if entry.__class__ is dict else entry for entry in entries], codes, width)
    except (OSError, ValueError, TypeError, KeyError, ArithmeticError, msgspec.DecodeError):
        return None


def save(cache: Folder, name: str, size: int, kept: Kept) -> None:
    """Keep a column. Not being able to is no error."""
    if not _reading():
        return
    entries = [entry if entry.__class__ is str else _plain(entry) for entry in kept.entries]
    body = msgspec.msgpack.encode([size, entries, kept.codes, kept.width])
    with contextlib.suppress(OSError, StorageError):
        cache.replace(name, [zlib.crc32(body).to_bytes(_CHECK, "little"), body], durable=False)


def _plain(entry: object) -> object:
    """An entry in what MessagePack has; what it has not becomes a map of one member."""
    if isinstance(entry, Money):
        return {"m": [str(entry.amount), entry.currency]}
    if isinstance(entry, Decimal):
        return {"d": str(entry)}
    if isinstance(entry, tuple):
        return {"s": [_plain(one) for one in entry]}
    return entry


def _restored(entry: dict[str, Any]) -> Money | Decimal | SeveralReadings:
    ((kind, value),) = entry.items()
    if kind == "m":
        return Money(Decimal(value[0]), value[1])
    if kind == "d":
        return Decimal(value)
    return SeveralReadings(_restored(one) if isinstance(one, dict) else one for one in value)


def load_sealed(cache: Folder, name: str, size: int) -> bytes | None:
    """What was kept for a snapshot of this size; None when there is none, or it is damaged."""
    with contextlib.suppress(OSError):
        content = cache.read(name)
        body = content[_CHECK:]
        if (
            zlib.crc32(body) == int.from_bytes(content[:_CHECK], "little")
            and int.from_bytes(body[:8], "little") == size
        ):
            return body[8:]
    return None


def save_sealed(cache: Folder, name: str, size: int, content: bytes) -> None:
    """Keep something. Not being able to is no error."""
    body = size.to_bytes(8, "little") + content
    with contextlib.suppress(OSError, StorageError):
        cache.replace(name, [zlib.crc32(body).to_bytes(_CHECK, "little"), body], durable=False)
