"""What was found, as it is shown."""

from __future__ import annotations

from typing import NamedTuple


class FoundRow(NamedTuple):
    """One item that was found. `label` says what `text` is; `field` is its key, "" for the timeline and for several values.

    `near`: only something like what was typed stands in it."""

    ref: str
    name: str
    label: str = ""
    field: str = ""
    text: str = ""
    near: bool = False


class Sought(NamedTuple):
    """What is marked where it stands: beginnings of words, and digits in numbers."""

    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
