"""IMAPClient over `imaplib`, listening to no answer without an end, also where it comes letter by letter."""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from typing import TYPE_CHECKING

from imapclient import IMAPClient  # type: ignore[import-untyped]

from tuicrm.i18n import _
from tuicrm.limits import MAIL_SIZE

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ANSWER = MAIL_SIZE.most + (32 << 20)
"""Bytes of one answer: the largest mail, and what stands around it."""
_LINE = 16 << 20
"""Bytes of one line: the numbers of all mails of a folder stand in one."""
_SLOWEST = 10_000
"""Bytes a second that an answer comes by at least, once it has had its time."""
_PIECE = 1 << 16


class BoundedImap(IMAPClient):  # type: ignore[misc]  # the library says nothing of its types
    """A connection: over TLS from the first byte where there is a `context`. `patience` are the seconds that the server has to say
    something."""

    def __init__(self, host: str, port: int, patience: float, context: ssl.SSLContext | None) -> None:
        self._patience = patience
        super().__init__(host, port, use_uid=True, ssl=context is not None, ssl_context=context)
        self.normalise_times = False

    def _create_IMAP4(self) -> _Imap4:  # noqa: N802 - the library's own name
        return _Imap4(self.host, self.port, self._patience, self.ssl_context if self.ssl else None)

    def has_something(self) -> bool:
        """Whether something the server said is here already, so that its socket need not be waited for."""
        return bool(self._imap.heard.has_something())


class _Imap4(imaplib.IMAP4):
    """What speaks on the socket; the library asks it for bytes and lines."""

    heard: _Heard

    def __init__(self, host: str, port: int, patience: float, context: ssl.SSLContext | None) -> None:
        self._patience, self._context = patience, context
        super().__init__(host, port, timeout=patience)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = socket.create_connection((self.host, self.port), timeout)
        if self._context is not None:
            sock = self._context.wrap_socket(sock, server_hostname=self.host)
        self.heard = _Heard(sock, self._patience)
        return sock

    def send(self, data: ReadableBuffer) -> None:
        """Say something: the server has its time for an answer."""
        self._now_heard().begin()
        super().send(data)

    def read(self, size: int) -> bytes:
        return self._now_heard().read(size)

    def readline(self) -> bytes:
        return self._now_heard().readline()

    def _now_heard(self) -> _Heard:
        """What is heard on the socket as it is now. That of TLS is another one: what came before it in the clear is forgotten, since
        anybody can have said it."""
        if self.heard.sock is not self.sock:
            self.heard = _Heard(self.sock, self._patience)
        return self.heard


class _Heard:
    """What a server says. Raises TimeoutError where one answer is too long, or takes too long."""

    def __init__(self, sock: socket.socket, patience: float) -> None:
        self.sock, self._patience = sock, patience
        self._kept = bytearray()
        self.begin()

    def begin(self) -> None:
        """Another answer begins."""
        self._came, self._begun = 0, time.monotonic()

    def has_something(self) -> bool:
        """Whether bytes are here that nobody has read."""
        return bool(self._kept) or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0)

    def read(self, size: int) -> bytes:
        """So many bytes; fewer where the server has gone."""
        while len(self._kept) < size and self._more():
            pass
        return self._taken(size)

    def readline(self) -> bytes:
        """A line with its end; without one where the server has gone."""
        looked = 0
        while (found := self._kept.find(b"\n", looked)) < 0:
            looked = len(self._kept)
            if looked > _LINE:
                raise TimeoutError(_("its answer does not end"))
            if not self._more():
                return self._taken(looked)
        return self._taken(found + 1)

    def _taken(self, size: int) -> bytes:
        found = bytes(self._kept[:size])
        del self._kept[:size]
        return found

    def _more(self) -> bool:
        left = self._begun + 2 * self._patience + self._came / _SLOWEST - time.monotonic()
        if left <= 0 or self._came > _ANSWER:
            raise TimeoutError(_("its answer does not end"))
        self.sock.settimeout(min(self._patience, left))
        piece = self.sock.recv(_PIECE)
        self._came += len(piece)
        self._kept += piece
        return bool(piece)
