"""Folders that are not ours, or not only ours: what is no workspace, what may only be read, many users of a group."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.folders import filled, journal_of, look
from tuicrm.domain.conditions import Sort
from tuicrm.errors import (
    Damaged,
    NewerFormat,
    NotAWorkspace,
    ReadOnlyStore,
    StorageError,
)
from tuicrm.store import create_store, open_store
from tuicrm.store.lines import seal
from tuicrm.store.protocol import Find, Op

ROOT = Path(__file__).resolve().parents[2]


# -- folders that are not ours -----------------------------------------------------------------------------------------
def test_what_is_no_workspace_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "sea.txt").write_text("blue")
    before = look(folder)
    with pytest.raises(NotAWorkspace, match="holiday"):
        open_store(folder)
    with pytest.raises(StorageError, match="not empty"):
        create_store(folder)
    with pytest.raises(NotAWorkspace, match="no such folder"):
        open_store(tmp_path / "nowhere")
    with pytest.raises(StorageError, match="not a folder"):
        create_store(folder / "pictures" / "sea.txt")
    with pytest.raises(StorageError, match="already a workspace"):
        create_store(filled(tmp_path / "w"))
    with pytest.raises(NotAWorkspace, match="not a folder"):
        open_store(folder / "pictures" / "sea.txt")
    assert look(folder) == before
    assert not (tmp_path / "nowhere").exists()


def test_a_newer_format_is_refused_and_not_touched(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    current = folder / "CURRENT"
    members = json.loads(current.read_bytes())
    members.pop("crc")
    current.write_bytes(seal(json.dumps({**members, "format": 99, "later": True}).encode()))
    before = look(folder)
    with pytest.raises(NewerFormat, match="99"):
        open_store(folder)
    assert look(folder) == before


def test_damage_is_refused_without_touching_anything(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    journal = journal_of(folder)
    whole = bytearray(journal.read_bytes())
    whole[30] ^= 1
    journal.write_bytes(whole)
    before = {name: kept for name, kept in look(folder).items() if name != "lock"}
    with pytest.raises(Damaged):
        open_store(folder)
    assert {name: kept for name, kept in look(folder).items() if name != "lock"} == before


_AS_NOBODY = """
import os, sys
from tuicrm.errors import ReadOnlyStore
from tuicrm.store import create_store, open_store
from tuicrm.store.protocol import Op
# Whatever is imported late is imported now: nobody may not read the root user's Python.
first = create_store(sys.argv[2])
first.commit([Op("deal", first.new_ids("deal")[0], {})]); first.blobs.put(b"x"); first.get("deal", [1]); first.close()
os.setgid(65534); os.setuid(65534)
store = open_store(sys.argv[1])
assert store.read_only
assert [record.doc["n"] for record in store.get("deal", [1, 6])] == [10, 60]
for write in (lambda: store.commit([Op("deal", 1, {})]), lambda: store.new_ids("deal"), lambda: store.blobs.put(b"x")):
    try:
        write()
    except ReadOnlyStore as error:
        assert sys.argv[1] in error.message, error.message
    else:
        raise AssertionError("written")
store.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="Unix rights")
def test_a_folder_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in (tmp_path, *list(tmp_path.parents)[:3]):
        path.chmod(0o755)
    before = look(folder)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    if os.getuid() == 0:
        ran = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(folder), str(tmp_path / "first")],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
    else:
        store = open_store(folder)
        assert store.read_only
        with pytest.raises(ReadOnlyStore, match=str(folder)):
            store.commit([Op("deal", 1, {})])
        store.close()
    assert look(folder) == before
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


_READS_A_DAMAGED_END = """
import os, sys
from tuicrm.errors import Damaged
from tuicrm.store import create_store, open_store
create_store(sys.argv[2]).close()
os.setgid(65534); os.setuid(65534)
try:
    open_store(sys.argv[1])
except Damaged as error:
    assert "journal" in error.message, error.message
else:
    raise AssertionError("opened")
"""


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="needs to become nobody")
def test_a_damaged_last_line_is_named_also_where_nothing_can_be_written(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    journal = journal_of(folder)
    whole = bytearray(journal.read_bytes())
    whole[-10] ^= 1
    journal.write_bytes(whole)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in (tmp_path, *list(tmp_path.parents)[:3]):
        path.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-c", _READS_A_DAMAGED_END, str(folder), str(tmp_path / "first")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


# -- many users --------------------------------------------------------------------------------------------------------
_UNIX = pytest.mark.skipif(os.name == "nt", reason="Unix rights")


@_UNIX
@pytest.mark.parametrize("umask", [0o077, 0o022, 0])
def test_all_is_the_groups_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = filled(tmp_path / "w")
        store = open_store(folder)
        store.find(Find("deal", sort=(Sort("n", "integer"),)))
        store.blobs.put(b"an attachment")
        store.presence.tell({"who": "anna"})
        store.new_ids("deal")
        store.close()
    finally:
        os.umask(before)
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode & 0o7777
        if path.is_dir():
            assert mode == 0o2770, path
        else:
            assert mode == (0o440 if "blobs" in path.parts else 0o660), path


_IN_THE_GROUP = """
import hashlib, os, sys  # what is imported late is imported now: others may not read the root user's Python
from tuicrm.store import compaction, create_store, open_store
from tuicrm.store.protocol import Op
create_store(sys.argv[2]).close()
os.umask(0o077); os.setgroups([4242]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[3]))
store = open_store(sys.argv[1])
n = store.new_ids("deal")[0]
store.commit([Op("deal", n, {"n": n})], by=sys.argv[3])
store.blobs.put(sys.argv[3].encode())
assert store.files.compact()
store.presence.tell({"who": sys.argv[3]})
store.close()
"""


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="needs to become others")
def test_several_users_of_a_group_work_in_one_folder(tmp_path: Path) -> None:
    """Each compacts what the one before wrote: files change hands."""
    for path in (tmp_path, *list(tmp_path.parents)[:3]):
        path.chmod(0o755)
    folder = tmp_path / "w"
    folder.mkdir()
    os.chown(folder, 0, 4242)
    folder.chmod(0o2770)
    create_store(folder).close()
    for number, user in enumerate((4301, 4302, 4303, 4301)):
        ran = subprocess.run(
            [sys.executable, "-c", _IN_THE_GROUP, str(folder), str(tmp_path / f"first{number}"), str(user)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
    store = open_store(folder)
    assert [record.doc["n"] for record in store.get("deal", range(9))] == [1, 2, 3, 4]
    assert store.files.verify() == []
    store.close()
    assert {path.stat().st_gid for path in folder.rglob("*")} == {4242}
