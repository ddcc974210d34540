"""What a journal line and a snapshot line hold, and how a line becomes steps and transactions."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct

from tuicrm.limits import check_size
from tuicrm.store.lines import check_kept, encode, seal
from tuicrm.store.protocol import Doc, Op, RecordStep, Transaction

NULL = b"null"


class LineOp(Struct, array_like=True, frozen=True):
    """One record's part in a line: documents stay raw until someone asks for them."""

    table: str
    id: int
    doc: Raw
    old: Raw
    fresh: list[str]
    previous: int

    @property
    def deletes(self) -> bool:
        """Whether the record is gone after it."""
        return bytes(self.doc) == NULL

    def step(self) -> RecordStep:
        """The same with its documents decoded: new ones with every call, for the caller to keep."""
        doc: Doc | None = msgspec.json.decode(self.doc)
        old: Doc | None = msgspec.json.decode(self.old)
        return RecordStep(self.table, self.id, doc, old, tuple(self.fresh), self.previous)


class JournalHead(Struct, frozen=True):
    """A journal line without its operations: what scanning needs. `clock` is what the clock said where that is not `ts`."""

    seq: int
    ts: str
    by: str = ""
    note: str = ""
    meta: dict[str, Any] = msgspec.field(default_factory=dict)
    batch: str = ""
    close: bool = False
    first: int = 0
    out: list[tuple[str, int]] = msgspec.field(default_factory=list)
    clock: str = ""

    @property
    def pending(self) -> bool:
        """Whether it waits for the closing line of its batch."""
        return bool(self.batch) and not self.close


class JournalLine(JournalHead, frozen=True):
    """A journal line. Of a batch, `first` and `out` (what was left out) stand on the closing line only."""

    ops: list[LineOp] = msgspec.field(default_factory=list)


class SnapshotLine(Struct, frozen=True):
    """A record in a snapshot."""

    id: int
    rev: int
    doc: Raw


_line = msgspec.json.Decoder(JournalLine)
_head = msgspec.json.Decoder(JournalHead)
_snapshot = msgspec.json.Decoder(SnapshotLine)


def decode_line(body: bytes) -> JournalLine:
    """Raises msgspec.DecodeError when the body is no journal line."""
    return _line.decode(body)


def decode_head(body: bytes) -> JournalHead:
    """A line without its operations. Raises msgspec.DecodeError where it is not such JSON."""
    return _head.decode(body)


def decode_snapshot(body: bytes) -> SnapshotLine:
    """A line of a snapshot. Raises msgspec.DecodeError where it is not such JSON."""
    return _snapshot.decode(body)


def encode_line(line: JournalLine) -> bytes:
    """The sealed line, ready to append."""
    members: dict[str, Any] = {"seq": line.seq, "ts": line.ts, "by": line.by}
    for name in ("clock", "note", "meta", "batch", "close", "first", "out"):
        value = getattr(line, name)
        if value:
            members[name] = value
    members["ops"] = [[op.table, op.id, op.doc, op.old, op.fresh, op.previous] for op in line.ops]
    return seal(encode(members))


def snapshot_line(record_id: int, rev: int, raw: bytes) -> bytes:
    """A record as a line of a snapshot, sealed: `raw` is its document as JSON in UTF-8."""
    return seal(b'{"id":%d,"rev":%d,"doc":%b}' % (record_id, rev, raw))


def line_op(op: Op, before: Doc | None, previous: int) -> LineOp:
    """What the journal keeps of an operation: the new document, what changed of the old one, what is new in it."""
    doc = Raw(_within_size(op.table, op.doc)) if op.doc is not None else Raw(NULL)
    if before is None:
        return LineOp(op.table, op.id, doc, Raw(NULL), [], previous)
    if op.doc is None:
        return LineOp(op.table, op.id, doc, Raw(encode(before)), [], previous)
    old = {key: value for key, value in before.items() if key not in op.doc or not same(op.doc[key], value)}
    fresh = [key for key in op.doc if key not in before]
    return LineOp(op.table, op.id, doc, Raw(encode(old)), fresh, previous)


def _within_size(table: str, doc: Doc) -> bytes:
    """A document as JSON. Raises Refused for one that is too large, or that no store keeps (`lines.check_kept`)."""
    data = encode(doc)
    check_kept(doc)
    check_size(table, doc, len(data))
    return data


def same(one: object, other: object) -> bool:
    """Equal as JSON: unlike Python, true is not 1."""
    return bool(one == other) and type(one) is type(other)


def transaction(head: JournalHead, steps: tuple[RecordStep, ...]) -> Transaction:
    """What a journal line says as a whole transaction."""
    return Transaction(head.seq, head.ts, head.by, head.note, head.meta, steps, head.batch, head.clock)
