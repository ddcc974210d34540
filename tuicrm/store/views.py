"""Answers that are asked for again after every change (a board's columns and sums), kept and brought up to date by what changed.

Before rows change, what they gave is taken out of each answer; after, what they give is put in. Both run the whole question on
the few changed rows only, so that a kept answer can differ from a fresh one in nothing but its speed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import compress
from typing import Any, Protocol, TypeAlias

from tuicrm.domain.conditions import ALWAYS, Aggregate, Condition, Sort
from tuicrm.domain.matching import order_key
from tuicrm.store import folds, select
from tuicrm.store.column import RAW, Column, Form, of_kind
from tuicrm.store.columns import Columns, Picked, Rows
from tuicrm.store.protocol import Group

_KEPT = 12
FEW = 100
"""Changed rows up to which following them beats asking anew."""

Columned: TypeAlias = Mapping[tuple[str, Form], Column]
"""Columns by path and form."""


class View(Protocol):
    """One kept answer. `question` is what it answers; `made_of` the columns that it was read from."""

    question: tuple[Any, ...]
    made_of: Columned

    def take_out(self, rows: Rows) -> None:
        """These rows are about to change."""

    def can_follow(self, rows: Rows) -> bool:
        """Whether what these rows hold now is still what such a view is for."""

    def put_in(self, rows: Rows, columns: Columns) -> None:
        """These rows have changed."""


class Views:
    """The kept answers of one table, the latest used last."""

    def __init__(self) -> None:
        self._kept: list[View] = []

    def find(self, question: tuple[Any, ...]) -> View | None:
        for at, view in enumerate(self._kept):
            if view.question == question:
                self._kept.append(self._kept.pop(at))
                return view
        return None

    def keep(self, view: View) -> None:
        self._kept.append(view)
        del self._kept[:-_KEPT]

    def take_out(self, columns: Columns, ids: set[int]) -> None:
        """Rows of these ids are about to change. Too many, and nothing is kept."""
        self._let_go(columns)
        if len(ids) > FEW:
            self._kept.clear()
        elif self._kept:
            rows = Picked(columns, ids)
            for view in self._kept:
                view.take_out(rows)

    def put_in(self, columns: Columns, ids: set[int] | None) -> None:
        """Rows of these ids have changed (None: everything)."""
        if ids is None:
            self._kept.clear()
        self._let_go(columns)
        if ids and self._kept:
            rows = Picked(columns, ids)
            self._kept = [view for view in self._kept if view.can_follow(rows)]
            for view in self._kept:
                view.put_in(rows, columns)

    def _let_go(self, columns: Columns) -> None:
        """Of views whose columns were dropped: what is decoded anew may already be newer than what they followed."""
        self._kept = [view for view in self._kept if columns.still_has(view.made_of)]


def plain(column: Column) -> bool:
    """Whether a column's entries can stand as keys: one a row, and none that is equal to another of another type."""
    return not column.several and all(entry is None or entry.__class__ is str for entry in column.entries)


def matching(rows: Rows, where: Condition | None) -> list[int]:
    """The ids of the rows that match, ascending."""
    if where is None or where == ALWAYS:
        return list(rows.ids)
    return list(compress(rows.ids, select.selected(where, rows)))


