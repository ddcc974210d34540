"""One question to one server over HTTP and its answer, bounded in time and size. What leads elsewhere is told, and not followed.

What goes out by it cannot be taken back, so that a failure says whether the server may have had the question. Addresses, headers and
what is asked may hold a secret: nothing that is told here holds any of them.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from threading import Thread
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from tuicrm.domain.channels import is_here
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _

PATIENCE = 30.0
"""Seconds that an answer may take in all."""
_MOST = 1 << 20
"""Bytes of an answer that are read."""
_TOLD = 200


class HttpAsked(Struct, frozen=True):
    """A question: its method, its whole address, its headers, its content. `ca` is a file of certificates that are trusted, or ""."""

    method: str
    url: str
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    content: bytes = b""
    ca: str = ""


class HttpAnswer(Struct, frozen=True):
    """What came back: the status, the content, and the seconds to wait that were asked for (0: not said)."""

    status: int
    content: bytes
    wait: int = 0

    @property
    def text(self) -> str:
        """The content in one line that is not too long, as it may be told."""
        return told(self.content.decode("utf-8", errors="replace"))


class NoAnswer(Exception):
    """No whole answer came. `perhaps`: the server may have had all of the question. `why` is a sentence without any secret."""

    def __init__(self, why: str, *, perhaps: bool = False) -> None:
        super().__init__(why)
        self.why, self.perhaps = why, perhaps


def ask(asked: HttpAsked, patience: float = PATIENCE) -> HttpAnswer:
    """Ask, and wait for the whole answer, so many seconds in all. Raises NoAnswer."""
    exchange = _Exchange(asked, patience)
    running = Thread(target=exchange.run, daemon=True)
    running.start()
    running.join(patience + 1)
    if exchange.answer is not None:
        return exchange.answer
    # One that comes letter by letter is left to itself: each letter is in time.
    raise exchange.failed or NoAnswer(
        _("{host}: it does not answer in time").format(host=exchange.host), perhaps=exchange.sent
    )


def told(text: str) -> str:
    """What a server says, in one line that is not too long and does no harm."""
    clean = "".join(" " if sign.isspace() or is_harmful(sign) else sign for sign in text)
    line = " ".join(clean.split())
    return line if len(line) <= _TOLD else f"{line[: _TOLD - 1]}…"


class _Exchange:
    """A question that is being asked."""

    def __init__(self, asked: HttpAsked, patience: float) -> None:
        self._asked, self._until = asked, time.monotonic() + patience
        self.answer: HttpAnswer | None = None
        self.failed: NoAnswer | None = None
        self.sent = False
        self.host = ""

    def run(self) -> None:
        try:
            self.answer = self._exchanged()
        except NoAnswer as problem:
            self.failed = problem
        except (OSError, http.client.HTTPException, ValueError) as problem:
            self.failed = NoAnswer(f"{self.host}: {_why(problem)}", perhaps=self.sent)

    def _exchanged(self) -> HttpAnswer:
        line, path = self._line()
        try:
            line.connect()
            # From the first byte on nobody knows what the server makes of it.
            self.sent = True
            line.request(self._asked.method, path, self._asked.content or None, dict(self._asked.headers))
            answer = line.getresponse()
            content = self._read(answer.read1)
            waits = (answer.getheader("Retry-After") or "").strip()
            return HttpAnswer(
                answer.status, content, int(waits) if waits.isascii() and waits.isdigit() and len(waits) < 6 else 0
            )
        finally:
            line.close()

    def _line(self) -> tuple[http.client.HTTPConnection, str]:
        parts = urlsplit(self._asked.url)
        self.host = told(parts.hostname or "?")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        left = max(self._until - time.monotonic(), 0.1)
        if parts.scheme == "https":
            trusted = ssl.create_default_context(cafile=self._asked.ca or None)
            return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=left, context=trusted), path
        if parts.scheme != "http" or not is_here(parts.hostname or ""):
            raise NoAnswer(_("{host}: https is expected; http only to this machine").format(host=self.host))
        return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=left), path

    def _read(self, piece: Callable[[int], bytes]) -> bytes:
        found = bytearray()
        while part := piece(1 << 16):
            found += part
            if len(found) > _MOST or time.monotonic() > self._until:
                raise NoAnswer(_("{host}: the server's answer does not end").format(host=self.host), perhaps=True)
        return bytes(found)


def _why(problem: Exception) -> str:
    """What went wrong, without what was asked."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _("its certificate is not trusted: {why}").format(why=problem.verify_message)
    if isinstance(problem, socket.gaierror):
        return _("there is no server of this name")
    if isinstance(problem, TimeoutError):
        return _("it does not answer in time")
    if isinstance(problem, OSError) and problem.strerror and not isinstance(problem, ssl.SSLError):
        return problem.strerror
    if isinstance(problem, http.client.HTTPException) and not isinstance(problem, http.client.InvalidURL):
        return _("its answer cannot be read")
    return (
        _("it cannot be asked: the address or a header is not as HTTP has it")
        if isinstance(problem, ValueError)
        else type(problem).__name__
    )
