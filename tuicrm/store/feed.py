"""The change feed: who wants to know, and the thread that looks for what other sessions wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias

from tuicrm.errors import CrmError
from tuicrm.store.protocol import Change

POLL_SECONDS = 0.05
"""Measured: a commit is seen after 27 ms median, 50 ms at most, at 0.6 % of a core; inotify is no better (STORE.md)."""

Wake: TypeAlias = Callable[[Sequence[Change]], None]
"""Called with what changed; with nothing when others came, went or turned to something else."""


class Feed:
    """Tells subscribers of changes, from whatever thread saw them. The poll starts with the first subscriber."""

    def __init__(self, refresh: Callable[[], object], look: Callable[[], bool]) -> None:
        """`refresh` reads what others wrote and tells it; `look` says whether others came, went or turned to something else."""
        self._refresh = refresh
        self._look = look
        self._wakes: list[Wake] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.trouble: CrmError | None = None
        """Why the poll ended by itself (a damaged journal); None while all is well."""

    def tell(self, changes: Sequence[Change]) -> None:
        """Call every subscriber; no lock of the store may be held."""
        if changes:
            for wake in tuple(self._wakes):
                wake(changes)

    def subscribe(self, wake: Wake) -> Callable[[], None]:
        """Returns how to stop."""
        with self._lock:
            self._wakes.append(wake)
            if self._thread is None:
                self._thread = threading.Thread(target=self._poll, name="change feed", daemon=True)
                self._thread.start()

        def stop() -> None:
            with self._lock:
                if wake in self._wakes:
                    self._wakes.remove(wake)

        return stop

    def _poll(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            if not self._wakes:
                continue
            try:
                self._refresh()
                if self._look():
                    for wake in tuple(self._wakes):
                        wake(())
            except CrmError as trouble:
                self.trouble = trouble
                return

    def stop(self) -> None:
        """End the poll and wait for it."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
