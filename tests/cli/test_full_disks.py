"""Big changes as commands, on a disk that fills meanwhile: one sentence, exit 7, nothing done; the same command again does it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.command import Ran
from tests.disk import SmallDisk, small_disk

ROOT = Path(__file__).resolve().parents[2]
FULL = 7

Tuicrm: TypeAlias = Callable[..., Ran]


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("disk") / "small") as found:
        if not found.mounted:  # no root, or a container that lets nobody mount; .ci/run has both
            pytest.skip("no disk of our own can be mounted here")
        yield found


@pytest.fixture
def tuicrm(disk: SmallDisk, template: Path) -> Tuicrm:
    """Runs `tuicrm …` as a process of its own, on a copy of the template that lies on the disk."""
    for path in disk.place.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(template, disk.place / "w")

    def run(*arguments: str) -> Ran:
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(disk.place / "w")}
        command = [sys.executable, "-m", "tuicrm", *arguments]
        done = subprocess.run(
            command, capture_output=True, env=environ, timeout=60, check=False, stdin=subprocess.DEVNULL
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    lines = [f"Maria,Verdi {n},maria{n}@verdi.example,{'x' * 700}" for n in range(400)]
    path.write_text("\n".join(["First Name,Last Name,Email,Notes", *lines]) + "\n")
    return path


def found(tuicrm: Tuicrm, type_key: str) -> list[dict[str, str]]:
    return [one["fields"] for one in tuicrm(type_key, "list", "--limit", "0", "--json").json["items"]]


def is_told(ran: Ran) -> None:
    """What went wrong is one sentence; what to do about it is another."""
    assert (ran.code, ran.out) == (FULL, "")
    first, *rest = ran.err.splitlines()
    assert first.endswith(("No space left on device; nothing was written", "disk is full; nothing was written"))
    assert len(rest) <= 1


@pytest.mark.parametrize("room", [0, 60_000, 400_000])
def test_an_import(disk: SmallDisk, tuicrm: Tuicrm, people: Path, room: int) -> None:
    with disk.filled_but(room):
        is_told(tuicrm("import", str(people), "--type", "contact"))
        assert len(found(tuicrm, "contact")) == 1
    assert sorted(path.name for path in people.parent.iterdir() if path.is_file()) == ["people.csv"]
    assert tuicrm("fsck").code == 0
    assert tuicrm("import", str(people), "--type", "contact").code == 0
    assert len(found(tuicrm, "contact")) == 401
    again = tuicrm("import", str(people), "--type", "contact")
    assert (again.code, len(found(tuicrm, "contact"))) == (0, 401)


def test_a_change_of_many_and_its_undo(disk: SmallDisk, tuicrm: Tuicrm, people: Path) -> None:
    assert tuicrm("import", str(people), "--type", "contact").code == 0
    change = ("contact", "edit", "--where", "last_name ~ Verdi", f"position={'y' * 200}")
    with disk.filled_but(50_000):
        is_told(tuicrm(*change))
    assert not any(one.get("position") for one in found(tuicrm, "contact"))
    assert tuicrm(*change).code == 0
    assert sum(bool(one.get("position")) for one in found(tuicrm, "contact")) == 400
    with disk.filled_but(50_000):
        is_told(tuicrm("undo"))
    assert sum(bool(one.get("position")) for one in found(tuicrm, "contact")) == 400
    assert tuicrm("undo").code == 0
    assert not any(one.get("position") for one in found(tuicrm, "contact"))


def test_a_new_workspace(disk: SmallDisk, tuicrm: Tuicrm) -> None:
    place = str(disk.place / "new")
    for words in (("--demo",), ("--items", "300")):
        with disk.filled_but(90_000):
            is_told(tuicrm("init", place, "--country", "IT", *words))
        assert not Path(place).exists()
    assert tuicrm("init", place, "--items", "300").code == 0
