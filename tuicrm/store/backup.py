"""A backup of a workspace while people work in it, and a workspace made of one again.

It is a folder, or a tar stream, of the files that CURRENT names at one moment, then CURRENT, then BACKUP with the SHA-256 of each.
What can be made again (.cache, who is here, locks) is left out. Compaction waits meanwhile, and writers for as long as the growing
journal takes to be copied aside.
"""

from __future__ import annotations

import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from io import BufferedReader, BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple, Protocol, cast

import msgspec
from msgspec import Struct

from tuicrm.domain.progress import Tell
from tuicrm.errors import Damaged, Refused
from tuicrm.i18n import _
from tuicrm.regex import regex
from tuicrm.store import blobs, fsck, manifest
from tuicrm.store.clock import stamp, utc_now
from tuicrm.store.creation import FOLDERS, new_folder
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.lines import encode, seal, unseal
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import COMPACT_LOCK, PACKED, Manifest
from tuicrm.store.packed import ZSTANDARD

if TYPE_CHECKING:
    from tuicrm.store.opened import OpenFolder

LIST = "BACKUP"
"""The file that says what a backup holds; it comes last, so that one that was cut short has none."""

_CHUNK = 1 << 20
_IN_MEMORY = 64 << 20
_MODE = 0o600
_PATH = regex(r"(?:history/|blobs/[0-9a-f]{2}/)?[^/]+")


class BackupFile(Struct, array_like=True, frozen=True):
    """A file of a backup: its path within the workspace, its bytes, its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


class Contents(Struct, frozen=True):
    """What a backup holds: when it was made (UTC), of which workspace, up to which transaction, and its files."""

    made: str
    workspace: str
    seq: int
    files: list[BackupFile]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)


class Sink(Protocol):
    """Where a backup goes."""

    def add(self, path: str, size: int, content: IO[bytes]) -> None:
        """Take one file of that size. Raises OSError."""

    def settle(self) -> None:
        """All but the list is there: make it last. Raises OSError."""


# -- making one --------------------------------------------------------------------------------------------------------
def write(opened: OpenFolder, sink: Sink, tell: Tell) -> Contents:
    """Write a backup of the workspace as it is at this moment. Raises StorageError, Damaged, and what `tell` raises."""
    try:
        with _compaction_waits(opened), SpooledTemporaryFile(max_size=_IN_MEMORY) as aside:
            moment = _moment(opened, aside)
            files = list(_files(opened.folder, moment.current))
            writing = _Writing(sink, tell, sum(size for _path, size in files) + moment.length)
            for path, size in files:
                with _reader(opened.folder, path) as content:
                    writing.add(path, size, content)
            writing.add(moment.growing, moment.length, aside)
            line = seal(encode(msgspec.to_builtins(moment.current)))
            writing.add(manifest.NAME, len(line), BytesIO(line))
            contents = Contents(stamp(utc_now(), "").at, moment.current.id, moment.seq, writing.members)
            listed = seal(encode(msgspec.to_builtins(contents)))
            sink.settle()
            sink.add(LIST, len(listed), BytesIO(listed))
    except OSError as problem:
        raise storage_error(problem) from problem
    return contents


class _Moment(NamedTuple):
    """What a backup is of: the manifest, the growing journal and how far it goes, the last transaction."""

    current: Manifest
    growing: str
    length: int
    seq: int


@contextmanager
def _compaction_waits(opened: OpenFolder) -> Iterator[None]:
    """Nothing is folded away meanwhile. Where nothing can be written, nobody of us folds."""
    if opened.read_only:
        yield
        return
    lock = FileLock(opened.folder, COMPACT_LOCK)
    try:
        lock.acquire(shared=True)
        yield
    finally:
        lock.close()


def _moment(opened: OpenFolder, aside: IO[bytes]) -> _Moment:
    """Copy the growing journal aside, as long as nobody writes."""
    with nullcontext() if opened.read_only else opened.exclusive():
        growing = opened.growing
        with opened.folder.reader(growing.name) as file:
            left = growing.offset
            while left and (chunk := file.read(min(_CHUNK, left))):
                aside.write(chunk)
                left -= len(chunk)
        aside.seek(0)
        return _Moment(opened.manifest, growing.name, growing.offset, opened.seq)


def _files(folder: Folder, current: Manifest) -> Iterator[tuple[str, int]]:
    """Paths and sizes of all but the growing journal."""
    names = [*current.journals[:-1], *(held.file for held in current.tables.values())]
    past = [*(one.file for one in current.folded), *current.dropped]
    for path in (*names, *(f"history/{name}" for name in past)):
        yield path, _size(folder, path)
    for digest in blobs.digests(folder):
        path = f"{blobs.NAME}/{digest[:2]}/{digest}"
        yield path, _size(folder, path)


def _place(folder: Folder, path: str, *, making: bool = False) -> tuple[Folder, str]:
    """The folder that a path within the workspace lies in, and the name there."""
    *within, name = path.split("/")
    for each in within:
        folder = folder.made(each) if making else folder.sub(each)
    return folder, name


def _size(folder: Folder, path: str) -> int:
    place, name = _place(folder, path)
    found = place.stat(name)
    if found is None:
        raise Damaged(_("{file} is missing").format(file=folder.path / path))
    return found.st_size


def _reader(folder: Folder, path: str) -> BinaryIO:
    place, name = _place(folder, path)
    return place.reader(name)


class _Writing:
    """Hands files to a sink, and remembers what they were."""

    def __init__(self, sink: Sink, tell: Tell, of: int) -> None:
        self.members: list[BackupFile] = []
        self._sink, self._tell, self._of = sink, tell, of
        self._done = 0

    def add(self, path: str, size: int, content: IO[bytes]) -> None:
        digested = _Digested(content)
        self._sink.add(path, size, digested)  # type: ignore[arg-type]  # it reads, and nothing else
        if digested.size != size:
            raise Damaged(
                _("{file}: expected {size:,} bytes, found {found:,}").format(file=path, size=size, found=digested.size)
            )
        self.members.append(BackupFile(path, size, digested.digest.hexdigest()))
        self._done += size
        self._tell(self._done, max(self._of, self._done))


class _Digested:
    """A content that is read, with its digest so far."""

    def __init__(self, content: IO[bytes]) -> None:
        self.digest, self.size = sha256(), 0
        self._content = content

    def read(self, size: int = -1) -> bytes:
        chunk = self._content.read(size)
        self.digest.update(chunk)
        self.size += len(chunk)
        return chunk


class FolderSink:
    """A backup as a folder, which opens as a workspace too."""

    def __init__(self, path: Path) -> None:
        """Raises StorageError when it holds anything."""
        self.folder = new_folder(path)

    def add(self, path: str, size: int, content: IO[bytes]) -> None:
        """Write `size` bytes at a path within the backup, and keep them under that name. Raises OSError."""
        place, name = _place(self.folder, path, making=True)
        with place.fresh() as file:
            while chunk := content.read(min(_CHUNK, max(size, 1))):
                file.write(chunk)
            file.keep(name, mode=0o440 if path.startswith(blobs.NAME) else 0, one_of_many=path != LIST)

    def settle(self) -> None:
        """Have all folders of the backup on disk. Raises OSError."""
        self.folder.sync_all()

    def close(self) -> None:
        """Let go of the folder; what was written stays."""
        self.folder.close()


class _Counted:
    """A stream that knows where it is, and by what name people know it: a pipe does not."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name, self._at = file, name, 0

    def tell(self) -> int:
        return self._at

    def write(self, data: bytes) -> int:
        try:
            self._file.write(data)
        except OSError as problem:
            problem.filename = self._name
            raise
        self._at += len(data)
        return len(data)

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError as problem:
            problem.filename = self._name
            raise


