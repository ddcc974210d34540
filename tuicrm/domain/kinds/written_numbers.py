"""Numbers as people and programs write them, taken apart: sign, currency, digits with the marks between them, exponent, per cent.

What a lone `,` or `.` means is not decided here: `readings` gives every number that the digits could be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from tuicrm.regex import regex

Mark: TypeAlias = Literal[".", ","]
MARKS: tuple[Mark, Mark] = (".", ",")
"""What stands before decimals, or between thousands."""

_LONGEST = 60
_BLANK = dict.fromkeys(
    map(ord, "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " "
)
_APOSTROPHE = dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u02b9\u2032\u00b4`\uff07"), "'")
_DASH = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"), "-")
_OTHER = {
    0x066B: ".",
    0x066C: "'",
    0xFF0B: "+",
    0xFF0E: ".",
    0xFF0C: ",",
    0xFF05: "%",
    0x066A: "%",
    0xFF08: "(",
    0xFF09: ")",
}
_PLAIN = {**_BLANK, **_APOSTROPHE, **_DASH, **_OTHER, 0x200E: "", 0x200F: "", 0x061C: "", 0x2060: ""}

_BODY = regex(r"[.,]?[0-9](?:[0-9.,' ]*[0-9])?")
_EXPONENT = regex(r"[.,]? ?[eE]([+-]?[0-9]{1,3})(?![0-9.,'])")
_NO_CENTS = regex(r"[.,](?:-{1,3}|=)(?![0-9])")
_SIDE = regex(r"([-+()%])|([^-+()%0-9\s][^-+()%0-9]*)")
_GROUPED = regex(r"[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*|[0-9]{1,2}([.,' ])(?:[0-9]{2}\2)+[0-9]{3}")


class WrittenNumber(msgspec.Struct, frozen=True):
    """`body` has digits and the marks `.`, `,`, `'` and blanks; `before` and `after` are the words beside it (`€`, `k`), or ""."""

    body: str
    minus: bool = False
    before: str = ""
    after: str = ""
    percent: bool = False
    exponent: int = 0


def plain(text: str) -> str:
    """A text with every blank, apostrophe, dash and digit of the world's as the plain one, without blanks around it."""
    text = text.translate(_PLAIN)
    if not text.isascii():
        text = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    return " ".join(text.split())


def take_apart(text: str) -> WrittenNumber | None:
    """What a text says as a number; None where it is no number: `-5`, `5-`, `(5)`, `€ -5`, `$(1,234.50)`, `1.2E+6`, `12 %`, `5.-`."""
    text = plain(text)
    found = _BODY.search(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    before, after, body = text[: found.start()], text[found.end() :], found[0]
    exponent = 0
    if power := _EXPONENT.match(after):
        exponent, after = int(power[1]), after[power.end() :]
    elif cents := _NO_CENTS.match(after):
        after = after[cents.end() :]
    elif after[:1] in (".", ",") and not after[1:2].isalpha():
        body, after = body + after[0], after[1:]
    sides = _words(before), _words(after)
    if sides[0] is None or sides[1] is None:
        return None
    (left, word_before), (right, word_after) = sides[0], sides[1]
    signs = left + right
    bare = signs.replace("%", "")
    if (
        bare not in ("", "-", "+", "()")
        or signs.count("%") > 1
        or (bare == "()" and not ("(" in left and ")" in right))
    ):
        return None
    return WrittenNumber(body, bare in ("-", "()"), word_before, word_after, "%" in signs, exponent)


def _words(side: str) -> tuple[str, str] | None:
    """The signs on one side of the digits, and the one word there; None where there is more than that."""
    if any(c.isdigit() for c in side):
        return None
    signs, words = "", []
    for sign, word in _SIDE.findall(side):
        if sign:
            signs += sign
        else:
            words.append(word.strip())
    return (signs, words[0] if words else "") if len(words) < 2 else None


def readings(number: WrittenNumber) -> Mapping[Mark, str]:
    """The numbers that the digits could be, by what stands before their decimals: canonical texts without a sign (`1234.50`), their
    decimals as written. Two where `,` or `.` could be either (`1,234`), or where the digits have no mark (both alike then)."""
    found = {mark: text for mark in MARKS if (text := _read(number.body, mark)) is not None}
    if number.exponent:
        # Who writes an exponent writes no thousands.
        return {mark: text for mark, text in found.items() if _is_mantissa(number.body, mark)}
    return found


def _read(body: str, mark: Mark) -> str | None:
    whole, point, decimals = body.rpartition(mark)
    if not point:
        whole, decimals = body, ""
    if decimals and not decimals.isdigit():
        return None
    if not whole.isdigit():
        if whole and (mark in whole or whole.startswith("0") or not _GROUPED.fullmatch(whole)):
            return None
        whole = re.sub("[.,' ]", "", whole)
    return f"{whole or '0'}{'.' if decimals else ''}{decimals}"


def _is_mantissa(body: str, mark: Mark) -> bool:
    return not set(body) & ({".", ",", "'", " "} - {mark})


def decimals_in(text: str) -> int:
    """How many decimals a canonical text has, those that are 0 too."""
    return len(text.partition(".")[2])
