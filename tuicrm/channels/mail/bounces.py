"""What servers say of a mail that could not be delivered (RFC 3464; Exim's header): which mail, to whom, and why."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import Message

from tuicrm.channels.mail.headers import Headers, one_line, words
from tuicrm.channels.mail.parsed import Bounce
from tuicrm.domain.messages.addresses import is_address
from tuicrm.domain.messages.threads import ids_in

_LONGEST = 500
"""Characters of a reason."""


def bounce_of(mail: Message, parts: list[Message]) -> Bounce | None:
    """What a report says of a mail that failed for good; None of any other mail, and where it is only late."""
    message_id = next((found for part in parts if (found := _original_id(part))), "")
    if not message_id:
        return None
    statuses = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    for part in statuses:
        failed = list(_failed(part))
        if failed:
            recipients = tuple(dict.fromkeys(who for who, _why in failed if who))
            return Bounce(message_id, recipients, next((why for _who, why in failed if why), ""))
    exim = Headers(mail).addresses("x-failed-recipients")
    return Bounce(message_id, exim, "") if exim and not statuses else None


def _original_id(part: Message) -> str:
    """The Message-ID of the mail that a report carries along, whole or its headers alone."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload()
        original = inner[0] if isinstance(inner, list) and inner else None
    elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
        content = part.get_payload(decode=True)
        original = email.message_from_bytes(content) if isinstance(content, bytes) else None
    else:
        return ""
    found = ids_in(Headers(original).raw("message-id")) if isinstance(original, Message) else []
    return found[0] if found else ""


def _failed(part: Message) -> Iterator[tuple[str, str]]:
    """Who did not get it, and why, by the blocks of a delivery status."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, Message):
            continue
        headers = Headers(block)
        if headers.raw("action").strip().casefold() == "failed":
            who = (headers.raw("original-recipient") or headers.raw("final-recipient")).rpartition(";")[2].strip()
            why = headers.raw("diagnostic-code").partition(";")
            told = one_line(words(why[2] or why[0])) or headers.text("status")
            yield (who if is_address(who) else "", told[:_LONGEST])
