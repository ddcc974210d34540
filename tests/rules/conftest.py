"""The world in which rules are tried."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.rules.world import World, open_world, write_world


@pytest.fixture(scope="session")
def written_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to copy."""
    folder = tmp_path_factory.mktemp("world") / "rules"
    write_world(folder)
    return folder


@pytest.fixture
def world(written_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    folder = tmp_path / "rules"
    shutil.copytree(written_world, folder)
    with ExitStack() as stack:
        yield open_world(folder, monkeypatch, lambda session: stack.callback(session.close))
