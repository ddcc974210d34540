"""Mail that is handed over: heads that nothing can be put into, servers that mean harm or are broken."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.policy import default

import pytest

from tests.hostile import HOSTILE
from tests.hostile_workspace import PAYLOADS, TEXTS
from tuicrm.errors import Refused, StorageError
from tuicrm.harmless import is_harmful
from tuicrm.services.workspace import mailing
from tuicrm.services.workspace.mail_servers import MailServer, read_server
from tuicrm.services.workspace.mailing import message, send, with_invitation


@contextmanager
def saying(say: Callable[[socket.socket], None]) -> Iterator[tuple[MailServer, list[bytes]]]:
    """A server on a free port, which is asked once."""
    listening = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):
            asked, _address = listening.accept()
            with asked:
                say(asked)
                with suppress(OSError):
                    asked.settimeout(0.2)
                    heard.append(asked.recv(1 << 16))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield MailServer("127.0.0.1", listening.getsockname()[1]), heard
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def for_ever(piece: bytes) -> Callable[[socket.socket], None]:
    def say(asked: socket.socket) -> None:
        with suppress(OSError):
            while True:
                asked.sendall(piece)

    return say


def drop_by_drop(asked: socket.socket) -> None:
    with suppress(OSError):
        while True:
            asked.sendall(b"2")
            time.sleep(0.02)


def once(*lines: bytes) -> Callable[[socket.socket], None]:
    def say(asked: socket.socket) -> None:
        for line in lines:
            asked.sendall(line)
            with suppress(OSError):
                asked.settimeout(5)
                asked.recv(1 << 16)

    return say


MAIL = message("crm@example.com", "anna@example.com", "Call", "Call Paolo\n")


@pytest.mark.parametrize(
    "say",
    [
        for_ever(b"220-and so on\r\n" * 1000),
        for_ever(b"2" * 100_000),
        for_ever(b"\x00\xff"),
        drop_by_drop,
        once(b""),
        once(b"nonsense\r\n"),
        once(b"554 go away \x1b]0;pwned\x07\r\n"),
        once(b"220 hello\r\n", b"250-x\r\n250 SIZE 1\r\n"),
        once(b"220 hello\r\n", b"250-x\r\n250 STARTTLS\r\n", b"220 go\r\n", b"no TLS at all"),
        once(b"220 hello\r\n", b"250 x\r\n", b"550 \xff\xfe no\r\n"),
    ],
    ids=["lines", "line", "bytes", "drops", "nothing", "nonsense", "refusal", "size", "tls", "sender"],
)
def test_a_server_that_means_harm_is_a_sentence(
    say: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "_PATIENCE", 0.3)
    begun = time.monotonic()
    with saying(say) as (server, _heard), pytest.raises(StorageError, match=r"127\.0\.0\.1 did not take the mail"):
        send(server, MAIL, {})
    assert time.monotonic() - begun < 5


def test_no_password_goes_to_a_server_that_hides_its_encryption() -> None:
    say = once(b"220 hello\r\n", b"250-x\r\n250 AUTH PLAIN LOGIN\r\n")
    with saying(say) as (server, heard), pytest.raises(StorageError, match="not sent"):
        send(MailServer(server.host, server.port, "anna"), MAIL, {mailing.PASSWORD: "s3cret"})
    assert not any(b"AUTH" in one or b"czNjcmV0" in one for one in heard)


def test_a_head_takes_nothing_that_is_none_of_its_own() -> None:
    for evil in (text[:100] for text in (*PAYLOADS, "x\nBcc: eve@example.com\r\n\r\nx", *TEXTS[len(PAYLOADS) :: 4])):
        made = with_invitation(message(evil, "anna@example.com", evil, f"{evil}\n"), f"BEGIN:VCALENDAR\r\nX:{evil}\r\n")
        read = message_from_bytes(bytes(made), policy=default)
        assert {"Bcc", "Cc", "X-Other"}.isdisjoint(read.keys())
        assert len(read.keys()) == len(set(read.keys()))
        assert not any(is_harmful(sign) for sign in read["Subject"]), evil


def test_mail_goes_to_one_address_or_to_nobody() -> None:
    for to in (*TEXTS, "a@b.it, eve@example.com", "a@b.it;c@d.it", "a@b.it\nBcc: eve@example.com", "a b@c", "A <a@b.it>", "a@b@c",
               "mailto:a@b", f"{'a' * 300}@b.it", "a@b.it\u202e", '"a@x"@b.it'):  # fmt: skip
        with pytest.raises(Refused):
            message("crm@example.com", to, "Call", "Call\n")
    for to in ("anna@example.com", "o'brien+crm@città.it", "anna@localhost"):
        assert message("crm@example.com", to, "Call", "Call\n")["To"].addresses


def test_an_address_is_a_server_or_is_not() -> None:
    for text in ("smtp://a:1", "smtps://anna@mail.example.com"):
        assert read_server(text) is not None
    for text in ("", "http://a", "smtp://", "smtp://a:b@c", "smtp://[", "smtp://a:99999999", "smtp://a/x", *HOSTILE):
        assert read_server(text) is None
