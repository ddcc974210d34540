"""The stores that the contract is held to, and what its tests keep in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tuicrm.domain.conditions import Sort, Test
from tuicrm.store import create_store, open_store
from tuicrm.store.protocol import Doc, Find, Indexes, Op, Soonest, Store

Open = Callable[[], Store]

OPEN = Test("done", "boolean", "=", False)
INDEXES = Indexes(
    {"entry": ("owner",), "activity": ("owner",)},
    {
        "@next": Soonest("activity", "owner", "at", "datetime", OPEN),
        "@latest": Soonest("activity", "owner", "at", "datetime", OPEN, latest=True),
    },
)


def journal(folder: Path) -> Open:
    """A workspace folder; every call opens it once more, as another process would."""
    create_store(folder, INDEXES).close()
    return lambda: open_store(folder, INDEXES)


BACKENDS: dict[str, Callable[[Path], Open]] = {"journal": journal}


def put(store: Store, table: str, *docs: Doc, by: str = "anna") -> list[int]:
    """Insert documents; returns their ids."""
    ids = store.new_ids(table, len(docs))
    store.commit([Op(table, record_id, doc) for record_id, doc in zip(ids, docs, strict=True)], by=by)
    return ids


def docs(store: Store, table: str) -> dict[int, Doc]:
    return {record.id: record.doc for record in store.find(Find(table)).records}


def shop(store: Store) -> None:
    put(
        store,
        "deal",
        {"title": "Beta", "stage": "new", "amount": {"amount": "10.00", "currency": "EUR"}, "tags": ["a", "b"]},
        {"title": "alpha", "stage": "won", "amount": {"amount": "5.50", "currency": "EUR"}},
        {"title": "Gamma", "stage": "new", "amount": {"amount": "7.00", "currency": "USD"}, "close": "2026-12-01"},
        {"title": "Delta", "stage": "new"},
        {"stage": None},
    )


def found(store: Store, where: Any = None, *sort: Sort) -> list[int]:
    return store.ids("deal", where, sort)
