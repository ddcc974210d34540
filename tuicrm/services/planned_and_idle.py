"""Of the items that a filter leaves: those with which something is planned, and those that are open and with which nothing is, the
newest first. Read once, then followed item by item: of a million, a change concerns a few."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from itertools import filterfalse
from typing import Any

from tuicrm.domain.conditions import ALWAYS, Condition, Sort
from tuicrm.domain.matching import comparable_at, matcher, order_key
from tuicrm.services.next_activities import NextActivities
from tuicrm.services.session import Session
from tuicrm.store.protocol import Doc

NEWEST = (Sort("created", "datetime", descending=True),)

_FEW = 20
"""Changed items that are looked at one by one."""


class PlannedAndIdle:
    """Both, of one type."""

    def __init__(self, session: Session, type_key: str, following: NextActivities) -> None:
        self._session, self._type, self._next = session, type_key, following
        self.planned: set[int] = set()
        self.idle: list[int] = []
        self._asked: Any = None
        """What the answer is of: the filters, and the definitions that tell who may read what."""
        self._seq = -1
        self._mark = following.mark
        self._created = comparable_at(NEWEST[0])

    def follow(self, where: Condition | None, open_too: Condition | None) -> None:
        """As things are now, of what `where` leaves; idle are those that `open_too` (which says more) leaves as well."""
        self._next.follow()
        session, seq, mark = self._session, self._session.store.seq(), self._next.mark
        asked = where, open_too, session.access.readable(self._type)
        touched = self._next.touched_since(self._mark)
        if asked != self._asked or touched is None:
            self._read(where, open_too)
        else:
            changed = {one.id for one in session.store.changes(self._seq) if one.table == self._type} | touched
            if len(changed) > _FEW:
                self._read(where, open_too)
            else:
                self._look_at(changed, where, open_too)
        self._asked, self._seq, self._mark = asked, seq, mark

    def _read(self, where: Condition | None, open_too: Condition | None) -> None:
        at, ids_by = self._next.at, self._session.ids_by
        self.planned = set(filter(at.__contains__, ids_by(self._type, "", where).get(None, ())))
        self.idle = list(filterfalse(at.__contains__, ids_by(self._type, "", open_too, NEWEST).get(None, ())))

    def _look_at(self, changed: Iterable[int], where: Condition | None, open_too: Condition | None) -> None:
        may = matcher(self._session.access.readable(self._type))
        leaves, leaves_open = matcher(where or ALWAYS), matcher(open_too or ALWAYS)
        for item_id in changed:
            self.planned.discard(item_id)
            with suppress(ValueError):
                self.idle.remove(item_id)
        for item_id in changed:
            doc = self._doc(item_id)
            if doc is None or not may(doc):
                continue
            if item_id in self._next.at:
                if leaves(doc):
                    self.planned.add(item_id)
            elif leaves_open(doc):
                self.idle.insert(bisect_left(self.idle, self._order(item_id), key=self._order), item_id)

    def _doc(self, item_id: int) -> Doc | None:
        return next((record.doc for record in self._session.store.get(self._type, [item_id])), None)

    def _order(self, item_id: int) -> Any:
        return order_key([self._created(self._doc(item_id) or {})], NEWEST, item_id)