class TarSink:
    """A backup as a tar stream."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        """`name` is what people know the stream by."""
        self._out = _Counted(file, name)
        self._tar = tarfile.TarFile(fileobj=cast("IO[bytes]", self._out), mode="w", format=tarfile.PAX_FORMAT)

    def add(self, path: str, size: int, content: IO[bytes]) -> None:
        """Append `size` bytes as a member of that path. Raises OSError."""
        member = tarfile.TarInfo(path)
        member.size, member.mode, member.mtime = size, _MODE, int(time.time())
        self._tar.addfile(member, content)

    def settle(self) -> None:
        """Where the stream leads is for whoever reads it."""

    def close(self) -> None:
        """Write the end of the stream. Raises OSError."""
        self._tar.close()
        self._out.flush()


def to_folder(opened: OpenFolder, path: Path, tell: Tell = lambda _done, _of: None) -> Contents:
    """A backup in a new or empty folder; nothing stays of one that did not end well. Raises StorageError, what `tell` raises."""
    sink = FolderSink(path)
    try:
        return write(opened, sink, tell)
    except BaseException:
        clear(sink.folder)
        raise
    finally:
        sink.close()


def clear(folder: Folder) -> None:
    """Take away what was begun in a new folder."""
    for name in FOLDERS:
        with suppress(OSError):
            place = folder.sub(name)
            for within in place.subs():
                _clear_files(within)
                place.remove_folder(within.path.name)
            _clear_files(place)
            folder.remove_folder(name)
    _clear_files(folder)


def _clear_files(folder: Folder) -> None:
    for name in folder.names():
        with suppress(OSError, ValueError):
            folder.remove(name)


# -- a workspace of one ------------------------------------------------------------------------------------------------
def members(file: BufferedReader) -> Iterator[tuple[str, IO[bytes]]]:
    """Paths and contents of a tar stream, also one packed with gzip or Zstandard. Raises Refused for what is no backup."""
    with _told(), tarfile.open(fileobj=_unpacked(file), mode="r|*") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise _no_backup(member.name)
            yield member.name, content


@contextmanager
def _told() -> Iterator[None]:
    """What a tar reader finds wrong is told as what it is for people."""
    try:
        yield
    except (tarfile.TarError, EOFError) as problem:
        raise Refused(_("this is not a complete backup: {problem}").format(problem=problem)) from problem


def _no_backup(name: str) -> Refused:
    return Refused(_("this is not a backup of tuicrm: it contains {file}").format(file=name[:80]))


def _unpacked(file: BufferedReader) -> IO[bytes]:
    if file.peek(len(ZSTANDARD)).startswith(ZSTANDARD):
        return cast("IO[bytes]", _Unpacking(file))
    return file


class _Unpacking:
    """What comes out of a Zstandard stream. Raises EOFError where it is damaged."""

    def __init__(self, file: BufferedReader) -> None:
        import zstandard

        self._damage = zstandard.ZstdError
        self._reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)

    def read(self, size: int = -1) -> bytes:
        try:
            return self._reader.read(size)
        except self._damage as problem:
            raise EOFError(str(problem)) from problem


def folder_members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Paths and contents of a backup that is a folder, in the order of its list. Raises Refused for what is no backup,
    StorageError."""
    folder = manifest.open_folder(path)
    try:
        try:
            listed = folder.read(LIST)
        except FileNotFoundError:
            raise Refused(_("{path} is not a backup of tuicrm: it has no file BACKUP").format(path=path)) from None
        for name in (*(one.path for one in _contents(listed).files), LIST):
            if not _PATH.fullmatch(name):
                raise _no_backup(name)
            with _reader(folder, name) as content:
                yield name, content
    except OSError as problem:
        raise storage_error(problem) from problem
    finally:
        folder.close()


