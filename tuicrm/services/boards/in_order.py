"""Items in an order as a sequence of ids, of which only what somebody looks at is read: what lists, boards and walks hold.

A short order is read whole, and stays as it was read until it is asked for anew; of a long one each part does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, overload

from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Ordered, Window

WHOLE = 1_000
"""Items up to which an order is read whole."""

_PAGE = 500
_PAGES = 8
"""Parts that are kept, the latest used of them."""

_ANCHORS = 3
"""Items at the edge of a part of which one is to be where it was, for what stands beside them."""

_STRIDE = 10_000
"""Ids read at once by who goes through all of them."""


class InOrder(Sequence[int]):
    """The ids that `Ordered` says, as far as the person may read them."""

    def __init__(self, session: Session, asked: Ordered, begun: Window | None = None) -> None:
        """`begun`: its first `WHOLE`, where they were read already."""
        self._session, self._asked = session, asked
        begun = session.window(asked, WHOLE) if begun is None else begun
        self._count = begun.count
        self._pages: dict[int, list[int]] = {}
        for start in range(0, len(begun.ids), _PAGE):
            self._pages[start // _PAGE] = begun.ids[start : start + _PAGE]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        """An id. Raises IndexError also where others took the item away since the order was asked for."""
        if isinstance(place, slice):
            return self._some(*place.indices(self._count))
        if place < 0:
            place += self._count
        if not 0 <= place < self._count:
            raise IndexError(place)
        return self._page(place // _PAGE)[place % _PAGE]

    def _some(self, start: int, stop: int, step: int) -> list[int]:
        if step != 1 or stop - start <= _PAGE:
            return [self[place] for place in range(start, stop, step)]
        return self._session.window(self._asked, stop - start, start).ids

    def _page(self, number: int) -> list[int]:
        found = self._pages.pop(number, None)
        if found is None:
            found = self._behind(number - 1) or self._before(number + 1)
        if not found:
            found = self._session.window(self._asked, _PAGE, number * _PAGE).ids
        self._pages[number] = found
        if len(self._pages) > _PAGES:
            del self._pages[next(iter(self._pages))]
        return found

    def _behind(self, number: int) -> list[int]:
        """What stands behind a part that was read, wherever that is by now: who goes through meets nothing twice and misses
        nothing, whatever was changed on the way. Nothing where that part is not known any more."""
        known = self._pages.get(number, ())
        for anchor in known[: -_ANCHORS - 1 : -1]:
            found = self._session.window(self._asked, _PAGE + _ANCHORS, around=anchor).ids
            if found:
                return [one for one in found[found.index(anchor) + 1 :] if one not in known][:_PAGE]
        return []

    def _before(self, number: int) -> list[int]:
        """The same of what stands before one."""
        known = self._pages.get(number, ())
        for anchor in known[:_ANCHORS]:
            found = self._session.window(self._asked, _PAGE + _ANCHORS, around=anchor).ids
            if found:
                return [one for one in found[: found.index(anchor)] if one not in known][-_PAGE:]
        return []

    @property
    def _is_whole(self) -> bool:
        return sum(map(len, self._pages.values())) == self._count

    def __iter__(self) -> Iterator[int]:
        if self._is_whole:
            for number in sorted(self._pages):
                yield from self._pages[number]
            return
        for start in range(0, self._count, _STRIDE):
            yield from self._session.window(self._asked, _STRIDE, start).ids

    def place(self, item_id: int) -> int:
        """Where an item stands, from 0; -1 where it does not. What was read says so first."""
        for number, ids in self._pages.items():
            if item_id in ids:
                return number * _PAGE + ids.index(item_id)
        return -1 if self._is_whole else self._session.position(self._asked, item_id)

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """The place of an item between two places. Raises ValueError where it is not there."""
        place = self.place(value) if isinstance(value, int) else -1
        if place < start or (stop is not None and place >= stop):
            raise ValueError(value)
        return place

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and self.place(value) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # compared as a list is


def tops(session: Session, asked: Ordered) -> dict[Any, Window]:
    """What the groups of an order begin with (`InOrder`, `begun`)."""
    return session.top(asked, WHOLE)


class OneAfterAnother(Sequence[int]):
    """Several such sequences as one: the columns of a board, for going from card to card."""

    def __init__(self, parts: Sequence[Sequence[int]]) -> None:
        self._parts = [part for part in parts if part]
        self._ends = list(accumulate(map(len, self._parts)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        at = bisect_right(self._ends, place)
        return self._parts[at][place - (self._ends[at - 1] if at else 0)]

    def __iter__(self) -> Iterator[int]:
        for part in self._parts:
            yield from part

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """The place of an item between two places. Raises ValueError where it is not there."""
        before = 0
        for part in self._parts:
            if value in part:
                place = before + part.index(value)
                if place >= start and (stop is None or place < stop):
                    return place
            before += len(part)
        raise ValueError(value)

    def __contains__(self, value: object) -> bool:
        return any(value in part for part in self._parts)


def id_at(ids: Sequence[int], place: int) -> int | None:
    """The id at a place; None beyond the end, and where others took the item away since the order was asked for."""
    try:
        return ids[place] if 0 <= place < len(ids) else None
    except IndexError:
        return None
