"""A manifest made anew from the files of a folder, for salvage and `fsck` where `CURRENT` is damaged or gone.

The newest snapshot of each table and every journal beside them: compaction takes a journal away only when the snapshots that hold it
are published, and replaying one over a snapshot that holds it already ends where the snapshot stands.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from tuicrm.store.lines import unseal
from tuicrm.store.manifest import FORMAT, Manifest, TableFile, journal_name
from tuicrm.store.records import decode_head

_FILE = re.compile(r"(.+)\.(\d{8})\.jsonl")
_JOURNAL = "journal"


def manifest_of(folder: Path) -> Manifest | None:
    """What `CURRENT` may have said; None for a folder without journals. Ids are not known: nothing can be written with it."""
    journals: list[int] = []
    newest: dict[str, int] = {}
    for path in folder.glob("*.jsonl"):
        found = _FILE.fullmatch(path.name)
        if found is None:
            continue
        name, number = found[1], int(found[2])
        if name == _JOURNAL:
            journals.append(number)
        else:
            newest[name] = max(newest.get(name, 0), number)
    if not journals:
        return None
    journals.sort()
    tables = {name: TableFile(f"{name}.{number:08d}.jsonl", 1) for name, number in sorted(newest.items())}
    return Manifest(FORMAT, 0, _seq_before(folder, journals), tables, journals)


def _seq_before(folder: Path, journals: list[int]) -> int:
    """The transaction before the first one in the journals, as far as their lines can be read."""
    for number in journals:
        with (folder / journal_name(number)).open("rb") as file:
            body = unseal(file.readline().rstrip(b"\n"))
        if body is not None:
            try:
                return decode_head(body).seq - 1
            except msgspec.DecodeError:
                continue
    return 0