def folded(rows: Rows, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[Group]:
    """The rows that match, folded."""
    selected = None if where is None or where == ALWAYS else select.selected(where, rows)

    def coded_at(path: str, form: Form) -> folds.Coded:
        column = rows.column(path, form)
        codes = column.codes if selected is None else list(compress(column.codes, selected))
        return folds.Coded(codes, column.entries, column.several)

    return folds.fold(len(rows) if selected is None else sum(selected), by, aggregates, coded_at)


class Apart:
    """The ids that match, in order, apart by a value of which each row has one at most."""

    def __init__(self, question: tuple[Any, ...], columns: Columns, found: dict[Any, list[int]]) -> None:
        """`question` is by, where, sorts; `found` the answer now."""
        self.question = question
        self._by, self._where, self._sorts = question[1:]
        self.made_of: Columned = columns.those(
            {
                (self._by, RAW),
                *select.needed(self._where or ALWAYS),
                *((sort.path, of_kind(sort.kind)) for sort in self._sorts),
            }
        )
        self._found = found

    def answer(self) -> dict[Any, list[int]]:
        return {key: ids.copy() for key, ids in self._found.items()}

    def _by_key(self, rows: Rows) -> Iterable[tuple[int, Any]]:
        column = rows.column(self._by, RAW)
        key_of = dict(zip(rows.ids, map(column.entries.__getitem__, column.codes), strict=True))
        return [(record_id, key_of[record_id]) for record_id in matching(rows, self._where)]

    def can_follow(self, rows: Rows) -> bool:
        return plain(rows.column(self._by, RAW))

    def take_out(self, rows: Rows) -> None:
        for record_id, key in self._by_key(rows):
            self._found[key].remove(record_id)
            if not self._found[key]:
                del self._found[key]

    def put_in(self, rows: Rows, columns: Columns) -> None:
        comparables = column_comparables(columns, self._sorts)

        def order(record_id: int) -> tuple[Any, ...]:
            return order_key(comparables(record_id), self._sorts, record_id)

        for record_id, key in self._by_key(rows):
            ids = self._found.setdefault(key, [])
            ids.insert(bisect_left(ids, order(record_id), key=order), record_id)


class Sums:
    """Counts and sums by the value of a path of which each row has one at most."""

    _COUNT = Aggregate("count")

    def __init__(self, question: tuple[Any, ...], columns: Columns) -> None:
        """`question` is by, where, aggregates: counts and sums only, which can be taken away again."""
        self.question = question
        self._by, self._where, asked = question[1:]
        self._aggregates: tuple[Aggregate, ...] = (*asked, self._COUNT)
        wanted = {*select.needed(self._where or ALWAYS), *folds.needed(self._by, asked)}
        columns.need(wanted)
        self.made_of: Columned = columns.those(wanted)
        self._groups: dict[Any, Group] = {}
        self._add(columns, 1)

    @staticmethod
    def can_keep(aggregates: Sequence[Aggregate]) -> bool:
        return all(aggregate.what in ("count", "sum", "weighted") for aggregate in aggregates)

    def answer(self) -> list[Group]:
        """By key, the empty key last, as `folds.fold` gives them."""
        groups = sorted(self._groups.values(), key=lambda group: folds.order_of(group.key))
        return [Group(group.key, group.results[:-1]) for group in groups]

    def _add(self, rows: Rows, sign: int) -> None:
        for group in folded(rows, self._where, self._by, self._aggregates):
            before = self._groups.get(group.key)
            results = tuple(
                _sum(had, more, sign)
                for had, more in zip(
                    before.results if before else (None,) * len(group.results), group.results, strict=True
                )
            )
            if results[-1] or not self._by:
                self._groups[group.key] = Group(group.key, results)
            else:
                del self._groups[group.key]

    def can_follow(self, rows: Rows) -> bool:
        return not self._by or plain(rows.column(self._by, RAW))

    def take_out(self, rows: Rows) -> None:
        self._add(rows, -1)

    def put_in(self, rows: Rows, columns: Columns) -> None:  # noqa: ARG002 - other views need all columns
        self._add(rows, 1)


def _sum(had: Any, more: Any, sign: int) -> Any:
    """A count, a sum, or sums by currency, of which those that come to nothing are left out."""
    if had is None:
        return more
    if not isinstance(more, dict):
        return had + sign * more
    total: dict[str, Decimal] = dict(had)
    for currency, amount in more.items():
        total[currency] = total.get(currency, Decimal(0)) + sign * amount
    return {currency: amount for currency, amount in total.items() if amount}


def column_comparables(columns: Columns, sorts: Sequence[Sort]) -> Any:
    """The comparables of a record's sort keys, by id."""
    found = [columns.column(sort.path, of_kind(sort.kind)) for sort in sorts]
    values = [column.comparables(sort.kind, sort.rates) for column, sort in zip(found, sorts, strict=True)]

    def comparables(record_id: int) -> list[Any]:
        row = columns.row(record_id)
        return [value[column.codes[row]] for column, value in zip(found, values, strict=True)]

    return comparables
