"""Questions to one table: find, ids and fold, on postings where they narrow, else on columns. Safe from threads."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import compress
from typing import Any, TypeAlias

from tuicrm.domain.conditions import ALWAYS, Aggregate, And, Condition, OneOf, Or, Sort, Test
from tuicrm.domain.matching import comparable_at, matcher, order_key, sort_key
from tuicrm.domain.progress import Tell
from tuicrm.store import folds, kept_views, select
from tuicrm.store.column import RAW, ColumnForm, PathColumn, entry_of, readings
from tuicrm.store.columns import ColumnBase, ColumnStore, TableSource, Wanted, by_row, field_of, read_columns
from tuicrm.store.orders import Orders, columns_of, sorted_by, sorted_rows
from tuicrm.store.part import IdRange
from tuicrm.store.protocol import Asked, Doc, Find, FoldGroup, Ordered, Page, Record, Window
from tuicrm.store.views import (
    FEW,
    Apart,
    KeptView,
    KeptViews,
    Sums,
    Touched,
    ViewQuestion,
    column_comparables,
    folded,
    plain,
    view_of,
)

__all__ = ["MakeRecord", "TableQuery", "TableSource"]

MakeRecord: TypeAlias = Callable[[int], Record | None]
"""Reads one record for a page; None when it is gone by now."""

_Comparables: TypeAlias = Callable[[int], Sequence[Any]]
"""The comparables of a record's sort keys, by id."""

MOMENT = 50_000
"""Records of which any answer takes but a moment (0.2 s)."""

_FEW_DOCS = 500
"""Documents that are sooner read one by one than columns are decoded."""


def _question(asked: Asked) -> ViewQuestion:
    """What an answer to it is kept as."""
    if asked.aggregates:
        return Sums.NAME, asked.by, asked.where, tuple(asked.aggregates)
    return Apart.NAME, asked.by, asked.where, tuple(asked.sort)


def _needed(asked: Asked) -> set[Wanted]:
    """The columns that an answer is read from."""
    return {*select.needed(asked.where or ALWAYS), *folds.needed(asked.by, asked.aggregates), *sorted_by(asked.sort)}


