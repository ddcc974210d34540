"""The program on workspace folders that something happened to: it says what is wrong and what to do, and saves what can be read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.store.put_back import PutBack
from tuicrm.domain.items import Ref
from tuicrm.errors import CrmError
from tuicrm.services.checks.checking import faults, salvage
from tuicrm.services.items import items, timeline
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import open_session

Content = tuple[list[tuple[int, dict[str, Any]]], list[str]]
HARMLESS = {"lock", "compact.lock", "ids"}


@pytest.fixture
def folded(data: Path) -> Path:
    """The workspace with snapshots, history, a blob, and a journal of what came after."""
    session = open_session(data)
    timeline.comment(session, Ref("deal", 1), "before")
    assert session.store.files.compact()
    session.store.blobs.put(b"an attachment")
    items.edit(session, Ref("deal", 2), {"title": "Renamed"})
    timeline.comment(session, Ref("deal", 1), "after")
    session.close()
    return data


def told(folder: Path) -> CrmError | None:
    """Why it cannot be opened; None when it can."""
    try:
        content(folder)
    except CrmError as error:
        return error
    return None


def content(folder: Path) -> Content:
    """All deals, and what was said on the first."""
    session = open_session(folder)
    try:
        deals = [(item.id, item.fields) for item in session.find("deal").items]
        return deals, [entry["text"] for entry in timeline.records(session, Ref("deal", 1), ["comments"])]
    finally:
        session.close()


def files(folder: Path) -> Iterator[Path]:
    return (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())


def is_needed(path: Path) -> bool:
    return path.parts[0] not in (".cache", "present") and path.name not in HARMLESS


@pytest.mark.parametrize("step", [293, pytest.param(1, marks=pytest.mark.slow)])
def test_bytes_flipped_all_over(folded: Path, tmp_path: Path, step: int) -> None:
    """Every 293th byte of every file (slow: every byte): all is as it was, or it is said which file is wrong; what is saved opens.

    What the store makes of each byte of its files, tests/store/test_hostile_folder.py tries; here is what a session makes of it."""
    expected, tries = content(folded), PutBack(folded, tmp_path / "copy")
    copy, number = tries.copy, 0
    for path in files(folded):
        whole = (folded / path).read_bytes()
        for at in range(0, len(whole), step):
            number += 1
            (copy / path).write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
            error = None
            try:
                assert content(copy) == expected, (path, at)
            except CrmError as told_instead:
                error = told_instead
            assert error is None or (str(copy) in error.message and error.advice), (path, at)
            found = {fault.place for fault in faults(copy)}
            assert (str(path) in found) == is_needed(path), (path, at, found)
            if is_needed(path) and (step > 1 or number % 50 == 0):
                saved = tmp_path / "saved"
                salvage(copy, saved, by=system_login())
                living = path.name == max(folded.glob("journal.*")).name
                assert content(saved) == expected or living, (path, at)
                shutil.rmtree(saved)
            tries.put_back()
    assert number > 60


def test_each_file_deleted(folded: Path, tmp_path: Path) -> None:
    expected = content(folded)
    for number, path in enumerate(files(folded)):
        copy, saved = tmp_path / f"copy{number}", tmp_path / f"saved{number}"
        shutil.copytree(folded, copy)
        (copy / path).unlink()
        error = told(copy)
        assert error is not None or content(copy) == expected, path
        if error is not None:
            assert str(copy) in error.message, path
            assert "salvage" in error.advice, path
            salvage(copy, saved, by=system_login())
            living = path.name == max(folded.glob("journal.*")).name
            assert content(saved) == expected or living, path
        needed = (
            is_needed(path) and path.parts[0] != "blobs"
        )  # that an item names it is looked for, not that it was there
        assert bool(faults(copy)) == needed, path


def test_without_its_manifest(crm: Crm, folded: Path, tmp_path: Path) -> None:
    (folded / "CURRENT").unlink()
    ran = crm("deal", "list")
    assert ran.code == 7
    assert f"{folded}/CURRENT: the file is missing" in ran.err
    assert "tuicrm fsck --salvage DIR" in ran.err
    assert "CURRENT" in crm("fsck").out
    assert crm("init", str(folded)).code == 7
    assert crm("fsck", "--salvage", str(tmp_path / "saved")).code == 0
    assert "Renamed" in crm("deal", "list", "--data", str(tmp_path / "saved")).out


def test_where_all_definitions_are_lost_what_is_saved_can_still_be_opened(crm: Crm, data: Path, tmp_path: Path) -> None:
    journal = next(data.glob("journal.*"))
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0].replace(b"Test company", b"Best company") + b"".join(lines[1:]))
    ran = crm("fsck", "--salvage", str(tmp_path / "saved"))
    assert ran.code == 0
    assert "is now one" in ran.err
    assert "built-in ones are used instead" in ran.err
    shown = crm("deal", "list", "--data", str(tmp_path / "saved"))
    assert "ERP connector" in shown.out
    assert "Luca" in crm("user", "list", "--data", str(tmp_path / "saved")).out


_AS_NOBODY = """
import hashlib, os, sys, traceback
from tuicrm.cli.run import run
from tuicrm.services.workspace.environment import system_login
commands = (["deal", "list"], ["deal", "edit", "D-1", "title=x"], ["fsck"], ["doctor"], ["undo"], ["comment", "D-1", "hello"])
# Whatever is imported late is imported now: nobody may not read the root user's Python.
for command in commands:
    run([*command, "--data", sys.argv[2]])
