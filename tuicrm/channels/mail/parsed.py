"""A mail as it is read: plain values, whatever the bytes were."""

from __future__ import annotations

import msgspec
from msgspec import Struct


class ParsedFile(Struct, frozen=True):
    """A file that is attached: a harmless name, and its content."""

    name: str
    content: bytes


class Bounce(Struct, frozen=True):
    """What a server says of a mail that it could not deliver: the mail's Message-ID, for whom it was, and why, in its own words."""

    message_id: str
    recipients: tuple[str, ...]
    reason: str


class ParsedMail(Struct, frozen=True):
    """A mail. Addresses are those alone, without names; `name` is what the sender is called; `at` UTC ISO, "" where no header says so.

    `automatic`: no person wrote it (an auto-reply, a list, a bounce). `hops`: how many servers it came by. `problems`: what was wrong
    with it, in plain words."""

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    sender: str = ""
    name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    at: str = ""
    text: str = ""
    files: tuple[ParsedFile, ...] = ()
    automatic: bool = False
    hops: int = 0
    bounce: Bounce | None = None
    problems: tuple[str, ...] = msgspec.field(default_factory=tuple)