def _contents(line: bytes) -> Contents:
    body = unseal(line.rstrip(b"\n"))
    if body is None:
        raise Damaged(_("the list of the backup's contents fails its checksum"))
    try:
        return msgspec.json.decode(body, type=Contents)
    except msgspec.DecodeError as problem:
        raise Damaged(
            _("the list of the backup's contents cannot be read: {problem}").format(problem=problem)
        ) from None


def restore(files: Iterator[tuple[str, IO[bytes]]], path: Path, tell: Tell = lambda _done, _of: None) -> Contents:
    """Make a workspace of a backup in a new or empty folder, every file compared with its checksum, every record verified. Raises
    Refused, Damaged, StorageError, what `tell` raises; nothing stays then."""
    folder = new_folder(path)
    try:
        with _told():
            contents = _restored(files, folder, tell)
    except OSError as problem:
        clear(folder)
        raise storage_error(problem) from problem
    except BaseException:
        clear(folder)
        raise
    finally:
        folder.close()
    return contents


def _restored(files: Iterator[tuple[str, IO[bytes]]], folder: Folder, tell: Tell) -> Contents:
    found: dict[str, BackupFile] = {}
    current = listed = b""
    done = 0
    for path, content in files:
        if path in (manifest.NAME, LIST):
            line = content.read(_IN_MEMORY)
            current, listed = (line, listed) if path == manifest.NAME else (current, line)
            found[path] = BackupFile(path, len(line), sha256(line).hexdigest())
            continue
        if path in found or not _is_ours(path):
            raise _no_backup(path)
        found[path] = _taken(folder, path, content)
        done += found[path].size
        tell(done, 0)
    if not listed:
        raise Damaged(_("the backup was cut short: the list of its contents is missing"))
    contents = _contents(listed)
    for one in contents.files:
        if found.get(one.path) != one:
            raise Damaged(_("{file} in the backup is missing or was changed").format(file=one.path))
    folder.sync_all()
    folder.replace(manifest.NAME, [current])
    if faults := fsck.verify(folder.path):
        told = _("the backup is damaged: {file}: {what}")
        named = [{"file": fault.place, "byte": fault.at, "what": fault.what} for fault in faults]
        raise Damaged(told.format(file=faults[0].place, what=faults[0].what), named)
    return contents


def _is_ours(path: str) -> bool:
    """Whether a path is that of a file of a workspace."""
    *within, name = path.split("/")
    journal = manifest.journal_number(name)
    if not within:
        return not name.endswith(PACKED) and bool(journal or manifest.snapshot_number(name))
    if within == ["history"]:
        return bool(journal) or manifest.is_dropped(name)
    return len(within) == 2 and within[0] == blobs.NAME and blobs.is_digest(name) and within[1] == name[:2]


def _taken(folder: Folder, path: str, content: IO[bytes]) -> BackupFile:
    place, name = _place(folder, path, making=True)
    digest, size = sha256(), 0
    with place.fresh() as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.keep(name, mode=0o440 if path.startswith(blobs.NAME) else 0, one_of_many=True)
    return BackupFile(path, size, digest.hexdigest())
