"""A workspace folder that something happened to: every byte flipped in turn, every file deleted in turn.

Either all records are as they were, or the store says which file is wrong, and leaves every byte as it found it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.put_back import PutBack, contents
from tuicrm.errors import CrmError, NotAWorkspace
from tuicrm.store import create_store, open_store
from tuicrm.store.fsck import verify
from tuicrm.store.lines import unseal
from tuicrm.store.manifest import snapshot_number
from tuicrm.store.protocol import Doc, Indexes, Key, Op, Store
from tuicrm.store.records import decode_line
from tuicrm.store.rescue import Rescue

INDEXES = Indexes({"entry": ("owner",)})
BLOB = b"an attachment"
HARMLESS = {"lock", "compact.lock"}
"""Files whose content means nothing."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace with everything in it: a snapshot, a journal, history, a blob, caches."""
    folder = tmp_path_factory.mktemp("whole") / "w"
    with closing(create_store(folder)) as store:
        for n in (1, 2):
            store.commit(
                [Op("deal", n, {"title": f"Deal {n}", "v": 1}), Op("entry", n, {"owner": f"deal:{n}"})], by="anna"
            )
        assert store.files.compact()
        store.blobs.put(BLOB)
        store.commit([Op("deal", 1, {"title": "Deal 1", "v": 2})], by="luca", note="again")
        store.commit([Op("deal", 3, {"title": "Deal 3", "v": 1}), Op("deal", 2, None)], by="anna")
    with closing(open_store(folder, indexes=INDEXES)) as store:
        records(store)
    return folder


def records(store: Store) -> dict[Key, Doc]:
    return {
        Key(table, record.id): record.doc for table in ("deal", "entry") for record in store.get(table, range(1, 10))
    }


def files(folder: Path) -> Iterator[Path]:
    return (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())


def opens(folder: Path, before: Mapping[str, bytes | None] | None = None) -> dict[Key, Doc] | None:
    """The records, or None where opening is refused; then the refusal names a file, and nothing was touched: all is as it was
    `before`, for whoever knows that."""
    before = before or dict(contents(folder))
    try:
        with closing(open_store(folder, indexes=INDEXES)) as store:
            return records(store)
    except CrmError as error:
        told = error.message
    assert str(folder) in told
    assert dict(contents(folder)) == before
    return None


def salvaged(folder: Path) -> dict[Key, Doc]:
    with closing(Rescue(folder)) as rescue:
        return {Key(table, record_id): doc for table in rescue.tables for record_id, doc in rescue.docs(table)}


def touched(journal: bytes, at: int) -> set[Key]:
    """The records that the journal's line at a byte changed."""
    begin = journal.rfind(b"\n", 0, at) + 1
    body = unseal(journal[begin : journal.index(b"\n", at)])
    assert body is not None
    if at == journal.index(b"\n", at):
        return set()  # its end: all of it can be read, and what comes after it
    return {Key(op.table, op.id) for op in decode_line(body).ops}


def told(folder: Path) -> set[str]:
    """The files that `fsck` finds at fault."""
    return {fault.place for fault in verify(folder)}


def test_every_byte_of_every_file_flipped_in_turn(whole: Path, tmp_path: Path) -> None:
    tries = PutBack(whole, tmp_path / "w")
    copy = tries.copy
    with closing(open_store(whole, indexes=INDEXES)) as store:
        expected = records(store)
    states = known_states(whole)
    refused = same = 0
    for path in files(whole):
        content = (whole / path).read_bytes()
        for at in range(len(content)):
            flipped = content[:at] + bytes([content[at] ^ 0x04]) + content[at + 1 :]
            (copy / path).write_bytes(flipped)
            found = opens(copy, {**tries.first, path.as_posix(): flipped})
            if found is None:
                refused += 1
                assert str(path) in told(copy), (path, at)
                docs = salvaged(copy)
                assert all(doc in states[key] for key, doc in docs.items()), (path, at)
                # Of a snapshot, the folded journals know what it said: only what a living journal alone knows can be lost.
                lost = touched(content, at) if path.name.startswith("journal.") else set()
                assert {key for key in expected if docs.get(key) != expected[key]} <= lost, (path, at)
                assert set(docs) - set(expected) <= lost, (path, at)
            else:
                same += 1
                assert found == expected, (path, at)
                if path.parts[0] not in (".cache", "present", "ids") and path.name not in HARMLESS:
                    assert str(path) in told(copy), (path, at)
                    assert salvaged(copy) == expected, (path, at)
            tries.put_back()
    assert refused > 500
    assert same > 500


