"""Who else is here: in the workspace, on a card, at a field; and that the dead are soon gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.store import create_store, open_store
from tuicrm.store.folder import Folder
from tuicrm.store.presence import LOOK_AGAIN, FolderPresence

ROOT = Path(__file__).resolve().parents[3]
D1 = Ref("deal", 1)


def seen(session: Session) -> list[presence.Other]:
    """What a session sees after its next look."""
    session.store.presence.look()  # type: ignore[attr-defined]  # the poll does this every 50 ms; tests do not wait
    return presence.others(session)


def test_colleagues_are_named_with_the_card_they_have_open_and_the_field_they_edit(
    seeded: Session, open_as: OpenAs
) -> None:
    luca = open_as("luca")
    assert seen(seeded) == []
    luca.here()
    assert seen(seeded) == [("luca", "", "")]
    assert presence.names(seeded) == (seeded.workspace.people["luca"].name.split()[0],)
    assert presence.on_card(seeded, D1) == ()
    luca.here(D1)
    seen(seeded)
    assert presence.on_card(seeded, D1) == presence.names(seeded)
    luca.here(D1, "amount")
    seen(seeded)
    (told,) = presence.on_card(seeded, D1)
    assert told.endswith("(Amount)")
    luca.close()
    assert seen(seeded) == []


def test_ones_own_sessions_and_strangers_are_not_colleagues(seeded: Session, open_as: OpenAs) -> None:
    again = open_as(seeded.person_key)
    again.here(D1)
    again.store.presence.tell({"person": "nobody", "ref": "", "editing": ""})
    assert seen(seeded) == []
    again.close()


def test_what_is_no_sessions_file_is_left_out(tmp_path: Path) -> None:
    create_store(tmp_path / "w").close()
    here, there = FolderPresence(Folder.at(tmp_path / "w")), FolderPresence(Folder.at(tmp_path / "w"))
    there.tell({"person": "anna"})
    (own,) = (tmp_path / "w" / "present").iterdir()
    assert here.look()
    assert here.others() == [{"person": "anna"}]
    assert not here.look(), "nothing is other than before"
    own.write_bytes(b"\xff not json")
    os.utime(own.parent)
    assert here.look()
    assert here.others() == []
    there.close()


def test_a_session_that_is_killed_leaves_no_ghost(tmp_path: Path) -> None:
    create_store(tmp_path / "w").close()
    code = (
        "import sys; from pathlib import Path\n"
        "from tuicrm.store.folder import Folder; from tuicrm.store.presence import FolderPresence\n"
        "FolderPresence(Folder.at(Path(sys.argv[1]))).tell({'person': 'anna'}); print('here', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "w")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "here\n"
    here = FolderPresence(Folder.at(tmp_path / "w"))
    assert here.look()
    assert here.others() == [{"person": "anna"}]
    other.send_signal(signal.SIGKILL)
    other.communicate()
    killed = time.monotonic()
    while here.others():
        here.look()
        assert time.monotonic() - killed < LOOK_AGAIN + 1
        time.sleep(0.02)
    assert list((tmp_path / "w" / "present").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_where_the_folder_cannot_be_written_work_goes_on_unseen(tmp_path: Path) -> None:
    create_store(tmp_path / "w").close()
    (tmp_path / "w" / "present").rmdir()
    here = FolderPresence(Folder.at(tmp_path / "w"))
    here.tell({"person": "anna"})
    assert not here.look()
    here.close()


def test_a_store_tells_and_hears(tmp_path: Path) -> None:
    create_store(tmp_path / "w").close()
    one, two = open_store(tmp_path / "w"), open_store(tmp_path / "w")
    woken: list[object] = []
    stop = one.subscribe(woken.append)
    two.presence.tell({"person": "luca"})
    until = time.monotonic() + 5
    while not woken and time.monotonic() < until:
        time.sleep(0.01)
    assert woken == [()]
    assert one.presence.others() == [{"person": "luca"}]
    stop()
    two.close()
    one.close()
