"""The demo company on a fixed day, for stories on screens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Clock
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.demo import make_demo
from tuicrm.services.workspace.start import open_session


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo to copy; the login "root" is Anna."""
    path = tmp_path_factory.mktemp("demo") / "workspace"
    make_demo(path, login="root", clock=Clock(), zone=UTC)
    return path


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path) -> Iterator[Session]:
    """Anna's session in a fresh copy of the demo, on Monday, 23 November 2026, 10:00 UTC."""
    path = tmp_path / "demo"
    shutil.copytree(demo_template, path)
    session = open_session(
        path, login="root", clock=lambda: datetime(2026, 11, 23, 10, tzinfo=UTC), zone=UTC, locale="en_GB"
    )
    yield session
    session.close()
