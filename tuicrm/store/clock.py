"""Times of the journal: what the clock says, but never before the line before, so that what is asked by time is true also after a
clock was set back. Where the two differ, a line keeps beside its time what the clock said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.regex import regex

if TYPE_CHECKING:
    from tuicrm.store.image import Image

_TIME = regex(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z", re.ASCII)


class Timestamp(NamedTuple):
    """The time of a line, ISO 8601 in UTC with milliseconds, and what the clock said where that was something else ("" else)."""

    at: str
    clock: str = ""


def utc_now() -> datetime:
    """What the clock of the system says. The one place where the program asks it what a change is stamped with."""
    return datetime.now(UTC)


def stamp(said: datetime, last: str) -> Timestamp:
    """The time of the line after one of the time `last` ("" for none)."""
    text = said.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return Timestamp(text) if text >= last else Timestamp(last, text)


def later(one: str, other: str) -> str:
    """The later of two times of lines; what is no time (another program wrote it) is never later."""
    return other if other > one and _TIME.fullmatch(other) else one


def behind(said: datetime, last: str) -> timedelta:
    """How far the clock is behind the time of a line; nothing where it is not, or where that is no day of any month."""
    if not stamp(said, last).clock:
        return timedelta(0)
    try:
        return datetime.fromisoformat(last) - said.astimezone(UTC)
    except ValueError:
        return timedelta(0)


class LineTimes:
    """When the lines of a workspace were written, and when the next one is."""

    def __init__(self, image: Image, read: Callable[[], str], now: Callable[[], datetime] | None = None) -> None:
        """`read` gives the time of the newest line from the journal; `now` is another clock."""
        self._image, self._read, self._now = image, read, now

    @property
    def newest(self) -> str:
        """The time of the newest line; "" where there is none."""
        if not self._image.time and self._image.seq:
            # Folded by a tuicrm that did not keep it in the manifest.
            self._image.time = later("", self._read())
        return self._image.time

    def stamp(self) -> Timestamp:
        """The time of a line that is written now; the lock is held."""
        return stamp(self._said(), self.newest)

    def behind(self) -> timedelta:
        """How far the clock is behind the newest line."""
        return behind(self._said(), self.newest)

    def _said(self) -> datetime:
        return (self._now or utc_now)()
