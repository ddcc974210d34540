"""The calendar in a mail: an invitation or an answer as it comes into an inbox, saved as a file or handed on by a mail filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.regex import regex

if TYPE_CHECKING:
    from email.message import Message

_HEAD = regex(rb"\A(?:From |(?!BEGIN:)[!-9;-~]{1,76}:)")
"""How a mail begins, and no calendar does."""
_ATTACHED = ("application/ics", "application/octet-stream")


def calendar_of_mail(data: bytes) -> bytes:
    """The calendar part of a mail, as UTF-8 where the mail says in what it is written; whatever else comes is given back."""
    if not _HEAD.match(data):
        return data
    # 30 ms to import.
    from email import message_from_bytes

    try:
        parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
    except RecursionError:  # parts within parts within parts
        return data
    meant = [part for part in parts if part.get_content_type() == "text/calendar"]
    meant += [part for part in parts if part.get_content_type() in _ATTACHED and _name(part).endswith(".ics")]
    content = meant[0].get_payload(decode=True) if meant else data
    if not isinstance(content, bytes):
        return data
    try:
        return content.decode(str(meant[0].get_content_charset() if meant else "") or "utf-8").encode()
    except (LookupError, ValueError):
        return content


def _name(part: Message) -> str:
    try:
        return str(part.get_filename() or "").casefold()
    except (LookupError, ValueError):
        return ""
