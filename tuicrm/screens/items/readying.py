"""Reading, beside a screen that is there already, what it needs to show all: how far it is, and stopping it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeAlias

from tuicrm.errors import CrmError
from tuicrm.screens.host import Workplace
from tuicrm.widgets.progress import WorkStopped

Work: TypeAlias = Callable[[Callable[[int, int], None]], None]
"""Gets `tell(done, of)`, which raises in it once nobody waits any more."""

_NOTHING = object()


class Readying:
    """One such reading of a screen at a time."""

    def __init__(self, screen: Workplace, told: Callable[[], None], done: Callable[[bool], None]) -> None:
        """`told` is called when there is more to say, `done` at the end, with whether it was not stopped."""
        self._screen, self._told, self._done = screen, told, done
        self._for: object = _NOTHING
        self._stop = threading.Event()
        self.percent = 0

    @property
    def goes_on(self) -> bool:
        """Whether something is being read."""
        return self._for is not _NOTHING

    def start(self, what: object, work: Work) -> None:
        """Read for `what`; where that is being read already, it goes on, and anything else is left."""
        if what == self._for:
            return
        self._stop.set()
        self._for, self._stop, self.percent = what, threading.Event(), 0
        self._screen.run_worker(self._read(work, self._stop), group="readying")

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()

    async def _read(self, work: Work, stop: threading.Event) -> None:
        loop, percent = asyncio.get_running_loop(), 0

        def tell(done: int, of: int) -> None:
            nonlocal percent
            if stop.is_set():
                raise WorkStopped
            if of and percent != 100 * done // of:
                percent = 100 * done // of
                loop.call_soon_threadsafe(self._so_far, stop, percent)

        try:
            await asyncio.to_thread(work, tell)
        except WorkStopped:
            stop.set()
        except CrmError as error:
            stop.set()
            self._screen.messages.say_error(error)
        if stop is self._stop and self._screen.is_attached:
            self._for = _NOTHING
            self._done(not stop.is_set())

    def _so_far(self, stop: threading.Event, percent: int) -> None:
        if stop is self._stop and self._screen.is_attached:
            self.percent = percent
            self._told()
