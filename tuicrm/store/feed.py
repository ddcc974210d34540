"""The change feed: who wants to know, and the thread that looks for what other sessions wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

from tuicrm.errors import CrmError, StorageError
from tuicrm.store.protocol import RecordChange
from tuicrm.store.watch import Watch

Wake: TypeAlias = Callable[[Sequence[RecordChange]], None]
"""Called with what changed; with nothing when others came, went or turned to something else."""


class Feed:
    """Tells subscribers of changes, from whatever thread saw them. The thread starts with the first subscriber."""

    def __init__(self, watch: Callable[[], Watch], refresh: Callable[[], object], look: Callable[[], bool]) -> None:
        """`watch` waits for what others write; `refresh` reads and tells it; `look` says whether others came, went or turned to
        something else."""
        self._new_watch = watch
        self._refresh = refresh
        self._look = look
        self._wakes: list[Wake] = []
        self._lock = threading.Lock()
        self._watch: Watch | None = None
        self._thread: threading.Thread | None = None
        self.trouble: CrmError | None = None
        """Why the thread ended by itself (a damaged journal, a folder that is gone); None while all is well."""

    def tell(self, changes: Sequence[RecordChange]) -> None:
        """Call every subscriber; no lock of the store may be held."""
        if changes:
            for wake in tuple(self._wakes):
                wake(changes)

    def nudge(self) -> None:
        """Let every subscriber look again, though no record changed."""
        for wake in tuple(self._wakes):
            wake(())

    def subscribe(self, wake: Wake) -> Callable[[], None]:
        """Returns how to stop."""
        with self._lock:
            self._wakes.append(wake)
            if self._thread is None:
                self._watch = self._new_watch()
                self._thread = threading.Thread(target=self._run, args=[self._watch], name="change feed", daemon=True)
                self._thread.start()

        def stop() -> None:
            with self._lock:
                if wake in self._wakes:
                    self._wakes.remove(wake)

        return stop

    def _run(self, watch: Watch) -> None:
        while watch.wait():
            if not self._wakes:
                continue
            try:
                self._refresh()
                if self._look():
                    self.nudge()
            except (CrmError, OSError) as trouble:
                # Told at once: else whoever only looks would go on looking at what is no longer so.
                self.trouble = trouble if isinstance(trouble, CrmError) else StorageError(str(trouble))
                self.nudge()
                return

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._lock:
            watch, self._watch = self._watch, None
        if watch is None:
            return
        watch.end()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
            watch.close()
