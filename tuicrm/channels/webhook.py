"""A small receiver of what servers tell: one request at a time, bounded in size and time, on this machine unless told otherwise."""

from __future__ import annotations

import contextlib
import io
import socket
import sys
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from msgspec import Struct

from tuicrm.errors import StorageError
from tuicrm.i18n import _

MOST = 1 << 20
"""Bytes of a request."""
PATIENCE = 10.0
"""Seconds that a request may take."""


class HookRequest(Struct, frozen=True):
    """What was asked: `path` with its query; the names of `headers` are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class HookAnswer(Struct, frozen=True):
    """What is answered."""

    status: int
    text: str = ""


class Webhook:
    """Listens. `answer` is asked in the thread that calls `serve`, one request after the other. Raises StorageError where the port
    cannot be had."""

    def __init__(self, host: str, port: int, answer: Callable[[HookRequest], HookAnswer]) -> None:
        handler = type("HookHandler", (_Handler,), {"answer": staticmethod(answer)})
        try:
            self._server = _Server((host, port), handler)
        except (OSError, OverflowError) as problem:
            why = getattr(problem, "strerror", "") or str(problem)
            raise StorageError(_("{host}:{port}: {why}").format(host=host, port=port, why=why)) from problem
        self.port: int = self._server.server_address[1]

    def serve(self, seconds: float) -> None:
        """Wait so long for a request, and answer it."""
        self._server.timeout = seconds
        self._server.handle_request()

    def close(self) -> None:
        """Listen no more."""
        self._server.server_close()


class _Server(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's words
        """That somebody went away is nothing to be told of; what is wrong here is."""
        problem = sys.exc_info()[1]
        if problem is not None and not isinstance(problem, (OSError, ValueError)):
            raise problem


class _Handler(BaseHTTPRequestHandler):
    answer: Callable[[HookRequest], HookAnswer]
    timeout = PATIENCE
    server_version = "tuicrm"
    sys_version = ""

    def setup(self) -> None:
        super().setup()
        self.rfile = io.BufferedReader(_InTime(self.connection))

    def do_GET(self) -> None:
        self._asked(b"")

    def do_POST(self) -> None:
        said = self.headers.get("Content-Length", "")
        size = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1
        if not 0 <= size <= MOST or "chunked" in self.headers.get("Transfer-Encoding", ""):
            self._say(HookAnswer(413))
            return
        body = self.rfile.read(size)
        if len(body) == size:
            self._asked(body)

    def _asked(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._say(type(self).answer(HookRequest(self.command, self.path, headers, body)))

    def _say(self, answer: HookAnswer) -> None:
        content = answer.text.encode()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.send_response(answer.status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: an address holds a secret."""


class _InTime(io.RawIOBase):
    """What comes by a connection, which ends at its time however slowly each piece comes."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._until = line, time.monotonic() + PATIENCE

    def readable(self) -> bool:
        """It is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises TimeoutError."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)
        return self._line.recv_into(buffer)
