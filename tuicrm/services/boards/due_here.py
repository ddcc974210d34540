"""What is late or due today with the items of a board, counted anew as far as something changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tuicrm.domain.conditions import Condition, Test
from tuicrm.domain.due import NOTHING_DUE, Due
from tuicrm.domain.items import Item
from tuicrm.services.items.due_counts import AllDue, DueCounts
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES
from tuicrm.services.kernel.session import Session

_FEW = 50
"""Changes that are looked at one by one."""

_MANY = 10_000
"""Items, or activities, of which what is due is counted after they are shown."""


class DueHere:
    """Follows the items that a condition leaves, and what is due with them."""

    def __init__(self, session: Session, type_key: str, due: AllDue | None = None) -> None:
        """`due`: of which activities; None: of all."""
        self._session, self._type = session, type_key
        self.due = NOTHING_DUE
        self.by_part: dict[str, Due] = {}
        """The same by part (column) of what is here."""
        self.waits = False
        """Whether it is still to be counted (`get_ready`): of many items, not before they are shown."""
        self._counts = DueCounts(session, type_key, due)
        self._here: set[int] = set()
        """The items here with which something is due."""
        self._own: set[int] = set()
        """Those of them that are the person's own."""
        self._parts: dict[str, set[int]] = {}
        self._leaves: Condition | None = None
        self._seq = -1
        self._minute = ""

    def among(self, some: Collection[int]) -> set[int]:
        """Those of some items that are here."""
        return set(self._session.among(self._type, some, self._leaves))

    def of(self, item: Item) -> Due:
        """What is due with one item, as it was counted last."""
        return self._counts.of(item.id, own=not self._has_owners or item.get("responsible") == self._session.person_key)

    def would_wait(self, many: int) -> bool:
        """Whether counting takes longer than a moment, with so many items here."""
        return self._counts.is_new and max(many, self._session.store.count(ACTIVITIES)) > _MANY

    def follow(
        self, where: Condition | None, many: int, parts: Mapping[str, Condition | None] | None = None
    ) -> list[int] | None:
        """Count anew, unless nothing it depends on changed; `where` leaves what is here, so `many` items; an item is in the first of
        the `parts` whose condition it meets. Returns the items that may be other than they were; None: all may."""
        if where != self._leaves:
            self.forget()
        session, self._leaves = self._session, where
        seq, minute = session.store.seq(), session.clock().isoformat()[:16]
        changes = session.store.changes(self._seq) if minute == self._minute else None
        self._seq, self._minute = seq, minute
        own: list[int] | None = None
        if changes is not None and len(changes) <= _FEW and all(c.table in (self._type, ENTRIES) for c in changes):
            own = [change.id for change in changes if change.table == self._type]
        if self.would_wait(many):
            self.waits = True
            return own
        self.waits = False
        if self._counts.follow() or own is None:
            self._here, self._own = set(), set()
            self._parts = {key: set() for key in parts or ()}
            self._take(self._counts.items, parts or {})
        elif own:
            for found in (self._here, self._own, *self._parts.values()):
                found.difference_update(own)
            self._take(self._counts.items & set(own), parts or {})
        return own

    def _take(self, due: Collection[int], parts: Mapping[str, Condition | None]) -> None:
        """Of items with which something is due, find those that are here, in which part, and whose own they are."""
        here = self.among(due) if due else set[int]()
        self._here |= here
        if here and self._has_owners:
            mine = Test("responsible", "person", "=", self._session.person_key)
            self._own.update(self._session.among(self._type, here, mine))
        left = here
        for key, condition in parts.items():
            found = set(self._session.among(self._type, left, condition)) if left else set[int]()
            self._parts.setdefault(key, set()).update(found)
            left = left - found
        own = self._own if self._has_owners else None
        self.due = self._counts.among(self._here, own)
        self.by_part = {key: self._counts.among(found, own) for key, found in self._parts.items()}

    @property
    def _has_owners(self) -> bool:
        """Whether items of this type are somebody's."""
        return self._session.workspace.field(self._type, "responsible") is not None

    def get_ready(self) -> None:
        """Count now, from any thread; `follow` then knows what is due."""
        self.waits = False
        self._counts.get_ready()
        self._counts.follow()
        self._minute = ""

    def forget(self) -> None:
        """Follow everything anew next time."""
        self._seq, self._minute = -1, ""
