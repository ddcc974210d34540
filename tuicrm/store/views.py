"""Answers that are asked for again after every change (a board's columns and sums), kept and brought up to date by what changed.

Before rows change, what they gave is taken out of each answer; after, what they give is put in. Both run the whole question on
the few changed rows only, so that a kept answer can differ from a fresh one in nothing but its speed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import compress
from typing import Any, Protocol, TypeAlias

from tuicrm.domain.conditions import ALWAYS, Aggregate, Condition, Sort
from tuicrm.domain.matching import order_key
from tuicrm.store import folds, select
from tuicrm.store.column import RAW, ColumnForm, PathColumn, of_kind, readings
from tuicrm.store.columns import ColumnRows, ColumnStore, Picked
from tuicrm.store.protocol import FoldGroup

_KEPT = 12
FEW = 100
"""Changed rows up to which following them beats asking anew."""

ViewQuestion: TypeAlias = tuple[Any, ...]
"""What is asked: the kind of view, by what, where, and sorts or aggregates."""

Comparables: TypeAlias = Callable[[Sequence[Sort]], Callable[[int], list[Any]]]
"""How a record's sort keys are read, by its id."""

Columned: TypeAlias = Mapping[tuple[str, ColumnForm], PathColumn]
"""Columns by path and form."""


class KeptView(Protocol):
    """One kept answer. `made_of` is the columns that it was read from and follows; empty for one that was kept on disk."""

    question: ViewQuestion
    made_of: Columned

    def needed(self) -> set[tuple[str, ColumnForm]]:
        """The columns to be made of."""

    def take_out(self, rows: ColumnRows, comparables: Comparables) -> None:
        """These rows are about to change."""

    def can_follow(self, rows: ColumnRows) -> bool:
        """Whether what these rows hold now is still what such a view is for."""

    def put_in(self, rows: ColumnRows, comparables: Comparables) -> None:
        """These rows have changed."""


class KeptViews:
    """The kept answers of one table, the latest used last."""

    def __init__(self) -> None:
        self._kept: list[KeptView] = []

    def find(self, question: ViewQuestion) -> KeptView | None:
        """The kept answer to a question, which is the latest used from now on; None where it was not kept."""
        for at, view in enumerate(self._kept):
            if view.question == question:
                self._kept.append(self._kept.pop(at))
                return view
        return None

    def keep(self, view: KeptView) -> None:
        """Keep an answer; the one that was used longest ago may go for it."""
        self._kept.append(view)
        del self._kept[:-_KEPT]

    def take_out(self, columns: ColumnStore, ids: set[int]) -> None:
        """Rows of these ids are about to change. Too many, and nothing is kept."""
        self._let_go(columns)
        if len(ids) > FEW:
            self._kept.clear()
        elif self._kept:
            rows = Picked(columns, ids)
            for view in self._kept:
                view.take_out(rows, partial(column_comparables, columns))

    def put_in(self, columns: ColumnStore, ids: set[int] | None) -> None:
        """Rows of these ids have changed (None: everything)."""
        if ids is None:
            self._kept.clear()
        if ids:
            self._let_go(columns)
        if ids and self._kept:
            rows = Picked(columns, ids)
            self._kept = [view for view in self._kept if view.can_follow(rows)]
            for view in self._kept:
                view.put_in(rows, partial(column_comparables, columns))

    def _let_go(self, columns: ColumnStore) -> None:
        """Of views whose columns were dropped: what is decoded anew may already be newer than what they followed."""
        self._kept = [view for view in self._kept if _follows(view) and columns.still_has(view.made_of)]

    def unsettled(self) -> set[tuple[str, ColumnForm]]:
        """The columns that answers kept on disk are to follow."""
        return {key for view in self._kept if not _follows(view) for key in view.needed()}

    def settle(self, columns: ColumnStore) -> None:
        """Give answers that were kept on disk the columns that they follow."""
        for view in self._kept:
            if not _follows(view):
                view.made_of = columns.those(view.needed())


def _follows(view: KeptView) -> bool:
    """Whether it has the columns that it follows; one of all ids by id needs none."""
    return bool(view.made_of) or not view.needed()


def plain(column: PathColumn) -> bool:
    """Whether a column's entries can stand as keys: one a row, and none that is equal to another of another type."""
    return not column.several and all(entry is None or entry.__class__ is str for entry in column.entries)


