"""STORE.md's faults, each made by hand: torn and cut lines, flipped bits, missing lines, full disks, folders that are not ours."""

from __future__ import annotations

import errno
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import pytest

from tuicrm.domain.conditions import Sort
from tuicrm.errors import (
    Conflict,
    CrmError,
    Damaged,
    NewerFormat,
    NotAWorkspace,
    ReadOnlyStore,
    StorageError,
    StorageFull,
)
from tuicrm.store import JournalStore, compaction, create_store, fsck, manifest, open_store
from tuicrm.store.journal import Journal
from tuicrm.store.lines import seal
from tuicrm.store.protocol import Find, Key, Op

ROOT = Path(__file__).resolve().parents[2]


def filled(folder: Path, records: int = 6) -> Path:
    """A workspace with a snapshot of some records and a journal of some transactions on top."""
    store = create_store(folder)
    for n in range(1, records + 1):
        store.commit([Op("deal", n, {"title": f"Deal {n}", "n": n})], by="anna")
    assert store.compact()
    for n in range(1, records + 1):
        store.commit([Op("deal", n, {"title": f"Deal {n}", "n": n * 10})], by="luca", note="times ten")
    store.close()
    return folder


def journal_of(folder: Path) -> Path:
    return max(folder.glob("journal.*.jsonl"))


def snapshot_of(folder: Path) -> Path:
    return next(folder.glob("deal.*.jsonl"))


def copies(folder: Path, place: Path, count: int) -> Iterator[tuple[int, Path]]:
    for n in range(count):
        copy = place / f"copy{n}"
        shutil.copytree(folder, copy)
        yield n, copy
        shutil.rmtree(copy)


def numbers(store: JournalStore) -> dict[int, int]:
    return {record.id: record.doc["n"] for record in store.get("deal", range(1, 100))}


