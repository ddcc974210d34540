"""Addresses as people type and paste them: bare or with names, parted by commas, semicolons or line ends."""

from __future__ import annotations

from tuicrm.channels.mail.composing import checked_address
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import Refused
from tuicrm.regex import regex

_PIECE = regex(r'(?:"[^"]*"|<[^<>]*>|[^,;\r\n"<])+|.')


def pieces(text: str) -> list[str]:
    """What stands between the signs that part addresses; a name with a comma in it (`Rossi, Maria <m@example.com>`) stays whole."""
    found: list[str] = []
    for each in _PIECE.findall(text):
        piece = each.strip(" \t,;\r\n")
        if not piece:
            continue
        if found and "<" in piece and "@" not in found[-1]:
            found[-1] = f"{found[-1]}, {piece}"
        else:
            found.append(piece)
    return found


def read_addresses(text: str) -> list[str]:
    """The bare addresses of a text, each once. Raises BadValue that names the first which is none."""
    found = []
    for piece in pieces(text):
        try:
            found.append(checked_address(piece))
        except Refused as refused:
            raise BadValue(refused.message, piece) from refused
    return list(dict.fromkeys(found))


def parted(text: str) -> tuple[str, str]:
    """A text without what is typed behind its last sign that parts addresses, and that."""
    at = max(text.rfind(sign) for sign in ",;\n") + 1
    return text[:at], text[at:].strip()
