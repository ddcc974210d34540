"""A line of the store: plain JSON whose first member is a CRC-32 of the rest, at a fixed place, so that checking needs no parsing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from math import isfinite
from typing import Any

import msgspec

from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import DEPTH
from tuicrm.regex import regex

BEGIN = b'{"crc":"'
"""How every line begins, and nothing within one: in a text, quotes are escaped."""

HEAD = 18
"""Bytes of `{"crc":"xxxxxxxx",`."""

# DEL, C1, bidi marks, line and paragraph separators, embeddings, overrides, isolates, as UTF-8.
_UNSAFE = regex(rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]")
_encoder = msgspec.json.Encoder()


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(match[0].decode())


def encode(value: object) -> bytes:
    """JSON in UTF-8 with control, C1 and bidirectional characters escaped.

    Raises Refused for a lone surrogate and for anything that is no JSON (NaN, sets, keys that are no text)."""
    check(value)
    try:
        return _UNSAFE.sub(_escaped, _encoder.encode(value))
    except (UnicodeEncodeError, OverflowError, TypeError, ValueError) as problem:
        raise Refused(_("this cannot be saved: {problem}").format(problem=problem)) from problem


def check(value: Any, depth: int = 0) -> None:
    """Raise Refused unless the value is JSON: what the encoder would bend (NaN to null, a date to text) is refused."""
    if depth > DEPTH.most:
        raise Refused(_("this cannot be saved: it is nested more than {n} levels deep").format(n=DEPTH.most))
    kind = type(value)
    if kind is str:
        if not value.isascii() and _has_surrogate(value):
            raise Refused(_("this text cannot be saved: it contains half a character (a lone surrogate)"))
    elif kind is dict:
        for key, each in value.items():
            if type(key) is not str:
                raise Refused(_("this cannot be saved: a key is not text: {key}").format(key=repr(key)))
            check(key)
            check(each, depth + 1)
    elif kind in (list, tuple):
        for each in value:
            check(each, depth + 1)
    elif kind is float:
        if not isfinite(value):
            raise Refused(_("this cannot be saved: {value} is not a number").format(value=value))
    elif value is not None and kind not in (int, bool, msgspec.Raw):
        raise Refused(_("this cannot be saved: {kind} is not JSON").format(kind=kind.__name__))


def check_kept(doc: Mapping[str, Any]) -> None:
    """Raise Refused, naming the field, for a document that another store could not keep: one with a NUL character in a text or a
    key. What was written before this was refused can still be read, deleted and put right."""
    for field, value in doc.items():
        if "\0" in field or _holds_nul(value):
            expected = _("a text without NUL characters is expected")
            raise Refused(f"{field}: {expected}", [FieldProblem(field, expected, value)])


def _holds_nul(value: Any) -> bool:
    kind = type(value)
    if kind is str:
        return "\0" in value
    if kind is dict:
        return any("\0" in key or _holds_nul(each) for key, each in value.items())
    return kind in (list, tuple) and any(map(_holds_nul, value))


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def seal(body: bytes) -> bytes:
    """`{"k":v}` as a line with its checksum and line end."""
    rest = body[1:]
    return b'{"crc":"%08x",' % zlib.crc32(rest) + rest + b"\n"


def unseal(line: bytes) -> bytes | None:
    """The body of a line (without its line end); None when it is damaged."""
    rest = line[HEAD:]
    return b"{" + rest if rest and line[:HEAD] == b'{"crc":"%08x",' % zlib.crc32(rest) else None