def look(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# -- torn tails --------------------------------------------------------------------------------------------------------
def test_every_cut_of_the_last_line_opens_and_drops_at_most_that_line(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    whole = journal_of(folder).read_bytes()
    last = whole[:-1].rindex(b"\n") + 1
    for cut, copy in copies(folder, tmp_path, len(whole) - last):
        journal_of(copy).write_bytes(whole[: last + cut])
        store = open_store(copy)
        assert numbers(store) == {1: 10, 2: 20, 3: 30, 4: 40, 5: 50, 6: 6}
        store.commit([Op("deal", 6, {"n": 61})])
        assert store.verify() == []
        store.close()
        kept = [path.read_bytes() for path in (copy / "history").glob("torn.*")]
        assert kept == ([whole[last : last + cut]] if cut else [])


def test_cuts_through_several_lines_leave_what_is_before_them(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    whole = journal_of(folder).read_bytes()
    step = max(len(whole) // 60, 1)
    for n, copy in copies(folder, tmp_path, 60):
        cut = n * step
        journal_of(copy).write_bytes(whole[:cut])
        store = open_store(copy)
        done = whole[:cut].count(b"\n")
        assert numbers(store) == {i: i * 10 if i <= done else i for i in range(1, 7)}
        store.close()


@pytest.mark.parametrize(
    "tail", [b"\0", b"\0" * 4096, b"\0" * 100 + b"\n", b'{"crc":"0', b"\xff\xfe", b'{"crc":"00000000","seq":99']
)
def test_tails_that_a_crash_leaves_are_cut_and_kept(tmp_path: Path, tail: bytes) -> None:
    folder = filled(tmp_path / "w")
    with journal_of(folder).open("ab") as file:
        file.write(tail)
    store = open_store(folder)
    assert numbers(store)[6] == 60
    store.commit([Op("deal", 7, {"n": 70})])
    store.close()
    again = open_store(folder)
    assert (numbers(again)[7], again.verify()) == (70, [])
    again.close()
    assert [path.read_bytes() for path in (folder / "history").glob("torn.*")] == [tail]


# -- damage ------------------------------------------------------------------------------------------------------------
def test_a_flipped_bit_in_every_byte_of_a_journal_line_is_named(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    journal = journal_of(folder)
    whole = journal.read_bytes()
    begin = whole.index(b"\n") + 1
    end = whole.index(b"\n", begin)
    for place in range(begin, end):
        broken = bytearray(whole)
        broken[place] ^= 1 << (place % 8)
        journal.write_bytes(broken)
        with pytest.raises(Damaged, match=journal.name):
            open_store(folder)
        assert journal.read_bytes() == bytes(broken)
        salvaged = open_store(folder, salvage=True)
        assert salvaged.read_only
        assert salvaged.damage
        salvaged.close()
    journal.write_bytes(whole)


def test_a_flipped_bit_in_every_byte_of_a_snapshot_record_is_named(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    snapshot = snapshot_of(folder)
    whole = snapshot.read_bytes()
    begin = whole.index(b"\n") + 1
    end = whole.index(b"\n", begin)
    shutil.rmtree(folder / ".cache")
    (folder / ".cache").mkdir()
    journal_of(folder).write_bytes(b"")
    for place in range(begin, end):
        broken = bytearray(whole)
        broken[place] ^= 1 << (place % 8)
        snapshot.write_bytes(broken)
        with pytest.raises(Damaged, match=snapshot.name):
            open_store(folder)
        shutil.rmtree(folder / ".cache")
        (folder / ".cache").mkdir()
    snapshot.write_bytes(whole)


def test_damage_under_a_cached_index_is_found_when_the_record_is_read(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    journal_of(folder).write_bytes(b"")
    snapshot = snapshot_of(folder)
    whole = bytearray(snapshot.read_bytes())
    whole[whole.index(b"Deal 3") + 5] ^= 1
    snapshot.write_bytes(whole)
    store = open_store(folder)
    with pytest.raises(Damaged, match=f"{snapshot.name}.*record 3"):
        store.get("deal", [3])
    assert [fault.file for fault in store.verify()] == [snapshot.name]
    store.close()


def test_a_deleted_line_in_the_middle_is_named_by_its_transaction(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    journal = journal_of(folder)
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:2] + lines[3:]))
    with pytest.raises(Damaged, match="9"):
        open_store(folder)


def test_a_missing_snapshot_and_a_damaged_manifest_are_named(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    snapshot = snapshot_of(folder)
    hidden = snapshot.rename(folder.parent / "hidden")
    with pytest.raises(Damaged, match=snapshot.name):
        open_store(folder)
    hidden.rename(snapshot)
    current = folder / "CURRENT"
    whole = current.read_bytes()
    for place in range(0, len(whole) - 1, 3):
        broken = bytearray(whole)
        broken[place] ^= 4
        current.write_bytes(broken)
        with pytest.raises(Damaged, match="CURRENT"):
            open_store(folder)
    current.write_bytes(whole)
    open_store(folder).close()


def test_a_poisoned_cache_changes_nothing(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    for path in (folder / ".cache").iterdir():
        path.write_bytes(os.urandom(path.stat().st_size))
    (folder / "ids").write_bytes(b"rubbish")
    store = open_store(folder)
    assert numbers(store)[6] == 60
    assert store.new_ids("deal") == [7]
    store.close()


@pytest.mark.parametrize("may_lock", [True, False])
def test_fsck_raises_no_alarm_beside_sessions_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_lock: bool
) -> None:
    if not may_lock:
        monkeypatch.setattr(fsck, "_compaction_held_off", lambda _folder: nullcontext())
    folder = filled(tmp_path / "w", 50)
    worker = (
        "import sys; from pathlib import Path; from tuicrm.store import open_store; from tuicrm.store.protocol import Op\n"
        "store = open_store(Path(sys.argv[1])); print('at work', flush=True)\n"
        "n = 0\n"
        "while not Path(sys.argv[1], '..', 'enough').exists():\n"
        "    n += 1; store.commit([Op('deal', n % 50 + 1, {'n': n, 't': 'x' * 200})])\n"
        "    if n % 3 == 0: store.compact()\n"
        "store.close()\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", worker, str(folder)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        try:
            for _run in range(40):
                generation, end = manifest.read(folder)[1].generation, time.monotonic() + 10
                while manifest.read(folder)[1].generation == generation:
                    assert time.monotonic() < end, "nothing is compacted"
                assert fsck.verify(folder) == []
        finally:
            (tmp_path / "enough").touch()
    assert running.returncode == 0


@pytest.mark.parametrize("harm", ["damaged", "gone"])
def test_without_its_manifest_a_workspace_is_saved_whole(tmp_path: Path, harm: str) -> None:
    folder = filled(tmp_path / "w")
    current = folder / "CURRENT"
    if harm == "gone":
        current.unlink()
    else:
        current.write_bytes(current.read_bytes()[:-20])
    with pytest.raises(Damaged, match="CURRENT"):
        open_store(folder)
    assert [fault.file for fault in fsck.verify(folder)] == ["CURRENT"]
    store = open_store(folder, salvage=True)
    assert (numbers(store), len(store.damage)) == ({n: n * 10 for n in range(1, 7)}, 1)
    store.close()


def test_a_manifest_lost_in_the_middle_of_a_compaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "w"
    store = create_store(folder)
    for n in range(1, 7):
        store.commit([Op("deal", n, {"n": n}), Op("entry", n, {"n": n})])
    before = {(table, record.id): record.doc for table in ("deal", "entry") for record in store.get(table, range(9))}

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compaction, "_publish", killed)
    with pytest.raises(KeyboardInterrupt):
        store.compact()
    store.close()
    next(folder.glob("entry.*.jsonl")).unlink()
    (folder / "CURRENT").unlink()
    saved = open_store(folder, salvage=True)
    found = {(table, record.id): record.doc for table in ("deal", "entry") for record in saved.get(table, range(9))}
    saved.close()
    assert found == before


# -- big changes -------------------------------------------------------------------------------------------------------
def test_a_batch_cut_at_every_line_never_happened(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    store = open_store(folder)
    before = numbers(store)
    with store.batch(by="anna", note="import") as batch:
        for n in range(1, 6):
            batch.add([Op("deal", n, {"n": -n}), Op("deal", 100 + n, {"n": 1})])
        batch.close()
    after = numbers(store)
    assert after[1] == -1
    store.close()
    whole = journal_of(folder).read_bytes()
    lines = whole.splitlines(keepends=True)
    for cut, copy in copies(folder, tmp_path, 6):
        journal_of(copy).write_bytes(b"".join(lines[: 6 + cut]))
        store = open_store(copy)
        assert numbers(store) == before
        # Nor does it come back: the next transactions, a compaction and a new opening know nothing of it.
        store.commit([Op("deal", 1, {"n": 11})])
        assert store.compact()
        store.close()
        again = open_store(copy)
        assert numbers(again) == {**before, 1: 11}
        again.close()


def test_a_batch_that_raises_is_dropped_whole(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path / "w"))
    before = numbers(store)

    def change() -> None:
        with store.batch() as batch:
            batch.add([Op("deal", 1, {"n": 0})])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert numbers(store) == before
    store.close()


@pytest.mark.parametrize("given_up", [False, True])
def test_a_big_batch_is_folded_away_at_once(tmp_path: Path, given_up: bool) -> None:
    folder = filled(tmp_path / "w")
    store = JournalStore(folder, compact_at=20_000)

    def change() -> None:
        with store.batch() as batch:
            for n in range(100, 150):
                batch.add([Op("deal", n, {"n": n, "text": "x" * 1000})])
            if given_up:
                raise ZeroDivisionError
            batch.close()

    with pytest.raises(ZeroDivisionError) if given_up else nullcontext():
        change()
    store.close()
    assert sum(path.stat().st_size for path in folder.glob("journal.*")) < 1000
    with closing(open_store(folder)) as again:
        assert len(again.get("deal", range(100, 150))) == (0 if given_up else 50)


# -- revisions ---------------------------------------------------------------------------------------------------------
def test_a_journal_folded_away_while_opening_does_not_make_the_store_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = filled(tmp_path / "w")
    read, others = manifest.read, open_store(folder)

    def overtaken(place: Path) -> tuple[manifest.Stamp, manifest.Manifest]:
        found = read(place)
        monkeypatch.setattr(manifest, "read", read)
        others.commit([Op("deal", 1, {"title": "meanwhile"})])
        assert others.compact()
        assert not (folder / manifest.journal_name(found[1].journals[-1])).exists()
        return found

    monkeypatch.setattr(manifest, "read", overtaken)
    with closing(open_store(folder)) as store:
        assert not store.read_only
        store.commit([Op("deal", 2, {"title": "mine"})])
    others.refresh()
    assert [record.doc["title"] for record in others.get("deal", [1, 2])] == ["meanwhile", "mine"]
    others.close()


def test_what_was_folded_away_is_followed_through_history(tmp_path: Path) -> None:
    with closing(open_store(filled(tmp_path / "w"))) as store:
        before = [version.seq for version in store.history(Key("deal", 1))]
        assert store.compact()
        assert [version.seq for version in store.history(Key("deal", 1))] == before
        assert store.start_of(before[0]) is None
        assert store.transaction(before[0]) is not None


def test_a_stale_revision_is_refused_after_delete_compaction_and_re_creation(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path / "w"))
    key = Key("deal", 1)
    stale = store.get("deal", [1])[0].rev
    store.commit([Op("deal", 1, None)])
    assert store.compact()
    store.commit([Op("deal", 1, {"n": 1})])
    assert store.get("deal", [1])[0].rev > stale
    with pytest.raises(Conflict) as refused:
        store.commit([Op("deal", 1, {"n": 2})], {key: stale})
    assert refused.value.current == {"n": 1}
    with pytest.raises(Conflict):
        store.commit([], {key: 0})
    store.close()


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
    with pytest.raises(StorageError, match="no folder"):
        create_store(folder / "pictures" / "sea.txt")
    with pytest.raises(StorageError, match="workspace already"):
        create_store(filled(tmp_path / "w"))
    with pytest.raises(NotAWorkspace, match="no folder"):
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
first.commit([Op("deal", first.new_ids("deal")[0], {})]); first.put_blob(b"x"); first.get("deal", [1]); first.close()
os.setgid(65534); os.setuid(65534)
store = open_store(sys.argv[1])
assert store.read_only
assert [record.doc["n"] for record in store.get("deal", [1, 6])] == [10, 60]
for write in (lambda: store.commit([Op("deal", 1, {})]), lambda: store.new_ids("deal"), lambda: store.put_blob(b"x")):
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
        store.put_blob(b"an attachment")
        store.tell({"who": "anna"})
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
import os, sys
from tuicrm.store import create_store, open_store
from tuicrm.store.protocol import Op
create_store(sys.argv[2]).close()
os.umask(0o077); os.setgroups([4242]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[3]))
store = open_store(sys.argv[1])
n = store.new_ids("deal")[0]
store.commit([Op("deal", n, {"n": n})], by=sys.argv[3])
store.put_blob(sys.argv[3].encode())
assert store.compact()
store.tell({"who": sys.argv[3]})
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
    assert store.verify() == []
    store.close()
    assert {path.stat().st_gid for path in folder.rglob("*")} == {4242}


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
    assert (numbers(again)[1], again.verify()) == (11, [])
    again.close()


# -- full disks --------------------------------------------------------------------------------------------------------
_FULL = """
import resource, sys
from tuicrm.errors import StorageFull
from tuicrm.store import open_store
from tuicrm.store.protocol import Op
store = open_store(sys.argv[1])
size = store.growing.offset
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
    assert store.verify() == []
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
                store.put_blob(b"z" * 300_000)
            assert not list((folder / "blobs").glob("tmp*"))
            with pytest.raises(StorageFull):
                store.compact()
            assert len(store.get("deal", range(1, 2000))) == kept
            subprocess.run(["mount", "-o", "remount,size=2m", str(place)], check=True)
            store.commit([Op("deal", 5000, {"n": 5000})])
            assert store.compact()
            store.close()
            store = open_store(folder)
            assert len(store.get("deal", range(1, 2000))) == kept
        assert store.verify() == []
        store.close()
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux shows them")
def test_a_workspace_that_cannot_be_opened_holds_no_files_open(tmp_path: Path) -> None:
    journal = journal_of(filled(tmp_path / "w"))
    journal.write_bytes(b"x" + journal.read_bytes()[1:])

    def held() -> list[str]:
        found = []
        for link in Path("/proc/self/fd").iterdir():
            with suppress(FileNotFoundError):  # the listing itself is one, and is over
                found.append(link.readlink())
        return [str(path) for path in found if path.is_relative_to(tmp_path)]

    for _attempt in range(3):
        with pytest.raises(Damaged):
            open_store(tmp_path / "w")
    gc.collect()  # maps of snapshots go with what holds them
    assert held() == []
