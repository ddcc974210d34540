"""The command line as people run it, in a workspace whose administrator is the system's user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.command import Ran, run_here
from tests.conftest import Clock

ROOT = Path(__file__).resolve().parents[2]


Crm: TypeAlias = Callable[..., Ran]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to copy: the system's user is Anna; Luca (login "luca") is a manager; some items, as `seeded` has them."""
    from tests.seeds import add_seeds
    from tuicrm.services.workspace.environment import system_login
    from tuicrm.services.workspace.people import Details, add_person
    from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

    path, clock = tmp_path_factory.mktemp("template") / "workspace", Clock()
    create_workspace(
        path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company", country="IT"), clock=clock
    )
    session = open_session(path, clock=clock)
    add_person(session, Details("Luca Riva", logins=["luca"], roles=["manager"]), key="luca")
    add_seeds(session)
    session.close()
    return path


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    """A fresh copy of the template."""
    path = tmp_path / "data"
    shutil.copytree(template, path)
    return path


@pytest.fixture
def process(data: Path) -> Crm:
    """Runs `tuicrm …` in the copy as a process of its own; not a terminal, as in a script."""

    def run_it(*arguments: str, stdin: str = "", env: dict[str, str] | None = None) -> Ran:
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), **(env or {})}
        done = subprocess.run(
            [sys.executable, "-m", "tuicrm", *arguments],
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            env=surroundings,
            cwd=data.parent,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_it


@pytest.fixture
def crm(data: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """The same without the process, ten times as fast: for what does not depend on one."""
    return partial(run_here, data, monkeypatch)
