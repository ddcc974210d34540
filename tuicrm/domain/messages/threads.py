"""What makes a message itself, and which thread it belongs to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from tuicrm.regex import regex

_REPLY = regex(
    r"^\s*(?:(?:re|r|aw|sv|antw|fwd?|fw|wg|i|tr|rif|vs|odp)(?:\[\d+\]|\(\d+\))?\s*[:：]|\[[^\]]{0,60}\])\s*",
    re.IGNORECASE,
)
"""What stands before a subject that is answered or passed on, in the languages that programs write it in; the name of a list too."""
_ID = regex(r"<([^<>\s]{1,990})>")
_LEAST_TEXT = 20
"""Characters that two texts must have in common before one can be taken for the other with a footer of a list."""
MOST_REFERENCES = 100


def canonical_subject(subject: str) -> str:
    """The subject without `Re:`, `Fwd:`, `R:`, names of lists, doubled spaces and capitals."""
    text = " ".join(subject.split())
    for _round in range(20):
        shorter = _REPLY.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter
    return text.casefold()


def ids_in(header: str) -> list[str]:
    """The Message-IDs that a header names, without their brackets; the first and the last ones where there are very many."""
    found = list(dict.fromkeys(_ID.findall(header)))
    return found if len(found) <= MOST_REFERENCES else [found[0], *found[1 - MOST_REFERENCES :]]


def digest(message_id: str, sender: str, subject: str, text: str, files: Iterable[str]) -> str:
    """What makes a message itself (sha256): the same by whichever account it came, and however a server wrapped its lines."""
    parts = (message_id, sender.casefold(), " ".join(subject.split()), plain(text), *sorted(files))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def plain(text: str) -> str:
    """A text as it is compared: without differences in white space."""
    return " ".join(text.split())


def continues(longer: str, shorter: str) -> bool:
    """Whether a text is another one with something behind it, as lists and gateways put there."""
    whole, part = plain(longer), plain(shorter)
    return len(part) >= _LEAST_TEXT and whole.startswith(part)


def slot(message_id_or_digest: str) -> int:
    """The number of the record that says which messages are known by a Message-ID (or, without one, by a digest)."""
    return int.from_bytes(hashlib.sha256(message_id_or_digest.encode("utf-8", "surrogatepass")).digest()[:6], "big") + 1
