"""Disks that fail and disks that are full: nothing is lost, and it is said."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.folders import filled, journal_of, numbers
from tuicrm.errors import (
    CrmError,
    StorageError,
    StorageFull,
)
from tuicrm.store import create_store, open_store
from tuicrm.store.journal import Journal
from tuicrm.store.protocol import Op

ROOT = Path(__file__).resolve().parents[2]


# -- a disk that fails -------------------------------------------------------------------------------------------------
def test_after_an_error_of_the_disk_nothing_is_written_until_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = filled(tmp_path / "w")
    store = open_store(folder)
    with monkeypatch.context() as broken:

        def fails(_journal: Journal) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        broken.setattr(Journal, "sync", fails)
        with pytest.raises(StorageError, match=journal_of(folder).name):
            store.commit([Op("deal", 1, {"n": 0})])
    with pytest.raises(StorageError, match="open the workspace again"):
        store.commit([Op("deal", 1, {"n": 0})])
    assert numbers(store) == {n: n * 10 for n in range(1, 7)}
    store.close()
    again = open_store(folder)
    assert numbers(again) == {n: n * 10 for n in range(1, 7)}
    again.commit([Op("deal", 1, {"n": 11})])
    assert (numbers(again)[1], again.files.verify()) == (11, [])
    again.close()


@pytest.mark.parametrize(("step", "number", "goes_on"), [("sync", errno.EIO, False), ("take_back", errno.ENOSPC, True)])
def test_lines_that_a_disk_does_not_give_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, goes_on: bool
) -> None:
    """Of a batch that is given up. After an error of the disk nothing is written; whole lines that stay are in nobody's way."""
    folder = filled(tmp_path / "w")
    store = open_store(folder)

    def fails(*_args: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken, store.batch() as batch:
        batch.add([Op("deal", 1, {"n": 0})])
        broken.setattr(Journal, step, fails)
        batch.drop()
    if goes_on:
        store.commit([Op("deal", 2, {"n": 22})])
    else:
        with pytest.raises(StorageError, match="open the workspace again"):
            store.commit([Op("deal", 2, {"n": 22})])
    seen = numbers(store)
    assert seen == {n: n * 10 for n in range(1, 7)} | ({2: 22} if goes_on else {})
    store.close()
    again = open_store(folder)
    assert numbers(again) == seen
    again.commit([Op("deal", 1, {"n": 11})])
    assert (numbers(again)[1], again.files.verify()) == (11, [])
    again.close()


# -- full disks --------------------------------------------------------------------------------------------------------
_FULL = """
import resource, sys
from tuicrm.errors import StorageFull
from tuicrm.store import open_store
from tuicrm.store.protocol import Op
store = open_store(sys.argv[1])
size = store.opened.growing.offset
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 5000, hard))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
kept = 0
try:
    for n in range(100):
        store.commit([Op("deal", 1000 + n, {"n": n, "text": "x" * 300})])
        kept += 1
except StorageFull as error:
    assert "journal" in error.message, error.message
else:
    raise AssertionError("never full")
assert 0 < kept < 100
assert len(store.get("deal", range(1000, 1100))) == kept
try:
    with store.batch() as batch:
        for n in range(100):
            batch.add([Op("deal", 2000 + n, {"text": "y" * 300})])
        batch.close()
except StorageFull:
    pass
else:
    raise AssertionError("never full")
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
store.commit([Op("deal", 3000, {"n": 3000})])
assert len(store.get("deal", range(2000, 2100))) == 0
store.close()
print(kept)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit here")
def test_a_full_disk_loses_nothing_and_the_session_goes_on(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", _FULL, str(folder)], env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    store = open_store(folder)
    found = numbers(store)
    assert {n: found[n] for n in range(1, 7)} == {n: n * 10 for n in range(1, 7)}
    assert len(store.get("deal", range(1000, 1100))) == int(ran.stdout)
    assert store.get("deal", [3000])[0].doc == {"n": 3000}
    assert store.files.verify() == []
    store.close()


def test_a_really_full_file_system(tmp_path: Path) -> None:
    """On a small tmpfs, where we may mount one; everywhere else the limit above stands for it."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True, check=False
    )
    folder = place / "w" if mounted.returncode == 0 else tmp_path / "w"
    try:
        store = create_store(folder)
        store.commit([Op("deal", 1, {"n": 1})])
        if mounted.returncode == 0:
            kept = 1
            full = ""
            while not full:
                try:
                    store.commit([Op("deal", kept + 1, {"n": kept + 1, "text": "x" * 1000})])
                    kept += 1
                except StorageFull as error:
                    full = error.message
            assert kept > 1
            assert "journal" in full
            with pytest.raises(CrmError):
                store.blobs.put(b"z" * 300_000)
            assert not list((folder / "blobs").glob("tmp*"))
            with pytest.raises(StorageFull):
                store.files.compact()
            assert len(store.get("deal", range(1, 2000))) == kept
            subprocess.run(["mount", "-o", "remount,size=2m", str(place)], check=True)
            store.commit([Op("deal", 5000, {"n": 5000})])
            assert store.files.compact()
            store.close()
            store = open_store(folder)
            assert len(store.get("deal", range(1, 2000))) == kept
        assert store.files.verify() == []
        store.close()
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
