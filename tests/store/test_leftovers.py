"""A compaction that is killed or fails at any of its steps: nothing is lost, and nothing of it is left after the next one."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.store.folders import filled, numbers
from tuicrm.errors import StorageError, StorageFull
from tuicrm.store import JournalStore, compaction, fsck, leftovers, manifest, open_store
from tuicrm.store.folder import Folder, Fresh
from tuicrm.store.protocol import Indexes, Key, Op

INDEXES = Indexes({"deal": ("title",)})
STEPS: list[tuple[type, str]] = [
    (Folder, "new"),
    (Folder, "sync"),
    (Folder, "rename"),
    (Folder, "remove"),
    (Fresh, "write"),
    (Fresh, "keep"),
]


@contextmanager
def at_step(patch: pytest.MonkeyPatch, number: int, happens: Callable[[], None]) -> Iterator[list[int]]:
    """Let something happen at the n-th of all steps that touch a file; counts them."""
    count = [0]
    with patch.context() as here:
        for owner, name in STEPS:
            real = getattr(owner, name)

            def step(self: Any, *given: Any, _real: Any = real, **named: Any) -> Any:
                count[0] += 1
                if count[0] == number:
                    happens()
                return _real(self, *given, **named)

            here.setattr(owner, name, step)
        yield count


def check(folder: Path, expected: dict[int, int]) -> None:
    """Everything is there and sound; after the next compaction nothing is left over, and no file lies about unnamed."""
    with closing(open_store(folder, indexes=INDEXES)) as store:
        assert numbers(store) == expected
        store.commit([Op("deal", 1, {"n": 1000})])
        assert store.files.compact()
        assert numbers(store) == {**expected, 1: 1000}
        assert len(store.past.history(Key("deal", 2))) == 2
        named = {held.file for held in store.opened.manifest.tables.values()} | set(store.opened.manifest.journals)
        past = {one.file for one in store.opened.manifest.folded} | set(store.opened.manifest.dropped)
    assert fsck.verify(folder) == []
    assert fsck.left_over(folder) == []
    assert {path.name for path in folder.iterdir() if path.is_file()} == named | {"CURRENT", "lock", "compact.lock"}
    assert {path.name for path in (folder / "history").iterdir()} == past
    for path in (folder / ".cache").iterdir():
        assert any(path.name.startswith(name) for name in named), path


def steps_of_a_compaction(folder: Path, patch: pytest.MonkeyPatch) -> int:
    with closing(open_store(folder, indexes=INDEXES)) as store, at_step(patch, -1, lambda: None) as count:
        assert store.files.compact()
    return count[0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
def test_killed_at_any_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path / "w")
    expected = {n: n * 10 for n in range(1, 7)}
    shutil.copytree(folder, tmp_path / "count")
    steps = steps_of_a_compaction(tmp_path / "count", monkeypatch)
    assert steps > 15
    monkeypatch.setattr(
        leftovers, "_BEING_WRITTEN", -1.0
    )  # as if an hour went by: till then somebody may be writing it
    left = 0
    for number in range(1, steps + 1):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(folder, copy)
        child = os.fork()
        if not child:
            with at_step(monkeypatch, number, lambda: os._exit(9)):
                JournalStore(copy, indexes=INDEXES).files.compact()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9, number
        left += len(fsck.left_over(copy))
        check(copy, expected)
        shutil.rmtree(copy)
    assert left > 10, "a kill leaves something, and fsck lists it"


def test_failed_at_any_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path / "w")
    expected = {n: n * 10 for n in range(1, 7)}
    shutil.copytree(folder, tmp_path / "count")
    steps = steps_of_a_compaction(tmp_path / "count", monkeypatch)
    failed = 0

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")

    for number in range(1, steps + 1):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(folder, copy)
        with closing(open_store(copy, indexes=INDEXES)) as store:
            with at_step(monkeypatch, number, full):
                try:
                    store.files.compact()
                except StorageFull:
                    failed += 1
            store.commit([Op("deal", 6, {"n": 66})])
            assert numbers(store) == {**expected, 6: 66}
        left = [one for one in fsck.left_over(copy) if one.size > 0]
        assert len(left) <= 1, "at most a file that could not be taken away"
        assert all(one.goes for one in left)
        check(copy, {**expected, 6: 66})
        shutil.rmtree(copy)
    assert failed > 5


def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    with closing(open_store(folder)) as store:
        needed, free = compaction.room(store.opened)
        assert 0 < needed < free
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Folder, "free", lambda _self: needed - 1)
            with pytest.raises(StorageFull, match=f"{needed:,} bytes of free disk space"):
                store.files.compact()
        assert store.opened.manifest.journals == [store.opened.growing.name]
        assert store.files.compact()


def test_what_it_needs_is_no_less_than_what_it_takes(tmp_path: Path) -> None:
    """On a disk with just the room that it asks for, it ends well."""
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], check=False).returncode:
        return
    try:
        with closing(open_store(filled(place / "w"))) as store:
            for n in range(100, 400):
                store.commit([Op("deal", n, {"n": n, "text": os.urandom(400).hex()})])
            needed, free = compaction.room(store.opened)
            assert needed < free
            (place / "ballast").write_bytes(b"\0" * (free - needed - 8192))
            assert store.files.compact()
            assert store.files.verify() == []
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_an_identity_of_digits_alone_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One in two thousand is; the drill of backups met one."""
    monkeypatch.setattr(manifest, "token_hex", lambda size: "1057474351170043"[: size * 2])
    with closing(open_store(filled(tmp_path / "w"))) as store:
        assert store.files.compact()
        assert all(manifest.has_identity(held.file) for held in store.opened.manifest.tables.values())
    assert fsck.verify(tmp_path / "w") == []


def test_a_folding_that_failed_is_told_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.store.care.TRY_AGAIN", 0.0)
    store = JournalStore(filled(tmp_path / "w"), compact_at=1)

    def wait() -> None:
        assert store.files.folding is not None
        store.files.folding.join()

    with monkeypatch.context() as small:
        small.setattr(Folder, "free", lambda _self: 0)
        store.commit([Op("deal", 1, {"n": 11})])
        wait()
        assert isinstance(store.upkeep, StorageError)
        assert "bytes of free disk space" in store.upkeep.message
    store.commit([Op("deal", 1, {"n": 12})])
    wait()
    assert store.upkeep is None
    assert len(store.opened.manifest.journals) == 1
    store.close()


def test_a_journal_of_another_past_is_moved_aside_and_never_lost(tmp_path: Path) -> None:
    """Somebody put an older copy over a folder: the journals that were written since may be the only ones of their kind."""
    folder, copy = filled(tmp_path / "w"), tmp_path / "copy"
    shutil.copytree(folder, copy)
    with closing(open_store(folder)) as store:
        store.commit([Op("deal", 1, {"n": 11})])
        assert store.files.compact()
        store.commit([Op("deal", 1, {"n": 12, "only": "here"})])
        lost = store.opened.growing.name
    shutil.copytree(copy, folder, dirs_exist_ok=True)
    assert [one.file for one in fsck.left_over(folder) if not one.goes and not one.folder] == [lost]
    with closing(open_store(folder)) as store:
        assert numbers(store)[1] == 10
        store.commit([Op("deal", 1, {"n": 13})])
        assert store.files.compact()
        assert next(version.doc for version in store.past.history(Key("deal", 1))) == {"n": 13}
        assert store.files.verify() == []
    assert b"only" in (folder / "history" / lost).read_bytes()
    assert f"history/{lost}" in [one.file for one in fsck.left_over(folder)]
