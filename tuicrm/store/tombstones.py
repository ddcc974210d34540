"""Deleted fields (STORE.md, "A deleted custom field"): a tombstone in the schema hides a field's values from every reading at once.

No document is rewritten for it: who writes a record carries the hidden values along, so that lifting the tombstone brings all of
them back. Compaction drops them from the snapshots and keeps them in `history/dropped.*.jsonl`, where undo finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw

from tuicrm.digests import token_hex
from tuicrm.errors import Damaged
from tuicrm.i18n import _
from tuicrm.store.folder import Folder
from tuicrm.store.lines import encode, seal, unseal
from tuicrm.store.protocol import Doc

SCHEMA = "field"
"""The table of the schema: a record names a table (`type`) and one of its top-level fields (`key`); `deleted` is the tombstone."""


class Dropped(msgspec.Struct, frozen=True):
    """What was dropped of one table: values of records by id. `fields` are those that were deleted then, even without values."""

    table: str
    fields: list[str]
    records: list[tuple[int, dict[str, Raw]]]


def dead_fields(schema: Iterable[Doc]) -> dict[str, frozenset[str]]:
    """The fields under a tombstone, by table."""
    found: dict[str, set[str]] = {}
    for doc in schema:
        table, field = doc.get("type"), doc.get("key")
        if doc.get("deleted") is True and isinstance(table, str) and isinstance(field, str):
            found.setdefault(table, set()).add(field)
    return {table: frozenset(fields) for table, fields in found.items()}


def without(doc: Doc, dead: frozenset[str]) -> Doc:
    """The document as it is read."""
    return doc if dead.isdisjoint(doc) else {key: value for key, value in doc.items() if key not in dead}


class Dropping:
    """Takes the dead fields out of one table's records while its snapshot is written."""

    def __init__(self, table: str, dead: frozenset[str], gone: Iterable[str]) -> None:
        """`gone` are the dead fields that the former snapshot held no values of already."""
        self._table = table
        self._dead = dead
        self._marks = [encode(name) + b":" for name in sorted(dead)]
        self._fields = set(dead.difference(gone))
        self._records: list[tuple[int, dict[str, Raw]]] = []

    def living(self, record_id: int, raw: bytes) -> bytes:
        """The document without its dead fields, which are noted."""
        if not any(mark in raw for mark in self._marks):
            return raw
        doc = msgspec.json.decode(raw, type=dict[str, Raw])
        dropped = {name: doc.pop(name).copy() for name in self._dead.intersection(doc)}
        if not dropped:
            return raw
        self._fields.update(dropped)
        self._records.append((record_id, dropped))
        return encode(doc)

    @property
    def dropped(self) -> Dropped | None:
        """What was taken out; None where there was nothing to."""
        return Dropped(self._table, sorted(self._fields), self._records) if self._fields else None


def keep(history: Folder, number: int, parts: Iterable[Dropped]) -> str:
    """Keep what a compaction dropped: a line a record, then one that says which fields of which table these were. Returns its file."""
    name = f"dropped.{number:08d}.{token_hex(8)}.jsonl"

    def lines() -> Iterator[bytes]:
        for part in parts:
            for record_id, values in part.records:
                yield seal(encode({"id": record_id, "values": values}))
            yield seal(encode({"table": part.table, "fields": part.fields}))

    history.replace(name, lines())
    return name


def dropped(folder: Folder, names: Sequence[str], table: str, field: str) -> Iterator[tuple[int, Any]]:
    """Ids and values of a field as they were when it was dropped last; `names` are the files of the workspace, oldest first. Raises
    Damaged, naming file and byte."""
    for name in reversed(names):
        waiting: list[Mapping[str, Any]] = []
        for _byte, line in _read(folder.sub("history"), name):
            if "values" in line:
                waiting.append(line)
            elif line["table"] == table and field in line["fields"]:
                yield from ((one["id"], one["values"][field]) for one in waiting if field in one["values"])
                return
            else:
                waiting.clear()


def faults(folder: Folder, names: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """File, byte and description of every damaged line."""
    for name in names:
        try:
            for _line in _read(folder.sub("history"), name):
                pass
        except _BadLine as bad:
            yield f"history/{name}", bad.byte, bad.message
        except FileNotFoundError:
            yield f"history/{name}", -1, _("the file is missing")
        except OSError as problem:
            yield f"history/{name}", -1, _("it cannot be read: {reason}").format(reason=problem.strerror or problem)


class _BadLine(Damaged):
    def __init__(self, path: Path, byte: int) -> None:
        super().__init__(_("{file}: the line at byte {byte} fails its checksum").format(file=path, byte=byte))
        self.byte = byte


def _read(history: Folder, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    at, path = 0, history.path / name
    with history.reader(name) as file:
        for raw in file:
            body = unseal(raw.removesuffix(b"\n"))
            if body is None or not raw.endswith(b"\n"):
                raise _BadLine(path, at)
            yield at, msgspec.json.decode(body)
            at += len(raw)
