"""Making a workspace and being let in."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.errors import AccessDenied, NotAWorkspace, NotFound, StorageError
from tuicrm.services.history.undo import undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import environment, people
from tuicrm.services.workspace.people import Details
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

ANNA = Maker("anna", "Anna Bianchi")


def test_a_new_workspace_is_ready_for_work(workspace: Session) -> None:
    made = workspace.workspace
    assert (made.name, made.base_currency, made.country) == ("Test company", "EUR", "IT")
    assert made.settings["made"] == "2026-11-23T10:00:00Z"
    assert workspace.access.admin
    assert made.pipelines("deal")[0].stages
    assert made.dictionaries
    assert workspace.person.department == "company"
    assert made.rates.base == "EUR"


def test_making_the_workspace_is_no_step_to_undo(workspace: Session) -> None:
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(workspace)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(StorageError, match="papers"):
        create_workspace(folder, person=ANNA, settings=Settings("x"), clock=clock)
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_a_workspace_is_not_made_twice(workspace_path: Path, clock: Clock) -> None:
    with pytest.raises(StorageError):
        create_workspace(workspace_path, person=ANNA, settings=Settings("x"), clock=clock)


def test_an_empty_folder_becomes_one(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    create_workspace(folder, person=Maker("Jörg.W", "Jörg"), settings=Settings("x", currency="CHF"), clock=clock)
    session = open_session(folder, login="Jörg.W", clock=clock)
    assert (session.person_key, session.workspace.base_currency) == ("jorg_w", "CHF")
    session.close()


@pytest.mark.parametrize("name", ["missing", "foreign"])
def test_no_workspace_says_how_to_make_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "x").write_text("x")
    with pytest.raises(NotAWorkspace, match=rf"{name}.*tuicrm init"):
        open_session(tmp_path / name, login="anna")


def test_a_stranger_is_told_how_to_be_let_in(open_as: OpenAs) -> None:
    with pytest.raises(AccessDenied, match="tuicrm user add NAME --login mallory") as refused:
        open_as("mallory")
    assert refused.value.exit_code == 5


def test_only_administrators_work_as_someone_else(seeded: Session, workspace_path: Path, clock: Clock) -> None:
    session = open_session(workspace_path, login="anna", as_user="Luca Riva", clock=clock)
    assert session.person_key == "luca"
    session.close()
    with pytest.raises(AccessDenied, match="--as"):
        open_session(workspace_path, login="luca", as_user="anna", clock=clock)
    session = open_session(workspace_path, login="luca", as_user="luca", clock=clock)
    assert session.person_key == "luca"
    session.close()
    with pytest.raises(NotFound):
        open_session(workspace_path, login="anna", as_user="nobody", clock=clock)


def test_a_person_has_a_zone_and_language_of_their_own(workspace: Session, workspace_path: Path, clock: Clock) -> None:
    people.edit_person(workspace, "anna", Details(zone="Europe/Rome", language="it"))
    session = open_session(workspace_path, login="anna", clock=clock)
    assert (str(session.zone), session.language, session.locale) == ("Europe/Rome", "it", "it_IT")
    session.close()
    session = open_session(workspace_path, login="anna", clock=clock, zone=UTC, language="en")
    assert (session.zone, session.language, session.locale) == (UTC, "en", "en_GB")
    session.close()


@pytest.mark.parametrize(
    ("environ", "locale"),
    [
        ({"LANG": "it_IT.UTF-8"}, "it_IT"),
        ({"LC_ALL": "de_AT@euro", "LANG": "it_IT"}, "de_AT"),
        ({"LANG": "C.UTF-8"}, ""),
        ({}, ""),
    ],
)
def test_the_locale_comes_from_the_environment(environ: dict[str, str], locale: str) -> None:
    assert environment.locale_of(environ) == locale


def test_the_folder_is_named_or_in_the_data_folder(tmp_path: Path) -> None:
    assert environment.default_folder({"TUICRM_DATA": str(tmp_path)}) == tmp_path
    assert environment.default_folder({}).name == "tuicrm"


def test_a_network_file_system_is_noticed(tmp_path: Path) -> None:
    from tuicrm.services.workspace.environment import network_file_system

    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "30 22 0:40 / /srv/share\\040one rw,relatime shared:1 - nfs4 server:/share rw\n"
        "31 30 8:2 / /srv/share\\040one/local rw - xfs /dev/sdb rw\n"
        "rubbish\n",
        encoding="utf-8",
    )
    kinds = {
        place: network_file_system(Path(place), mounts)
        for place in ("/srv/share one/crm", "/srv/share one/local/crm", "/srv/other", "/srv/share one")
    }
    assert kinds == {
        "/srv/share one/crm": "nfs4",
        "/srv/share one/local/crm": "",
        "/srv/other": "",
        "/srv/share one": "nfs4",
    }
    assert network_file_system(tmp_path, tmp_path / "none") == ""
