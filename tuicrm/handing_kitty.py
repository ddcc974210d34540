"""Kitty's file transfer (OSC 5113): a file goes through the terminal to the person's own computer, if they allow it when kitty asks.

https://sw.kovidgoyal.net/kitty/file-transfer-protocol/
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tuicrm.digests import blake2b, token_hex
from tuicrm.errors import Interrupted, Refused, Unreachable
from tuicrm.handing import harmless_name
from tuicrm.i18n import _

_COMMAND = re.compile(rb"\x1b\]5113;([^\x1b\x07]*)(?:\x1b\\|\x07)")
_PIECE = 4096
_AHEAD = 32
"""So many pieces may be under way without having been acknowledged."""
_STOP = b"\x03"
_FILE = "f1"


def send_to_kitty(keyboard: int, screen: int, name: str, content: bytes, *, patience: float = 60) -> None:
    """Send a file into the person's downloads, reading answers from one descriptor of the terminal and writing to another.

    Blocks until it is there; `ctrl+c` stops it. Raises Refused where the person says no, or kitty cannot write it, Unreachable where
    nothing answers for so many seconds, Interrupted.
    """
    with _raw(keyboard):
        _Sending(keyboard, screen, patience).run(f"~/Downloads/{_own_name(name, content)}", content)


class _Sending:
    def __init__(self, keyboard: int, screen: int, patience: float) -> None:
        self._keyboard, self._screen, self._patience = keyboard, screen, patience
        self._id = token_hex(8)
        self._read = b""

    def run(self, target: str, content: bytes) -> None:
        try:
            self._tell("send")
            self._expect("OK")
            self._tell("file", fid=_FILE, n=_coded(target.encode()), sz=str(len(content)))
            self._expect("STARTED")
            pieces = [content[at : at + _PIECE] for at in range(0, len(content), _PIECE)] or [b""]
            under_way = 0
            for piece in pieces[:-1]:
                self._tell("data", fid=_FILE, d=_coded(piece))
                under_way += 1
                if under_way >= _AHEAD:
                    self._expect("PROGRESS")
                    under_way -= 1
            self._tell("end_data", fid=_FILE, d=_coded(pieces[-1]))
            self._expect("OK")
        except BaseException:
            # Also at `ctrl+c`: kitty would wait for the rest.
            with suppress(OSError):
                self._tell("cancel")
            raise
        self._tell("finish")

    def _tell(self, action: str, **told: str) -> None:
        words = ";".join(f"{key}={value}" for key, value in {"ac": action, "id": self._id, **told}.items())
        left = f"\x1b]5113;{words}\x1b\\".encode()
        while left:
            left = left[os.write(self._screen, left) :]

    def _expect(self, wanted: str) -> None:
        """Wait for a status. Acknowledgements of what was sent before may come first."""
        end = time.monotonic() + self._patience
        while (status := self._status(end)) != wanted:
            if status != "PROGRESS":
                raise Refused(
                    _("the terminal did not take the file: {told}").format(told=status.partition(":")[2] or status)
                )
            end = time.monotonic() + self._patience

    def _status(self, end: float) -> str:
        while True:
            if found := _COMMAND.search(self._read):
                self._read = self._read[found.end() :]
                told = dict(one.partition("=")[::2] for one in found[1].decode("ascii", "replace").split(";"))
                if told.get("ac") == "status" and told.get("id") == self._id:
                    return _plain(told.get("st", ""))
                continue
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._keyboard], [], [], left)[0]:
                raise Unreachable(_silent())
            try:
                data = os.read(self._keyboard, 65_536)
            except OSError:  # its window is closed
                data = b""
            if not data:
                raise Unreachable(_silent())
            if _STOP in data:
                raise Interrupted(_("Stopped; nothing was sent."))
            self._read = (self._read + data)[-65_536:]


def _own_name(name: str, content: bytes) -> str:
    """With a few signs that tell the content: kitty writes over what is there, and that must not be another file."""
    path = Path(harmless_name(name))
    return f"{path.stem} {blake2b(content, digest_size=4).hexdigest()}{path.suffix}"


def _silent() -> str:
    return _("the terminal does not answer; the file stays where it is")


def _coded(data: bytes) -> str:
    return b64encode(data).decode()


def _plain(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode("utf-8", "replace")[:200]
    except ValueError:
        return ""


@contextmanager
def _raw(keyboard: int) -> Iterator[None]:
    """Answers are for us alone: not shown, and not waited for by lines."""
    if sys.platform == "win32":
        raise Unreachable(_silent())
    import termios
    import tty

    before = termios.tcgetattr(keyboard)
    try:
        tty.setraw(keyboard)
        yield
    finally:
        # What came late is not for the shell.
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
