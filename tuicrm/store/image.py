"""What a process knows of a workspace: the snapshots a manifest names, and over them what the journals hold beyond those.

Reading only, and without a lock of its own: the store that owns an image says when it may look.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from tuicrm.store import tombstones
from tuicrm.store.clock import later
from tuicrm.store.folder import Folder
from tuicrm.store.journal import Journal
from tuicrm.store.manifest import Manifest, journal_number
from tuicrm.store.protocol import Key, RecordChange
from tuicrm.store.records import JournalLine, LineOp
from tuicrm.store.snapshot import Snapshot
from tuicrm.store.table import RecordTable

_KEPT_CHANGES = 50_000
_ATTEMPTS = 40
_NOWHERE = (-1, -1)


class Image:
    """Tables as they are at transaction `shown`; `seq` is the last line that was read, of an open batch perhaps. What is damaged is
    listed in `salvage`, or raised as Damaged where that is None."""

    def __init__(
        self, folder: Folder, indexes: Mapping[str, Sequence[str]], salvage: list[str] | None, *, kept: bool = True
    ) -> None:
        """`kept`: whether what is in .cache counts."""
        self.seq = self.shown = 0
        self.time = ""
        """That of the newest line, the latest of all; "" where none is known."""
        self.tables: dict[str, RecordTable] = {}
        self.journals: list[Journal] = []
        """Those that the manifest names, the growing one last."""
        self._folder = folder
        self._indexes = indexes
        self._salvage = salvage
        self._kept = kept
        self._starts: dict[int, tuple[int, int]] = {}
        self._batches: dict[str, list[tuple[int, int]]] = {}
        self._recent: deque[RecordChange] = deque(maxlen=_KEPT_CHANGES)
        self._schema_changed = False

    @property
    def growing(self) -> Journal:
        """The journal that lines are appended to: the last one."""
        return self.journals[-1]

    def table(self, name: str) -> RecordTable:
        """A table's records; an empty one for a name that was never written."""
        found = self.tables.get(name)
        if found is None:
            found = self.tables.setdefault(name, RecordTable(name, self.indexed(name)))
        return found

    def indexed(self, name: str) -> Sequence[str]:
        """The fields of a table that have postings."""
        return self._indexes.get(name, ())

    # -- files ---------------------------------------------------------------------------------------------------------
    def load(self, current: Manifest, *, fresh: bool, writable: bool, locked: bool) -> None:
        """Snapshots that are new to us, then the journals from where we stand, or, `fresh`, from the snapshots on.

        Raises OSError, Damaged."""
        if fresh:
            self._forget(current.seq)
        self.time = later(self.time, current.time)
        self.shown = max(self.shown, current.seq)
        for name, held in current.tables.items():
            table = self.table(name)
            if table.base is None or table.base.name != held.file:
                snapshot = Snapshot(
                    self._folder, held.file, self.indexed(name), salvage=self._salvage, size=held.size, kept=self._kept
                )
                table.rebase(snapshot, current.seq, held.next_id)
                if fresh:
                    table.forget_changes()
                self._schema_changed |= name == tombstones.SCHEMA
        known = {journal.name: journal for journal in self.journals}
        for name in current.journals:
            growing = name == current.journals[-1]
            if name not in known:
                known[name] = Journal(self._folder, name, journal_number(name), writable=writable and growing)
                self.journals.append(known[name])
            self.read_on(known[name], last=growing, locked=locked)
        for journal in [journal for journal in self.journals if journal.name not in current.journals]:
            journal.close()
            self.journals.remove(journal)
            # Where its lines begin is known in history too: a session of many weeks would else keep a place for each of them.
            self._starts = {seq: place for seq, place in self._starts.items() if place[0] != journal.number}
        self.bury()

    def _forget(self, seq: int) -> None:
        for table in self.tables.values():
            table.over.clear()
        self.close()
        self.seq = self.shown = seq
        self._starts.clear()
        self._batches.clear()

    def close(self) -> None:
        """Let go of the journals."""
        for journal in self.journals:
            journal.close()
        self.journals.clear()

    # -- lines ---------------------------------------------------------------------------------------------------------
    def read_on(self, journal: Journal, *, last: bool, locked: bool) -> list[RecordChange]:
        """Apply what a journal holds beyond what was read; `locked`: nobody is writing it meanwhile.

        Where lines of a batch that was given up were taken back since, or meanwhile, they are forgotten first."""
        changes: list[RecordChange] = []
        for _attempt in range(_ATTEMPTS):
            if journal.was_taken_back():
                journal.rewind()
                self._forget_beyond(journal)
            for found in journal.read_on(self.seq, locked=locked, last=last, salvage=self._salvage):
                if found.line.seq > self.seq:
                    changes += self.apply(found.line, journal.number, found.offset)
            if not journal.was_taken_back():
                break
        return changes

    def take_back(self, batch: str) -> int:
        """Cut the lines of a batch that was given up off the growing journal, as far back as nothing else is behind them; returns the
        seq of the first of those that are gone, 0 where all stay. The lock is held, and all is read. Raises OSError."""
        journal, mine = self.growing, frozenset(self._batches.pop(batch, ()))
        first = self.seq + 1
        while (place := self._starts.get(first - 1)) in mine and place[0] == journal.number:
            first -= 1
        if first > self.seq:
            return 0
        journal.take_back(self._starts[first][1])
        self._forget_beyond(journal)
        self.read_on(journal, last=True, locked=True)
        self._batches.pop(batch, None)
        journal.sync()
        return first

    def _forget_beyond(self, journal: Journal) -> None:
        """Forget the lines beyond what never changes of a journal: all of them are of open batches."""
        while self._starts.get(self.seq, _NOWHERE) >= (journal.number, journal.settled):
            gone = self._starts.pop(self.seq)
            for places in self._batches.values():
                if places and places[-1] == gone:
                    places.pop()
            self.seq -= 1

    def apply(self, line: JournalLine, journal: int, offset: int) -> list[RecordChange]:
        """Make a line's records the present ones; a batch's when its closing line comes."""
        self.seq = line.seq
        self.time = later(self.time, line.ts)
        self._starts[line.seq] = (journal, offset)
        if line.pending:
            self._batches.setdefault(line.batch, []).append((journal, offset))
            return []
        self.shown = line.seq
        changes = []
        out = {Key(table, record_id) for table, record_id in line.out}
        for op in self._ops_of(line):
            if Key(op.table, op.id) not in out:
                changes.append(self._put(op, line))
        self._recent.extend(changes)
        return changes

    def _ops_of(self, line: JournalLine) -> Iterator[LineOp]:
        """All operations of a transaction; of a batch, line by line from the journal."""
        if line.batch:
            journals = {journal.number: journal for journal in self.journals}
            for number, offset in self._batches.pop(line.batch, ()):
                yield from journals[number].line_at(offset).ops
        yield from line.ops

    def _put(self, op: LineOp, line: JournalLine) -> RecordChange:
        raw = None if op.deletes else bytes(op.doc)
        self._schema_changed |= op.table == tombstones.SCHEMA
        self.table(op.table).put(op.id, line.seq, raw)
        return RecordChange(op.table, op.id, line.seq if raw is not None else 0, line.by, line.seq)

    def bury(self) -> None:
        """Hide what the schema says is deleted, once it has changed."""
        if not self._schema_changed:
            return
        self._schema_changed = False
        schema = self.table(tombstones.SCHEMA)
        dead = tombstones.dead_fields(schema.doc(record_id) for record_id in schema.live_ids())
        for name in {*dead, *self.tables}:
            self.table(name).bury(dead.get(name, frozenset()))

    # -- what happened -------------------------------------------------------------------------------------------------
    def since(self, seq: int) -> list[RecordChange]:
        """Changes after a transaction, as far as they are remembered."""
        return [change for change in self._recent if change.seq > seq]

    def remembers(self, since: int, folded: int) -> bool:
        """Whether all changes after a transaction are remembered; what snapshots hold, up to `folded`, never was read as changes."""
        oldest = self._recent[0].seq if self._recent else self.shown + 1
        return since + 1 >= oldest or (len(self._recent) < _KEPT_CHANGES and since >= folded)

    def start_of(self, seq: int) -> tuple[int, int] | None:
        """Journal number and byte of a line that is in a live journal; None for an older one."""
        return self._starts.get(seq)

    def live_line(self, number: int, offset: int) -> JournalLine | None:
        """A line of a live journal; None when it was folded meanwhile."""
        journal = self.live_journal(number)
        return journal.line_at(offset) if journal else None

    def live_body(self, number: int, offset: int) -> bytes | None:
        """The same as it is written, without its checksum."""
        journal = self.live_journal(number)
        return journal.body_at(offset) if journal else None

    def live_journal(self, number: int) -> Journal | None:
        """A living journal; None when it was folded."""
        return next((journal for journal in self.journals if journal.number == number), None)
