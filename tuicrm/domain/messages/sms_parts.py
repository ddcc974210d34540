"""How an SMS is sent: in which alphabet, in how many parts, and which characters make it dear (3GPP TS 23.038 and 23.040).

The alphabet of GSM has 7 bits a character, 160 of them in one message and 153 in each part of a longer one; a few signs take two. One
character that it lacks makes the whole text UCS-2: 70, or 67 a part, of units of 16 bits. No sign of two units is cut in two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

Alphabet: TypeAlias = Literal["GSM-7", "UCS-2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Signs that take two units: an escape stands before them."""
_SINGLE: dict[Alphabet, int] = {"GSM-7": 160, "UCS-2": 70}
_PART: dict[Alphabet, int] = {"GSM-7": 153, "UCS-2": 67}
_ODD_SHOWN = 20


class SmsParts(msgspec.Struct, frozen=True):
    """A text as it goes: its alphabet, its parts, how many units the last of them has left, and the characters (each once, as they
    come, twenty at most) because of which it is UCS-2."""

    alphabet: Alphabet
    parts: tuple[str, ...]
    left: int
    odd: tuple[str, ...] = ()


def sms_parts(text: str) -> SmsParts:
    """The parts of a text; an empty one has one, which is empty. Line ends of Windows are read as one character."""
    text = text.replace("\r\n", "\n")
    odd = tuple(dict.fromkeys(sign for sign in text if sign not in _BASIC and sign not in _EXTENDED))
    alphabet: Alphabet = "UCS-2" if odd else "GSM-7"
    if (units := _units(text, alphabet)) <= _SINGLE[alphabet]:
        return SmsParts(alphabet, (text,), _SINGLE[alphabet] - units, odd[:_ODD_SHOWN])
    parts = tuple(_cut(text, alphabet))
    return SmsParts(alphabet, parts, _PART[alphabet] - _units(parts[-1], alphabet), odd[:_ODD_SHOWN])


def _cut(text: str, alphabet: Alphabet) -> Iterator[str]:
    begin = taken = 0
    for at, sign in enumerate(text):
        units = _units(sign, alphabet)
        if taken + units > _PART[alphabet]:
            yield text[begin:at]
            begin, taken = at, 0
        taken += units
    yield text[begin:]


def _units(text: str, alphabet: Alphabet) -> int:
    """How many units of its alphabet a text takes."""
    if alphabet == "GSM-7":
        return len(text) + sum(sign in _EXTENDED for sign in text)
    return len(text) + sum(sign > "\uffff" for sign in text)
