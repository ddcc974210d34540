"""Backups made while people work: each is a workspace as it was at one moment. Damage in one is found before anything stands on it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import zstandard

from tests.store.folders import filled, numbers
from tuicrm.errors import CrmError, Damaged, Refused, StorageError
from tuicrm.store import JournalStore, backup, fsck, open_store
from tuicrm.store.protocol import Key, Op

ROOT = Path(__file__).resolve().parents[2]


def streamed(store: JournalStore) -> bytes:
    out = io.BytesIO()
    sink = backup.TarSink(out, "out")
    backup.write(store.opened, sink, lambda _done, _of: None)
    sink.close()
    return out.getvalue()


def restored(content: bytes, folder: Path) -> backup.Contents:
    return backup.restore(backup.members(io.BufferedReader(io.BytesIO(content))), folder)


def whole(folder: Path) -> Path:
    """A workspace with snapshot, journal, history and an attachment."""
    with closing(open_store(filled(folder))) as store:
        store.blobs.put(b"an attachment")
        assert store.files.compact()
        store.commit([Op("deal", 1, {"n": 11})])
    return folder


def test_it_holds_everything_but_what_can_be_made_again(tmp_path: Path) -> None:
    with closing(open_store(whole(tmp_path / "w"))) as store:
        contents = store.files.back_up(tmp_path / "b")
        content = streamed(store)
        digest = next(store.blobs.digests())
    names = [one.path for one in contents.files]
    assert names[-1] == "CURRENT"
    assert not any(name.startswith((".cache", "present", "lock", "ids")) for name in names)
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        assert tar.getnames() == [*names, "BACKUP"]
    restored(content, tmp_path / "r")
    for folder in (tmp_path / "b", tmp_path / "r"):
        with closing(open_store(folder)) as again:
            assert numbers(again)[1] == 11
            assert [version.seq for version in again.past.history(Key("deal", 1))] == [13, 7, 1]
            with again.blobs.open(digest) as file:
                assert file.read() == b"an attachment"
            assert again.files.verify() == []
    made = backup.restore(backup.folder_members(tmp_path / "b"), tmp_path / "again")
    assert made == contents


def test_a_flipped_byte_anywhere_is_found_and_nothing_stays(tmp_path: Path) -> None:
    with closing(open_store(whole(tmp_path / "w"))) as store:
        content = streamed(store)
    spared = padding(content)
    for at in range(0, len(content), 37):
        if at in spared:
            continue
        broken = content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]
        with pytest.raises((Damaged, Refused)):
            restored(broken, tmp_path / "r")
        assert not any((tmp_path / "r").iterdir()), at


def padding(content: bytes) -> set[int]:
    """Bytes of a tar stream that mean nothing: behind a file's end, and what its head says beside name and size."""
    spared = set(range(len(content) - 10240, len(content)))
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for member in tar:
            end = member.offset_data + member.size
            spared |= set(range(end, end + 512))
    return spared


def test_a_packed_one_that_is_damaged_or_cut_is_refused(tmp_path: Path) -> None:
    with closing(open_store(whole(tmp_path / "w"))) as store:
        content = zstandard.ZstdCompressor(write_checksum=True).compress(streamed(store))
    restored(content, tmp_path / "sound")
    middle = len(content) // 2
    for broken in (content[:middle], content[:middle] + b"\xff" + content[middle + 1 :]):
        with pytest.raises((Damaged, Refused)):
            restored(broken, tmp_path / "r")
        assert not any((tmp_path / "r").iterdir())


def test_one_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    with closing(open_store(whole(tmp_path / "w"))) as store:
        content = streamed(store)
    for cut in range(0, len(content) - 11_000, 997):
        with pytest.raises((Damaged, Refused)):
            restored(content[:cut], tmp_path / "r")
        assert not any((tmp_path / "r").iterdir()), cut


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "present/1-00000000",
        ".cache/x",
        "lock",
        "blobs/ab/short",
        "history/../../evil",
        ".bashrc",
    ],
)
def test_a_stream_that_wants_out_is_refused(tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo(name)
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(Refused, match="not a backup"):
        restored(out.getvalue(), tmp_path / "sub" / "r")
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE])
def test_a_stream_of_links_and_pipes_is_refused(tmp_path: Path, kind: bytes) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo("journal.00000001.jsonl")
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(Refused, match="not a backup"):
        restored(out.getvalue(), tmp_path / "r")
    assert not any((tmp_path / "r").iterdir())


