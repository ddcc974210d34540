"""`smtplib`, listening to no answer without an end, also where it comes letter by letter."""

from __future__ import annotations

import io
import smtplib
import socket
import time
from typing import TYPE_CHECKING, Any

from tuicrm.i18n import _

if TYPE_CHECKING:
    import ssl

    from _typeshed import ReadableBuffer, WriteableBuffer

_ANSWER = 1 << 18
"""Bytes of one answer."""
_SLOWEST = 10_000
"""Bytes a second that a connection takes at least."""
GO_AHEAD = 354
"""What a server says to DATA: from then on it may take the message, whatever becomes of the connection."""
_LONGEST_WAIT = 300
"""Seconds that a server has to answer for a whole message: it may look it through meanwhile."""


class BoundedSmtp(smtplib.SMTP):
    """A connection. `patience` are the seconds that the server has for an answer; `last` is the code of what it said last."""

    def __init__(self, host: str, port: int, patience: float, local_hostname: str | None = None) -> None:
        self.patience, self.last = patience, 0
        super().__init__(host, port, local_hostname, timeout=patience)

    def getreply(self) -> tuple[int, bytes]:
        """What the server says. Raises TimeoutError where that is too long, or takes too long."""
        listening: Any = self
        if listening.file is None:
            self._heard = _Heard(listening.sock)
            listening.file = io.BufferedReader(self._heard)
        waits = self.last == GO_AHEAD and self.patience >= 1
        self._heard.begin(max(self.patience, _LONGEST_WAIT) if waits else self.patience)
        code, said = super().getreply()
        self.last = code
        return code, said

    def send(self, s: ReadableBuffer | str) -> None:
        """Give the server something; a long message has the time that a slow line needs."""
        if self.sock is not None:
            self.sock.settimeout(max(self.patience, len(bytes(s, "ascii") if isinstance(s, str) else s) / _SLOWEST))  # type: ignore[arg-type]
        super().send(s)


class BoundedSmtpTls(BoundedSmtp):
    """The same over TLS from the first byte."""

    def __init__(
        self, host: str, port: int, patience: float, context: ssl.SSLContext, local_hostname: str | None = None
    ) -> None:
        self._context = context
        super().__init__(host, port, patience, local_hostname)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._context.wrap_socket(socket.create_connection((host, port), timeout), server_hostname=host)


class _Heard(io.RawIOBase):
    """What a server says, over its socket; raises TimeoutError where one answer is too long, or takes too long."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.begin(1)

    def begin(self, patience: float) -> None:
        """Another answer begins."""
        self._patience = patience
        self._left, self._until = _ANSWER, time.monotonic() + 2 * patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(max(0.001, min(self._patience, self._until - time.monotonic())))
        found = self._sock.recv_into(buffer)
        self._left -= found
        if self._left < 0 or time.monotonic() > self._until:
            raise TimeoutError(_("its answer does not end"))
        return found
