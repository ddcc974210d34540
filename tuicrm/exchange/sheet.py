"""Tables of rows: what every reader of this package gives and every writer takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from tuicrm.exchange.encodings import Encoding


class SheetRow(NamedTuple):
    """One record. `number` is the line of the file where it begins, from 1, so that people find it in their editor."""

    number: int
    cells: dict[str, str]


class Rejected(NamedTuple):
    """A record that was not understood. `cells` holds what could be read; `reason` is for people, already translated."""

    number: int
    cells: dict[str, str]
    reason: str


SheetRecord: TypeAlias = SheetRow | Rejected


class Sheet(Struct, frozen=True):
    """A file as a table. `rows` can be read once and is read from the file as it is asked for.

    Column names are unique and never empty. `name` is the file's; `source` says what the file was ("csv"); `notes` tell
    people what was found out about it (encoding, separator, renamed columns). `encoding` is for reading it again.
    """

    columns: tuple[str, ...]
    rows: Iterator[SheetRecord]
    name: str
    source: str
    notes: tuple[str, ...] = ()
    encoding: Encoding | str = ""
