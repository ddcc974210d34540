"""A program on a real pty, seen as its terminal sees it: raw bytes, modes left on, line settings, signals, exit."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import termios
import time
from collections.abc import Sequence

from benchmarks.probe import Probe

_PRIVATE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])\d*u")
_LIMIT = 20.0

ON_AT_REST = {b"7", b"25"}
"""Private modes that a shell's terminal has on: lines wrap, the cursor is shown."""


class Terminal(Probe):
    """A pty with a program in it. `wait` its end, or `close` it."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] = (80, 24)) -> None:
        super().__init__(command, size)
        self.status: int | None = None
        self.found = self.settings()
        """The line settings that the program found."""

    def raw(self, since: int = 0) -> bytes:
        """All that was written after the first `since` bytes."""
        return b"".join(data for _moment, data in list(self._chunks))[since:]

    def send(self, keys: bytes) -> None:
        """Write keys, without waiting."""
        os.write(self._fd, keys)

    def see(self, pattern: str, keys: bytes = b"", limit: float = _LIMIT) -> None:
        """Write keys and wait until what comes from then on says `pattern`."""
        since = len(self.raw())
        if keys:
            self.send(keys)
        self.seen_after(since, pattern, limit)

    def seen_after(self, since: int, pattern: str, limit: float = _LIMIT) -> None:
        """Wait until what came after the first `since` bytes says `pattern`."""
        end = time.perf_counter() + limit
        while not re.search(pattern, _text(self.raw(since))):
            assert time.perf_counter() < end, f"{pattern!r} never came: {_text(self.raw(since))[-2000:]!r}"
            assert not self.ended, f"ended before {pattern!r}: {_text(self.raw(since))[-2000:]!r}"
            with self._news:
                self._news.wait(0.05)
        self.rest()

    def rest(self) -> None:
        """Wait until it is quiet."""
        self._quiet(0, 5, 0.15)

    def resize(self, columns: int, rows: int) -> None:
        """As a window does."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, which)

    def hang_up(self) -> None:
        """The window is closed."""
        nothing = os.open(os.devnull, os.O_RDWR)
        # The reader holds the pty until it is woken: by what a new size makes the program paint.
        self.resize(100, 30)
        os.dup2(nothing, self._fd)
        os.close(nothing)

    def stopped(self) -> None:
        """Wait until it is suspended."""
        end = time.perf_counter() + _LIMIT
        while time.perf_counter() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if pid:
                assert os.WIFSTOPPED(status), status
                return
            time.sleep(0.02)
        raise AssertionError("it was not suspended")

    def wait(self, limit: float = _LIMIT) -> int:
        """Its exit code, or minus the signal that ended it."""
        end = time.perf_counter() + limit
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            else:
                assert time.perf_counter() < end, f"it does not end: {_text(self.raw())[-500:]!r}"
                time.sleep(0.02)
        self._reader.join(2)
        return self.status

    def settings(self) -> list[object]:
        """The line settings, as `stty` shows them."""
        return termios.tcgetattr(self._fd)

    def left_on(self, since: int = 0) -> set[str]:
        """What a terminal would still have changed by all that was written: modes, and a keyboard protocol not taken back."""
        data = self.raw(since)
        last = {mode: state for modes, state in _PRIVATE.findall(data) for mode in modes.split(b";")}
        changed = {mode.decode() for mode, state in last.items() if (state == b"h") != (mode in ON_AT_REST)}
        depth = 0
        for push in _KITTY.findall(data):
            depth = depth + 1 if push == b">" else max(depth - 1, 0)
        return changed | ({"keyboard"} if depth else set())

    def close(self) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        os.close(self._fd)


def _text(data: bytes) -> str:
    from benchmarks.probe import plain

    return plain(data)
