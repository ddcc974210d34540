"""The item types that ship, as the command line needs them before anything is opened: whether a word is one, and all of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from tuicrm.files import data_folder

USUAL = "deal"
"""What is meant where a command names no type."""


class _Head(msgspec.Struct, frozen=True):
    """What is read of a definition: the rest takes longer, and is not needed here."""

    key: str
    sort: int
    smart: bool = False


def is_built_in(word: str) -> bool:
    """Whether a word is the key of a type that ships; the template of types of one's own is none."""
    path = _folder() / f"{word}.json"
    return word.isidentifier() and path.is_file() and not _head(path).smart


@cache
def built_in() -> tuple[str, ...]:
    """The keys of the types that ship, in their order."""
    heads = [_head(path) for path in _folder().glob("*.json")]
    return tuple(one.key for one in sorted(heads, key=lambda one: one.sort) if not one.smart)


def _folder() -> Path:
    return data_folder() / "types"


def _head(path: Path) -> _Head:
    return msgspec.json.decode(path.read_bytes(), type=_Head)
