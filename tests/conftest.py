"""Fixtures that build up: a frozen clock, an empty workspace, a seeded one. Nothing here touches the user's own folders."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.cost import Costs
from tests.examples import choose
from tuicrm.i18n import set_language
from tuicrm.services.kernel.session import Session

if TYPE_CHECKING:
    from tests.calendar_server import Radicale
    from tests.dovecot import Dovecot
    from tests.postfix import Postfix

# What pytest makes of a test's file is kept, whatever the surroundings say: it takes 11 s for all of them, in every worker.
sys.dont_write_bytecode = False

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""Monday, 23 November 2026, 10:00 UTC: the moment at which every test takes place."""


class Clock:
    """A clock that stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **span: float) -> None:
        """Let time pass: `clock.tick(minutes=5)`."""
        self.now += timedelta(**span)


OpenAs: TypeAlias = Callable[[str], Session]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cost", metavar="FILE", help="write the processor time of each test to FILE (see tests/cost.py)")
    parser.addoption(
        "--deep", action="store_true", help="try more and new examples of every property (see tests/examples.py)"
    )


def pytest_configure(config: pytest.Config) -> None:
    # Tests make thousands of objects and drop them; to look for circles at each 700 was a twenty-fifth of all their time.
    gc.set_threshold(10_000, 10, 10)
    choose(deep=config.getoption("--deep"))
    if path := config.getoption("--cost"):
        config.pluginmanager.register(Costs(Path(path).absolute()))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests are made and stay: Python's collector would look at them over and over (a third of the time it takes)."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


_folders = count()

_environment = {*os.environ, "PYTEST_CURRENT_TEST", "ESCDELAY", "TEXTUAL_FPS"}
"""The names in it before any test, and those that are set by an import; what a test leaves behind is not there for the next one."""


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the test's own. Pytest's own fixture reads through the folders of all tests before it to find a free number."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    path = tmp_path_factory.getbasetemp() / f"{name}{next(_folders)}"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The same zone, language and folders on every machine; what is written to the present folder stays out of the repository."""
    for name in set(os.environ) - _environment:
        warnings.warn(f"{name} was left in the environment by an earlier test", stacklevel=1)
        del os.environ[name]
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "TUICRM_DATA", "NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """One calendar server for all tests of a process that ask for it."""
    from tests.calendar_server import Radicale

    server = Radicale(tmp_path_factory.mktemp("radicale"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def postfix_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postfix]:
    """One mail server for all tests of a process that ask for it."""
    from tests import postfix

    if not postfix.is_here():
        pytest.skip("needs Postfix, and to be root (scripts/mail_servers.sh)")
    server = postfix.Postfix(tmp_path_factory.mktemp("postfix"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postfix(postfix_server: Postfix) -> Postfix:
    """The same, with nothing delivered yet."""
    postfix_server.clear()
    return postfix_server


@pytest.fixture(scope="session")
def dovecot_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """One server that keeps mail for all tests of a process that ask for it."""
    from tests import dovecot

    if not dovecot.is_here():
        pytest.skip("needs Dovecot, and to be root (scripts/mail_servers.sh)")
    server = dovecot.Dovecot(tmp_path_factory.mktemp("dovecot"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Dovecot:
    """The same, with no mail yet."""
    dovecot_server.clear()
    return dovecot_server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to copy."""
    from tuicrm.services.workspace.start import Maker, Settings, create_workspace

    path = tmp_path_factory.mktemp("empty") / "workspace"
    set_language("en")
    create_workspace(
        path, person=Maker("anna", "Anna Bianchi"), settings=Settings("Test company", country="IT"), clock=Clock()
    )
    return path


@pytest.fixture(scope="session")
def seeded_workspace(empty_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to copy for `seeded`."""
    from tests.seeds import add_seeds
    from tuicrm.services.items import items
    from tuicrm.services.workspace.people import Details, add_person

    path = tmp_path_factory.mktemp("seeded") / "workspace"
    shutil.copytree(empty_workspace, path)
    session = _open(path, "anna", Clock())
    manager = next(role.key for role in session.workspace.roles.values() if not role.admin)
    add_person(session, Details("Luca Riva", logins=["luca"], roles=[manager], department="company"), key="luca")
    add_seeds(session)
    items.add(session, "lead", {"title": "Fair contact"})
    session.close()
    return path


@pytest.fixture
def workspace_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of a new, empty workspace (EUR, Italy) that Anna (login "anna") made and administers; where the test asks for
    `seeded`, it is filled from the start."""
    name = "seeded_workspace" if "seeded" in request.fixturenames else "empty_workspace"
    path = tmp_path / "workspace"
    shutil.copytree(request.getfixturevalue(name), path)
    return path


def _open(path: Path, login: str, clock: Clock) -> Session:
    from tuicrm.services.workspace.start import open_session

    return open_session(path, login=login, clock=clock, zone=UTC, language="en", locale="en_GB")


@pytest.fixture
def open_as(workspace_path: Path, clock: Clock) -> Iterator[OpenAs]:
    """Opens further sessions on the workspace, by login; all are closed at the end."""
    opened: list[Session] = []

    def open_(login: str) -> Session:
        session = _open(workspace_path, login, clock)
        opened.append(session)
        return session

    yield open_
    for session in opened:
        session.close()


@pytest.fixture
def workspace(open_as: OpenAs) -> Session:
    """Anna's session in the empty workspace."""
    return open_as("anna")


@pytest.fixture
def seeded(workspace: Session) -> Session:
    """Anna's session in a workspace with Luca (a manager, login "luca") and a few items:

    CO-1 Rossi Srl, CO-2 Ferrari Legnami · C-1 Maria Rossi (of CO-1) · D-1 Website redesign (12,500 EUR, CO-1, Anna), D-2 ERP
    connector (38,000 EUR, CO-2, Luca), D-3 Annual support (no amount, Anna) · L-1 Fair contact."""
    return workspace
