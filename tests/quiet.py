"""Waiting until an app is done, instead of for a while.

Textual's pilot sleeps in steps of 20 ms until the process looks idle, four times a key: more than all that the key does. Here the
event loop itself is asked whether it still has anything to do, now or within those 20 ms; where it has not, nothing is waited for.
"""

from __future__ import annotations

import asyncio
import threading
import time
from asyncio import Future
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from typing import Any
from unittest import mock

_SOON = 0.02
"""What begins by itself within so many seconds belongs to what is going on: a screen is drawn at most 60 times a second."""
_LONGEST = 10.0
"""Seconds after which a wait ends all the same: a machine that is busy with other things may need some for one key."""

_LOOKS = 3
"""So often in a row threads must be found waiting."""

_in_threads: set[Future[Any]] = set()


@contextmanager
def waits_for_work() -> Iterator[None]:
    """Until left, pilots wait for what the running event loop has to do, and for no time that goes by."""
    loop = asyncio.get_running_loop()
    run = loop.run_in_executor

    def followed(*arguments: Any) -> Future[Any]:
        future: Future[Any] = run(*arguments)
        _in_threads.add(future)
        future.add_done_callback(_in_threads.discard)
        return future

    with (
        mock.patch.object(loop, "run_in_executor", followed),
        mock.patch("textual.app.wait_for_idle", until_quiet),
        mock.patch("textual.pilot.wait_for_idle", until_quiet),
    ):
        try:
            yield
        finally:
            _in_threads.clear()


async def until_quiet(_least: float = 0, most: float = _LONGEST) -> None:
    """Wait until nothing is to be done, at most so many seconds."""
    loop = asyncio.get_running_loop()
    end = time.monotonic() + most
    looks = 0
    while time.monotonic() < end:
        spent = time.process_time()
        await asyncio.sleep(0)
        if _has_work(loop):
            continue
        if _in_threads:
            # One may be at work or wait for the test: the system tells which, also where others have the processor.
            await asyncio.sleep(_SOON / 4)
            looks = 0 if time.process_time() - spent > _SOON / 20 or _a_thread_works() else looks + 1
            if looks < _LOOKS:
                continue
        elif (wait := _next(loop)) < _SOON:
            await asyncio.sleep(max(wait, 0))
            continue
        if not _has_work(loop):
            return


def _a_thread_works() -> bool:
    """Whether one of asyncio's threads runs, or would if it had a processor; False where the system does not say (not Linux)."""
    names = [thread.native_id for thread in threading.enumerate() if thread.name.startswith("asyncio")]
    for name in names:
        with suppress(OSError):
            state = Path(f"/proc/self/task/{name}/stat").read_text().rpartition(")")[2].split()[0]
            if state in ("R", "D"):
                return True
    return False


def _has_work(loop: Any) -> bool:
    """Whether a loop of asyncio has something to do at once; there is no public way to ask it."""
    return bool(loop._ready)


def _next(loop: Any) -> float:
    """Seconds until it has something to do by its clock."""
    return float(min((handle._when for handle in loop._scheduled if not handle._cancelled), default=inf) - loop.time())
