"""A big change: many small ones that become visible, and are undone, as one (`Session.bulk`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tuicrm.domain.config_records import CONFIG_TABLES
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import Conflict, StorageError
from tuicrm.i18n import ngettext
from tuicrm.services.kernel import bookings
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.drafts import NewIds
from tuicrm.services.kernel.numbers import Reserved
from tuicrm.services.kernel.reader import Reader
from tuicrm.store.protocol import Key, Op, QueryAnswer

if TYPE_CHECKING:
    from tuicrm.store.parts import Batch


def left_out_text(n: int) -> str:
    """What is told of `n` items, at least one, that others changed while a big change went on."""
    return ngettext(
        "{n} item skipped: it was changed meanwhile",
        "{n} items skipped: they were changed meanwhile",
        n,
    )


class Bulk:
    """Many changes that become visible, and are undone, as one (`Session.bulk`). `left_out` lists conflicts, all of
    them after closing.

    `workspace` holds definitions that the batch itself adds and that are not yet visible in the store."""

    def __init__(self, session: Reader, label: str, batch: Batch) -> None:
        self.session = session
        self.label = label
        self.workspace: Workspace | None = None
        self.left_out: list[Key] = []
        self.seq = 0
        self._batch = batch
        self._definitions: dict[Key, int] = {}
        self._answers: list[QueryAnswer] = []
        self.numbers = Reserved(session)
        self.bookings = bookings.Ledger(big=True)

    @contextmanager
    def change(self, new: Mapping[str, int] | None = None) -> Iterator[Change]:
        """One line of the batch: keep it to some hundred records. `new` says how many records of each table it adds at most, where
        that is known."""
        change = Change(self.session, self.label, workspace=self.workspace)
        yield change
        ids = NewIds(self.session)
        for table, count in (new or {}).items():
            ids.expect(table, count)
        ops, expect = change.operations(ids, self.numbers, self.bookings)
        if ops:
            self._batch.add(ops, expect)
            written = {Key(op.table, op.id) for op in ops}
            self._definitions |= {
                key: rev for key, rev in expect.items() if key.table in CONFIG_TABLES and key not in written
            }
        self._answers += change.answers

    def write(self, ops: list[Op], expect: Mapping[Key, int]) -> None:
        """Write operations that are checked already (import), and the bookings that follow from them."""
        more = bookings.following(self.session, ops, self.bookings, self.workspace)
        self._batch.add([*ops, *more.ops], {**expect, **more.expect})

    def drop(self) -> None:
        """It never happened."""
        self._batch.drop()
        self._give_back(all_of_it=True)

    def close(self) -> None:
        """Make all of it visible, as one transaction; once. Raises Conflict, StorageError."""
        if not self.seq:
            self.seq, left_out = bookings.close(
                self.session, self._batch, self.bookings, self._definitions, self._answers
            )
            self.session.own_steps.add(self.seq)
            self.left_out += left_out
            self._give_back()

    def _give_back(self, *, all_of_it: bool = False) -> None:
        # What is told is how the change ended; all that is lost here is a few numbers.
        with suppress(StorageError, Conflict):
            self.numbers.give_back(all_of_it=all_of_it)
