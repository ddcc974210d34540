"""Looking after the files of a workspace folder: folding by hand and by itself, checks, backups, moving the past out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.domain.progress import Tell
from tuicrm.errors import CrmError, StorageError
from tuicrm.store.clock import LineTimes
from tuicrm.store.files import storage_error
from tuicrm.store.opened import OpenFolder
from tuicrm.store.parts import Fault

if TYPE_CHECKING:
    from tuicrm.store.archive import Archived, Piece
    from tuicrm.store.backup import Contents, Sink

TRY_AGAIN = 30.0
"""Seconds after which a folding that failed is tried again, with the next commit."""


class FolderFiles:
    """What is done with the files of a folder (`parts.Files`)."""

    def __init__(self, opened: OpenFolder, times: LineTimes, compact_at: int, nudge: Callable[[], None]) -> None:
        """`compact_at`: bytes of the growing journal at which it is folded, 0 for never by itself. `nudge` is called when `trouble`
        is another."""
        self.trouble: CrmError | None = None
        """Why folding failed, last time it was tried by itself; None while all is well."""
        self.compact_at = compact_at
        self.folding: threading.Thread | None = None
        """Where the journal is folded by itself, or was last."""
        self._opened, self._times, self._nudge = opened, times, nudge
        self._try_again = 0.0

    def close(self) -> None:
        """Wait for what is being folded."""
        if self.folding is not None:
            self.folding.join()

    # -- folding -------------------------------------------------------------------------------------------------------
    def compact(self) -> bool:
        from tuicrm.store import compaction

        return compaction.compact(self._opened, self._times)

    def compact_when_due(self) -> None:
        """On a thread of its own, so that no writer waits."""
        due = self.compact_at and self._opened.growing.offset > self.compact_at
        if due and time.monotonic() >= self._try_again and (self.folding is None or not self.folding.is_alive()):
            self.folding = threading.Thread(target=self._compact_quietly, name="compaction", daemon=True)
            self.folding.start()

    def _compact_quietly(self) -> None:
        # A full disk must not stop anyone's work: the journal goes on, and a later commit tries again.
        before = self.trouble
        try:
            self.compact()
            self.trouble = None
        except (CrmError, OSError) as problem:
            self.trouble = problem if isinstance(problem, CrmError) else StorageError(str(problem))
            self._try_again = time.monotonic() + TRY_AGAIN
        if self.trouble is not before:
            self._nudge()

    def room(self) -> tuple[int, int, int, bool]:
        from tuicrm.store import compaction

        try:
            needed, free = compaction.room(self._opened)
        except OSError as problem:
            raise storage_error(problem, self._opened.folder.path) from problem
        size = sum(piece.size for piece in self.past_pieces() if not piece.file.startswith("history/"))
        return size, needed, free, bool(self.compact_at) and size > 2 * self.compact_at

    # -- the rest ------------------------------------------------------------------------------------------------------
    def verify(self) -> list[Fault]:
        from tuicrm.store import fsck

        return fsck.verify(self._opened.folder.path)

    def back_up(self, target: Path | Sink, tell: Tell = lambda _done, _of: None) -> Contents:
        from tuicrm.store import backup

        if isinstance(target, Path):
            return backup.to_folder(self._opened, target, tell)
        return backup.write(self._opened, target, tell)

    def past_pieces(self) -> Iterator[Piece]:
        from tuicrm.store import archive

        return archive.pieces(self._opened)

    def archive(self, before: str, target: Path, tell: Tell = lambda _done, _of: None) -> Archived:
        from tuicrm.store import archive

        self.compact()
        return archive.move_out(self._opened, before, target, tell)
