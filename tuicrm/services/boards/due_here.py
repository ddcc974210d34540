"""What is late or due today with the items of a board, counted anew as far as something changed."""

from __future__ import annotations

from collections.abc import Collection

from tuicrm.domain.conditions import Condition
from tuicrm.services.items.due_counts import Due, DueCounts
from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.services.kernel.session import Session

_FEW = 50
"""Changes that are looked at one by one."""

_MANY = 10_000
"""Items of which what is due is counted after they are shown."""


class DueHere:
    """Follows the items that a condition leaves, and what is due with them."""

    def __init__(self, session: Session, type_key: str) -> None:
        self._session, self._type = session, type_key
        self.due = Due(0, 0)
        self.waits = False
        """Whether it is still to be counted (`get_ready`): of many items, not before they are shown."""
        self._counts = DueCounts(session, type_key)
        self._here: set[int] = set()
        """The items here with which something is due."""
        self._leaves: Condition | None = None
        self._seq = -1
        self._minute = ""

    def among(self, some: Collection[int]) -> set[int]:
        """Those of some items that are here."""
        return set(self._session.among(self._type, some, self._leaves))

    def follow(self, where: Condition | None, many: int) -> list[int] | None:
        """Count anew, unless nothing it depends on changed; `where` leaves what is here, so `many` items. Returns the items that
        may be other than they were; None: all may."""
        session, self._leaves = self._session, where
        seq, minute = session.store.seq(), session.clock().isoformat()[:16]
        changes = session.store.changes(self._seq) if minute == self._minute else None
        self._seq, self._minute = seq, minute
        own: list[int] | None = None
        if changes is not None and len(changes) <= _FEW and all(c.table in (self._type, ENTRIES) for c in changes):
            own = [change.id for change in changes if change.table == self._type]
        if self._counts.is_new and many > _MANY:
            self.waits = True
        elif self._counts.follow() or own is None:
            self._here = self.among(self._counts.items)
            self.due = self._counts.among(self._here)
        elif own:
            due = self._counts.items & set(own)
            self._here.difference_update(own)
            self._here.update(self.among(due) if due else ())
            self.due = self._counts.among(self._here)
        return own

    def get_ready(self) -> None:
        """Count now, from any thread; `follow` then knows what is due."""
        self.waits = False
        self._counts.get_ready()
        self._counts.follow()
        self._minute = ""

    def forget(self) -> None:
        """Follow everything anew next time."""
        self._seq, self._minute = -1, ""
