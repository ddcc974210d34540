"""Waiting until something may have been written in a workspace folder, with as little work as the system allows.

Linux tells of writes (inotify(7)): a commit is seen at once, and nothing runs while nobody writes. Elsewhere, and where it
tells nothing (a network file system, too many watches), whoever waits looks every so often; so nothing depends on being told.
"""

from __future__ import annotations

import os
import select
import struct
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

TOLD_SECONDS = 0.09
"""How often to look all the same where the system tells: another machine may write too."""

UNTOLD_SECONDS = 0.03
"""How often to look where it does not."""

_BEGIN_AFTER = 1.0
"""Seconds: a session that just began has better things to do than to load what telling needs (10 ms)."""

_GAP = 0.02
"""Seconds between a look and the next: of many commits in a row, not each one is read by itself."""

_MODIFY, _ATTRIB, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x4, 0x80, 0x100, 0x200
_OF_INTEREST = _MODIFY | _ATTRIB | _MOVED_TO | _CREATE | _DELETE
_ROOM = 1 << 16
_EVENT = struct.Struct("iIII")
"""struct inotify_event: watch, mask, cookie, length of the name that follows."""


class Watch:
    """Of some folders, for one thread that waits; any thread may end it."""

    def __init__(self, folders: Sequence[Path], ignored: Collection[str] = ()) -> None:
        """What happens to files of the `ignored` names does not end the wait."""
        self._folders = folders
        self._ignored = {os.fsencode(name) for name in ignored}
        self._ended, self._end = os.pipe()
        self._told: int | None = None
        self._was_told = False
        self._begin_at = time.monotonic() + _BEGIN_AFTER

    def wait(self) -> bool:
        """Wait until it is time to look; False when it was ended."""
        if self._told is None and time.monotonic() >= self._begin_at:
            self._begin_at = float("inf")
            self._told = _notifications(self._folders)
            return True
        if self._told is None:
            return not _ready([self._ended], UNTOLD_SECONDS)
        if self._was_told and _ready([self._ended], _GAP):
            return False
        self._was_told = False
        until = time.monotonic() + TOLD_SECONDS
        while not self._was_told and (left := until - time.monotonic()) > 0:
            ready = _ready([self._ended, self._told], left)
            if self._ended in ready:
                return False
            if ready:
                self._was_told = not self._ignored.issuperset(_names(os.read(self._told, _ROOM)))
        return True

    def end(self) -> None:
        """`wait` returns False from now on."""
        os.write(self._end, b"\0")

    def close(self) -> None:
        """When nobody waits any more."""
        for descriptor in (self._ended, self._end, self._told):
            if descriptor is not None:
                os.close(descriptor)


def _ready(descriptors: Sequence[int], seconds: float) -> list[int]:
    """Which can be read from, after so long at most. Not `select`: a program may have more than 1,024 files open."""
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _event in poll.poll(seconds * 1000)]


def _names(events: bytes) -> Iterator[bytes]:
    """Of what the events are about; the watched folders themselves have none."""
    at = 0
    while at < len(events):
        length = _EVENT.unpack_from(events, at)[3]
        at += _EVENT.size + length
        yield events[at - length : at].rstrip(b"\0")


def _notifications(folders: Sequence[Path]) -> int | None:
    """A descriptor that can be read from when something was written in the folders; None where there is no such thing."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes

        libc = ctypes.CDLL(None)
        told: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    except (ImportError, OSError, AttributeError):
        return None
    if told < 0:
        return None
    if any(libc.inotify_add_watch(told, os.fsencode(folder), _OF_INTEREST) < 0 for folder in folders):
        os.close(told)
        return None
    return told
