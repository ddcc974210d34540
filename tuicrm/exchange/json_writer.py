"""JSON, an item a line inside one object, safe to show in a terminal: what a terminal must not get is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO

import msgspec

from tuicrm.harmless import numbered


def encode(value: object) -> bytes:
    """One value as JSON on one line."""
    return numbered(msgspec.json.encode(value).decode()).encode()


def write_json(
    stream: BinaryIO,
    head: Mapping[str, Any],
    key: str,
    items: Iterable[Any],
    tail: Callable[[], Mapping[str, Any]] = dict,
) -> int:
    """Write `{…head, key: […items], "total": n, …tail}`, the items as they come, and the tail as it is once they are all written.
    Returns how many there were."""
    opening = encode(dict(head)).removesuffix(b"}")
    stream.write(opening + (b"," if head else b"") + encode(key) + b":[")
    count = 0
    for item in items:
        stream.write((b",\n" if count else b"\n") + encode(item))
        count += 1
    stream.write(b'\n],"total":%d' % count)
    for name, value in tail().items():
        stream.write(b",\n" + encode(name) + b":" + encode(value))
    stream.write(b"}\n")
    return count
