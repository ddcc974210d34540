"""A store of each kind that the contract is held to, and how others open the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.backends import BACKENDS, Open
from tuicrm.store import create_store
from tuicrm.store.protocol import Store


@pytest.fixture(params=list(BACKENDS))
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same data once more; all are closed at the end."""
    opened: list[Store] = []
    make = BACKENDS[request.param](tmp_path / "store")

    def open_() -> Store:
        opened.append(make())
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store without records, which is closed."""
    path = tmp_path / "crm"
    create_store(path).close()
    return path


@pytest.fixture
def store(again: Open) -> Store:
    return again()