def matching(rows: ColumnRows, where: Condition | None) -> list[int]:
    """The ids of the rows that match, ascending."""
    if where is None or where == ALWAYS:
        return list(rows.ids)
    return list(compress(rows.ids, select.selected(where, rows)))


def folded(rows: ColumnRows, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
    """The rows that match, folded."""
    selected = None if where is None or where == ALWAYS else select.selected(where, rows)

    def coded_at(path: str, form: ColumnForm) -> folds.Coded:
        column = rows.column(path, form)
        codes = column.codes if selected is None else list(compress(column.codes, selected))
        return folds.Coded(codes, column.entries, column.several)

    return folds.fold(len(rows) if selected is None else sum(selected), by, aggregates, coded_at)


class Apart:
    """The ids that match, in order, apart by a value of which each row has one at most; "" keeps them together, under None."""

    NAME = "apart"

    def __init__(self, question: ViewQuestion, made_of: Columned, found: Mapping[Any, Sequence[int]]) -> None:
        """`question` ends with by, where, sorts; `found` is the answer now."""
        self.question = question
        self._by, self._where, self._sorts = question[1:]
        self.made_of = made_of
        self.found: dict[Any, array[int]] = {key: as_array(ids) for key, ids in found.items()}

    def needed(self) -> set[tuple[str, ColumnForm]]:
        """The columns that it is read from, as (path, form)."""
        sorts = ((sort.path, of_kind(sort.kind)) for sort in self._sorts)
        by = [(self._by, RAW)] if self._by else []
        return {*by, *select.needed(self._where or ALWAYS), *sorts}

    def _by_key(self, rows: ColumnRows) -> Iterable[tuple[int, Any]]:
        if not self._by:
            return [(record_id, None) for record_id in matching(rows, self._where)]
        column = rows.column(self._by, RAW)
        key_of = dict(zip(rows.ids, map(column.entries.__getitem__, column.codes), strict=True))
        return [(record_id, key_of[record_id]) for record_id in matching(rows, self._where)]

    def can_follow(self, rows: ColumnRows) -> bool:
        """Whether it can be carried along: not where a row has several values to be told apart by."""
        return not self._by or plain(rows.column(self._by, RAW))

    def _order(self, comparables: Comparables) -> Callable[[int], tuple[Any, ...]]:
        comparables_of = comparables(self._sorts)
        return lambda record_id: order_key(comparables_of(record_id), self._sorts, record_id)

    def take_out(self, rows: ColumnRows, comparables: Comparables) -> None:
        """Take out rows as they were. `comparables` give the values that order them."""
        order = self._order(comparables)
        for record_id, key in self._by_key(rows):
            ids = self.found[key]
            del ids[place_of(ids, record_id, order)]
            if not ids:
                del self.found[key]

    def put_in(self, rows: ColumnRows, comparables: Comparables) -> None:
        """Put in rows as they are now, each in its place in the order."""
        order = self._order(comparables)
        for record_id, key in self._by_key(rows):
            ids = self.found.setdefault(key, array("q"))
            ids.insert(bisect_left(ids, order(record_id), key=order), record_id)


def as_array(ids: Iterable[int]) -> array[int]:
    """Ids at eight bytes each: of a million, a list would take five times as much."""
    return ids if isinstance(ids, array) else array("q", ids)


def place_of(ids: Sequence[int], record_id: int, order: Callable[[int], Any]) -> int:
    """Where an id stands among ids in an order. Raises ValueError where it does not."""
    place = bisect_left(ids, order(record_id), key=order)
    return place if place < len(ids) and ids[place] == record_id else ids.index(record_id)


class Touched:
    """The values at a path of what changed, before and after."""

    NAME = "touched"

    def __init__(self, question: ViewQuestion, made_of: Columned) -> None:
        """`question` ends with the path."""
        self.question = question
        self._path: str = question[-1]
        self.made_of = made_of
        self.values: set[Any] = set()

    def needed(self) -> set[tuple[str, ColumnForm]]:
        """The column of its path."""
        return {(self._path, RAW)}

    def can_follow(self, rows: ColumnRows) -> bool:  # noqa: ARG002 - it follows anything
        """Always True: values are only gathered."""
        return True

    def take_out(self, rows: ColumnRows, comparables: Comparables) -> None:  # noqa: ARG002 - it has no order
        """Gather the values of rows, as they were or as they are."""
        self.values.update(*map(readings, rows.column(self._path, RAW).entries))

    put_in = take_out


class Sums:
    """Counts and sums by the value of a path of which each row has one at most."""

    NAME = "sums"
    _COUNT = Aggregate("count")

    def __init__(self, question: ViewQuestion, made_of: Columned, groups: dict[Any, FoldGroup]) -> None:
        """`question` ends with by, where, aggregates: counts and sums only, which can be taken away again. `groups` is the answer
        now, each with its count as a last result; {} to begin with no rows."""
        self.question = question
        self._by, self._where, self._asked = question[1:]
        self._aggregates: tuple[Aggregate, ...] = (*self._asked, self._COUNT)
        self.made_of = made_of
        self.groups = groups

    @classmethod
    def of(cls, question: ViewQuestion, columns: ColumnStore) -> Sums:
        """The answer from all rows."""
        view = cls(question, {}, {})
        columns.need(view.needed())
        view.made_of = columns.those(view.needed())
        view._add(columns, 1)
        return view

    def needed(self) -> set[tuple[str, ColumnForm]]:
        """The columns that are counted, summed, filtered and grouped by, as (path, form)."""
        return {*select.needed(self._where or ALWAYS), *folds.needed(self._by, self._asked)}

    @staticmethod
    def can_keep(aggregates: Sequence[Aggregate]) -> bool:
        """Whether such results can be carried along: counts and sums can, a least or greatest cannot."""
        return all(aggregate.what in ("count", "sum", "weighted") for aggregate in aggregates)

    def answer(self) -> list[FoldGroup]:
        """By key, the empty key last, as `folds.fold` gives them."""
        groups = sorted(self.groups.values(), key=lambda group: folds.order_of(group.key))
        return [FoldGroup(group.key, group.results[:-1]) for group in groups]

    def _add(self, rows: ColumnRows, sign: int) -> None:
        for group in folded(rows, self._where, self._by, self._aggregates):
            before = self.groups.get(group.key)
            results = tuple(
                _sum(had, more, sign)
                for had, more in zip(
                    before.results if before else (None,) * len(group.results), group.results, strict=True
                )
            )
            if results[-1] or not self._by:
                self.groups[group.key] = FoldGroup(group.key, results)
            else:
                del self.groups[group.key]

    def can_follow(self, rows: ColumnRows) -> bool:
        """Whether it can be carried along: not where a row counts in several groups."""
        return not self._by or plain(rows.column(self._by, RAW))

    def take_out(self, rows: ColumnRows, comparables: Comparables) -> None:  # noqa: ARG002 - sums have no order
        """Subtract rows as they were."""
        self._add(rows, -1)

    def put_in(self, rows: ColumnRows, comparables: Comparables) -> None:  # noqa: ARG002 - sums have no order
        """Add rows as they are now."""
        self._add(rows, 1)


def view_of(question: ViewQuestion) -> Apart | Sums:
    """An empty answer to a question: what tells its columns."""
    return Apart(question, {}, {}) if question[0] == Apart.NAME else Sums(question, {}, {})


def _sum(had: Any, more: Any, sign: int) -> Any:  # noqa: ANN401 - a number, or sums by currency
    """A count, a sum, or sums by currency, of which those that come to nothing are left out."""
    if had is None:
        return more
    if not isinstance(more, dict):
        return had + sign * more
    total: dict[str, Decimal] = dict(had)
    for currency, amount in more.items():
        total[currency] = total.get(currency, Decimal(0)) + sign * amount
    return {currency: amount for currency, amount in total.items() if amount}


def column_comparables(columns: ColumnStore, sorts: Sequence[Sort]) -> Callable[[int], list[Any]]:
    """The comparables of a record's sort keys, by id."""
    found = [columns.column(sort.path, of_kind(sort.kind)) for sort in sorts]
    values = [column.comparables(sort.kind, sort.rates) for column, sort in zip(found, sorts, strict=True)]

    def comparables(record_id: int) -> list[Any]:
        row = columns.row(record_id)
        return [value[column.codes[row]] for column, value in zip(found, values, strict=True)]

    return comparables
