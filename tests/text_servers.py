"""Servers by which texts go, small and real: a gateway, the Cloud API, the Bot API, as their documents have them; and their faults."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from msgspec import Struct

SAID: TypeAlias = tuple[int, Any]


class Asked(Struct):
    """What a server was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class TextServer:
    """Answers by `say` (a status, and JSON or text), or by a fault: `hang`, `half` an answer, an answer of 10 MB (`large`), a redirect
    (`elsewhere`), `drop` after the whole question came."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.say: Callable[[Asked], SAID] = lambda _asked: (200, {})
        self.fault = ""
        self.headers: dict[str, str] = {}
        self.url = ""
        self.released = threading.Event()

    def answered(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one question."""
        size = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(size).decode()
        one = Asked(handler.command, handler.path, {k.lower(): v for k, v in handler.headers.items()}, body)
        self.asked.append(one)
        if self.fault == "drop":
            return
        if self.fault == "hang":
            self.released.wait(20)
            return
        status, said = (302, "") if self.fault == "elsewhere" else self.say(one)
        content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        content = b" " * (10 << 20) if self.fault == "large" else content
        handler.send_response(status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        if self.fault == "elsewhere":
            handler.send_header("Location", "http://evil.example/steal")
        handler.send_header("Content-Length", str(len(content) + (50 if self.fault == "half" else 0)))
        handler.end_headers()
        handler.wfile.write(content)


def says(status: int, said: Any) -> Callable[[Asked], SAID]:
    """Always the same."""
    return lambda _asked: (status, said)


@contextmanager
def text_server() -> Iterator[TextServer]:
    """One that runs."""
    found = TextServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.answered(self)

        do_POST = do_GET  # noqa: N815 - what http.server asks for

        def log_message(self, *_arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_arguments: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        found.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Bot:
    """A bot's side of Telegram: updates that wait until an offset passes them, held questions, messages that were sent."""

    token = "123456:AAtoken_of-a-bot"

    def __init__(self, server: TextServer) -> None:
        self.updates: list[dict[str, Any]] = []
        self.sent: list[tuple[int, str]] = []
        server.say = self._say

    def write(self, chat: int, text: str, type: str = "private") -> None:
        """Somebody writes to the bot."""
        number = 1000 + len(self.updates)
        self.updates.append(
            {
                "update_id": number,
                "message": {
                    "message_id": number,
                    "date": 1_793_000_000,
                    "text": text,
                    "chat": {"id": chat, "type": type},
                    "from": {"id": chat, "first_name": "Maria", "username": "maria_r"},
                },
            }
        )

    def _say(self, asked: Asked) -> SAID:
        _nothing, token, method = asked.path.split("/")
        if token != f"bot{self.token}":
            return 404, {"ok": False, "error_code": 404, "description": "Not Found"}
        if method == "getMe":
            return 200, {"ok": True, "result": {"id": 1, "is_bot": True, "username": "rossi_bot"}}
        if method == "sendMessage":
            self.sent.append((asked.json["chat_id"], asked.json["text"]))
            return 200, {"ok": True, "result": {"message_id": 7000 + len(self.sent)}}
        until = time.monotonic() + min(asked.json["timeout"], 5)
        while True:
            found = [one for one in self.updates if one["update_id"] >= asked.json["offset"]]
            if found or time.monotonic() > until:
                return 200, {"ok": True, "result": found[: asked.json["limit"]]}
            time.sleep(0.005)
