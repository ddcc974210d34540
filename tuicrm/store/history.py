"""The past: transactions, steps and a record's versions, from the living journals and from those folded into history/.

Nothing is kept twice: a step names the seq of its record's previous change, so a history is followed backwards, line by line.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from tuicrm.errors import NotFound
from tuicrm.i18n import _
from tuicrm.store import tombstones
from tuicrm.store.journals import Journals
from tuicrm.store.opened import OpenFolder
from tuicrm.store.protocol import Key, RecordChange, RecordStep, Transaction, Version
from tuicrm.store.records import JournalHead, JournalLine, decode_head, decode_line, transaction


class FolderPast:
    """What was done in a workspace folder (`parts.Past`), and what changed since."""

    def __init__(self, opened: OpenFolder) -> None:
        self._opened = opened
        self.journals = Journals(opened.folder, lambda: opened.manifest, opened.refresh)

    # -- transactions --------------------------------------------------------------------------------------------------
    def log(self, before: int = 0, since: int = 0, by: str = "") -> Iterator[Transaction]:
        self._opened.refresh()
        for body in self.journals.backwards(before or self._opened.seq + 1):
            head = decode_head(body)
            if head.seq <= since:
                return
            if (by and head.by != by) or (head.batch and not head.close):
                continue
            # Those of a batch are left to `steps`.
            steps = () if head.batch else tuple(op.step() for op in decode_line(body).ops)
            yield transaction(head, steps)

    def transaction(self, seq: int) -> Transaction | None:
        line = self._line(seq)
        if line is None or line.pending:
            return None
        return transaction(line, () if line.batch else tuple(op.step() for op in line.ops))

    def steps(self, seq: int) -> Iterator[RecordStep]:
        line = self._line(seq)
        if line is None or line.pending:
            return
        out = {Key(table, record_id) for table, record_id in line.out}
        numbers = range(line.first, line.seq) if line.batch else ()
        for number in numbers:
            inner = self._line(number)
            if inner is not None and inner.batch == line.batch:
                for op in inner.ops:
                    if Key(op.table, op.id) not in out:
                        yield op.step()
        for op in line.ops:
            yield op.step()

    def _line(self, seq: int) -> JournalLine | None:
        image = self._opened.image
        start = image.start_of(seq)
        found = image.live_line(*start) if start else None
        return found or self.journals.line(seq)

    def tables(self) -> dict[str, int]:
        return {name: table.next_id for name, table in self._opened.image.tables.items() if table.next_id > 1}

    @property
    def archived(self) -> tuple[int, str]:
        current = self._opened.manifest
        return current.archived, current.archived_at

    # -- one record ----------------------------------------------------------------------------------------------------
    def history(self, key: Key) -> list[Version]:
        return list(self.backwards(key))

    def backwards(self, key: Key) -> Iterator[Version]:
        table = self._opened.table(key.table)
        seq, newer = table.rev(key.id), None
        while seq:
            line = self._line(seq)
            found = self._step_of(line, key) if line is not None else None
            if line is None or found is None:
                archived, archived_at = self.archived
                if seq <= archived:
                    doc = newer.before() if newer is not None else table.own_doc(key.id)
                    yield Version(seq, archived_at, "", "", doc)
                return
            yield Version(line.seq, line.ts, line.by, line.note, found.doc, line.clock)
            newer, seq = found, found.previous

    def _step_of(self, line: JournalLine, key: Key) -> RecordStep | None:
        if line.batch:
            return next((step for step in self.steps(line.seq) if (step.table, step.id) == key), None)
        return next((op.step() for op in line.ops if (op.table, op.id) == key), None)

    def as_of(self, key: Key, when: str) -> Version | None:
        archived, archived_at = self.archived
        for version in self.backwards(key):
            if version.at <= when:
                return version
        if archived and when <= archived_at:
            raise NotFound(_("The history up to {when} was moved to an archive.").format(when=archived_at))
        return None

    def dropped(self, table: str, field: str) -> Iterator[tuple[int, Any]]:
        return tombstones.dropped(self._opened.folder, self._opened.manifest.dropped, table, field)

    # -- what is known by its place in the past ------------------------------------------------------------------------
    def mark(self, seq: int) -> str:
        """The checksum and the length of a transaction's line: what was written at what time by whom; "" where it is not known."""
        image = self._opened.image
        start = image.start_of(seq) if seq else None
        body = (image.live_body(*start) if start else None) or (self.journals.body(seq) if seq else None)
        return f"{zlib.crc32(body):08x}{len(body):x}" if body else ""

    def newest_time(self) -> str:
        """The time of the newest line; "" where there is none."""
        body = next(self.journals.backwards(self._opened.seq + 1), None)
        return decode_head(body).ts if body is not None else ""

    def changes(self, since: int) -> list[RecordChange]:
        """What changed after a transaction, oldest first, at most once a record."""
        opened = self._opened
        with opened.mutex:
            if since >= opened.seq:
                return []
            remembered = opened.image.remembers(since, opened.manifest.seq)
            found = opened.image.since(since) if remembered else self._read_changes(since)
        newest = {Key(change.table, change.id): change for change in found}
        return sorted(newest.values(), key=lambda change: change.seq)

    def _read_changes(self, since: int) -> list[RecordChange]:
        """From the journals, for those who were away for long."""
        found: list[RecordChange] = []
        for body in self.journals.backwards(self._opened.seq + 1):
            head: JournalHead = decode_head(body)
            if head.seq <= since:
                break
            if head.batch and not head.close:
                continue
            if head.batch:
                parts = [(step.table, step.id, step.doc is None) for step in self.steps(head.seq)]
            else:
                parts = [(op.table, op.id, op.deletes) for op in decode_line(body).ops]
            found += [
                RecordChange(table, record_id, 0 if gone else head.seq, head.by, head.seq)
                for table, record_id, gone in parts
            ]
        return found[::-1]
