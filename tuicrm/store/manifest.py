"""The manifest `CURRENT`: which files make up the workspace now.

A snapshot and a journal have a number and a random identity in their names (`deal.00000004.1f0c…jsonl`): numbers repeat where a
workspace is put back from a copy, identities do not, so that nothing made from a file can be taken for that of another.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec
from msgspec import Struct

from tuicrm.digests import blake2b, token_hex
from tuicrm.errors import Damaged, NewerFormat, NotAWorkspace, Refused
from tuicrm.i18n import _
from tuicrm.regex import regex
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.lines import encode, seal, unseal
from tuicrm.store.records import decode_head

FORMAT = 2
"""1 had journals by number alone, and did not name what lies in history/."""

NAME, COMPACT_LOCK = "CURRENT", "compact.lock"
PACKED = ".zst"
"""How the name of a folded journal ends."""

_FILE = regex(r"([A-Za-z0-9_.~%-]+?)\.(\d{8,})(?:\.([0-9a-f]{16}))?\.jsonl")
_JOURNAL = "journal"
_LONGEST = 200


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


class Folded(Struct, frozen=True):
    """A journal in history/: its file, its first and last transaction (0: not known), when that last one was written, and its bytes
    before they were packed."""

    file: str
    first: int = 0
    last: int = 0
    at: str = ""
    raw: int = 0


class Manifest(Struct, frozen=True):
    """`seq` is the newest transaction that the snapshots hold; `time` that of the newest line when this was written ("": not known).
    `journals` are replayed on top, in order, the last one growing; `folded` are those before them, oldest first, without what was
    archived: all up to the transaction `archived`, written `archived_at`. `dropped` are the files with values of deleted fields. `id`
    is the workspace's own."""

    format: int
    generation: int
    seq: int
    tables: dict[str, TableFile]
    journals: list[str]
    folded: list[Folded] = []
    dropped: list[str] = []
    archived: int = 0
    archived_at: str = ""
    time: str = ""
    id: str = ""


class FileStamp(msgspec.Struct, frozen=True):
    """What tells two manifests apart with one `stat`: every write renames a new file into place."""

    inode: int
    modified: int
    size: int


class _Format(Struct):
    format: int


# -- names -------------------------------------------------------------------------------------------------------------
def journal_name(number: int) -> str:
    """A name for a new journal."""
    return f"{_JOURNAL}.{number:08d}.{token_hex(8)}.jsonl"


def snapshot_name(table: str, number: int) -> str:
    """A name for a new snapshot of a table. Raises Refused for a table whose name makes no file's."""
    stem = quote(table, safe="")
    if stem == _JOURNAL:
        stem = "%6Aournal"
    if not 0 < len(stem) <= _LONGEST:
        raise Refused(_("a table's name of 1 to {n} letters is expected: {name}").format(n=_LONGEST, name=table[:40]))
    return f"{stem}.{number:08d}.{token_hex(8)}.jsonl"


def journal_number(name: str) -> int:
    """The number of a journal by its file's name, folded or not; 0 for any other file."""
    found = _FILE.fullmatch(name.removesuffix(PACKED))
    return int(found[2]) if found and found[1] == _JOURNAL else 0


def snapshot_number(name: str) -> int:
    """The journal from which on a snapshot does not hold what happened; 0 for any other file."""
    found = _FILE.fullmatch(name)
    return int(found[2]) if found and found[1] != _JOURNAL else 0


def has_identity(name: str) -> bool:
    """Whether a name is one that no other file ever has; those of format 1 have not."""
    found = _FILE.fullmatch(name)
    return bool(found and found[3])


def kept_name(name: str, found: os.stat_result) -> str:
    """What stands for a snapshot in the names of files made from it: its own name, which nothing else ever has; of one of format 1,
    which has no identity, the same with one by which a copy of it is told apart."""
    parts = _FILE.fullmatch(name)
    if parts is None or parts[3]:
        return name
    identity = blake2b(f"{found.st_ino} {found.st_mtime_ns} {found.st_size}".encode(), digest_size=8).hexdigest()
    return f"{parts[1]}.{parts[2]}.{identity}.jsonl"


def table_of(name: str) -> str:
    """The table of a snapshot by its file's name."""
    found = _FILE.fullmatch(name)
    return unquote(found[1]) if found else ""


def _check(current: Manifest) -> Manifest:
    """Only files of our form, inside the folder, may be named. Raises ValueError with the first other one."""
    for table, held in current.tables.items():
        if not snapshot_number(held.file) or table_of(held.file) != table:
            raise ValueError(held.file)
    for name in (*current.journals, *(one.file for one in current.folded)):
        if not journal_number(name):
            raise ValueError(name)
    if not current.journals or any(not is_dropped(name) for name in current.dropped):
        raise ValueError(current.dropped)
    return current


