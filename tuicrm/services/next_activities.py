"""When the next thing is to be done with each item of a type: read once, then followed activity by activity."""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence

from tuicrm.domain.conditions import Aggregate, Test
from tuicrm.domain.items import Ref
from tuicrm.services.reader import ACTIVITIES
from tuicrm.services.session import Session
from tuicrm.store.protocol import Asked, Change, Find, Key, Tell

_FEW = 200
"""Changed activities that are looked at one by one."""

SOONEST = ACTIVITIES, Asked(Test("done", "boolean", "=", False), (), "owner", (Aggregate("min", "at", "datetime"),))
"""What is asked of which table, to begin with."""


def next_activities(session: Session, type_key: str) -> NextActivities:
    """Those of a type: read once a session."""
    name = f"next {type_key}"
    found = session.followers.get(name)
    if not isinstance(found, NextActivities):
        found = session.followers[name] = NextActivities(session, type_key)
    return found


class NextActivities:
    """The times (UTC ISO) of the soonest open activities, by the id of their item; items with none are not in it."""

    def __init__(self, session: Session, type_key: str) -> None:
        self._session = session
        self._type = type_key
        self._at: dict[int, str] = {}
        self._order: list[tuple[str, int]] = []
        self._seq = -1
        self._touched: list[int] = []
        self._times_read = 0
        self._lock = threading.RLock()

    @property
    def mark(self) -> tuple[int, int]:
        """How far it has followed, for `touched_since`."""
        return self._times_read, len(self._touched)

    def touched_since(self, mark: tuple[int, int]) -> set[int] | None:
        """The items whose next time may be another since then; None: any."""
        times, count = mark
        return set(self._touched[count:]) if times == self._times_read else None

    @property
    def at(self) -> Mapping[int, str]:
        """As it was when this was followed last."""
        return self._at

    def is_ready(self) -> bool:
        """Whether `follow` takes but a moment."""
        return self._seq >= 0 or self._session.store.is_ready(*SOONEST)

    def get_ready(self, tell: Tell) -> None:
        """Read what `follow` needs, from a thread. Raises what `tell` raises."""
        if self._seq < 0:
            self._session.store.prepare(*SOONEST, tell)
            self.follow()

    def close(self) -> None:
        """Nothing of its own is open."""

    def follow(self) -> None:
        """Read what changed."""
        with self._lock:
            self._follow()

    def _follow(self) -> None:
        store = self._session.store
        seq = store.seq()
        if seq == self._seq:
            return
        if self._seq < 0:
            self._seq = seq
            self._read_all()
            return
        changes = [change for change in store.changes(self._seq) if change.table == ACTIVITIES]
        self._seq = seq
        owners = {self._owner(change) for change in changes} if len(changes) <= _FEW else {None}
        if None in owners:
            self._read_all()
        for owner in owners:
            if owner is not None and owner.type == self._type:
                self._read(owner)

    def _read_all(self) -> None:
        self._at = {}
        table, asked = SOONEST
        for group in self._session.store.fold(table, asked.where, asked.by, asked.aggregates):
            owner = Ref.read(group.key)
            if owner is not None and owner.type == self._type and group.results[0]:
                self._at[owner.id] = group.results[0]
        self._order = sorted((at, item_id) for item_id, at in self._at.items())
        self._times_read += 1
        self._touched.clear()

    def in_order(self) -> Sequence[tuple[str, int]]:
        """Time and item, soonest first."""
        return self._order

    def _read(self, owner: Ref) -> None:
        found = self._session.store.find(Find(ACTIVITIES, Test("owner", "string", "=", str(owner)))).records
        times = [at for one in found if not one.doc.get("done") and isinstance(at := one.doc.get("at"), str) and at]
        self._touched.append(owner.id)
        before = self._at.pop(owner.id, None)
        if before is not None:
            del self._order[bisect_left(self._order, (before, owner.id))]
        if times:
            self._at[owner.id] = min(times)
            insort(self._order, (min(times), owner.id))

    def _owner(self, change: Change) -> Ref | None:
        """Whose activity it is, or was before it was deleted; None where that is not known."""
        store = self._session.store
        for record in store.get(ACTIVITIES, [change.id]):
            return Ref.read(record.doc.get("owner"))
        versions = (version.doc for version in store.history(Key(ACTIVITIES, change.id)))
        return next((Ref.read(doc.get("owner")) for doc in versions if doc is not None), None)
