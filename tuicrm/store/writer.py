"""Writing records: expectations are checked, a line is appended and synced, then memory changes; all of it under the lock."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec.structs import replace

from tuicrm.domain.conditions import Condition
from tuicrm.errors import Conflict, StorageError
from tuicrm.i18n import _
from tuicrm.store.clock import LineTimes
from tuicrm.store.files import storage_error
from tuicrm.store.ids import IdsFile
from tuicrm.store.journal import Journal
from tuicrm.store.opened import OpenFolder
from tuicrm.store.protocol import Doc, Key, Op, QueryAnswer, RecordChange
from tuicrm.store.records import JournalLine, LineOp, encode_line, line_op

_Ask: TypeAlias = Callable[[str, Condition | None], Iterable[int]]


class JournalWriter:
    """Appends transactions to the journal of what is open."""

    def __init__(
        self, opened: OpenFolder, times: LineTimes, ask: _Ask, tell: Callable[[Sequence[RecordChange]], None]
    ) -> None:
        """`ask` gives the ids of a table that match; `tell` is called with what was written, when no lock is held."""
        self.opened = opened
        self.times = times
        self.tell = tell
        self._ask = ask
        self._ids = IdsFile(opened.folder)

    def close(self) -> None:
        self._ids.close()

    def new_ids(self, table: str, n: int) -> list[int]:
        """Ids that nobody else gets, ever."""
        with self.opened.exclusive():
            return self._ids.take(table, n, self.opened.table(table).next_id)

    def commit(
        self,
        ops: Sequence[Op],
        expect: Mapping[Key, int],
        by: str,
        note: str,
        meta: Mapping[str, Any],
        answers: Sequence[QueryAnswer],
    ) -> int:
        """As `Store.commit`."""
        opened = self.opened
        with opened.exclusive():
            self.check_expected(expect)
            self.check_answers(answers)
            if not ops:
                return opened.seq
            at, said = self.times.stamp()
            line = JournalLine(opened.written + 1, at, by, note, dict(meta), clock=said, ops=self.line_ops(ops))
            changes = self.append(line)
        self.tell(changes)
        return line.seq

    # -- what a line stands on -----------------------------------------------------------------------------------------
    def check_expected(self, expect: Mapping[Key, int]) -> None:
        """Before anything else, even where the edit turns out to change nothing; the lock is held. Raises Conflict."""
        for key, wanted in expect.items():
            table = self.opened.table(key.table)
            actual = table.living_rev(key.id)
            if actual != wanted:
                message = _("{table} {id}: revision {wanted} was expected, it is now {actual}")
                raise Conflict(
                    message.format(table=key.table, id=key.id, wanted=wanted, actual=actual),
                    key.table,
                    key.id,
                    wanted,
                    actual,
                    table.own_doc(key.id),
                )

    def check_answers(self, answers: Iterable[QueryAnswer]) -> None:
        """Raise Conflict for a question that gives something else by now; the lock is held."""
        for answer in answers:
            others = answer.ids.symmetric_difference(self._ask(answer.table, answer.where))
            if others:
                message = _("{table} {id}: someone else changed it meanwhile")
                raise Conflict(message.format(table=answer.table, id=min(others)), answer.table, min(others))

    def line_ops(self, ops: Sequence[Op]) -> list[LineOp]:
        """Operations as the journal keeps them; deleting what is not there is nothing."""
        lined = []
        for op in ops:
            table = self.opened.table(op.table)
            before = table.whole_doc(op.id)
            if before is not None or op.doc is not None:
                lined.append(line_op(_whole(op, before, table.dead), before, table.rev(op.id) or op.previous))
        return lined

    # -- the journal ---------------------------------------------------------------------------------------------------
    def append(self, line: JournalLine) -> list[RecordChange]:
        """Write, sync, then apply one line; the lock is held. On any failure the journal is cut back and memory unchanged."""
        opened = self.opened
        if opened.refusal is not None:
            raise opened.refusal
        data = encode_line(line)
        growing = opened.growing
        try:
            offset = growing.append(data, pending=line.pending)
        except OSError as problem:
            self._write_failed(growing, problem)
            raise storage_error(problem, growing.path) from problem
        if not growing.ends_here():
            raise opened.replaced()  # somebody wrote who does not hold this lock
        changes = opened.image.apply(line, growing.number, offset)
        opened.image.bury()
        return changes

    def _write_failed(self, growing: Journal, problem: OSError) -> None:
        try:
            growing.cut_back()
        except OSError:
            told = _("{file}: a failed write could not be reverted; open the workspace again")
            self.opened.refuse(StorageError(told.format(file=growing.path)))
        self._mind_the_disk(growing, problem)

    def _mind_the_disk(self, growing: Journal, problem: OSError) -> None:
        """What was synced before a disk reports an error may be lost with it: nothing more is written then."""
        if problem.errno == errno.EIO:
            told = _("{file}: the disk reported an error; open the workspace again")
            self.opened.refuse(StorageError(told.format(file=growing.path)))

    def take_back(self, batch: str) -> int:
        """Cut the lines of a batch that was given up off the journal, as far as nothing is behind them; the lock is held. Returns the
        seq of the first that is gone, 0 where all stay. Raises StorageError: what was not cut off stays, whole lines that never
        show, and writing goes on behind them unless the disk reported an error."""
        growing = self.opened.growing
        try:
            return self.opened.image.take_back(batch)
        except OSError as problem:
            self._mind_the_disk(growing, problem)
            raise storage_error(problem, growing.path) from problem


def _whole(op: Op, before: Doc | None, dead: frozenset[str]) -> Op:
    """The operation with the values of deleted fields, which its maker could not see."""
    if not dead or before is None or op.doc is None:
        return op
    return replace(op, doc={**{name: before[name] for name in dead.intersection(before)}, **op.doc})
