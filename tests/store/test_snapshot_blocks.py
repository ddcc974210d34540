"""A snapshot is read many records at a time, and each is checked."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from tuicrm.errors import Damaged
from tuicrm.store.folder import Folder
from tuicrm.store.records import snapshot_line
from tuicrm.store.snapshot import Snapshot

NAME = "deal.00000001.0123456789abcdef.jsonl"
COUNT = 2_500


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    lines = [
        snapshot_line(n, 1, b'{"title":"deal %d"%s}' % (n, b',"stage":"new"' if n % 3 else b""))
        for n in range(1, COUNT + 1)
    ]
    (tmp_path / NAME).write_bytes(b"".join(line.rstrip(b"\n") + b"\n" for line in lines))
    return Folder.at(tmp_path)


def titles(snapshot: Snapshot) -> list[str]:
    return [title for values in snapshot.slices(["title", "stage", "nothing"]) for title in values["title"]]


def test_slices_hold_every_record_in_order(folder: Folder) -> None:
    snapshot = Snapshot(folder, NAME)
    assert titles(snapshot) == [f"deal {n}" for n in range(1, COUNT + 1)]
    slices = list(snapshot.slices(["stage", "nothing"]))
    assert [stage for values in slices for stage in values["stage"]] == [
        "new" if n % 3 else None for n in range(1, COUNT + 1)
    ]
    assert {value for values in slices for value in values["nothing"]} == {None}
    assert [record_id for record_id, _doc in snapshot.scan(["title"])] == list(range(1, COUNT + 1))


@pytest.mark.parametrize("number", [1, 999, 1_000, 1_001, COUNT])
@pytest.mark.parametrize("harm", [(b"deal ", b"d3al "), (b'{"crc":"', b'{"crd":"'), (b'","id"', b'"," id')])
def test_one_damaged_record_among_many_is_named(folder: Folder, number: int, harm: tuple[bytes, bytes]) -> None:
    sound = Snapshot(folder, NAME)  # its index is kept
    path = folder.path / NAME
    lines = path.read_bytes().split(b"\n")
    lines[number - 1] = lines[number - 1].replace(*harm)
    stands = path.stat()
    with path.open("r+b") as file:
        file.write(b"\n".join(lines))
    assert path.stat().st_size == stands.st_size
    with pytest.raises(Damaged, match=f"record {number} at byte {sound.offsets[number - 1]} "):
        titles(sound)


def test_lines_that_the_index_passes_over_are_not_read(folder: Folder) -> None:
    snapshot = Snapshot(folder, NAME)
    ids = [n for n in range(1, COUNT + 1) if n not in (2, 1_500, COUNT)]
    snapshot.offsets = array("q", [snapshot.offsets[n - 1] for n in ids])
    snapshot.ids = array("q", ids)
    assert titles(snapshot) == [f"deal {n}" for n in ids]
