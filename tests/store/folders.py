"""Small workspace folders to damage, and what is in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tuicrm.domain.conditions import Condition, Sort
from tuicrm.store import JournalStore, Store, create_store
from tuicrm.store.folder import Folder
from tuicrm.store.packed import PackedJournal
from tuicrm.store.protocol import Op, Ordered
from tuicrm.store.query import TableQuery


def filled(folder: Path, records: int = 6) -> Path:
    """A workspace with a snapshot of some records and a journal of some transactions on top."""
    store = create_store(folder)
    for n in range(1, records + 1):
        store.commit([Op("deal", n, {"title": f"Deal {n}", "n": n})], by="anna")
    assert store.files.compact()
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


def journal_lines(folder: Path) -> list[bytes]:
    """The lines of all journals, folded and living, oldest first."""
    found: dict[str, list[bytes]] = {}
    with closing(Folder.at(folder)) as place:
        for path in (folder / "history").glob("journal.*"):
            if path.suffix == ".jsonl":
                found[path.name] = path.read_bytes().splitlines()
                continue
            packed = PackedJournal(place.sub("history"), path.name)
            found[path.name] = [line for frame in packed.frames for line in packed.unpacked(frame) or ()]
    for path in folder.glob("journal.*.jsonl"):
        found[path.name] = path.read_bytes().splitlines()
    return [line for name in sorted(found) for line in found[name]]


def apart(
    store: Store | TableQuery, table: str, by: str, where: Condition | None = None, sort: Sequence[Sort] = ()
) -> dict[Any, list[int]]:
    """All ids that match, in order, by the value at `by`."""
    return {key: part.ids for key, part in store.top(Ordered(table, where, tuple(sort), by), 10**9).items()}
