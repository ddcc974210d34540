"""Orders of a table's ids: sorted by columns, kept, and kept up as records change."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from tuicrm.domain.conditions import Sort
from tuicrm.domain.matching import order_key
from tuicrm.domain.progress import Tell
from tuicrm.store.column import PathColumn, of_kind
from tuicrm.store.columns import ColumnStore, Wanted, by_row
from tuicrm.store.views import FEW, column_comparables

_KEPT = 8


class Orders:
    """The orders of one table, the latest used of them. Asked and kept under the table's lock."""

    def __init__(self, columns: ColumnStore, elsewhere: Callable[[Sequence[Sort]], array[int] | None]) -> None:
        """`elsewhere` gives all ids in an order that something else keeps; None where nothing does."""
        self._columns, self._elsewhere = columns, elsewhere
        self._kept: dict[tuple[Any, ...], tuple[Sequence[Sort], array[int]]] = {}

    def has(self, sorts: Sequence[Sort]) -> bool:
        """Whether an order is kept."""
        return _name(sorts) in self._kept

    def of(self, sorts: Sequence[Sort]) -> array[int]:
        """All ids in order."""
        kept = self._kept.pop(_name(sorts), None)
        order = kept[1] if kept else self._sorted(sorts)
        self.keep(sorts, order)
        return order

    def _sorted(self, sorts: Sequence[Sort]) -> array[int]:
        known = self._known(sorts[1:])
        sorts = sorts if known is None else sorts[:1]
        return _sorted_ids(self._columns.ids, columns_of(self._columns, sorts), sorts, known)

    def _known(self, sorts: Sequence[Sort]) -> array[int] | None:
        """All ids in an order that was found before: what another key comes before need not be sorted again."""
        if not sorts:
            return None
        kept = self._kept.get(_name(sorts))
        found = kept[1] if kept else self._elsewhere(sorts)
        return found if found is not None and len(found) == len(self._columns) else None

    def keep(self, sorts: Sequence[Sort], order: array[int]) -> None:
        """Keep it, as the latest used."""
        self._kept[_name(sorts)] = sorts, order
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]

    def follow(self, changed: set[int] | None) -> None:
        """Put changed ids in their places; where it is not known which, or there are many, all is forgotten."""
        if changed is None or len(changed) > FEW:
            self._kept.clear()
        elif changed:
            # A column that was dropped as bloated is decoded again here: once, for all that is kept.
            self._columns.need((sort.path, of_kind(sort.kind)) for sorts, _ in self._kept.values() for sort in sorts)
            self._kept = {
                name: (sorts, self.replaced(order, changed, sorts)) for name, (sorts, order) in self._kept.items()
            }

    def replaced(self, order: array[int], changed: set[int], sorts: Sequence[Sort]) -> array[int]:
        """The order with the changed ids put where they belong now."""
        columns, comparables = self._columns, column_comparables(self._columns, sorts)

        def key(record_id: int) -> tuple[Any, ...]:
            return order_key(comparables(record_id), sorts, record_id)

        for record_id in changed:
            with suppress(ValueError):  # it is new
                order.remove(record_id)
        for record_id in changed:
            if columns.row(record_id) >= 0:
                order.insert(bisect_left(order, key(record_id), key=key), record_id)
        return order

    def sorting(self, sorts: Sequence[Sort]) -> Sorting:
        """What sorts on copies, as the columns are now."""
        known = self._known(sorts[1:])
        sorts = sorts if known is None else sorts[:1]
        originals = columns_of(self._columns, sorts)
        return Sorting(sorts, self._columns.ids[:], originals, None if known is None else known[:])


class Sorting:
    """An order that is being made beside, under no lock: nobody else waits."""

    def __init__(
        self, sorts: Sequence[Sort], ids: Sequence[int], originals: Sequence[PathColumn], rest: Sequence[int] | None
    ) -> None:
        self._sorts, self._ids, self._rest = sorts, ids, rest
        self._originals = originals
        self._copies = [column.copied() for column in originals]

    def done(self, tell: Tell) -> array[int]:
        """The order. Raises what `tell` raises."""
        count = len(self._ids)
        for sort, copy in zip(self._sorts, self._copies, strict=True):
            tell(count, count)
            if self._rest is not None or not _is_sorted_as_it_is(self._copies, self._sorts):
                copy.ranks(sort.kind, sort.rates)
        tell(count, count)
        return _sorted_ids(self._ids, self._copies, self._sorts, self._rest)

    def give_ranks(self) -> None:
        """What was found out of the columns is theirs too."""
        for column, copy in zip(self._originals, self._copies, strict=True):
            column.take_ranks(copy)


