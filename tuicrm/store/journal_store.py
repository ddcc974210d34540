"""The journal store: a workspace folder as a `Store`. What it does is in the parts that it is put together of, each with its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuicrm.domain.conditions import Aggregate, Condition, Sort
from tuicrm.domain.progress import Tell
from tuicrm.errors import CrmError
from tuicrm.store import manifest
from tuicrm.store.blobs import FolderBlobs
from tuicrm.store.care import FolderFiles
from tuicrm.store.clock import LineTimes
from tuicrm.store.feed import Feed
from tuicrm.store.history import FolderPast
from tuicrm.store.ids import NAME as IDS_FILE
from tuicrm.store.image import Image
from tuicrm.store.lookups import Lookups
from tuicrm.store.opened import OpenFolder
from tuicrm.store.parts import Batch
from tuicrm.store.presence import FolderPresence
from tuicrm.store.protocol import (
    Asked,
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
    Window,
)
from tuicrm.store.reading import Reading
from tuicrm.store.watch import Watch
from tuicrm.store.writer import JournalWriter

if TYPE_CHECKING:
    from tuicrm.store.indexes import Signing, Wording
    from tuicrm.store.sign_index import FolderSignIndex
    from tuicrm.store.word_index import FolderWordIndex

COMPACT_AT = 16 << 20
"""Bytes of the growing journal at which it is folded into snapshots."""


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
        self.own_cache = own_cache
        self._closed = False
        indexes = indexes or Indexes()
        damage = self.damage if salvage else None
        self.presence = FolderPresence(self.folder)
        self.feed = Feed(self._new_watch, self.refresh, self.presence.look)
        self.opened = OpenFolder(
            self.folder, Image(self.folder, indexes.by_table, damage, kept=kept), damage, self.feed.tell
        )
        self.past = FolderPast(self.opened)
        self._times = LineTimes(self.opened.image, self.past.newest_time, now)
        self._reading = Reading(self.opened, indexes.soonest)
        self._writer = JournalWriter(self.opened, self._times, self._reading.ids, self.feed.tell)
        self._lookups = Lookups(self)
        self.blobs = FolderBlobs(self.opened)
        self.files = FolderFiles(self.opened, self._times, compact_at, self.feed.nudge)
        try:
            self.opened.begin()
        except BaseException:
            self.close()  # nobody else could: a damaged workspace holds no files open
            raise
        self.presence.hidden = self.read_only

    def _new_watch(self) -> Watch:
        return Watch([self.folder.path, self.folder.path / "present"], [IDS_FILE])

    def close(self) -> None:
        self.feed.stop()
        self.files.close()
        with self.opened.mutex:
            if self._closed:
                return
            self._closed = True
            for part in (self._lookups, self.presence, self._writer, self.opened, self.folder):
                part.close()

    # -- what it is ----------------------------------------------------------------------------------------------------
    @property
    def read_only(self) -> bool:
        return self.opened.read_only

    @property
    def place(self) -> str:
        return str(self.folder.path)

    def whole(self) -> JournalStore:
        return self

    @property
    def upkeep(self) -> CrmError | None:
        return self.files.trouble

    # -- reading -------------------------------------------------------------------------------------------------------
    def get(self, table: str, ids: Iterable[int]) -> list[Record]:
        return self._reading.get(table, ids)

    def find(self, find: Find) -> Page:
        return self._reading.find(find)

    def ids(self, table: str, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]:
        return self._reading.ids(table, where, sort)

    def count(self, table: str, where: Condition | None = None) -> int:
        return self._reading.count(table, where)

    def among(self, table: str, ids: Iterable[int], where: Condition | None = None) -> list[int]:
        return self._reading.among(table, ids, where)

    def window(self, asked: Ordered, n: int, at: int = 0, around: int | None = None) -> Window:
        return self._reading.window(asked, n, at, around)

    def top(self, asked: Ordered, n: int) -> dict[Any, Window]:
        return self._reading.top(asked, n)

    def position(self, asked: Ordered, id: int) -> int:
        return self._reading.position(asked, id)

    def fold(self, table: str, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
        return self._reading.fold(table, where, by, aggregates)

    def filled(
        self, table: str, where: Condition | None = None, stopped: Callable[[], bool] = lambda: False
    ) -> dict[str, int]:
        return self._reading.filled(table, where, stopped)

    def is_ready(self, table: str, asked: Asked) -> bool:
        return self._reading.is_ready(table, asked)

    def prepare(self, table: str, asked: Asked, tell: Tell) -> None:
        self._reading.prepare(table, asked, tell)

    def settle(self, table: str) -> None:
        self._reading.settle(table)

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
        seq = self._writer.commit(ops, expect or {}, by, note, meta or {}, answers)
        self.files.compact_when_due()
        return seq

    def batch(
        self, by: str = "", note: str = "", meta: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[Batch]:
        from tuicrm.store.batch import open_batch

        return open_batch(self._writer, by, note, dict(meta or {}), self.files.compact_when_due)

    def new_ids(self, table: str, n: int = 1) -> list[int]:
        return self._writer.new_ids(table, n)

    # -- what changes --------------------------------------------------------------------------------------------------
    def seq(self) -> int:
        return self.opened.seq

    def mark(self, seq: int) -> str:
        return self.past.mark(seq)

    def behind(self) -> timedelta:
        return self._times.behind()

    def refresh(self) -> list[RecordChange]:
        return self.opened.refresh()

    def changes(self, since: int) -> list[RecordChange]:
        return self.past.changes(since)

    def subscribe(self, wake: Callable[[Sequence[RecordChange]], None]) -> Callable[[], None]:
        return self.feed.subscribe(wake)

    @property
    def trouble(self) -> CrmError | None:
        return self.feed.trouble

    # -- search and likeness -------------------------------------------------------------------------------------------
    def words(self, wording: Wording) -> FolderWordIndex:
        return self._lookups.words(wording)

    def signs(self, signing: Signing) -> FolderSignIndex:
        return self._lookups.signs(signing)

    def wrong_words(self, wording: Wording, some: int) -> Iterator[tuple[str, int]]:
        return self._lookups.wrong_words(wording, some)

    def wrong_signs(self, signing: Signing, some: int) -> Iterator[tuple[str, int]]:
        return self._lookups.wrong_signs(signing, some)
