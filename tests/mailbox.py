"""A real mail server in a thread of its own, and what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from threading import Thread

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession


class Inbox:
    """What a mail server was given, and its port."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.to: list[list[str]] = []
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        self.mails.append(message_from_bytes(envelope.original_content or b"", policy=default))
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"

    def clear(self) -> None:
        """Forget it all."""
        self.mails.clear()
        self.to.clear()

    def calendars(self) -> list[tuple[str, bytes]]:
        """To whom each went, and its calendar part."""
        parts = [next(one for one in mail.walk() if one.get_content_type() == "text/calendar") for mail in self.mails]
        return [(to, bytes(part.get_payload(decode=True))) for [to], part in zip(self.to, parts, strict=True)]


@contextmanager
def mailbox(inbox: Inbox | None = None) -> Iterator[Inbox]:
    """A server on a free port, as long as it is wanted; `inbox` is what it does with mails."""
    inbox, loop = inbox or Inbox(), asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(inbox, loop=loop), "127.0.0.1", 0))
    inbox.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield inbox
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