class TableQuery:
    """Answers for one table. ColumnStore and sorted orders are made when first asked for and then follow the table."""

    def __init__(self, source: TableSource, lock: AbstractContextManager[Any] | None = None) -> None:
        """`lock` is what the table is written under."""
        self._source = source
        self._columns = ColumnStore(source)
        self._orders = Orders(self._columns, self._viewed)
        self._views = KeptViews()
        self._passing: tuple[int, ViewQuestion, Mapping[Any, Sequence[int]]] | None = None
        """The latest answer that cannot be followed, and the version of the table that it is of."""
        self._lock = lock or threading.RLock()

    def find(self, find: Find, make_record: MakeRecord) -> Page:
        """A page of records. `make_record` is called for those on the page only; it minds `find.columns` itself."""
        sorts = find.sort
        with self._lock:
            ids, comparables = self._ordered(find.where, sorts)
            start = 0
            if find.after is not None:
                *after, last_id = find.after
                start = bisect_right(
                    ids, order_key(after, sorts, last_id), key=lambda i: order_key(comparables(i), sorts, i)
                )
            page = ids[start : start + find.limit] if find.limit else ids[start:]
            more = start + len(page) < len(ids)
            following = (*comparables(page[-1]), page[-1]) if more else None
        records = [record for record_id in page if (record := make_record(record_id)) is not None]
        return Page(records, len(ids), following)

    def ids(self, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]:
        """The ids that match, in order."""
        with self._lock:
            return list(self._ordered(where, sort)[0])

    def count(self, where: Condition | None = None) -> int:
        """How many match."""
        with self._lock:
            docs = self._narrowed(where)
            if docs is not None:
                return len(docs)
            columns = self._fresh_columns()
            if where is None or where == ALWAYS:
                return len(columns)
            kept = self._views.find((Apart.NAME, "", where, ()))
            if isinstance(kept, Apart):
                return sum(map(len, kept.found.values()))
            columns.need(select.needed(where))
            return select.selected(where, columns).count(1)

    def among(self, ids: Iterable[int], where: Condition | None = None) -> list[int]:
        """Those of some ids that match, as they come."""
        with self._lock:
            some = list(ids)
            self._wake(select.needed(where or ALWAYS))
            if len(some) <= _FEW_DOCS:
                holds = matcher(where or ALWAYS)
                return [one for one in some if (doc := self._doc_now(one)) is not None and holds(doc)]
            columns = self._fresh_columns()
            columns.need(select.needed(where or ALWAYS))
            selected = select.selected(where or ALWAYS, columns)
            return [one for one in some if (row := columns.row(one)) >= 0 and selected[row]]

    # -- an order, of which a part is asked for ------------------------------------------------------------------------
    def top(self, asked: Ordered, n: int) -> dict[Any, Window]:
        """How many there are with each value at `by`, and the first of them."""
        with self._lock:
            found = self._apart(asked.by, asked.where, asked.sort)
            parts = {key: self._part(ids, asked) for key, ids in found.items()}
            return {key: part.window(0, n) for key, part in parts.items() if len(part)}

    def window(self, asked: Ordered, n: int, at: int = 0, around: int | None = None) -> Window:
        """Some of an order: from a place on, or around an id."""
        with self._lock:
            part = self._asked_part(asked)
            return part.window(at, n) if around is None else part.around(around, n)

    def position(self, asked: Ordered, record_id: int) -> int:
        """Where an id stands in an order, from 0; -1 where it does not."""
        with self._lock:
            return self._asked_part(asked).position(record_id)

    def _asked_part(self, asked: Ordered) -> IdRange:
        return self._part(self._apart(asked.by, asked.where, asked.sort).get(asked.key, ()), asked)

    def _part(self, ids: Sequence[int], asked: Ordered) -> IdRange:
        return IdRange(ids, asked, self._comparables_now(asked.sort))

    def _comparables_now(self, sorts: Sequence[Sort]) -> _Comparables:
        """Read from columns where they are there, else from the few documents that are asked about."""
        columns = self._columns
        if columns.has(sorted_by(sorts)) and columns.version == self._source.version():
            return column_comparables(columns, sorts)
        return kept_views.doc_comparables(self._doc_now, sorts)

    def _apart(self, by: str, where: Condition | None, sort: Sequence[Sort]) -> Mapping[Any, Sequence[int]]:
        """The ids that match, in order, apart by the value at `by` (None where there is none; "": all under None). Shared: never
        change it."""
        self._wake(sorted_by(sort))
        docs = self._narrowed(where)
        if docs is not None:
            value_of = entry_of(by, RAW) if by else None
            ids = self._ordered(where, sort)[0]
            return _by_keys(ids, lambda one: readings(value_of(docs[one])) if value_of else ())
        columns, question = self._fresh_columns(), (Apart.NAME, by, where, tuple(sort))
        if isinstance(kept := self._kept(question), Apart):
            return kept.found
        if self._passing is not None and self._passing[:2] == (columns.version, question):
            return self._passing[2]
        columns.need(view_of(question).needed())
        ids = self._ordered(where, sort)[0]
        if not by:
            return self._kept_apart(question, {None: array("q", ids)} if ids else {})
        column = columns.column(by, RAW)
        if plain(column):
            return self._kept_apart(question, _by_codes(ids, columns, column))
        found: Mapping[Any, Sequence[int]]
        if column.several:
            found = _by_keys(ids, lambda one: readings(column.entries[column.codes[columns.row(one)]]))
        else:
            found = _by_codes(ids, columns, column)
        self._passing = columns.version or 0, question, found
        return found

    def _kept_apart(self, question: ViewQuestion, found: Mapping[Any, Sequence[int]]) -> Mapping[Any, Sequence[int]]:
        view = Apart(question, {}, found)
        view.made_of = self._columns.those(view.needed())
        self._keep(view)
        return view.found

    def fold(self, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
        """Groups of those that match, by key, the empty key last; `by` "" gives one group, even of nothing."""
        with self._lock:
            docs = self._narrowed(where)
            if docs is not None:
                found = list(docs.values())
                return folds.fold(len(found), by, aggregates, lambda path, form: _coded(found, path, form))
            columns, question = self._fresh_columns(), (Sums.NAME, by, where, tuple(aggregates))
            if isinstance(kept := self._kept(question), Sums):
                return kept.answer()
            columns.need({*select.needed(where or ALWAYS), *folds.needed(by, aggregates)})
            if not Sums.can_keep(aggregates) or (by and not plain(columns.column(by, RAW))):
                return folded(columns, where, by, aggregates)
            view = Sums.of(question, columns)
            self._keep(view)
            return view.answer()

    def touched(self, path: str, asker: str) -> set[Any] | None:
        """The values at a path of what changed since this one asked last, before and after; None: of anything."""
        with self._lock:
            columns, question = self._fresh_columns(), (Touched.NAME, asker, path)
            view = self._views.find(question)
            if not isinstance(view, Touched):
                self._views.keep(Touched(question, columns.those([(path, RAW)])))
                return None
            values, view.values = view.values, set()
            return values

    def _wake(self, wanted: Iterable[Wanted]) -> None:
        """Have the paths among these that no document holds."""
        for path in self._lent(wanted):
            self._source.wake(path)

    def _lent(self, wanted: Iterable[Wanted]) -> set[str]:
        lent = self._source.lent
        return {path for path, _form in wanted if path in lent} if lent else set()

    # -- what takes its time, before anybody asks ----------------------------------------------------------------------
    def is_ready(self, asked: Asked) -> bool:
        """Whether an answer would take but a moment."""
        lent = self._lent(_needed(asked))
        if lent and not all(map(self._source.is_ready, lent)):
            return False
        with self._lock:
            if self._narrowed(asked.where) is not None or len(self._source.live_ids()) <= MOMENT:
                return True
            self._wake(_needed(asked))
            self._fresh_columns()
            if self._kept(_question(asked)) is not None:
                return True
            lacks = self._columns.lacking(_needed(asked)) is not None
            return not lacks and (not asked.sort or self._orders.has(asked.sort))

    def prepare(self, asked: Asked, tell: Tell) -> None:
        """Read what an answer needs: its columns and its order. Nobody waits for this but for moments, as all of it is done beside;
        what `tell` raises ends it."""
        for path in self._lent(_needed(asked)):
            self._source.prepare(path, tell)
        if self.is_ready(asked):
            return
        with self._lock:
            lacking = self._columns.lacking(_needed(asked))
        if lacking is not None:
            self._read_beside(*lacking, tell=tell)
        if asked.sort:
            self._prepare_order(asked.sort, tell)

    def _read_beside(self, base: ColumnBase, wanted: Sequence[Wanted], tell: Tell) -> None:
        read = read_columns(base, wanted, tell)
        with self._lock:
            self._columns.offer(base, read)

    def _prepare_order(self, sorts: Sequence[Sort], tell: Tell) -> None:
        """Sort on copies; what is written meanwhile is put in its place after. Where too much was, who asks has to sort."""
        with self._lock:
            columns = self._fresh_columns()
            if self._orders.has(sorts):
                return
            version, sorting = columns.version or 0, self._orders.sorting(sorts)
        order = sorting.done(tell)
        with self._lock:
            changed = self._source.changed_since(version)
            self._fresh_columns()
            if changed is not None and len(set(changed)) <= FEW:
                sorting.give_ranks()
                self._orders.keep(sorts, self._orders.replaced(order, set(changed), sorts))

    def settle(self) -> None:
        """Decode now what kept answers will need to follow changes; beside, as `prepare` does."""
        with self._lock:
            columns = self._fresh_columns()
            lacking = columns.lacking(self._views.unsettled())
        if lacking is not None:
            self._read_beside(*lacking, tell=lambda _done, _of: None)
        with self._lock:
            self._views.settle(self._fresh_columns())

    def _kept(self, question: ViewQuestion) -> KeptView | None:
        """An answer kept in memory, else on disk."""
        view, base = self._views.find(question), self._base_for(question)
        if view is None and base is not None and not self._columns.any_loaded:
            view = kept_views.load(base, sorted(self._source.newer_ids()), question, self._doc_now)
            if view is not None:
                self._views.keep(view)
        return view

    def _keep(self, view: KeptView) -> None:
        base = self._base_for(view.question)
        self._views.keep(view)
        if base is not None:
            kept_views.save(base, sorted(self._source.newer_ids()), view, self._doc_now)

    def _base_for(self, question: ViewQuestion) -> ColumnBase | None:
        """What keeps answers on disk; None for a question about a deleted field, of which the base may have values, or about what
        follows from others' records."""
        dead = self._source.dead
        if self._lent(view_of(question).needed()):
            return None
        if dead and any(field_of(path) in dead for path, _form in view_of(question).needed()):
            return None
        return self._source.base

    def _doc_now(self, record_id: int) -> Doc | None:
        try:
            return self._source.doc(record_id)
        except KeyError:
            return None

    # -- by postings ---------------------------------------------------------------------------------------------------
    def _narrowed(self, where: Condition | None) -> dict[int, Doc] | None:
        """The documents that match, by id, when postings leave few to look at; None when they do not help."""
        if where is not None:
            self._wake(select.needed(where))
        candidates = self._candidates(where) if where is not None else None
        if where is None or candidates is None or self._are_many(candidates):
            return None
        holds, docs = matcher(where), {}
        for record_id in candidates:
            try:
                doc = self._source.doc(record_id)
            except KeyError:  # deleted since the posting was read
                continue
            if holds(doc):
                docs[record_id] = doc
        return docs

    def _are_many(self, candidates: Sequence[int]) -> bool:
        """Whether they are so many of all that columns tell sooner."""
        return len(candidates) > _FEW_DOCS and len(candidates) * 4 > len(self._source.live_ids())

    def _candidates(self, where: Condition) -> Sequence[int] | None:
        """Ids among which all matches are, ascending. Posted fields hold keys and refs, which are never case-folded."""
        match where:
            case Test(op="=", path=path, value=str(value)):
                return self._source.posting(path, value)
            case OneOf(path=path, values=values) if all(isinstance(value, str) for value in values):
                return _union(self._source.posting(path, value) for value in values)
            case And(parts=parts):
                found = (self._candidates(part) for part in parts)
                return next((candidates for candidates in found if candidates is not None), None)
            case Or(parts=parts):
                return _union(self._candidates(part) for part in parts)
        return None

    # -- by columns ----------------------------------------------------------------------------------------------------
    def _ordered(self, where: Condition | None, sorts: Sequence[Sort]) -> tuple[Sequence[int], _Comparables]:
        """The ids that match, in order; not to be changed."""
        self._wake(sorted_by(sorts))
        docs = self._narrowed(where)
        if docs is not None:
            key, getters = sort_key(sorts), [comparable_at(sort) for sort in sorts]
            ids = sorted(docs, key=lambda record_id: key(docs[record_id], record_id)) if sorts else list(docs)
            return ids, lambda record_id: [get(docs[record_id]) for get in getters]
        columns = self._fresh_columns()
        columns.need({*select.needed(where or ALWAYS), *sorted_by(sorts)})
        everything = where is None or where == ALWAYS
        selected = None if everything else select.selected(where or ALWAYS, columns)
        if not sorts:
            return columns.ids if selected is None else array("q", compress(columns.ids, selected)), lambda _: ()
        if selected is not None and not self._orders.has(sorts) and selected.count(1) * 4 < len(columns):
            rows = list(compress(range(len(columns)), selected))
            rows = sorted_rows(rows, columns_of(columns, sorts), sorts)
            return array("q", map(columns.ids.__getitem__, rows)), column_comparables(columns, sorts)
        order = self._orders.of(sorts)
        found = order if selected is None else array("q", compress(order, by_row(selected, columns.ids, order)))
        return found, column_comparables(columns, sorts)

    def _fresh_columns(self) -> ColumnStore:
        """The columns as the table is now; kept orders follow."""
        changed = self._columns.refresh(lambda ids: self._views.take_out(self._columns, ids))
        self._views.put_in(self._columns, changed)
        self._orders.follow(changed)
        return self._columns

    def _viewed(self, sorts: Sequence[Sort]) -> array[int] | None:
        """All ids in an order that a kept answer has."""
        view = self._views.find((Apart.NAME, "", None, tuple(sorts)))
        return view.found.get(None) if isinstance(view, Apart) else None


def _coded(docs: Iterable[Doc], path: str, form: ColumnForm) -> folds.Coded:
    column = PathColumn(path, form)
    column.extend(docs)
    return folds.Coded(column.codes, column.entries, column.several)


def _by_keys(ids: Iterable[int], keys_of: Callable[[int], Sequence[Any]]) -> dict[Any, list[int]]:
    """Ids apart by keys, of which each may have several; those without any under None."""
    found: dict[Any, list[int]] = {}
    for record_id in ids:
        for key in keys_of(record_id) or (None,):
            found.setdefault(key, []).append(record_id)
    return found


def _by_codes(ids: Sequence[int], columns: ColumnStore, column: PathColumn) -> dict[Any, array[int]]:
    """Ids apart by what a column holds, one a row."""
    apart: dict[Any, array[int]] = {}
    # Two entries may be equal: no and 0, where another program wrote a value of the wrong kind.
    add = [apart.setdefault(entry, array("q")).append for entry in column.entries]
    for record_id, code in zip(ids, by_row(column.codes, columns.ids, ids), strict=True):
        add[code](record_id)
    return {key: some for key, some in apart.items() if some}


def _union(found: Iterable[Iterable[int] | None]) -> list[int] | None:
    union: set[int] = set()
    for ids in found:
        if ids is None:
            return None
        union.update(ids)
    return sorted(union)
