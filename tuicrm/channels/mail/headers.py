"""Headers of a mail, whatever stands there: words in any charset, addresses, dates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from tuicrm.channels.mail.charsets import decoded
from tuicrm.domain.messages.addresses import is_address
from tuicrm.domain.stamps import stamp
from tuicrm.harmless import is_harmful

_LONGEST = 100_000
"""Characters of a header that are read: what comes after is of no use to anybody."""
MOST_ADDRESSES = 200
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
"""How far another clock may be ahead."""


class Headers:
    """The headers of a part, by their names in small letters; each as it was written, unfolded."""

    def __init__(self, part: Message) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in part.raw_items():
            self._all.setdefault(str(name).casefold(), []).append(_raw(value))

    def raw(self, name: str) -> str:
        """The first header of that name as it was written; "" where there is no such."""
        return next(iter(self._all.get(name, ())), "")

    def count(self, name: str) -> int:
        """How many headers have that name."""
        return len(self._all.get(name, ()))

    def text(self, name: str) -> str:
        """A header as people read it, in one line: no line break of it begins another header anywhere."""
        return one_line(words(self.raw(name)))

    def people(self, *names: str) -> list[tuple[str, str]]:
        """The names and addresses in some headers, each address once."""
        found: dict[str, str] = {}
        for name in names:
            for value in self._all.get(name, ()):
                found = dict(_people(value)) | found
        return [(name, address) for address, name in list(found.items())[:MOST_ADDRESSES]]

    def addresses(self, *names: str) -> tuple[str, ...]:
        """The addresses alone."""
        return tuple(address for _name, address in self.people(*names))

    def moment(self, now: datetime) -> str:
        """When it was sent (UTC ISO): its own date, else that of the server which took it in last; "" where neither says so."""
        for text in (self.raw("date"), *(one.rpartition(";")[2] for one in self._all.get("received", ())[:1])):
            with suppress(ValueError, TypeError, OverflowError, IndexError):
                at = parsedate_to_datetime(text[:200].strip())
                at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
                if _EARLIEST <= at <= now + _AHEAD:
                    return stamp(at)
        return ""


def _raw(value: object) -> str:
    """A header's value unfolded; bytes beyond ASCII, which have no place there, read as what they most likely are."""
    text = str(value)[:_LONGEST]
    if any("\udc80" <= character <= "\udcff" for character in text):
        text = decoded(text.encode("utf-8", "surrogateescape"), "utf-8")
    return " ".join(text.split())


def words(text: str) -> str:
    """Text with its encoded words (`=?utf-8?q?…?=`) read; what cannot be read stays as it is."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(one if isinstance(one, str) else decoded(one, charset or "ascii") for one, charset in parts)


def one_line(text: str) -> str:
    """A text of one line, without signs that steer a terminal or hide."""
    kept = "".join(" " if character in "\r\n\t\0" else character for character in text)
    return " ".join("".join(one for one in kept if one.isspace() or not is_harmful(one)).split())


def _people(value: str) -> Iterator[tuple[str, str]]:
    # Read before words are decoded: an encoded word may hold a comma or another address, and is a name all the same.
    try:
        found = getaddresses([value])
    except (ValueError, IndexError, TypeError, RecursionError):
        return
    for name, address in found[: MOST_ADDRESSES + 1]:
        if is_address(address):
            yield address, one_line(words(name))
