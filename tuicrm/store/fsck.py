"""Looking for faults: every checksum, order, gap and content of a workspace folder, without opening it as a store."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from tuicrm.errors import Damaged
from tuicrm.i18n import _
from tuicrm.store import blobs, leftovers, manifest, tombstones
from tuicrm.store.creation import FOLDERS
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.journal import has_lost_its_end
from tuicrm.store.leftovers import Leftover
from tuicrm.store.lines import unseal
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import COMPACT_LOCK, PACKED, Manifest
from tuicrm.store.packed import PackedJournal
from tuicrm.store.parts import Fault
from tuicrm.store.records import decode_line
from tuicrm.store.snapshot import Snapshot

_ATTEMPTS = 20


def verify(path: Path) -> list[Fault]:
    """Every fault there is; [] for a sound workspace. Raises NotAWorkspace, NewerFormat, StorageError for what may not be read.

    Others may be at work: compaction waits where it can be made to, and what looks like a fault is looked at again, since a file may
    have been folded away meanwhile and a line may still be arriving."""
    with _looking_at(path) as folder:
        found = _all_faults(folder)
        for _attempt in range(_ATTEMPTS):
            if not found:
                break
            before, found = found, _all_faults(folder)
            if found == before:
                return found
        # Something is folded at every look: what is a fault was one in the last two.
        return [one for one in found if one in before] if found else []


def left_over(path: Path) -> list[Leftover]:
    """Files that nothing names: they take room and do no harm. Raises NotAWorkspace, NewerFormat, StorageError."""
    with _looking_at(path) as folder:
        try:
            return leftovers.found(folder, manifest.read(folder)[1])
        except Damaged:
            return []  # where the manifest is lost, nothing can be told from what it named


@contextmanager
def _looking_at(path: Path) -> Iterator[Folder]:
    folder = manifest.open_folder(path)
    try:
        with _compaction_held_off(folder):
            yield folder
    except OSError as problem:
        raise storage_error(problem, Path(problem.filename or path)) from problem
    finally:
        folder.close()


@contextmanager
def _compaction_held_off(folder: Folder) -> Iterator[None]:
    """Nothing is folded away meanwhile, unless this folder cannot be locked, or has never been compacted."""
    try:
        lock = FileLock(folder, COMPACT_LOCK, make=False)
    except OSError:
        yield
        return
    try:
        lock.acquire(shared=True)
        yield
    finally:
        lock.close()


def _all_faults(folder: Folder) -> list[Fault]:
    try:
        _stamp, current = manifest.read(folder)
        first = []
    except Damaged as damage:
        first, current = [_fault(manifest.NAME, 0, damage.message)], manifest.guess(folder)
    found = (
        _strange(folder),
        _snapshots(folder, current),
        _journals(folder, current),
        _dropped(folder, current),
        _all_blobs(folder),
    )
    return [*first, *chain.from_iterable(found)]


def _strange(folder: Folder) -> Iterator[Fault]:
    """What is no file and no folder of ours: links, pipes, what belongs to others."""
    for place, within in ((folder, ""), *((folder, name) for name in FOLDERS)):
        if not within:
            yield from (_fault(name, -1, why) for name in place.names() if (why := place.strange(name)))
            yield from (_fault(name, -1, _not_a_folder()) for name in FOLDERS if _is_file(place, name))
            continue
        try:
            held = place.sub(within)
            yield from (_fault(f"{within}/{name}", -1, why) for name in held.names() if (why := held.strange(name)))
        except OSError:
            continue  # told as one of the workspace's own folder


def _is_file(folder: Folder, name: str) -> bool:
    found = folder.stat(name)
    return found is not None and stat.S_ISREG(found.st_mode)


def _not_a_folder() -> str:
    return _("this is a file where a folder of the workspace should be")


def _snapshots(folder: Folder, current: Manifest) -> Iterator[Fault]:
    for held in current.tables.values():
        listed: list[str] = []
        try:
            # Opened for salvage: every line is read, the disposable index is not believed.
            snapshot = Snapshot(folder, held.file, salvage=listed)
        except FileNotFoundError:
            yield _fault(held.file, -1, _("the file is missing"))
            continue
        except OSError as problem:
            yield _unreadable(held.file, problem)
            continue
        if not held.is_size(snapshot.size):
            yield _fault(held.file, snapshot.size, _("the file is shorter or longer than when it was written"))
        for byte, what in snapshot.verify():
            yield _fault(held.file, byte, what)


def _journals(folder: Folder, current: Manifest) -> Iterator[Fault]:
    """Folded journals, then living ones: together they have every transaction, without a gap."""
    reading = _Reading(folder, current.archived)
    for folded in current.folded:
        yield from reading.journal("history", folded.file, growing=False)
    for name in current.journals:
        yield from reading.journal("", name, growing=name == current.journals[-1])
    if reading.seq < current.seq:
        message = _("transactions {first} to {last} are missing").format(first=reading.seq + 1, last=current.seq)
        yield _fault("history", -1, message)


class _Reading:
    """Journals read in order; `seq` is the last transaction."""

    def __init__(self, folder: Folder, seq: int) -> None:
        self.seq = seq
        self._folder = folder

    def journal(self, within: str, file: str, *, growing: bool) -> Iterator[Fault]:
        name = f"{within}/{file}" if within else file
        try:
            place = self._folder.sub(within) if within else self._folder
            if file.endswith(PACKED):
                yield from self._packed(PackedJournal(place, file), name)
            else:
                with place.reader(file) as lines:
                    yield from self._lines(lines, name, growing=growing)
        except FileNotFoundError:
            yield _fault(name, -1, _("the file is missing"))
        except OSError as problem:
            yield _unreadable(name, problem)
        except Damaged as damage:
            yield _fault(name, 0, damage.message)

    def _packed(self, packed: PackedJournal, name: str) -> Iterator[Fault]:
        for frame in packed.frames:
            lines = packed.unpacked(frame)
            if lines is None:
                yield _fault(name, frame.offset, _("the packed content fails its checksum"))
                self.seq = frame.first + frame.lines - 1
            else:
                yield from self._lines((line + b"\n" for line in lines), name, at=frame.offset)

    def _lines(self, lines: Iterable[bytes], name: str, *, growing: bool = False, at: int = -1) -> Iterator[Fault]:
        """`at`: the byte that all of them are told by."""
        offset = 0
        for raw in lines:
            byte = at if at >= 0 else offset
            if not raw.endswith(b"\n"):
                # The next writer cuts a torn tail off: only in a journal that grows no more is it a fault.
                if has_lost_its_end(raw):
                    yield _fault(name, byte + len(raw) - 1, _("the last line is complete except for its end"))
                elif not growing:
                    yield _fault(name, byte, _("the last line is cut off"))
                break
            found = _seq_of(raw[:-1])
            if found is None:
                yield _fault(name, byte, _("the line after transaction {seq} fails its checksum").format(seq=self.seq))
            elif found > self.seq + 1:
                message = _("transactions {first} to {last} are missing").format(first=self.seq + 1, last=found - 1)
                yield _fault(name, byte, message)
            self.seq = found if found is not None else self.seq + 1
            offset += len(raw)


def _dropped(folder: Folder, current: Manifest) -> Iterator[Fault]:
    yield from (_fault(*found) for found in tombstones.faults(folder, current.dropped))


def _seq_of(line: bytes) -> int | None:
    body = unseal(line)
    if body is None:
        return None
    try:
        return decode_line(body).seq
    except ValueError:
        return None


def _all_blobs(folder: Folder) -> Iterator[Fault]:
    for digest in blobs.digests(folder):
        within, file = blobs.place(digest)
        name = f"{blobs.NAME}/{within}/{file}"
        try:
            with folder.sub(blobs.NAME).sub(within).reader(file) as content:
                if not blobs.intact(content, file):
                    yield _fault(name, 0, _("the content does not match its name"))
        except OSError as problem:
            yield _unreadable(name, problem)


def _fault(file: str, byte: int, what: str) -> Fault:
    return Fault(file, what, byte)


def _unreadable(name: str, problem: OSError) -> Fault:
    return _fault(name, -1, _("it cannot be read: {reason}").format(reason=problem.strerror or problem))
