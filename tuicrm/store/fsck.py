"""Looking for faults: every checksum, order, gap and content of a workspace folder, without opening it as a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.errors import Damaged, StorageError
from tuicrm.i18n import _
from tuicrm.store import blobs, manifest, tombstones
from tuicrm.store.files import make_folder, storage_error
from tuicrm.store.journal import has_lost_its_end
from tuicrm.store.lines import unseal
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import Manifest, journal_name
from tuicrm.store.protocol import Fault
from tuicrm.store.records import decode_line
from tuicrm.store.snapshot import Snapshot

if TYPE_CHECKING:
    from tuicrm.store.journal_store import JournalStore


_ATTEMPTS = 20


def verify(folder: Path) -> list[Fault]:
    """Every fault there is; [] for a sound workspace. Raises NotAWorkspace, NewerFormat, StorageError for what may not be read.

    Others may be at work: compaction waits where it can be made to, and what looks like a fault is looked at again, since a file may
    have been folded away meanwhile and a line may still be arriving."""
    try:
        with _compaction_held_off(folder):
            found = _all_faults(folder)
            for _attempt in range(_ATTEMPTS):
                if not found:
                    break
                before, found = found, _all_faults(folder)
                if found == before:
                    break
            return found
    except OSError as problem:
        raise storage_error(problem, Path(problem.filename or folder)) from problem


@contextmanager
def _compaction_held_off(folder: Path) -> Iterator[None]:
    """Nothing is folded away meanwhile, unless this folder cannot be locked, or has never been compacted."""
    try:
        lock = FileLock(folder / "compact.lock", make=False)
    except OSError:
        yield
        return
    try:
        lock.acquire(shared=True)
        yield
    finally:
        lock.close()


def _all_faults(folder: Path) -> list[Fault]:
    try:
        _stamp, current = manifest.read(folder)
        first = []
    except Damaged as damage:
        first, current = [Fault(manifest.NAME, 0, damage.message)], manifest.guess(folder)
    found = (_snapshots(folder, current), _journals(folder, current), _dropped(folder), _all_blobs(folder))
    return [*first, *chain.from_iterable(found)]


def _snapshots(folder: Path, current: Manifest) -> Iterator[Fault]:
    for held in current.tables.values():
        listed: list[str] = []
        try:
            # Opened for salvage: every line is read, the disposable index is not believed.
            snapshot = Snapshot(folder / held.file, folder / ".cache", salvage=listed)
        except FileNotFoundError:
            yield Fault(held.file, -1, _("the file is missing"))
            continue
        except OSError as problem:
            yield _unreadable(held.file, problem)
            continue
        if not held.is_size(snapshot.size):
            yield Fault(held.file, snapshot.size, _("the file is not as long as it was written"))
        for byte, what in snapshot.verify():
            yield Fault(held.file, byte, what)


def _journals(folder: Path, current: Manifest) -> Iterator[Fault]:
    """Folded journals, then living ones: together they have every transaction, without a gap."""
    living = [folder / journal_name(number) for number in current.journals]
    names = {path.name for path in living}
    folded = sorted(path for path in (folder / "history").glob("journal.*.jsonl") if path.name not in names)
    seq = 0
    for path in [*folded, *living]:
        name = str(path.relative_to(folder))
        if not path.exists():
            yield Fault(name, -1, _("the file is missing"))
            continue
        try:
            file = path.open("rb")
        except OSError as problem:
            yield _unreadable(name, problem)
            continue
        offset = 0
        with file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    # The next writer cuts a torn tail off: only in a journal that grows no more is it a fault.
                    if has_lost_its_end(raw):
                        yield Fault(name, offset + len(raw) - 1, _("the last line is whole, but for its end"))
                    elif path != living[-1]:
                        yield Fault(name, offset, _("the last line is cut off"))
                    break
                found = _seq_of(raw[:-1])
                if found is None:
                    message = _("the line after transaction {seq} fails its checksum").format(seq=seq)
                    yield Fault(name, offset, message)
                elif found > seq + 1:
                    message = _("transactions {first} to {last} are missing").format(first=seq + 1, last=found - 1)
                    yield Fault(name, offset, message)
                seq = found if found is not None else seq + 1
                offset += len(raw)
    if seq < current.seq:
        message = _("transactions {first} to {last} are missing").format(first=seq + 1, last=current.seq)
        yield Fault("history", -1, message)


def _dropped(folder: Path) -> Iterator[Fault]:
    for path, byte, what in tombstones.faults(folder):
        yield Fault(str(path.relative_to(folder)), byte, what)


def _seq_of(line: bytes) -> int | None:
    body = unseal(line)
    if body is None:
        return None
    try:
        return decode_line(body).seq
    except ValueError:
        return None


def _all_blobs(folder: Path) -> Iterator[Fault]:
    for path in sorted((folder / "blobs").glob("??/*")):
        name = str(path.relative_to(folder))
        try:
            with path.open("rb") as file:
                if not blobs.intact(file, path.name):
                    yield Fault(name, 0, _("the content is not what its name says"))
        except OSError as problem:
            yield _unreadable(name, problem)


def _unreadable(name: str, problem: OSError) -> Fault:
    return Fault(name, -1, _("it cannot be read: {reason}").format(reason=problem.strerror or problem))


def export(store: JournalStore, folder: Path) -> None:
    """A copy of the workspace as it is now, history and attachments too. Compaction waits, writers hardly.

    Raises StorageError when the folder holds anything."""
    import shutil

    if folder.exists() and any(folder.iterdir()):
        raise StorageError(_("{path} is not empty").format(path=folder))
    source = store.folder
    lock = FileLock(source / "compact.lock")
    lock.acquire(shared=True)
    try:
        make_folder(folder)
        for name in ("history", "blobs"):
            shutil.copytree(source / name, folder / name)
        for name in (".cache", "present"):
            make_folder(folder / name)
        with store.exclusive():
            current = store.manifest
            for number in current.journals:
                shutil.copy2(source / journal_name(number), folder / journal_name(number))
        for held in current.tables.values():
            shutil.copy2(source / held.file, folder / held.file)
        manifest.write(folder, current)
    finally:
        lock.release()
        lock.close()
