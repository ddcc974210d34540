"""`tuicrm backup`, `restore`, `history` and `fsck` as processes: what they hold, say and refuse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tuicrm.services.kernel.session import Session

ROOT = Path(__file__).resolve().parents[3]


AS = "import sys, tuicrm.login; tuicrm.login.system_login = lambda: {login!r}; from tuicrm.__main__ import main; sys.exit(main())"


def run(data: Path, *words: str, stdin: bytes = b"", login: str = "anna") -> subprocess.CompletedProcess[bytes]:
    """As the person of that login: who runs the tests is root, whom no workspace knows."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data)}
    return subprocess.run(
        [sys.executable, "-c", AS.format(login=login), *words],
        input=stdin,
        capture_output=True,
        env=environ,
        check=False,
    )


@pytest.fixture
def folder(seeded: Session, workspace_path: Path) -> Path:
    seeded.store.blobs.put(b"an attachment")
    seeded.close()
    return workspace_path


def title(folder: Path) -> str:
    ran = run(folder, "deal", "show", "D-1", "--json")
    assert ran.returncode == 0, ran.stderr
    return str(json.loads(ran.stdout)["items"][0]["fields"]["title"])


@pytest.mark.parametrize("target", ["b", "b.tar", "b.tar.gz", "b.tar.zst", "new/b.tar"])
def test_there_and_back(folder: Path, tmp_path: Path, target: str) -> None:
    made = run(folder, "backup", str(tmp_path / target))
    assert made.returncode == 0, made.stderr
    assert b"deal 3" in made.stderr
    assert b"1 attachment" in made.stderr
    assert run(folder, "deal", "edit", "D-1", "title=later").returncode == 0
    back = run(folder, "restore", str(tmp_path / target), str(tmp_path / "again"))
    assert back.returncode == 0, back.stderr
    assert title(tmp_path / "again") == "Website redesign"
    assert run(tmp_path / "again", "fsck").returncode == 0
    if target.endswith(("tar", "gz", "zst")):
        assert (tmp_path / target).stat().st_mode & 0o077 == 0, "it contains what others may not see"


def test_through_a_pipe(folder: Path, tmp_path: Path) -> None:
    made = run(folder, "backup", "-")
    assert made.returncode == 0, made.stderr
    back = run(folder, "restore", "-", str(tmp_path / "again"), "--json", stdin=made.stdout)
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["path"] == str(tmp_path / "again")
    assert title(tmp_path / "again") == "Website redesign"
    cut = run(folder, "restore", "-", str(tmp_path / "short"), stdin=made.stdout[:5000])
    assert cut.returncode in (4, 7)
    assert not any((tmp_path / "short").iterdir())


def test_who_is_no_administrator_makes_none(folder: Path, tmp_path: Path) -> None:
    ran = run(folder, "backup", str(tmp_path / "b.tar"), login="luca")
    assert (ran.returncode, (tmp_path / "b.tar").exists()) == (5, False)
    assert b"administrators" in ran.stderr


def test_nothing_is_written_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("mine")
    assert run(folder, "backup", str(tmp_path / "b.tar")).returncode == 4
    assert (tmp_path / "b.tar").read_text() == "mine"
    assert run(folder, "restore", str(tmp_path / "b.tar"), str(folder)).returncode == 7
    assert run(folder, "restore", str(tmp_path / "b.tar"), str(tmp_path / "new")).returncode == 4
    assert run(folder, "restore", str(tmp_path / "not-there"), str(tmp_path / "new2")).returncode == 7


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_device_is_told_in_words(folder: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(folder)}
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", AS.format(login="anna"), "backup", "-"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environ,
            check=False,
        )
    assert ran.returncode == 7
    assert b"No space left" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_the_past_is_told_and_moved_out(folder: Path, tmp_path: Path) -> None:
    from contextlib import closing

    from tuicrm.services.workspace.start import open_session

    for number in range(3):
        assert run(folder, "deal", "edit", "D-1", f"title=number {number}").returncode == 0
    with closing(open_session(folder, login="anna")) as session:
        assert session.store.files.compact()
    sizes = json.loads(run(folder, "history", "--size", "--json").stdout)
    assert sizes["archived"] == 0
    assert sizes["journals"][0]["file"].endswith(".jsonl.zst")
    assert sizes["journals"][0]["size"] < sizes["journals"][0]["raw"]
    assert run(folder, "deal", "edit", "D-1", "title=after").returncode == 0
    kept = run(folder, "history", "--archive", str(tmp_path / "old"), "--before", "2020-01-01")
    assert (kept.returncode, (tmp_path / "old").exists()) == (0, False)
    moved = run(folder, "history", "--archive", str(tmp_path / "old"), "--before", "tomorrow", "--json")
    assert moved.returncode == 0, moved.stderr
    assert json.loads(moved.stdout)["files"] == len(list((tmp_path / "old").iterdir())) == 2
    assert title(folder) == "after"
    # How far back: what was archived is said to be, what came since is here and can be undone.
    told = run(folder, "deal", "history", "D-1", "--at", "1")
    assert (told.returncode, b"archive" in told.stderr) == (3, True)
    assert run(folder, "fsck", "--all").returncode == 0
    assert run(folder, "deal", "edit", "D-1", "title=since").returncode == 0
    assert run(folder, "undo").returncode == 0
    assert title(folder) == "after"
    assert run(folder, "undo").returncode == 3
    assert run(folder, "history", "--archive", str(tmp_path / "x"), "--before", "now", login="luca").returncode == 5


def test_what_is_left_over_is_listed_and_no_fault(folder: Path) -> None:
    (folder / "deal.00000099.0123456789abcdef.jsonl").write_text("half a snapshot")
    ran = run(folder, "fsck", "--json")
    assert ran.returncode == 0
    assert [one["file"] for one in json.loads(ran.stdout)["left_over"]] == ["deal.00000099.0123456789abcdef.jsonl"]
    assert b"half" not in run(folder, "fsck").stdout


@pytest.mark.parametrize("name", ["present", ".cache", "CURRENT", "lock"])
def test_a_link_is_named_by_every_command(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "precious").write_text("mine")
    place = folder / name
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    place.symlink_to(tmp_path / "home" / ("precious" if name in ("CURRENT", "lock") else ""))
    for words in (["deal", "list"], ["deal", "add", "title=x"], ["fsck"], ["backup", str(tmp_path / "b.tar")], ["log"]):
        ran = run(folder, *words)
        assert ran.returncode == 7, (words, ran.stdout)
        assert name.encode() in ran.stderr + ran.stdout
        assert b"link" in ran.stderr + ran.stdout
    told = json.loads(run(folder, "doctor", "--json").stdout)["doctor"]
    assert any("link" in one["text"] for one in told["advice"])
    assert [path.read_text() for path in (tmp_path / "home").iterdir()] == ["mine"]


def test_doctor_tells_the_room(folder: Path) -> None:
    told = json.loads(run(folder, "doctor", "--json").stdout)["doctor"]
    assert told["disk_free"] > 0
    assert told["journal"] > 0
