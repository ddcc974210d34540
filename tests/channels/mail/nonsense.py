"""A server that says what it is told to say, whatever it is asked."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def saying(content: bytes, pause: float = 0.0) -> Iterator[int]:
    """Its port. It says `content` at once and goes, or letter by letter, over and over, with a pause after each."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                asked, _address = listening.accept()
                with asked, suppress(OSError):
                    if not pause:
                        asked.sendall(content)
                        asked.shutdown(socket.SHUT_WR)
                        while asked.recv(1 << 16):
                            pass
                    while pause:
                        for letter in content:
                            asked.sendall(bytes([letter]))
                            time.sleep(pause)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
