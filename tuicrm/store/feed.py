"""The change feed: who wants to know, and the thread that looks for what other sessions wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import count
from typing import TypeAlias

from tuicrm.errors import CrmError
from tuicrm.store.protocol import Change

POLL_SECONDS = 0.03
"""Looking for commits is a `stat`. With 0.05 s one is seen after 27 ms median, 50 ms at most; inotify is no better (STORE.md)."""

POLLS_A_LOOK = 6
"""Who else is here is a folder to list, and nobody's eyes are in such a hurry."""

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
        for poll in count():
            if self._stop.wait(POLL_SECONDS):
                return
            if not self._wakes:
                continue
            try:
                self._refresh()
                if poll % POLLS_A_LOOK == 0 and self._look():
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