def known_states(folder: Path) -> dict[Key, list[Doc]]:
    """Every state that a record ever had: what salvaging may give back."""
    with closing(open_store(folder, indexes=INDEXES)) as store:
        return {
            Key(table, n): [version.doc for version in store.past.history(Key(table, n)) if version.doc is not None]
            for table in ("deal", "entry")
            for n in range(1, 10)
        }


def test_every_file_deleted_in_turn(whole: Path, tmp_path: Path) -> None:
    with closing(open_store(whole, indexes=INDEXES)) as store:
        expected = records(store)
    for number, path in enumerate(files(whole)):
        copy = tmp_path / str(number)
        shutil.copytree(whole, copy)
        (copy / path).unlink()
        found = opens(copy)
        needed = path.name == "CURRENT" or (
            path.suffix == ".jsonl" and path.parts[0] != "history" and len(path.parts) == 1
        )
        assert (found is None) == needed, path
        if found is not None:
            assert found == expected, path
            if path.parts[0] == "history":
                assert told(copy) & {"history", str(path)} or any(name.startswith("journal.") for name in told(copy)), (
                    path
                )
        else:
            assert str(path) in told(copy), path
            living = touched_by(whole, path) if path.name.startswith("journal.") else set()
            docs = salvaged(copy)
            assert {key for key in {*docs, *expected} if docs.get(key) != expected.get(key)} <= living, path


def touched_by(folder: Path, journal: Path) -> set[Key]:
    content = (folder / journal).read_bytes()
    return {key for at, byte in enumerate(content) if byte == 10 for key in touched(content, at - 1)}


def test_one_that_was_deleted_does_not_come_back(whole: Path, tmp_path: Path) -> None:
    """Of a table that is whole, only what is newer than its snapshot counts, also where the manifest is lost."""
    copy = tmp_path / "w"
    shutil.copytree(whole, copy)
    with closing(open_store(copy, indexes=INDEXES)) as store:
        expected = records(store)
        assert store.files.compact()
    for name in ("CURRENT", *(str(path) for path in files(copy) if path.parts[0] == "history")):
        again = tmp_path / name.replace("/", "-")
        shutil.copytree(copy, again)
        (again / name).unlink()
        assert salvaged(again) == expected, name


def test_without_anything_readable_there_is_nothing_to_save(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    create_store(folder).close()
    (folder / "CURRENT").unlink()
    assert salvaged(folder) == {}
    for path in folder.glob("journal.*"):
        path.unlink()
    with pytest.raises(NotAWorkspace):
        Rescue(folder)


def test_a_snapshot_cut_anywhere_is_told_and_nothing_of_it_is_lost(whole: Path, tmp_path: Path) -> None:
    with closing(open_store(whole, indexes=INDEXES)) as store:
        expected = records(store)
    copy = tmp_path / "w"
    shutil.copytree(whole, copy)
    for path in (path for path in files(whole) if snapshot_number(path.name) and len(path.parts) == 1):
        content = (whole / path).read_bytes()
        for length in range(len(content)):
            (copy / path).write_bytes(content[:length])
            assert opens(copy) is None, (path, length)
            assert str(path) in told(copy)
            assert salvaged(copy) == expected, (path, length)
        (copy / path).write_bytes(content)
    assert opens(copy) == expected