def is_dropped(name: str) -> bool:
    """Whether a file's name in history/ is that of values of deleted fields."""
    return bool(snapshot_number(name)) and name.startswith("dropped.")


# -- without a manifest ------------------------------------------------------------------------------------------------
def guess(folder: Folder) -> Manifest:
    """What a lost manifest may have said, by the files that are there: for looking at and for saving, never for work."""
    tables: dict[str, TableFile] = {}
    names = sorted(folder.names(), key=lambda name: (snapshot_number(name), _changed(folder, name)))
    for name in names:
        if snapshot_number(name):
            tables[table_of(name)] = TableFile(name, 1)
    journals = sorted(filter(journal_number, names), key=journal_number)
    return Manifest(FORMAT, 0, _seq_before(folder, journals), tables, journals, *_listed(folder, set(journals)))


def _changed(folder: Folder, name: str) -> int:
    found = folder.stat(name)
    return found.st_mtime_ns if found else 0


def _listed(folder: Folder, living: set[str]) -> tuple[list[Folded], list[str]]:
    """What lies in history/: folded journals by number, one that is both folded and living left out; and dropped values."""
    try:
        names = folder.sub("history").names()
    except OSError:
        return [], []
    folded = sorted(filter(journal_number, names), key=journal_number)
    return [Folded(name) for name in folded if name.removesuffix(PACKED) not in living], [*filter(is_dropped, names)]


def _seq_before(folder: Folder, journals: list[str]) -> int:
    """The transaction before the first one in the living journals, as far as their lines can be read."""
    for name in journals:
        with suppress(OSError, msgspec.DecodeError), folder.reader(name) as file:
            return decode_head(unseal(file.readline().rstrip(b"\n")) or b"").seq - 1
    return 0


# -- reading and writing -----------------------------------------------------------------------------------------------
def stamp(folder: Folder) -> FileStamp | None:
    """None when there is no manifest."""
    found = folder.stat(NAME)
    return FileStamp(found.st_ino, found.st_mtime_ns, found.st_size) if found else None


def open_folder(path: Path) -> Folder:
    """The folder of a workspace. Raises NotAWorkspace where there is none, StorageError."""
    try:
        return Folder.at(path)
    except FileNotFoundError:
        raise NotAWorkspace(_("{path}: there is no such folder").format(path=path)) from None
    except NotADirectoryError:
        raise NotAWorkspace(_("{path} is not a folder").format(path=path)) from None
    except OSError as problem:
        raise storage_error(problem, path) from problem


def read(folder: Folder) -> tuple[FileStamp, Manifest]:
    """Raises NotAWorkspace, NewerFormat, Damaged, StorageError; each names the file."""
    path = folder.path / NAME
    try:
        with folder.reader(NAME) as file:
            found = os.fstat(file.fileno())
            line = file.read()
    except FileNotFoundError:
        if guess(folder).journals:
            raise Damaged(_("{path}: the file is missing").format(path=path)) from None
        raise NotAWorkspace(
            _("{path} is not a tuicrm workspace: it has no file CURRENT").format(path=folder.path)
        ) from None
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
        manifest = _check(_former(folder, body) if version < FORMAT else msgspec.json.decode(body, type=Manifest))
    except msgspec.DecodeError as problem:
        raise Damaged(_("{path}: the manifest cannot be read: {problem}").format(path=path, problem=problem)) from None
    except ValueError as problem:
        told = _("{path}: the manifest names {file}, which is not a file of a workspace")
        raise Damaged(told.format(path=path, file=str(problem)[:80])) from None
    return FileStamp(found.st_ino, found.st_mtime_ns, found.st_size), manifest


class _Format1(Struct):
    format: int
    generation: int
    seq: int
    tables: dict[str, TableFile]
    journals: list[int]


def _former(folder: Folder, body: bytes) -> Manifest:
    """A manifest of format 1: what it did not say is seen from the files."""
    held = msgspec.json.decode(body, type=_Format1)
    journals = [f"{_JOURNAL}.{number:08d}.jsonl" for number in held.journals]
    folded, dropped = _listed(folder, set(journals))
    return Manifest(FORMAT, held.generation, held.seq, held.tables, journals, folded, dropped)


def write(folder: Folder, manifest: Manifest) -> None:
    """Make a manifest the present one. Raises StorageError."""
    folder.replace(NAME, [seal(encode(msgspec.to_builtins(manifest)))])
