"""A workspace folder as one process has it open: what was read of it, and the lock under which it is written.

Others write and fold meanwhile. What they did is read before anything is written, and what is open is compared with what the path
names: else what is written would go where nobody looks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tuicrm.errors import Damaged, ReadOnlyStore, Replaced, StorageError
from tuicrm.i18n import _
from tuicrm.store import manifest
from tuicrm.store.creation import FOLDERS
from tuicrm.store.files import NotOurs, storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.image import Image
from tuicrm.store.journal import Journal
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import Manifest
from tuicrm.store.protocol import RecordChange
from tuicrm.store.table import RecordTable

_ATTEMPTS = 40
_PATIENT = 5


class OpenFolder:
    """What a process has open of a workspace folder. Safe to use from threads; other processes are seen by `refresh`."""

    def __init__(
        self,
        folder: Folder,
        image: Image,
        damage: list[str] | None,
        tell: Callable[[Sequence[RecordChange]], None],
    ) -> None:
        """Nothing is read before `begin`. What cannot be read is listed in `damage`, and then nothing is written; None: it is raised.
        `tell` is called with what others wrote, when no lock is held."""
        self.folder = folder
        self.image = image
        self.manifest: Manifest
        """As it was read last."""
        self.mutex = threading.RLock()
        """What is in memory is read and changed under it."""
        self.refusal: StorageError | None = None
        """Why nothing is written any more; None while all is well."""
        self._damage = damage
        self._tell = tell
        self._stamp: manifest.FileStamp | None = None
        self._lock: FileLock | None = None
        self._depth = 0

    def begin(self) -> None:
        """Read all of it. Raises Damaged, NewerFormat, StorageError."""
        self._stamp, self.manifest = self._read_manifest()
        self._check_folders()
        self._lock = self._open_lock()
        self._adopt(first=True)
        if self._lock is not None:
            with self.exclusive():
                pass
        elif self._damage is None:
            self._check_tail()

    def close(self) -> None:
        """Let go of the journals and the lock. The folder is for who opened it."""
        self.image.close()
        if self._lock is not None:
            self._lock.close()

    # -- what is known -------------------------------------------------------------------------------------------------
    @property
    def read_only(self) -> bool:
        """Whether it was opened without the writers' lock."""
        return self._lock is None

    @property
    def seq(self) -> int:
        """The newest transaction that was seen."""
        return self.image.shown

    @property
    def written(self) -> int:
        """The seq of the last line, of a batch that is open perhaps: `seq` is the last one that shows."""
        return self.image.seq

    @property
    def growing(self) -> Journal:
        """The journal that transactions are appended to."""
        return self.image.growing

    def table(self, name: str) -> RecordTable:
        """A table's records; an empty one for a name that was never written."""
        return self.image.table(name)

    def check_writable(self) -> FileLock:
        """The lock, which only who may write has. Raises ReadOnlyStore."""
        if self._lock is None:
            raise ReadOnlyStore(_("{path} is read-only").format(path=self.folder.path))
        return self._lock

    def refuse(self, reason: StorageError) -> StorageError:
        """Write nothing more. Returns the reason, to be raised."""
        self.refusal = reason
        return reason

    # -- opening -------------------------------------------------------------------------------------------------------
    def _check_folders(self) -> None:
        """Folders of ours are no links and nobody else's. Raises ForeignFile."""
        for name in FOLDERS:
            try:
                self.folder.sub(name)
            except NotOurs as problem:
                if self._damage is None:
                    raise storage_error(problem) from problem
                self._damage.append(storage_error(problem).message)
            except OSError:
                continue  # one that is gone is made again when it is needed

    def _read_manifest(self) -> tuple[manifest.FileStamp | None, Manifest]:
        """The manifest; to salvage, one made of the files that are there where it is damaged or gone."""
        try:
            return manifest.read(self.folder)
        except Damaged as damaged:
            if self._damage is None:
                raise
            if damaged.message not in self._damage:
                self._damage.append(damaged.message)
            return manifest.stamp(self.folder), manifest.guess(self.folder)

    def _check_tail(self) -> None:
        """Without the lock, a line that is being written looks like a damaged one: look again before saying so. Raises Damaged."""
        for _attempt in range(_PATIENT):
            if b"\n" not in self.growing.tail():
                return
            time.sleep(0.02)
            self._catch_up()
        self.image.read_on(self.growing, last=True, locked=True)

    def _open_lock(self) -> FileLock | None:
        """None where the folder cannot be written."""
        if self._damage is not None:
            return None
        try:
            lock = FileLock(self.folder, "lock")
        except NotOurs as problem:
            raise storage_error(problem) from problem
        except OSError:
            return None
        if not self.folder.may_write() or not self._journal_writable():
            lock.close()
            return None
        return lock

    def _journal_writable(self) -> bool:
        """Whether the growing journal may be written. One that is gone says nothing: others folded it away meanwhile."""
        while True:
            name = self.manifest.journals[-1]
            if self.folder.may_write(name):
                return True
            if self.folder.stat(name) is not None:
                return False
            stamp, current = manifest.read(self.folder)
            if current == self.manifest:
                return True  # and `_adopt` tells that it is missing
            self._stamp, self.manifest = stamp, current

    # -- following the manifest ----------------------------------------------------------------------------------------
    def adopt(self) -> None:
        """Take a manifest just written."""
        self._adopt()

    def _adopt(self, *, first: bool = False) -> None:
        """Take the manifest as it is now. Others may fold files away while we look: then start over."""
        missing = Path()
        for attempt in range(_ATTEMPTS):
            with self._held_off(attempt):
                stamp, current = self._read_manifest()
                if not first:
                    self._check_follows(current)
                try:
                    self._load(current, fresh=first or self.image.seq < current.seq)
                except FileNotFoundError as gone:
                    missing = Path(str(gone.filename or ""))
                except OSError as problem:
                    raise storage_error(problem, Path(str(problem.filename or self.folder.path))) from problem
                else:
                    self._stamp, self.manifest = stamp, current
                    return
            time.sleep(0.005)
            if manifest.stamp(self.folder) == stamp:
                if self._damage is None:
                    break
                self._damage.append(_("{file} is missing").format(file=missing))
                return
        told = _(
            "{path}: files named in CURRENT are missing: {file}. Copying files while people work "
            "can miss some: use `tuicrm backup` instead"
        )
        raise Damaged(told.format(path=self.folder.path, file=missing))

    @contextmanager
    def _held_off(self, attempt: int) -> Iterator[None]:
        """Under the lock after some attempts, so that nothing is folded away meanwhile."""
        lock = self._lock if attempt >= _PATIENT and self._depth == 0 else None
        if lock is not None:
            lock.acquire()
        try:
            yield
        finally:
            if lock is not None:
                lock.release()

    def _load(self, current: Manifest, *, fresh: bool) -> None:
        self.image.load(current, fresh=fresh, writable=self._lock is not None, locked=self._depth > 0)

    # -- is it still the folder? ---------------------------------------------------------------------------------------
    def _check_follows(self, current: Manifest) -> None:
        """A manifest that comes later is of the same workspace, and newer. Raises Replaced."""
        known = self.manifest
        if current != known and (current.generation <= known.generation or (known.id and current.id != known.id)):
            raise self.replaced()

    def _check_place(self) -> None:
        """What is open is what the path names. The lock is held. Raises Replaced."""
        if not (self.folder.is_still_here() and self._lock is not None and self._lock.is_still_here()):
            raise self.replaced()

    def replaced(self) -> StorageError:
        """Write no more: this is not the folder any longer. Returns what is to be raised."""
        told = _("{path}: the folder was replaced; open the workspace again")
        if self.folder.is_gone():
            told = _("{path}: this folder no longer exists; open the workspace where it is now")
        return self.refuse(Replaced(told.format(path=self.folder.path)))

    # -- other sessions ------------------------------------------------------------------------------------------------
    def refresh(self) -> list[RecordChange]:
        """Look for what others wrote. Three `stat` calls when nothing happened. Raises Replaced, Damaged."""
        with self.mutex:
            if self._damage is None and not self.folder.is_still_here():
                raise self.replaced()
            changes = self._catch_up()
            while self._damage is None and not self.growing.is_still_here():
                if manifest.stamp(self.folder) == self._stamp:
                    raise self.replaced()
                changes += self._catch_up()  # others folded it meanwhile
        self._tell(changes)
        return changes

    def _catch_up(self) -> list[RecordChange]:
        changes: list[RecordChange] = []
        growing, locked = self.growing, self._depth > 0
        if growing.size > growing.offset or growing.was_taken_back():
            changes = self.image.read_on(growing, last=True, locked=locked)
            self.image.bury()
        if manifest.stamp(self.folder) != self._stamp:
            # The journal that was growing is final by now: what it got last stands before the new one.
            changes += self.image.read_on(growing, last=True, locked=locked)
            before = self.image.shown
            self._adopt()
            if self.image.shown > before:
                changes += self.image.since(before)
        return changes

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock, caught up, with a dead writer's torn line cut off. Others' changes are told after it is let go. Raises
        ReadOnlyStore, Replaced, Damaged, StorageError."""
        lock = self.check_writable()
        changes: list[RecordChange] = []
        with self.mutex:
            if self._depth == 0:
                lock.acquire()
            self._depth += 1
            try:
                if self._depth == 1:
                    self._check_place()
                    changes = self._catch_up()
                    if not self.growing.is_still_here():
                        raise self.replaced()
                    self._recover()
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    lock.release()
        self._tell(changes)

    def _recover(self) -> None:
        """Cut a dead writer's torn last line, keeping a copy in history/."""
        growing = self.growing
        torn = growing.tail()
        if not torn or self.refusal:
            return
        name = f"torn.{growing.number:08d}.{growing.offset}.{int(time.time())}"
        with suppress(OSError):
            self.folder.made("history").copy(name, torn)
        try:
            growing.cut_back()
            growing.sync()
        except OSError as problem:
            raise storage_error(problem, growing.path) from problem
