"""Reading a workspace's records: by id, and what questions give. Each table has its `TableQuery`, made when it is first asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from tuicrm.domain.conditions import Aggregate, Condition, Sort
from tuicrm.domain.progress import Tell
from tuicrm.store.filled import filled
from tuicrm.store.opened import OpenFolder
from tuicrm.store.protocol import Asked, Find, FoldGroup, Ordered, Page, Record, Soonest, Window
from tuicrm.store.query import TableQuery
from tuicrm.store.soonest import SoonestView, WithSoonest
from tuicrm.store.table import RecordTable


class Reading:
    """The reading verbs of a store (`protocol.Store`), on what is open."""

    def __init__(self, opened: OpenFolder, soonest: Mapping[str, Soonest]) -> None:
        """`soonest`: paths that follow from other records."""
        self._opened, self._mutex = opened, opened.mutex
        self._queries: dict[str, TableQuery] = {}
        self._soonest = {path: SoonestView(how, partial(self._query, how.table)) for path, how in soonest.items()}

    def _query(self, table: str) -> TableQuery:
        found = self._queries.get(table)
        if found is None:
            own = self._opened.table(table)
            source = WithSoonest(own, self._soonest) if self._soonest else own
            found = self._queries.setdefault(table, TableQuery(source, self._mutex))
        return found

    def get(self, table: str, ids: Iterable[int]) -> list[Record]:
        found = self._opened.table(table)
        with self._mutex:
            return [record for record_id in ids if (record := _record(found, record_id)) is not None]

    def find(self, find: Find) -> Page:
        table = self._opened.table(find.table)
        with self._mutex:
            return self._query(find.table).find(find, lambda record_id: _record(table, record_id, find.columns))

    def ids(self, table: str, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]:
        with self._mutex:
            return self._query(table).ids(where, sort)

    def count(self, table: str, where: Condition | None = None) -> int:
        with self._mutex:
            return self._query(table).count(where)

    def among(self, table: str, ids: Iterable[int], where: Condition | None = None) -> list[int]:
        with self._mutex:
            return self._query(table).among(ids, where)

    def window(self, asked: Ordered, n: int, at: int = 0, around: int | None = None) -> Window:
        with self._mutex:
            return self._query(asked.table).window(asked, n, at, around)

    def top(self, asked: Ordered, n: int) -> dict[Any, Window]:
        with self._mutex:
            return self._query(asked.table).top(asked, n)

    def position(self, asked: Ordered, record_id: int) -> int:
        with self._mutex:
            return self._query(asked.table).position(asked, record_id)

    def fold(self, table: str, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
        with self._mutex:
            return self._query(table).fold(where, by, aggregates)

    def filled(self, table: str, where: Condition | None, stopped: Callable[[], bool]) -> dict[str, int]:
        with self._mutex:
            found = self._opened.table(table)
            wanted = None if where is None else frozenset(self._query(table).ids(where))
            base, over, dead = found.base, dict(found.over), found.dead
        counts = filled(base, over, wanted, stopped)
        return {name: count for name, count in counts.items() if name not in dead}

    def is_ready(self, table: str, asked: Asked) -> bool:
        return self._query(table).is_ready(asked)

    def prepare(self, table: str, asked: Asked, tell: Tell) -> None:
        self._query(table).prepare(asked, tell)

    def settle(self, table: str) -> None:
        with self._mutex:
            self._query(table).settle()


def _record(table: RecordTable, record_id: int, columns: Sequence[str] = ()) -> Record | None:
    doc = table.own_doc(record_id)
    if doc is None:
        return None
    if columns:
        doc = {key: doc[key] for key in columns if key in doc}
    return Record(table.name, record_id, table.rev(record_id), doc)
