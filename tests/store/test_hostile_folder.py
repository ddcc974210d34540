"""A workspace folder that something happened to: every byte flipped in turn, every file deleted in turn.

Either all records are as they were, or the store says which file is wrong, and leaves every byte as it found it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tuicrm.errors import CrmError, StorageError
from tuicrm.store import create_store, open_store
from tuicrm.store.protocol import Doc, Indexes, Key, Op, Store

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
        assert store.compact()
        store.put_blob(BLOB)
        store.commit([Op("deal", 1, {"title": "Deal 1", "v": 2})], by="luca", note="again")
        store.commit([Op("deal", 3, {"title": "Deal 3", "v": 1}), Op("deal", 2, None)], by="anna")
    with closing(open_store(folder, indexes=INDEXES)) as store:
        records(store)
    return folder


def records(store: Store) -> dict[Key, Doc]:
    return {
        Key(table, record.id): record.doc for table in ("deal", "entry") for record in store.get(table, range(1, 10))
    }


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def files(folder: Path) -> Iterator[Path]:
    return (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())


def opens(folder: Path) -> dict[Key, Doc] | None:
    """The records, or None where opening is refused; then the refusal names a file, and nothing was touched."""
    before = digests(folder)
    try:
        with closing(open_store(folder, indexes=INDEXES)) as store:
            return records(store)
    except CrmError as error:
        told = error.message
    assert str(folder) in told
    assert digests(folder) == before
    return None


def salvaged(folder: Path) -> tuple[dict[Key, Doc], list[str]]:
    with closing(open_store(folder, salvage=True, indexes=INDEXES)) as store:
        return records(store), store.damage


def test_every_byte_of_every_file_flipped_in_turn(whole: Path, tmp_path: Path) -> None:
    copy = tmp_path / "w"
    shutil.copytree(whole, copy)
    with closing(open_store(whole, indexes=INDEXES)) as store:
        expected = records(store)
    states = known_states(whole)
    growing = max(path for path in files(whole) if path.name.startswith("journal."))
    last_end = (growing, (whole / growing).stat().st_size - 1)
    refused = same = 0
    for path in files(whole):
        content = (whole / path).read_bytes()
        for at in range(len(content)):
            (copy / path).write_bytes(content[:at] + bytes([content[at] ^ 0x04]) + content[at + 1 :])
            found = opens(copy)
            if found is None:
                refused += 1
                docs, damage = salvaged(copy)
                assert damage
                assert all(doc in states[key] for key, doc in docs.items()), (path, at)
                if path.name == "CURRENT":
                    assert docs == expected, at
            else:
                same += 1
                if (path, at) == last_end:
                    # Without its line end the last line cannot be told from one that was never finished: dropped, and kept apart.
                    assert list((copy / "history").glob("torn.*"))
                    continue
                assert found == expected, (path, at)
                if path.parts[0] not in (".cache", "present", "ids") and path.name not in HARMLESS:
                    assert faults(copy), (path, at)
            shutil.rmtree(copy)
            shutil.copytree(whole, copy)
    assert refused > 500
    assert same > 500


def known_states(folder: Path) -> dict[Key, list[Doc]]:
    """Every state that a record ever had: what salvaging may give back."""
    with closing(open_store(folder, indexes=INDEXES)) as store:
        return {
            Key(table, n): [version.doc for version in store.history(Key(table, n)) if version.doc is not None]
            for table in ("deal", "entry")
            for n in range(1, 10)
        }


def faults(folder: Path) -> list[object]:
    try:
        with closing(open_store(folder, indexes=INDEXES)) as store:
            return list(store.verify())
    except StorageError as error:
        return [error]


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
                assert faults(copy), path
        else:
            docs, damage = salvaged(copy)
            assert damage, path
            if path.name == "CURRENT":
                assert docs == expected
