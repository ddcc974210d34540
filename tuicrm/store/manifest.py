"""The manifest `CURRENT`: which files make up the workspace now."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from tuicrm.errors import Damaged, NewerFormat, NotAWorkspace
from tuicrm.i18n import _
from tuicrm.store.files import storage_error, write_atomic
from tuicrm.store.lines import encode, seal, unseal
from tuicrm.store.records import decode_head

FORMAT = 1
NAME = "CURRENT"

_NUMBERED = re.compile(r"(.+)\.(\d{8})\.jsonl")
_JOURNAL = "journal"


class TableFile(Struct, frozen=True):
    """A table's snapshot, the next free id when it was written, and its size (-1: not known), by which one that was cut off is
    told from one that has no more records. `dropped` are deleted fields of which it holds no values."""

    file: str
    next_id: int
    size: int = -1
    dropped: list[str] = []

    def is_size(self, size: int) -> bool:
        """Whether a file of so many bytes is as long as it was written."""
        return self.size in (-1, size)


class Manifest(Struct, frozen=True):
    """`seq` is the newest transaction that the snapshots hold; `journals` are replayed on top, in order, the last one growing.
    `time` is that of the newest line when this was written ("": not known)."""

    format: int
    generation: int
    seq: int
    tables: dict[str, TableFile]
    journals: list[int]
    time: str = ""


class Stamp(NamedTuple):
    """What tells two manifests apart with one `stat`: every write renames a new file into place."""

    inode: int
    modified: int
    size: int


class _Format(Struct):
    format: int


def journal_name(number: int) -> str:
    return f"journal.{number:08d}.jsonl"


def journal_number(name: str) -> int:
    """The number of a journal by its file's name; 0 for a file that is none."""
    found = _NUMBERED.fullmatch(name)
    return int(found[2]) if found and found[1] == _JOURNAL else 0


def snapshot_number(name: str) -> int:
    """The journal from which on a snapshot does not hold what happened; 0 for a file that is none."""
    found = _NUMBERED.fullmatch(name)
    return int(found[2]) if found and found[1] != _JOURNAL else 0


def guess(folder: Path) -> Manifest:
    """What a lost manifest may have said, by the files that are there: for looking at and for saving, never for work."""
    tables: dict[str, TableFile] = {}
    for path in sorted(folder.glob("*.jsonl")):
        if snapshot_number(path.name):
            tables[path.name.rsplit(".", 2)[0]] = TableFile(path.name, 1)
    journals = sorted(number for path in folder.glob("*.jsonl") if (number := journal_number(path.name)))
    return Manifest(FORMAT, 0, _seq_before(folder, journals), tables, journals)


def _seq_before(folder: Path, journals: list[int]) -> int:
    """The transaction before the first one in the living journals, as far as their lines can be read."""
    for number in journals:
        with (folder / journal_name(number)).open("rb") as file:
            body = unseal(file.readline().rstrip(b"\n"))
        with suppress(msgspec.DecodeError):
            return decode_head(body or b"").seq - 1
    return 0


def stamp(folder: Path) -> Stamp | None:
    """None when there is no manifest."""
    try:
        found = (folder / NAME).stat()
    except OSError:
        return None
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size)


def read(folder: Path) -> tuple[Stamp, Manifest]:
    """Raises NotAWorkspace, NewerFormat, Damaged, StorageError; each names the file."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            import os

            found = os.fstat(file.fileno())
            line = file.read()
    except FileNotFoundError:
        if not folder.exists():
            raise NotAWorkspace(_("{path}: there is no such folder").format(path=folder)) from None
        if guess(folder).journals:
            raise Damaged(_("{path}: the file is missing").format(path=path)) from None
        raise NotAWorkspace(_("{path} is no tuicrm workspace: it has no file CURRENT").format(path=folder)) from None
    except NotADirectoryError:
        raise NotAWorkspace(_("{path} is no folder").format(path=folder)) from None
    except OSError as problem:
        raise storage_error(problem, path) from problem
    body = unseal(line.rstrip(b"\n"))
    if body is None:
        raise Damaged(_("{path}: the manifest fails its checksum (byte 0)").format(path=path))
    try:
        version = msgspec.json.decode(body, type=_Format).format
        if version > FORMAT:
            raise NewerFormat(
                _("{path}: this workspace has format {theirs}; this tuicrm knows {ours}. Use a newer tuicrm.").format(
                    path=path, theirs=version, ours=FORMAT
                )
            )
        manifest = msgspec.json.decode(body, type=Manifest)
    except msgspec.DecodeError as problem:
        raise Damaged(_("{path}: the manifest cannot be read: {problem}").format(path=path, problem=problem)) from None
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size), manifest


def write(folder: Path, manifest: Manifest) -> None:
    write_atomic(folder / NAME, [seal(encode(msgspec.to_builtins(manifest)))])
