"""A workspace of the former format: files by number alone, history as it was written. It opens, and the next folding brings it up."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec

from tests.store.folders import filled, journal_lines, numbers
from tuicrm.store import fsck, manifest, open_store
from tuicrm.store.folder import Folder
from tuicrm.store.lines import encode, seal
from tuicrm.store.packed import PackedJournal
from tuicrm.store.protocol import Key, Op


def former(folder: Path) -> Path:
    """The same workspace as tuicrm wrote it before format 2."""

    def named(name: str) -> str:
        stem, number = name.split(".")[:2]
        return f"{stem}.{number}.jsonl"

    with closing(Folder.at(folder)) as place:
        current = manifest.read(place)[1]
        past = place.sub("history")
        for one in current.folded:
            packed = PackedJournal(past, one.file)
            lines = [line + b"\n" for frame in packed.frames for line in packed.unpacked(frame) or ()]
            (folder / "history" / named(one.file)).write_bytes(b"".join(lines))
            (folder / "history" / one.file).unlink()
        for name in (*current.journals, *(held.file for held in current.tables.values())):
            (folder / name).rename(folder / named(name))
        tables = {
            name: {**msgspec.to_builtins(held), "file": named(held.file)} for name, held in current.tables.items()
        }
        journals = [manifest.journal_number(name) for name in current.journals]
        body = {
            "format": 1,
            "generation": current.generation,
            "seq": current.seq,
            "tables": tables,
            "journals": journals,
        }
        (folder / "CURRENT").write_bytes(seal(encode(body)))
    for path in (folder / ".cache").iterdir():
        path.unlink()
    return folder


def test_it_opens_and_is_brought_up_with_its_whole_past(tmp_path: Path) -> None:
    folder = former(filled(tmp_path / "w"))
    before = journal_lines(folder)
    assert fsck.verify(folder) == []
    with closing(open_store(folder)) as store:
        assert numbers(store) == {n: n * 10 for n in range(1, 7)}
        past = [(version.seq, version.doc) for version in store.past.history(Key("deal", 3))]
        assert len(past) == 2
        store.commit([Op("deal", 3, {"n": 31})])
        assert store.files.compact()
        assert [(version.seq, version.doc) for version in store.past.history(Key("deal", 3))][1:] == past
        assert store.opened.manifest.format == manifest.FORMAT
        assert store.opened.manifest.id
        assert all(one.file.endswith(manifest.PACKED) and one.first for one in store.opened.manifest.folded)
        store.commit([Op("deal", 3, {"n": 32})])
        assert store.files.compact()
    assert journal_lines(folder)[: len(before)] == before, "byte for byte"
    assert fsck.verify(folder) == []
    assert fsck.left_over(folder) == []
    assert not [path for path in folder.rglob("*.jsonl") if not manifest.has_identity(path.name)]


def test_a_damaged_line_of_its_history_stays_as_it_is_and_is_told(tmp_path: Path) -> None:
    folder = former(filled(tmp_path / "w"))
    (path,) = (folder / "history").glob("journal.*.jsonl")
    content = bytearray(path.read_bytes())
    content[30] ^= 1
    path.write_bytes(content)
    with closing(open_store(folder)) as store:
        assert store.files.compact()
        assert numbers(store)[3] == 30
    assert path.read_bytes() == bytes(content)
    assert [fault.place for fault in fsck.verify(folder)] == [f"history/{path.name}"]


def test_where_it_may_only_be_read_it_stays_as_it_is(tmp_path: Path) -> None:
    folder = former(filled(tmp_path / "w"))
    current = (folder / "CURRENT").read_bytes()
    with closing(open_store(folder)) as store:
        assert numbers(store)[3] == 30
        assert len(list(store.past.log())) == 12
    assert (folder / "CURRENT").read_bytes() == current
    assert any((folder / "history").iterdir())
