"""winmail.dat, in which Outlook wraps what it sends: the files within, and the text where the mail has no other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

_MOST_FILES = 200
_MOST_BYTES = 32 << 20

KINDS = ("application/ms-tnef", "application/vnd.ms-tnef")
NAMES = ("winmail.dat", "win.dat")


def unwrapped(content: bytes) -> tuple[str, list[tuple[str, bytes]]] | None:
    """The text within, and the files by name; None for what cannot be read: then it stays as it came."""
    if len(content) > _MOST_BYTES:
        return None
    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    try:
        from tnefparse import TNEF  # type: ignore[import-untyped]

        read = TNEF(content)
        files = list(_files(read))
        text = _text(read)
    except Exception:  # noqa: BLE001 - a reader of hostile bytes: whatever it stumbles over, the file stays as it came
        return None
    return (text, files) if text or files else None


def _files(read: Any) -> Iterator[tuple[str, bytes]]:
    for one in read.attachments[:_MOST_FILES]:
        if isinstance(one.data, bytes):
            yield str(one.long_filename() or one.name or ""), one.data


def _text(read: Any) -> str:
    body = read.body
    return body.decode("cp1252", "replace") if isinstance(body, bytes) else str(body or "")
