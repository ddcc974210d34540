"""A part of an order of ids, and what is asked of it: some from a place on, or around an id, and where an id stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

from tuicrm.domain.matching import order_key
from tuicrm.store.protocol import Ordered, Window


class IdRange:
    """Of ids in order, those between the bounds of `Ordered`, from the end that it says. The ids are not copied."""

    def __init__(self, ids: Sequence[int], asked: Ordered, comparables: Callable[[int], Sequence[Any]]) -> None:
        """`comparables` gives those of a record's sort keys, by id."""
        self._ids, self._asked, self._comparables = ids, asked, comparables
        self._start, self._stop = 0, len(ids)
        if asked.least is not None:
            self._start = self._bound(asked.least)
        if asked.below is not None:
            self._stop = max(self._bound(asked.below), self._start)

    def _bound(self, comparable: object) -> int:
        """The first place of what is not less than this; what has no value stands behind."""
        first = self._asked.sort[:1]
        if not first or first[0].descending:
            raise ValueError("bounds are those of a first sort key that ascends")

        def key(record_id: int) -> tuple[Any, ...]:
            return order_key(self._comparables(record_id)[:1], first, 0)[:1]

        return bisect_left(self._ids, order_key([comparable], first, 0)[:1], key=key)

    def __len__(self) -> int:
        return self._stop - self._start

    def window(self, at: int, n: int) -> Window:
        """So many from a place on; a negative place counts from the end."""
        count = len(self)
        first = min(max(at if at >= 0 else count + at, 0), count)
        last = min(first + max(n, 0), count)
        if self._asked.turned:
            found = self._ids[self._stop - last : self._stop - first][::-1]
        else:
            found = self._ids[self._start + first : self._start + last]
        return Window(list(found), first, count)

    def around(self, record_id: int, n: int) -> Window:
        """An id with so many before and behind it; nothing where it is not in it."""
        place = self.position(record_id)
        if place < 0:
            return Window([], 0, len(self))
        first = max(place - n, 0)
        return self.window(first, place + n + 1 - first)

    def position(self, record_id: int) -> int:
        """Where an id stands, from 0; -1 where it does not."""
        sorts = self._asked.sort

        def key(one: int) -> tuple[Any, ...]:
            return order_key(self._comparables(one), sorts, one)

        try:
            place = bisect_left(self._ids, key(record_id), self._start, self._stop, key=key)
        except LookupError:  # there is no such record
            return -1
        if place >= self._stop or self._ids[place] != record_id:
            return -1
        return self._stop - 1 - place if self._asked.turned else place - self._start
