"""STORE.md's faults of files, each made by hand: torn and cut lines, flipped bits, missing lines and files, stale revisions."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import pytest

from tests.store.folders import copies, filled, journal_of, numbers, snapshot_of
from tuicrm.errors import (
    Conflict,
    Damaged,
)
from tuicrm.store import JournalStore, compaction, create_store, fsck, leftovers, manifest, open_store
from tuicrm.store.folder import Folder
from tuicrm.store.protocol import Key, Op

ROOT = Path(__file__).resolve().parents[2]


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
        assert store.files.verify() == []
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
    assert (numbers(again)[7], again.files.verify()) == (70, [])
    again.close()
    assert [path.read_bytes() for path in (folder / "history").glob("torn.*")] == [tail]


# -- damage ------------------------------------------------------------------------------------------------------------
def flipped(whole: bytes) -> Iterator[bytes]:
    """A file with a bit flipped in each byte of its second line in turn."""
    begin = whole.index(b"\n") + 1
    for place in range(begin, whole.index(b"\n", begin)):
        broken = bytearray(whole)
        broken[place] ^= 1 << (place % 8)
        yield bytes(broken)


def test_a_flipped_bit_in_every_byte_of_a_journal_line_is_named(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    journal = journal_of(folder)
    whole = journal.read_bytes()
    for broken in flipped(whole):
        journal.write_bytes(broken)
        with pytest.raises(Damaged, match=journal.name):
            open_store(folder)
        assert journal.read_bytes() == broken
        salvaged = open_store(folder, salvage=True)
        assert salvaged.read_only
        assert salvaged.damage
        salvaged.close()
    journal.write_bytes(whole)


def test_a_flipped_bit_in_every_byte_of_a_snapshot_record_is_named(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    snapshot = snapshot_of(folder)
    whole = snapshot.read_bytes()
    shutil.rmtree(folder / ".cache")
    (folder / ".cache").mkdir()
    journal_of(folder).write_bytes(b"")
    for broken in flipped(whole):
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
    assert [fault.place for fault in store.files.verify()] == [snapshot.name]
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
        "    if n % 3 == 0: store.files.compact()\n"
        "store.close()\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", worker, str(folder)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        try:
            here = Folder.at(folder)
            for _run in range(40):
                generation, end = manifest.read(here)[1].generation, time.monotonic() + 10
                while manifest.read(here)[1].generation == generation:
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
    assert [fault.place for fault in fsck.verify(folder)] == ["CURRENT"]
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
    monkeypatch.setattr(leftovers, "sweep", lambda *_arguments: None)
    with pytest.raises(KeyboardInterrupt):
        store.files.compact()
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
        assert store.files.compact()
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
def test_a_big_batch_is_folded_away_when_it_ends(tmp_path: Path, given_up: bool) -> None:
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

    def overtaken(place: Folder) -> tuple[manifest.FileStamp, manifest.Manifest]:
        found = read(place)
        monkeypatch.setattr(manifest, "read", read)
        others.commit([Op("deal", 1, {"title": "meanwhile"})])
        assert others.files.compact()
        assert not (folder / found[1].journals[-1]).exists()
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
        before = [version.seq for version in store.past.history(Key("deal", 1))]
        assert store.files.compact()
        assert [version.seq for version in store.past.history(Key("deal", 1))] == before
        assert store.opened.image.start_of(before[0]) is None
        assert store.past.transaction(before[0]) is not None


def test_a_stale_revision_is_refused_after_delete_compaction_and_re_creation(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path / "w"))
    key = Key("deal", 1)
    stale = store.get("deal", [1])[0].rev
    store.commit([Op("deal", 1, None)])
    assert store.files.compact()
    store.commit([Op("deal", 1, {"n": 1})])
    assert store.get("deal", [1])[0].rev > stale
    with pytest.raises(Conflict) as refused:
        store.commit([Op("deal", 1, {"n": 2})], {key: stale})
    assert refused.value.current == {"n": 1}
    with pytest.raises(Conflict):
        store.commit([], {key: 0})
    store.close()


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
