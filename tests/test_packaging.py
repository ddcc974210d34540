"""What is built: data and manual in the wheel, all that make needs in the source distribution, a README for an index."""

from __future__ import annotations

import email
import os
import re
import subprocess
import tarfile
import tomllib
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from hatch_build import for_index, public, urls
from scripts.lowest import dependencies, lowest

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "https://github.com/someone/tuicrm"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def shipped() -> set[str]:
    """Every file of data/ that is read, as its path in the repository."""
    sources = (".po", ".pot")
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "data").rglob("*")
        if path.is_file() and path.suffix not in sources
    }


def built(tmp_path: Path) -> tuple[set[str], Message]:
    """The names in the wheel, and what it says of itself."""
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        return names, email.message_from_bytes(archive.read(metadata))


def test_the_wheel_carries_data_inside_the_package(tmp_path: Path) -> None:
    names, _metadata = built(tmp_path)
    assert shipped()
    assert {f"tuicrm/{name}" for name in shipped()} == {name for name in names if name.startswith("tuicrm/data/")}
    assert "tuicrm/data/locale/it/LC_MESSAGES/tuicrm.mo" in names
    assert {"tuicrm/errors.py", "tuicrm/app.tcss", "tuicrm/py.typed"} <= names
    assert [name for name in names if name.endswith("/share/man/man1/tuicrm.1")]
    assert not [name for name in names if not name.startswith(("tuicrm/", "tuicrm-"))]
    assert not [name for name in names if name.endswith((".po", ".pot"))]


def test_the_source_distribution_carries_data_and_all_that_make_needs(tmp_path: Path) -> None:
    (archive,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert shipped() <= names
    needed = {"Makefile", "constraints.txt", "README.md", "LICENSE", "pyproject.toml", ".ci/run", "hatch_build.py"}
    assert needed <= names
    # Whatever the tests import of this repository, so that they pass from the archive too.
    packages = [path.parent for path in ROOT.glob("*/__init__.py")]
    sources = {path.relative_to(ROOT).as_posix() for package in packages for path in package.rglob("*.py")}
    assert len(packages) >= 4
    assert sources <= names


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_what_an_index_shows_leads_somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """With the address of the repository pictures and links are whole; without, no picture is broken."""
    monkeypatch.setenv("TUICRM_REPOSITORY", address or "/folder/of/ours")
    _names, metadata = built(tmp_path)
    text = str(metadata.get_payload())
    shown = LINK.findall(text)
    assert all(target.startswith(("https://", "#")) for _picture, _words, target in shown)
    assert "git+ADDRESS" not in text
    assert "uvx tuicrm demo" in text
    pictures = {target for picture, _words, target in shown if picture}
    given = dict(pair.split(", ", 1) for pair in metadata.get_all("Project-URL", []))
    if address:
        assert f"{ADDRESS}/raw/v0.1.0/docs/board.svg" in pictures
        assert given["Homepage"] == ADDRESS
        assert {"Source", "Documentation", "Changelog"} <= given.keys()
    else:
        assert not pictures
        assert not given
    assert "The board: deals by stage" in text


def test_an_address_is_what_everyone_can_reach() -> None:
    assert public("git@github.com:someone/tuicrm.git") == ADDRESS
    assert public("ssh://git@github.com/someone/tuicrm.git") == ADDRESS
    assert public("https://github.com/someone/tuicrm/") == ADDRESS
    for unreachable in ("", "/work/main", "../main.git", "file:///work/main.git", "https://me:secret@example.org/x"):
        assert public(unreachable) == ""
    assert urls("https://codeberg.org/a/b", "1.0")["Changelog"] == "https://codeberg.org/a/b/src/tag/v1.0/CHANGELOG.md"
    assert for_index("[a](https://b.c) [d](#e) ![f](g.svg)", "", "1") == "[a](https://b.c) [d](#e) *(f)*"


def test_what_readme_leads_to_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for _picture, _words, target in LINK.findall(page.read_text(encoding="utf-8")):
            if not target.startswith(("https://", "#")):
                assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"


def test_each_dependency_says_how_old_it_may_be() -> None:
    found = lowest(dependencies())
    assert len(found) > 8
    assert "phonenumberslite==9" in found
    with pytest.raises(ValueError, match="rich"):
        lowest(["rich"])


def test_what_runs_on_which_python_is_said_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [found[1] for one in project["classifiers"] if (found := re.search(r":: (3\.\d+)$", one))]
    assert project["requires-python"] == f">={named[0]}"
    assert named == ["3.11", "3.12", "3.13", "3.14"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"python{version}" in makefile for version in named)
    for path in (ROOT / "scripts" / "part.txt").read_text(encoding="utf-8").split():
        assert (ROOT / path).exists()


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def interpreter(path: Path, version: str) -> Path:
    """A stand-in for a Python of that version: it says so, and makes a .venv that says which it is."""
    path.write_text(
        f'#!/bin/sh\ncase "$1" in\n-c) echo {version} {path};;\n--version) echo Python {version};;\n'
        f"-m) rm -rf .venv; mkdir .venv; echo {version} > .venv/made-with;;\nesac\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def test_make_takes_the_python_that_is_named(tmp_path: Path) -> None:
    one, other = interpreter(tmp_path / "one", "3.12.1"), interpreter(tmp_path / "other", "3.13.2")
    for python, version, made in ((one, "3.12.1", True), (one, "3.12.1", False), (other, "3.13.2", True)):
        ran = make(tmp_path, f"PYTHON={python}", ".venv/.python")
        assert ran.returncode == 0, ran.stderr
        assert (tmp_path / ".venv" / "made-with").read_text(encoding="utf-8").strip() == version
        assert ("Setting up" in ran.stdout) is made
    # One that is not named keeps what is there.
    assert "up to date" in make(tmp_path, ".venv/.python").stdout


@pytest.mark.parametrize("python", ["/bin/false", "/no/such/python", "two words"])
def test_make_refuses_a_python_that_cannot(tmp_path: Path, python: str) -> None:
    ran = make(tmp_path, f"PYTHON={python}", "demo")
    assert ran.returncode != 0
    assert f"PYTHON={python} is no Python 3.11 or newer" in ran.stderr
    assert not (tmp_path / ".venv").exists()
    assert make(tmp_path, f"PYTHON={python}", "help").returncode == 0
