"""A program on a real pty, measured from outside: every chunk of its output is stamped the moment it arrives.

No screen is emulated, so that the probe takes no processor from the program: patterns are looked for in the text it wrote.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

_CONTROL = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])|[\x00-\x1f]")
_MODE = re.compile(rb"\x1b\[\?(\d+)\$p")
_WHO, _XTERM = b"\x1b[c", b"\x1b[?62;22c"
_KEPT = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[1;1H"
"""How a picture kept from the last time begins (`tuicrm/first_look.py`)."""

_DRAWN = b"\x1b[?2026l"
QUIET = 0.08
"""Seconds without output after which an answer counts as whole."""


_HELD = 0.4
"""The same after a key was held, when many answers may be under way."""


class Answer(NamedTuple):
    """What came back for a key: milliseconds to the last byte (None: nothing came), how many bytes, and milliseconds to the first."""

    ms: float | None
    bytes: int
    first_ms: float | None = None


def plain(data: bytes) -> str:
    """What was written, without control sequences."""
    return _CONTROL.sub(b"", data).decode("utf-8", "replace")


class Probe:
    """One run of a program, with what `changed` says added to its environment. Close it when done."""

    def __init__(
        self, command: Sequence[str], size: tuple[int, int], changed: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        columns, rows = size
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        for name in ("COLUMNS", "LINES", "NO_COLOR", "TERM_PROGRAM"):
            environment.pop(name, None)
        environment.update(changed)
        self._chunks: list[tuple[float, bytes]] = []
        self._news = threading.Condition()
        self.ended = False
        self.true_ms: float | None = None
        """Where a picture kept from the last time stood first (`first`): milliseconds until the program had drawn its own."""
        self._begun = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.execvpe(command[0], list(command), environment)
            finally:
                os._exit(127)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        ready = select.poll()  # unlike select(), it takes descriptors beyond 1,023
        ready.register(self._fd, select.POLLIN)
        while True:
            ready.poll()
            try:
                data = os.read(self._fd, 65_536)
            except OSError:
                data = b""
            with self._news:
                if data:
                    self._chunks.append((time.perf_counter(), data))
                self.ended = not data
                self._news.notify_all()
            if not data:
                return
            for mode in _MODE.findall(data):
                os.write(self._fd, b"\x1b[?%s;%d$y" % (mode, 2 if mode == b"2026" else 0))
            if _WHO in data:
                os.write(self._fd, _XTERM)

    def _quiet(self, since: int, limit: float, quiet: float, begun: float = 0.0) -> None:
        """Until something came after chunk `since` and then nothing for so long; of silence, only what is after `begun` counts."""
        end = time.perf_counter() + limit
        while not self.ended and (now := time.perf_counter()) < end:
            left = max(self._chunks[-1][0], begun) + quiet - now if len(self._chunks) > since else end - now
            if left <= 0:
                return
            with self._news:
                self._news.wait(min(left, 0.5))

    def first(self, pattern: str, limit: float = 60) -> float | None:
        """Milliseconds from the start to the chunk that completes `pattern`; then waits until the program is quiet."""
        wanted, end = re.compile(pattern), time.perf_counter() + limit
        while not (found := wanted.search(plain(b"".join(d for _, d in self._chunks)))) and time.perf_counter() < end:
            time.sleep(0.02)
        if _KEPT in b"".join(d for _, d in self._chunks):
            self.true_ms = self._drawn_itself(end)
        self._quiet(0, limit, 0.5)
        data = b""
        for moment, chunk in list(self._chunks) if found else []:
            data += chunk
            if wanted.search(plain(data)):
                return (moment - self._begun) * 1000
        return None

    def _drawn_itself(self, end: float) -> float | None:
        """Milliseconds from the start to the first drawing of the program itself; None where it never came."""
        while not self.ended and time.perf_counter() < end:
            data = b""
            for moment, chunk in list(self._chunks):
                data += chunk
                if _DRAWN in data:
                    return (moment - self._begun) * 1000
            time.sleep(0.01)
        return None

    def until(self, keys: bytes, pattern: str, limit: float = 60) -> float | None:
        """Write keys and wait for what they bring: milliseconds to the chunk that completes `pattern`; None where it never came."""
        wanted, since, begun = re.compile(pattern), len(self._chunks), time.perf_counter()
        os.write(self._fd, keys)
        while not self.ended and time.perf_counter() - begun < limit:
            got = self._chunks[since:]
            if wanted.search(plain(b"".join(data for _, data in got))):
                self._quiet(since, limit, 0.5)
                return (got[-1][0] - begun) * 1000
            time.sleep(0.005)
        return None

    def press(self, keys: bytes, limit: float = 3, quiet: float = QUIET) -> Answer:
        """Write keys at once and wait for all of the answer: until nothing came for `quiet` seconds."""
        since, begun = len(self._chunks), time.perf_counter()
        os.write(self._fd, keys)
        return self._answer(since, begun, limit, quiet)

    def hold(self, key: bytes, times: int, rate: float = 30) -> Answer:
        """A key held: milliseconds from the last press to the last byte. What lags behind is waited for: silence that begins before
        the last press says nothing."""
        since, begun = len(self._chunks), time.perf_counter()
        for turn in range(times):
            time.sleep(max(0.0, begun + turn / rate - time.perf_counter()))
            os.write(self._fd, key)
        return self._answer(since, time.perf_counter(), 3, _HELD)

    def _answer(self, since: int, begun: float, limit: float, quiet: float = QUIET) -> Answer:
        self._quiet(since, limit, quiet, begun)
        got = self._chunks[since:]
        if not got:
            return Answer(None, 0)
        first, last = (max(0.0, (moment - begun) * 1000) for moment in (got[0][0], got[-1][0]))
        return Answer(last, sum(len(data) for _, data in got), first)

    def forget(self) -> None:
        """Let go of what was written so far: a probe that runs for long would keep all of it."""
        with self._news:
            self._chunks.clear()

    def count(self) -> int:
        """How many pieces were written so far: what `shows` takes."""
        return len(self._chunks)

    def shows(self, text: str, count: int, limit: float = 3) -> float | None:
        """The moment (`time.perf_counter`) of the piece with which a text is whole, of what comes after so many; None for never."""
        end, at, data = time.perf_counter() + limit, count, b""
        while time.perf_counter() < end:
            for moment, piece in self._chunks[at:]:
                at, data = at + 1, data + piece
                if text in plain(data):
                    return moment
            with self._news:
                self._news.wait(0.05)
        return None

    def idle(self, seconds: float) -> tuple[int, float]:
        """Bytes written and percent of a processor used while left alone."""
        since, used = len(self._chunks), self._processor()
        time.sleep(seconds)
        return sum(len(data) for _, data in self._chunks[since:]), (self._processor() - used) / seconds * 100

    def _processor(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB, proportional set size."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024

    def text(self) -> str:
        """All that was written so far, without control sequences."""
        return plain(b"".join(data for _, data in self._chunks))

    def quit(self, key: bytes) -> float | None:
        """Milliseconds from the key to the end; None when it does not end."""
        begun = time.perf_counter()
        os.write(self._fd, key)
        self._reader.join(5)
        return (time.perf_counter() - begun) * 1000 if self.ended else None

    def close(self) -> None:
        """End it, if it has not ended."""
        if not self.ended:
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._reader.join(1)
        os.close(self._fd)
