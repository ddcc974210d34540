"""The manifest `CURRENT`: which files make up the workspace now."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from tuicrm.errors import Damaged, NewerFormat, NotAWorkspace
from tuicrm.i18n import _
from tuicrm.store.files import storage_error, write_atomic
from tuicrm.store.lines import encode, seal, unseal

FORMAT = 1
NAME = "CURRENT"


class TableFile(Struct, frozen=True):
    """A table's snapshot and the next free id when it was written; `dropped` are deleted fields of which it holds no values."""

    file: str
    next_id: int
    dropped: list[str] = []


class Manifest(Struct, frozen=True):
    """`seq` is the newest transaction that the snapshots hold; `journals` are replayed on top, in order, the last one growing."""

    format: int
    generation: int
    seq: int
    tables: dict[str, TableFile]
    journals: list[int]


class Stamp(NamedTuple):
    """What tells two manifests apart with one `stat`: every write renames a new file into place."""

    inode: int
    modified: int
    size: int


class _Format(Struct):
    format: int


def journal_name(number: int) -> str:
    return f"journal.{number:08d}.jsonl"


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
        if any(folder.glob("journal.*.jsonl")):
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
