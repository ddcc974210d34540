"""A store that stands for one that is no folder, and that keeps back by itself what its person may not read, as row-level security
does: what services ask of it must be in the protocol, and what they read past access must go through `whole`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from msgspec.structs import replace

from tuicrm.domain.access import Access
from tuicrm.domain.conditions import Aggregate, And, Condition, Sort
from tuicrm.domain.progress import Tell
from tuicrm.domain.workspace import Workspace
from tuicrm.services.kernel.builtin_definitions import load_types
from tuicrm.services.kernel.session import config_records
from tuicrm.store import JournalStore
from tuicrm.store.parts import Files, Past, no_files
from tuicrm.store.protocol import Asked, Find, FoldGroup, Key, Ordered, Page, Record, Store, Version, Window

PLACE = "postgresql://crm.example/office"


class Elsewhere:
    """Anna's or Luca's view of a store; nothing but the protocol is there."""

    def __init__(self, inner: JournalStore, person: str) -> None:
        self._inner, self._person = inner, person
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in dir(Store):
            raise AttributeError(f"{name} is no part of the protocol")
        self.asked.append(name)
        return getattr(self._inner, name)

    @property
    def place(self) -> str:
        return PLACE

    @property
    def files(self) -> Files:
        raise no_files(PLACE)

    def whole(self) -> Store:
        return self._inner

    # -- row-level security --------------------------------------------------------------------------------------------
    def _access(self, table: str) -> Access | None:
        """None for what is no type of items: everybody reads that."""
        workspace = Workspace(load_types(), config_records(self._inner))
        return Access(workspace.people[self._person], workspace) if table in workspace.types else None

    def _where(self, table: str, where: Condition | None) -> Condition | None:
        access = self._access(table)
        return where if access is None else And((access.readable(table), where or And(())))

    def _may(self, record: Record) -> bool:
        access = self._access(record.table)
        return access is None or access.may("read", record.table, record.doc)

    def get(self, table: str, ids: Iterable[int]) -> list[Record]:
        return [record for record in self._inner.get(table, ids) if self._may(record)]

    def find(self, find: Find) -> Page:
        return self._inner.find(replace(find, where=self._where(find.table, find.where)))

    def ids(self, table: str, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]:
        return self._inner.ids(table, self._where(table, where), sort)

    def count(self, table: str, where: Condition | None = None) -> int:
        return self._inner.count(table, self._where(table, where))

    def among(self, table: str, ids: Iterable[int], where: Condition | None = None) -> list[int]:
        return self._inner.among(table, ids, self._where(table, where))

    def window(self, asked: Ordered, n: int, at: int = 0, around: int | None = None) -> Window:
        return self._inner.window(self._seen(asked), n, at, around)

    def top(self, asked: Ordered, n: int) -> dict[Any, Window]:
        return self._inner.top(self._seen(asked), n)

    def position(self, asked: Ordered, id: int) -> int:
        return self._inner.position(self._seen(asked), id)

    def _seen(self, asked: Ordered) -> Ordered:
        return replace(asked, where=self._where(asked.table, asked.where))

    def fold(self, table: str, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
        return self._inner.fold(table, self._where(table, where), by, aggregates)

    def filled(
        self, table: str, where: Condition | None = None, stopped: Callable[[], bool] = lambda: False
    ) -> dict[str, int]:
        return self._inner.filled(table, self._where(table, where), stopped)

    def is_ready(self, table: str, asked: Asked) -> bool:
        return True

    def prepare(self, table: str, asked: Asked, tell: Tell) -> None:
        """Nothing takes long here."""

    @property
    def past(self) -> Past:
        return cast("Past", _SeenPast(self))

    def history(self, key: Key) -> list[Version]:
        """Of what may be read, as `past` tells it."""
        return self._inner.past.history(key) if self.get(key.table, [key.id]) else []


class _SeenPast:
    """The past of what may be read; what is not of one record, as it is."""

    def __init__(self, view: Elsewhere) -> None:
        self.history = view.history
        self._past = view.whole().past

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in dir(Past):
            raise AttributeError(f"{name} is no part of the protocol")
        return getattr(self._past, name)
