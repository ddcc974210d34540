"""The journal store: a workspace folder as a `Store`. State and locking are here; each further duty is a module of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec.structs import replace

from tuicrm.domain.conditions import Aggregate, Condition, Sort
from tuicrm.domain.progress import Tell
from tuicrm.errors import Conflict, CrmError, Damaged, ReadOnlyStore, Replaced, StorageError
from tuicrm.i18n import _
from tuicrm.store import blobs, clock, compaction, fsck, history, manifest, tombstones
from tuicrm.store.creation import FOLDERS
from tuicrm.store.feed import Feed
from tuicrm.store.files import NotOurs, storage_error
from tuicrm.store.filled import filled
from tuicrm.store.ids import NAME as IDS_FILE
from tuicrm.store.ids import IdsFile
from tuicrm.store.image import Image
from tuicrm.store.journal import Journal
from tuicrm.store.locks import FileLock
from tuicrm.store.manifest import Manifest
from tuicrm.store.presence import Presence
from tuicrm.store.protocol import (
    Asked,
    Batch,
    Doc,
    Fault,
    Find,
    FoldGroup,
    Indexes,
    Key,
    Op,
    Ordered,
    Page,
    QueryAnswer,
    Record,
    RecordChange,
    RecordStep,
    Transaction,
    Version,
    Window,
)
from tuicrm.store.query import TableQuery
from tuicrm.store.records import JournalLine, LineOp, encode_line, line_op
from tuicrm.store.soonest import SoonestView, WithSoonest
from tuicrm.store.table import RecordTable
from tuicrm.store.watch import Watch

if TYPE_CHECKING:
    from tuicrm.store.archive import Archived, Piece
    from tuicrm.store.backup import Contents, Sink
    from tuicrm.store.indexes import Signing, Wording
    from tuicrm.store.sign_index import FolderSignIndex
    from tuicrm.store.word_index import FolderWordIndex

COMPACT_AT = 16 << 20
"""Bytes of the growing journal at which it is folded into snapshots."""

TRY_AGAIN = 30.0
"""Seconds after which a folding that failed is tried again, with the next commit."""

_ATTEMPTS = 40
_PATIENT = 5


class JournalStore:
    """One process's view of a workspace folder. Safe to use from threads; other processes are seen by `refresh`."""

    def __init__(
        self,
        path: Path,
        *,
        salvage: bool = False,
        indexes: Indexes | None = None,
        compact_at: int = COMPACT_AT,
        kept: bool = True,
        now: Callable[[], datetime] | None = None,
        own_cache: Callable[[], Path] | None = None,
    ) -> None:
        """Raises NotAWorkspace, NewerFormat, Damaged, StorageError; nothing on disk is touched then. `now` is another clock.

        `salvage` opens what is readable, read-only, and lists what is not in `damage`. `compact_at` 0: never by itself. Without
        `kept`, all that was derived is derived anew, and nothing of it kept. `own_cache` is a folder of the user's own for what can be
        made again, where nothing can be kept beside the workspace."""
        self.folder = manifest.open_folder(path)
        self.damage: list[str] = []
        self.compact_at = compact_at
        self._salvage = self.damage if salvage else None
        indexes = indexes or Indexes()
        self._indexes = indexes.by_table
        self._soonest = {
            path: SoonestView(how, partial(self._query, how.table)) for path, how in indexes.soonest.items()
        }
        self._mutex = threading.RLock()
        self._depth = 0
        self._now = now
        self._refusal: StorageError | None = None
        self._closed = False
        self._compacting: threading.Thread | None = None
        self._try_again = 0.0
        self.upkeep: CrmError | None = None
        self._lock: FileLock | None = None
        self._presence = Presence(self.folder)
        self._ids = IdsFile(self.folder)
        self._image = Image(self.folder, self._indexes, self._salvage, kept=kept)
        self._queries: dict[str, TableQuery] = {}
        self.own_cache = own_cache
        self._indexing = threading.Lock()
        self._words: FolderWordIndex | None = None
        self._signs: FolderSignIndex | None = None
        self.feed = Feed(self._new_watch, self.refresh, self._presence.look)
        self.past = history.Journals(self.folder, lambda: self._manifest, self.refresh)
        try:
            self._begin(salvage)
        except BaseException:
            self.close()  # nobody else could: a damaged workspace holds no files open
            raise

    def _begin(self, salvage: bool) -> None:
        self._stamp: manifest.FileStamp | None
        self._stamp, self._manifest = self._read_manifest()
        self._check_folders()
        self._lock = self._open_lock(salvage)
        self._adopt(first=True)
        if self._lock is not None:
            with self.exclusive():
                pass
        elif not salvage:
            self._check_tail()

    def _check_folders(self) -> None:
        """Folders of ours are no links and nobody else's. Raises ForeignFile."""
        for name in FOLDERS:
            try:
                self.folder.sub(name)
            except NotOurs as problem:
                if self._salvage is None:
                    raise storage_error(problem) from problem
                self._salvage.append(storage_error(problem).message)
            except OSError:
                continue  # one that is gone is made again when it is needed

    def _read_manifest(self) -> tuple[manifest.FileStamp | None, Manifest]:
        """The manifest; to salvage, one made of the files that are there where it is damaged or gone."""
        try:
            return manifest.read(self.folder)
        except Damaged as damaged:
            if self._salvage is None:
                raise
            if damaged.message not in self._salvage:
                self._salvage.append(damaged.message)
            return manifest.stamp(self.folder), manifest.guess(self.folder)

    def _check_tail(self) -> None:
        """Without the lock, a line that is being written looks like a damaged one: look again before saying so. Raises Damaged."""
        for _attempt in range(_PATIENT):
            if b"\n" not in self._image.growing.tail():
                return
            time.sleep(0.02)
            self._catch_up()
        self._image.read_on(self._image.growing, last=True, locked=True)

    def _new_watch(self) -> Watch:
        return Watch([self.folder.path, self.folder.path / "present"], [IDS_FILE])

    def _open_lock(self, salvage: bool) -> FileLock | None:
        """None where the folder cannot be written."""
        if salvage:
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
            name = self._manifest.journals[-1]
            if self.folder.may_write(name):
                return True
            if self.folder.stat(name) is not None:
                return False
            stamp, current = manifest.read(self.folder)
            if current == self._manifest:
                return True  # and `_adopt` tells that it is missing
            self._stamp, self._manifest = stamp, current

    # -- loading -------------------------------------------------------------------------------------------------------
    def _adopt(self, *, first: bool = False) -> None:
        """Take the manifest as it is now. Others may fold files away while we look: then start over."""
        missing = Path()
        for attempt in range(_ATTEMPTS):
            with self._held_off(attempt):
                stamp, current = self._read_manifest()
                if not first:
                    self._check_follows(current)
                try:
                    self._load(current, fresh=first or self._image.seq < current.seq)
                except FileNotFoundError as gone:
                    missing = Path(str(gone.filename or ""))
                except OSError as problem:
                    raise storage_error(problem, Path(str(problem.filename or self.folder.path))) from problem
                else:
                    self._stamp, self._manifest = stamp, current
                    return
            time.sleep(0.005)
            if manifest.stamp(self.folder) == stamp:
                self._lost(missing)
                if self._salvage is None:
                    break
                return
        told = _(
            "{path}: files that CURRENT names are missing: {file}. A copy made file by file while people work can lack some: make it "
            "again with `tuicrm backup`"
        )
        raise Damaged(told.format(path=self.folder.path, file=missing))

    # -- is it still the folder? ---------------------------------------------------------------------------------------
    def _check_follows(self, current: Manifest) -> None:
        """A manifest that comes later is of the same workspace, and newer. Raises Replaced."""
        known = self._manifest
        if current != known and (current.generation <= known.generation or (known.id and current.id != known.id)):
            raise self._replaced()

    def _check_place(self) -> None:
        """What is open is what the path names: else what is written would go where nobody looks. The lock is held. Raises Replaced."""
        if not (self.folder.is_still_here() and self._lock is not None and self._lock.is_still_here()):
            raise self._replaced()

    def _replaced(self) -> StorageError:
        """Write no more."""
        told = _("{path}: the folder was replaced; open the workspace again")
        if self.folder.is_gone():
            told = _("{path}: there is no such folder any more; open the workspace again where it is")
        self._refusal = Replaced(told.format(path=self.folder.path))
        return self._refusal

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

    def _lost(self, missing: Path) -> None:
        if self._salvage is not None:
            self._salvage.append(_("{file} is missing").format(file=missing))

    def _load(self, current: Manifest, *, fresh: bool) -> None:
        self._image.load(current, fresh=fresh, writable=self._lock is not None, locked=self._depth > 0)

    def table(self, name: str) -> RecordTable:
        """A table's records; an empty one for a name that was never written."""
        return self._image.table(name)

    # -- other sessions ------------------------------------------------------------------------------------------------
    def refresh(self) -> list[RecordChange]:
        """Look for what others wrote. Three `stat` calls when nothing happened. Raises Replaced, Damaged."""
        with self._mutex:
            if self._salvage is None and not self.folder.is_still_here():
                raise self._replaced()
            changes = self._catch_up()
            while self._salvage is None and not self._image.growing.is_still_here():
                if manifest.stamp(self.folder) == self._stamp:
                    raise self._replaced()
                changes += self._catch_up()  # others folded it meanwhile
        self.feed.tell(changes)
        return changes

    def _catch_up(self) -> list[RecordChange]:
        changes: list[RecordChange] = []
        growing, locked = self._image.growing, self._depth > 0
        if growing.size > growing.offset or growing.was_taken_back():
            changes = self._image.read_on(growing, last=True, locked=locked)
            self._image.bury()
        if manifest.stamp(self.folder) != self._stamp:
            # The journal that was growing is final by now: what it got last stands before the new one.
            changes += self._image.read_on(growing, last=True, locked=locked)
            before = self._image.shown
            self._adopt()
            if self._image.shown > before:
                changes += self._image.since(before)
        return changes

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock, caught up, with a dead writer's torn line cut off. Subscribers are told after it is let go."""
        if self._lock is None:
            raise ReadOnlyStore(_("{path} can be read, but not written").format(path=self.folder.path))
        changes: list[RecordChange] = []
        with self._mutex:
            if self._depth == 0:
                self._lock.acquire()
            self._depth += 1
            try:
                if self._depth == 1:
                    self._check_place()
                    changes = self._catch_up()
                    if not self._image.growing.is_still_here():
                        raise self._replaced()
                    self._recover()
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._lock.release()
        self.feed.tell(changes)

    def _recover(self) -> None:
        """Cut a dead writer's torn last line, keeping a copy in history/."""
        growing = self._image.growing
        torn = growing.tail()
        if not torn or self._refusal:
            return
        name = f"torn.{growing.number:08d}.{growing.offset}.{int(time.time())}"
        with suppress(OSError):
            self.folder.made("history").copy(name, torn)
        try:
            growing.cut_back()
            growing.sync()
        except OSError as problem:
            raise storage_error(problem, growing.path) from problem

    # -- reading -------------------------------------------------------------------------------------------------------
    @property
    def read_only(self) -> bool:
        return self._lock is None

    @property
    def place(self) -> str:
        return str(self.folder.path)

    def seq(self) -> int:
        return self._image.shown

    def mark(self, seq: int) -> str:
        return history.mark(self, seq)

    def behind(self) -> timedelta:
        return clock.behind(self._said(), self.time)

    def get(self, table: str, ids: Iterable[int]) -> list[Record]:
        found = self.table(table)
        with self._mutex:
            return [record for record_id in ids if (record := self._record(found, record_id)) is not None]

    @staticmethod
    def _record(table: RecordTable, record_id: int, columns: Sequence[str] = ()) -> Record | None:
        doc = table.own_doc(record_id)
        if doc is None:
            return None
        if columns:
            doc = {key: doc[key] for key in columns if key in doc}
        return Record(table.name, record_id, table.rev(record_id), doc)

    def _query(self, table: str) -> TableQuery:
        found = self._queries.get(table)
        if found is None:
            own = self.table(table)
            source = WithSoonest(own, self._soonest) if self._soonest else own
            found = self._queries.setdefault(table, TableQuery(source, self._mutex))
        return found

    def find(self, find: Find) -> Page:
        table = self.table(find.table)
        with self._mutex:
            return self._query(find.table).find(find, lambda record_id: self._record(table, record_id, find.columns))

    def ids(self, table: str, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]:
        with self._mutex:
            return self._query(table).ids(where, sort)

    def count(self, table: str, where: Condition | None = None) -> int:
        with self._mutex:
            return self._query(table).count(where)

    def among(self, table: str, ids: Iterable[int], where: Condition | None = None) -> list[int]:
        with self._mutex:
            return self._query(table).among(ids, where)

    def window(self, asked: Ordered, n: int, at: int = 0, around: int | None = None) -> Window:
        with self._mutex:
            return self._query(asked.table).window(asked, n, at, around)

    def top(self, asked: Ordered, n: int) -> dict[Any, Window]:
        with self._mutex:
            return self._query(asked.table).top(asked, n)

    def position(self, asked: Ordered, id: int) -> int:
        with self._mutex:
            return self._query(asked.table).position(asked, id)

    def fold(self, table: str, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
        with self._mutex:
            return self._query(table).fold(where, by, aggregates)

    def filled(
        self, table: str, where: Condition | None = None, stopped: Callable[[], bool] = lambda: False
    ) -> dict[str, int]:
        with self._mutex:
            found = self.table(table)
            wanted = None if where is None else frozenset(self._query(table).ids(where))
            base, over, dead = found.base, dict(found.over), found.dead
        counts = filled(base, over, wanted, stopped)
        return {name: count for name, count in counts.items() if name not in dead}

    def is_ready(self, table: str, asked: Asked) -> bool:
        return self._query(table).is_ready(asked)

    def prepare(self, table: str, asked: Asked, tell: Tell) -> None:
        self._query(table).prepare(asked, tell)

    def settle(self, table: str) -> None:
        with self._mutex:
            self._query(table).settle()

    # -- writing -------------------------------------------------------------------------------------------------------
    def commit(
        self,
        ops: Sequence[Op],
        expect: Mapping[Key, int] | None = None,
        by: str = "",
        note: str = "",
        meta: Mapping[str, Any] | None = None,
        answers: Sequence[QueryAnswer] = (),
    ) -> int:
        with self.exclusive():
            self._check_expected(expect or {})
            self.check_answers(answers)
            if not ops:
                return self._image.shown
            at, said = self.stamp()
            line = JournalLine(self._image.seq + 1, at, by, note, dict(meta or {}), clock=said, ops=self._line_ops(ops))
            changes = self.append(line)
        self.feed.tell(changes)
        self.compact_when_due()
        return line.seq

    def _check_expected(self, expect: Mapping[Key, int]) -> None:
        """Before anything else, even where the edit turns out to change nothing."""
        for key, wanted in expect.items():
            table = self.table(key.table)
            actual = table.living_rev(key.id)
            if actual != wanted:
                message = _("{table} {id}: revision {wanted} was expected, it is now {actual}")
                raise Conflict(
                    message.format(table=key.table, id=key.id, wanted=wanted, actual=actual),
                    key.table,
                    key.id,
                    wanted,
                    actual,
                    table.own_doc(key.id),
                )

    def check_answers(self, answers: Iterable[QueryAnswer]) -> None:
        """Raise Conflict for a question that gives something else by now; the lock is held."""
        for answer in answers:
            others = answer.ids.symmetric_difference(self.ids(answer.table, answer.where))
            if others:
                message = _("{table} {id}: someone else changed it meanwhile")
                raise Conflict(message.format(table=answer.table, id=min(others)), answer.table, min(others))

    def _line_ops(self, ops: Sequence[Op]) -> list[LineOp]:
        """Operations as the journal keeps them; deleting what is not there is nothing."""
        lined = []
        for op in ops:
            table = self.table(op.table)
            before = table.whole_doc(op.id)
            if before is not None or op.doc is not None:
                lined.append(line_op(self._whole(op, before), before, table.rev(op.id) or op.previous))
        return lined

    def _whole(self, op: Op, before: Doc | None) -> Op:
        """The operation with the values of deleted fields, which its maker could not see."""
        dead = self.table(op.table).dead
        if not dead or before is None or op.doc is None:
            return op
        return replace(op, doc={**{name: before[name] for name in dead.intersection(before)}, **op.doc})

    def append(self, line: JournalLine) -> list[RecordChange]:
        """Write, sync, then apply one line; the lock is held. On any failure the journal is cut back and memory unchanged."""
        if self._refusal is not None:
            raise self._refusal
        data = encode_line(line)
        growing = self._image.growing
        try:
            offset = growing.append(data, pending=line.pending)
        except OSError as problem:
            self._write_failed(growing, problem)
            raise storage_error(problem, growing.path) from problem
        if not growing.ends_here():
            raise self._replaced()  # somebody wrote who does not hold this lock
        changes = self._image.apply(line, growing.number, offset)
        self._image.bury()
        return changes

    def _write_failed(self, growing: Journal, problem: OSError) -> None:
        import errno

        try:
            growing.cut_back()
        except OSError:
            told = _("{file}: a failed write could not be undone; open the workspace again")
            self._refusal = StorageError(told.format(file=growing.path))
        if problem.errno == errno.EIO:
            told = _("{file}: the disk reported an error; open the workspace again")
            self._refusal = StorageError(told.format(file=growing.path))

    def batch(
        self, by: str = "", note: str = "", meta: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[Batch]:
        from tuicrm.store.batch import open_batch

        return open_batch(self, by, note, dict(meta or {}))

    def new_ids(self, table: str, n: int = 1) -> list[int]:
        with self.exclusive():
            return self._ids.take(table, n, self.table(table).next_id)

    # -- the feed ------------------------------------------------------------------------------------------------------
    def changes(self, since: int) -> list[RecordChange]:
        with self._mutex:
            if since >= self._image.shown:
                return []
            remembered = self._image.remembers(since, self._manifest.seq)
            found = self._image.since(since) if remembered else history.changes(self, since)
        newest = {Key(change.table, change.id): change for change in found}
        return sorted(newest.values(), key=lambda change: change.seq)

    def subscribe(self, wake: Callable[[Sequence[RecordChange]], None]) -> Callable[[], None]:
        return self.feed.subscribe(wake)

    @property
    def trouble(self) -> CrmError | None:
        return self.feed.trouble

    def tell(self, doc: Mapping[str, Any]) -> None:
        if not self.read_only:
            self._presence.tell(doc)

    def others(self) -> list[Doc]:
        return self._presence.others()

    # -- the past ------------------------------------------------------------------------------------------------------
    def log(self, before: int = 0, since: int = 0, by: str = "") -> Iterator[Transaction]:
        return history.log(self, before, since, by)

    def transaction(self, seq: int) -> Transaction | None:
        return history.one(self, seq)

    def steps(self, seq: int) -> Iterator[RecordStep]:
        return history.steps(self, seq)

    def history(self, key: Key) -> list[Version]:
        return list(history.backwards(self, key))

    def backwards(self, key: Key) -> Iterator[Version]:
        return history.backwards(self, key)

    def as_of(self, key: Key, when: str) -> Version | None:
        return history.as_of(self, key, when)

    def dropped(self, table: str, field: str) -> Iterator[tuple[int, Any]]:
        return tombstones.dropped(self.folder, self._manifest.dropped, table, field)

    # -- files ---------------------------------------------------------------------------------------------------------
    def put_blob(self, data: bytes | BinaryIO) -> str:
        if self.read_only:
            raise ReadOnlyStore(_("{path} can be read, but not written").format(path=self.folder.path))
        return blobs.put(self.folder, data)

    def open_blob(self, digest: str) -> BinaryIO:
        return blobs.open_blob(self.folder, digest)

    def blobs(self) -> Iterator[str]:
        return blobs.digests(self.folder)

    # -- search and likeness -------------------------------------------------------------------------------------------
    def words(self, wording: Wording) -> FolderWordIndex:
        from tuicrm.store.word_index import FolderWordIndex

        with self._indexing:
            if self._words is None:
                self._words = FolderWordIndex(self, wording)
            return self._words

    def signs(self, signing: Signing) -> FolderSignIndex:
        from tuicrm.store.sign_index import FolderSignIndex

        with self._indexing:
            if self._signs is None:
                self._signs = FolderSignIndex(self, signing)
            return self._signs

    def wrong_words(self, wording: Wording, some: int) -> Iterator[tuple[str, int]]:
        from tuicrm.store.word_index import WordFilling, wrong_rows

        return wrong_rows(self, WordFilling(wording), some)

    def wrong_signs(self, signing: Signing, some: int) -> Iterator[tuple[str, int]]:
        from tuicrm.store.sign_index import SignFilling, wrong_rows

        return wrong_rows(self, SignFilling(signing), some)

    # -- the folder ----------------------------------------------------------------------------------------------------
    @property
    def files(self) -> JournalStore:
        return self

    def whole(self) -> JournalStore:
        return self

    def compact(self) -> bool:
        return compaction.compact(self)

    def compact_when_due(self) -> None:
        """On a thread of its own, so that no writer waits."""
        due = self.compact_at and self._image.growing.offset > self.compact_at
        if (
            due
            and time.monotonic() >= self._try_again
            and (self._compacting is None or not self._compacting.is_alive())
        ):
            self._compacting = threading.Thread(target=self._compact_quietly, name="compaction", daemon=True)
            self._compacting.start()

    def _compact_quietly(self) -> None:
        # A full disk must not stop anyone's work: the journal goes on, and a later commit tries again.
        before = self.upkeep
        try:
            compaction.compact(self)
            self.upkeep = None
        except (CrmError, OSError) as problem:
            self.upkeep = problem if isinstance(problem, CrmError) else StorageError(str(problem))
            self._try_again = time.monotonic() + TRY_AGAIN
        if self.upkeep is not before:
            self.feed.nudge()

    def room(self) -> tuple[int, int, int, bool]:
        try:
            needed, free = compaction.room(self)
        except OSError as problem:
            raise storage_error(problem, self.folder.path) from problem
        size = sum(piece.size for piece in self.past_pieces() if not piece.file.startswith("history/"))
        return size, needed, free, bool(self.compact_at) and size > 2 * self.compact_at

    def verify(self) -> list[Fault]:
        return fsck.verify(self.folder.path)

    def back_up(self, target: Path | Sink, tell: Tell = lambda _done, _of: None) -> Contents:
        from tuicrm.store import backup

        return backup.to_folder(self, target, tell) if isinstance(target, Path) else backup.write(self, target, tell)

    @property
    def archived(self) -> tuple[int, str]:
        return self._manifest.archived, self._manifest.archived_at

    def past_pieces(self) -> Iterator[Piece]:
        from tuicrm.store import archive

        return archive.pieces(self)

    def archive(self, before: str, target: Path, tell: Tell = lambda _done, _of: None) -> Archived:
        from tuicrm.store import archive

        return archive.move_out(self, before, target, tell)

    def close(self) -> None:
        self.feed.stop()
        if self._compacting is not None:
            self._compacting.join()
        with self._mutex:
            if self._closed:
                return
            self._closed = True
            for index in (self._words, self._signs):
                if index is not None:
                    index.close()
            self._presence.close()
            self._image.close()
            self._ids.close()
            if self._lock is not None:
                self._lock.close()
            self.folder.close()

    # -- for the modules of this package -------------------------------------------------------------------------------
    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @property
    def tables(self) -> Mapping[str, RecordTable]:
        return self._image.tables

    @property
    def written(self) -> int:
        """The seq of the last line, of a batch that is open perhaps: `seq()` is the last one that shows."""
        return self._image.seq

    def take_back(self, batch: str) -> int:
        """Cut the lines of a batch that was given up off the journal, as far as nothing is behind them; the lock is held. Returns the
        seq of the first that is gone, 0 where all stay. Raises StorageError."""
        path = self._image.growing.path
        try:
            return self._image.take_back(batch)
        except OSError as problem:
            self._poisoned = _("{file}: a failed write could not be undone; open the workspace again").format(file=path)
            raise storage_error(problem, path) from problem

    @property
    def growing(self) -> Journal:
        return self._image.growing

    @property
    def time(self) -> str:
        """The time of the newest line; "" where there is none."""
        if not self._image.time and self._image.seq:
            # Folded by a tuicrm that did not keep it in the manifest.
            self._image.time = clock.later("", history.newest_time(self))
        return self._image.time

    def stamp(self) -> clock.Timestamp:
        """The time of a line that is written now; the lock is held."""
        return clock.stamp(self._said(), self.time)

    def _said(self) -> datetime:
        return (self._now or clock.utc_now)()

    def indexed(self, table: str) -> Sequence[str]:
        """The fields of a table that have postings."""
        return self._indexes.get(table, ())

    def line_ops(self, ops: Sequence[Op]) -> list[LineOp]:
        return self._line_ops(ops)

    def check_expected(self, expect: Mapping[Key, int]) -> None:
        self._check_expected(expect)

    def adopt(self) -> None:
        """Take a manifest just written."""
        self._adopt()

    def start_of(self, seq: int) -> tuple[int, int] | None:
        """Journal number and byte of a line that is in a live journal; None for an older one."""
        return self._image.start_of(seq)

    def live_line(self, number: int, offset: int) -> JournalLine | None:
        """A line of a live journal; None when it was folded meanwhile."""
        return self._image.live_line(number, offset)

    def live_body(self, number: int, offset: int) -> bytes | None:
        """The same as it is written, without its checksum."""
        journal = self._image.live_journal(number)
        return journal.body_at(offset) if journal else None