def sorted_by(sorts: Sequence[Sort]) -> Iterator[Wanted]:
    """The columns of sort keys, as they are asked for."""
    return ((sort.path, of_kind(sort.kind)) for sort in sorts)


def _name(sorts: Sequence[Sort]) -> tuple[Any, ...]:
    return tuple((sort.path, sort.kind, sort.descending, tuple(sorted(sort.rates.items()))) for sort in sorts)


def columns_of(columns: ColumnStore, sorts: Sequence[Sort]) -> list[PathColumn]:
    """The columns of sort keys."""
    return [columns.column(sort.path, of_kind(sort.kind)) for sort in sorts]


def _sorted_ids(
    ids: Sequence[int], columns: Sequence[PathColumn], sorts: Sequence[Sort], rest: Sequence[int] | None
) -> array[int]:
    """All ids (ascending, a row each) in order. With `rest`, in which what the one sort key makes equal stands as it is to."""
    if rest is None:
        return array("q", map(ids.__getitem__, sorted_rows(range(len(ids)), columns, sorts)))
    places = list(map(_places(columns[0], sorts[0]).__getitem__, by_row(columns[0].codes, ids, rest)))
    return array("q", map(rest.__getitem__, sorted(range(len(places)), key=places.__getitem__)))


def _places(column: PathColumn, sort: Sort) -> Sequence[int]:
    """By code: a small int that sorts as the key says."""
    ranks, none = column.ranks(sort.kind, sort.rates)
    return [none - 1 - rank if rank < none else none for rank in ranks] if sort.descending else ranks


def sorted_rows(rows: Sequence[int], columns: Sequence[PathColumn], sorts: Sequence[Sort]) -> list[int]:
    """Rows (ascending) in order, by the columns of the sort keys. All keys of a row are packed into one int: few comparisons are as
    fast, and equal ones stay as they stand."""
    if _is_sorted_as_it_is(columns, sorts):
        return _sorted_as_it_is(rows, columns[0], sorts[0])
    packed: list[int] = []
    for column, sort in zip(columns, sorts, strict=True):
        places, none = list(_places(column, sort)), column.ranks(sort.kind, sort.rates)[1]
        codes = column.codes if len(rows) == len(column.codes) else map(column.codes.__getitem__, rows)
        if packed:
            packed = [high * (none + 1) + places[code] for high, code in zip(packed, codes, strict=True)]
        else:
            packed = list(map(places.__getitem__, codes))
    order = sorted(range(len(packed)), key=packed.__getitem__)
    return order if len(order) == len(columns[0].codes) else list(map(rows.__getitem__, order))


def _is_sorted_as_it_is(columns: Sequence[PathColumn], sorts: Sequence[Sort]) -> bool:
    return len(sorts) == 1 and columns[0].sorts_sooner_as_it_is(sorts[0].kind, sorts[0].rates)


def _sorted_as_it_is(rows: Sequence[int], column: PathColumn, sort: Sort) -> list[int]:
    """By the values themselves: what has none stands last, and equal ones stay as they stand, either way round."""
    values, codes = column.comparables(sort.kind, sort.rates), column.codes
    worth = list(map(values.__getitem__, codes if len(rows) == len(codes) else map(codes.__getitem__, rows)))
    places: Sequence[int] = range(len(worth))
    nothing: list[int] = []
    if None in worth:
        places = [place for place, value in enumerate(worth) if value is not None]
        nothing = [place for place, value in enumerate(worth) if value is None]
    order = sorted(places, key=worth.__getitem__, reverse=sort.descending) + nothing
    return order if len(rows) == len(codes) else list(map(rows.__getitem__, order))