os.setgid(65534); os.setuid(65534)
print("NOW", flush=True)
for command in commands:
    print(f"[{command[0]} {command[-1]}]", flush=True)
    print("code", run([*command, "--data", sys.argv[1]]), flush=True)
"""


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="needs to become another user")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_folder_of_somebody_else(folded: Path, tmp_path: Path, template: Path, mode: int) -> None:
    """Closed to others, or open to be read: each is told with what to do, and not a byte of it is touched."""
    own = tmp_path / "own"
    shutil.copytree(template, own)
    add = ["user", "add", "Nobody", "--login", "nobody", "--role", "administrator"]
    subprocess.run(
        [sys.executable, "-m", "tuicrm", *add, "--data", str(folded)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    for path in [folded, *folded.rglob("*")]:
        path.chmod(mode if path.is_dir() else mode & 0o644)
    for path in (tmp_path, *list(tmp_path.parents)[:3]):
        path.chmod(0o755)
    before = {path: (folded / path).read_bytes() for path in files(folded)}
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(folded), str(own)],
        env=environ, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = ran.stdout.partition("NOW")[2].replace("\n", " ")
    assert "failed" not in ran.stderr, ran.stderr
    assert "chgrp -R GROUP DIR" in ran.stderr
    if mode == 0o700:
        assert said.count("code 7") >= 4, said
        assert "Permission denied" in ran.stderr
    else:
        assert "Website redesign" in said
        assert "is read-only" in ran.stderr
        assert said.count("code 7") == 2, said
    assert {path: (folded / path).read_bytes() for path in files(folded)} == before


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="needs to mount a file system")
def test_a_full_disk(crm: Crm, template: Path, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copytree(template, place / "w")
        (place / "filler").write_bytes(b"")
        try:
            with (place / "filler").open("ab") as filler:
                while True:
                    filler.write(b"x" * 1000)
                    filler.flush()
        except OSError:
            pass
        folder = str(place / "w")
        (tmp_path / "in.csv").write_text("title\n" + "".join(f"Deal {n}\n" for n in range(500)))
        for arguments in (
            ("comment", "D-1", "x" * 20_000),
            ("import", str(tmp_path / "in.csv"), "--type", "deal"),
            ("deal", "edit", "D-1", f"comment={'y' * 20_000}"),
        ):
            ran = crm(*arguments, "--data", folder)
            assert ran.code == 7, (arguments, ran.err)
            assert "No space left" in ran.err
            assert "Free some disk space" in ran.err
            assert "failed" not in ran.err
        assert "Website redesign" in crm("deal", "list", "--data", folder).out
        assert crm("fsck", "--data", folder).code == 0
        (place / "filler").unlink()
        assert crm("deal", "edit", "D-1", "title=Goes on", "--data", folder).code == 0
        assert crm("fsck", "--data", folder).code == 0
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