def test_what_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with closing(open_store(whole(tmp_path / "w"))) as store:
        with pytest.raises(KeyboardInterrupt):
            store.files.back_up(tmp_path / "b", stop)
        assert not any((tmp_path / "b").iterdir())
        content = streamed(store)
    with pytest.raises(KeyboardInterrupt):
        backup.restore(backup.members(io.BufferedReader(io.BytesIO(content))), tmp_path / "r", stop)
    assert not any((tmp_path / "r").iterdir())


def test_into_a_folder_that_holds_anything_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine").write_text("mine")
    with closing(open_store(whole(tmp_path / "w"))) as store:
        with pytest.raises(StorageError, match="not empty"):
            store.files.back_up(tmp_path / "b")
        content = streamed(store)
    with pytest.raises(StorageError, match="not empty"):
        restored(content, tmp_path / "b")
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["mine"]


# -- under load --------------------------------------------------------------------------------------------------------
_AT_WORK = """
import sys, time
from pathlib import Path
from tuicrm.store import open_store
from tuicrm.store.protocol import Key, Op
# Money goes from one record to another: whatever moment a backup is of, the sum is the same.
store, me = open_store(Path(sys.argv[1])), int(sys.argv[2])
print("at work", flush=True)
turn = 0
while not Path(sys.argv[1], "..", "enough").exists():
    turn += 1
    time.sleep(0.004)  # as many writes as a busy office makes: else history grows by itself, and with it every backup
    one, two = turn % 50 + 1, (turn * 7 + me) % 50 + 1
    if one == two:
        continue
    with store.opened.exclusive():
        docs = [record.doc for record in store.get("deal", [one, two])]
        store.commit([Op("deal", one, {**docs[0], "n": docs[0]["n"] - 1}), Op("deal", two, {**docs[1], "n": docs[1]["n"] + 1})])
    # No more of these than some dozens: every one is a file in each backup that follows.
    if turn % 12 == me and turn < 600:
        store.files.compact()
    if turn % 60 == 0 and turn < 3000:
        store.blobs.put(b"%d of %d" % (turn, me))
store.close()
"""


@contextmanager
def at_work(folder: Path, people: int = 2) -> Iterator[None]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-c", _AT_WORK, str(folder), str(n)], env=environ, stdout=subprocess.PIPE)
        for n in range(people)
    ]
    try:
        for one in running:
            assert one.stdout is not None
            one.stdout.readline()
        yield
    finally:
        (folder.parent / "enough").touch()
        for one in running:
            one.communicate()
    assert [one.returncode for one in running] == [0] * people


def balanced(folder: Path) -> int:
    """The last transaction of a workspace in which nothing went astray."""
    with closing(open_store(folder)) as store:
        assert sum(record.doc["n"] for record in store.get("deal", range(1, 51))) == 50_000
        return store.seq()


def accounts(folder: Path) -> Path:
    from tuicrm.store import create_store

    with closing(create_store(folder)) as store:
        store.commit([Op("deal", n, {"n": 1000}) for n in range(1, 51)])
    return folder


@pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_backups_while_two_work_and_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int) -> None:
    """Two hundred of them: `pytest -m slow tests/store/test_backup.py`."""
    # What is restored here need not outlive a loss of power; those who work sync as ever.
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    folder = accounts(tmp_path / "w")
    seqs = []
    with at_work(folder), closing(open_store(folder)) as store:
        for turn in range(rounds):
            content = streamed(store)
            restored(content, tmp_path / f"r{turn}")
            seqs.append(balanced(tmp_path / f"r{turn}"))
            shutil.rmtree(tmp_path / f"r{turn}")
    assert seqs == sorted(seqs)
    assert len(set(seqs)) > rounds // 4, "the backups are of different moments"
    assert fsck.verify(folder) == []


def test_a_copy_made_file_by_file_opens_or_says_what_to_do(tmp_path: Path) -> None:
    """README says to use `tuicrm backup`; who copies all the same gets a workspace of one moment, or a refusal, never a mixture."""
    folder = accounts(tmp_path / "w")
    opened, refused = 0, []
    with at_work(folder):
        for turn in range(60):
            copy = tmp_path / f"copy{turn}"
            copied(folder, copy, backwards=turn % 2 == 1)
            try:
                balanced(copy)
                opened += 1
            except CrmError as error:
                refused.append(f"{error.message} {error.advice}")
            shutil.rmtree(copy)
    assert opened > 0
    assert all("tuicrm backup" in told for told in refused), refused


def copied(folder: Path, copy: Path, *, backwards: bool) -> None:
    """As `cp -r` does it, in the order of the folder or against it; what is gone by then is left out, as cp does with a complaint."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts]
    for path in reversed(paths) if backwards else paths:
        target = copy / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, target)
        except FileNotFoundError:
            continue
        time.sleep(0)
