"""What is drawn, in fewer bytes: over SSH they are what takes time. The picture is the same to the cell.

Rich writes each run of text with its whole style and takes that back after it. Here only what is other than before is written; blanks
take the ground alone, since nothing else of a style shows on them; and ways that the cursor goes for nothing are left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from tuicrm.regex import regex

_STYLE = regex("\x1b\\[([0-9:;]*)m")
_FOR_NOTHING = regex("(?:\x1b\\[[0-9]+;[0-9]+H|\r?\n)+(?=\x1b\\[[0-9]+;[0-9]+H)")
"""To where the cursor does not stay."""

_MOVE = regex("\x1b\\[[0-9]+;[0-9]+H")

Looks: TypeAlias = tuple[frozenset[str], str, str]
"""Manners (bold …), ink, ground, each as the numbers that ask for it; "" for the terminal's own."""

_PLAIN: Looks = (frozenset(), "", "")
_END = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29"}
"""Bold, dim, italic …: what ends each; bold and dim end together."""

_ON_BLANKS = frozenset("45679")
"""Manners that show where there is no letter: underlined, blinking, reversed, struck out."""


@lru_cache(maxsize=4096)
def _looks(numbers: str) -> Looks | None:
    """What a whole style asks for; None where it asks for anything that is not known here."""
    manners, ink, ground = set[str](), "", ""
    left = [number or "0" for number in numbers.split(";")]
    while left:
        one = left.pop(0)
        if one == "0":
            manners, ink, ground = set(), "", ""
        elif one in _END:
            manners.add(one)
        elif one in ("38", "48") and left[:1] in (["2"], ["5"]):
            size = 4 if left[0] == "2" else 2
            if len(left) < size:
                return None
            colour = ";".join((one, *left[:size]))
            del left[:size]
            ink, ground = (colour, ground) if one == "38" else (ink, colour)
        elif one.isdigit() and (30 <= int(one) <= 37 or 90 <= int(one) <= 97):
            ink = one
        elif one.isdigit() and (40 <= int(one) <= 47 or 100 <= int(one) <= 107):
            ground = one
        else:
            return None
    return frozenset(manners), ink, ground


def _change(before: Looks, after: Looks) -> str:
    """What brings a terminal from one look to another."""
    if before == after:
        return ""
    if after == _PLAIN:
        return "\x1b[0m"
    ended = {_END[one] for one in before[0] - after[0]}
    begun = {one for one in after[0] if one not in before[0] or _END[one] in ended}
    colours = [new or own for old, new, own in zip(before[1:], after[1:], ("39", "49"), strict=True) if new != old]
    from_here = ";".join((*sorted(ended), *sorted(begun), *colours))
    anew = ";".join(("0", *sorted(after[0]), *filter(None, after[1:])))
    return f"\x1b[{min(from_here, anew, key=len)}m"


def _on_blanks(now: Looks, wanted: Looks) -> Looks | None:
    """The look in which blanks show as they are wanted, with as little changed as can be; None where all of it counts."""
    if (now[0] | wanted[0]) & _ON_BLANKS:
        return None
    return (now[0], now[1], wanted[2]) if wanted[2] or not now[2] else wanted


@lru_cache(maxsize=8192)
def _step(now: Looks, wanted: Looks, blank: bool) -> tuple[str, Looks]:
    """What brings a terminal to the look in which a text shows as wanted, and that look."""
    shown = (_on_blanks(now, wanted) if blank else None) or wanted
    return _change(now, shown), shown


def thrifty(drawn: str) -> str:
    """A drawing that shows the same; it begins and ends with the terminal's own look."""
    if "\x1b[" not in drawn:
        return drawn
    pieces = _STYLE.split(_FOR_NOTHING.sub("", drawn))
    found = [pieces[0]]
    now = wanted = _PLAIN
    for numbers, text in zip(pieces[1::2], pieces[2::2], strict=True):
        asked = _looks(numbers)
        if asked is None or (numbers and not numbers.startswith("0") and wanted != _PLAIN):
            return drawn  # a style upon another one, or one that is not known: left as it is
        wanted = asked
        if not text or (text[0] == "\x1b" and _MOVE.fullmatch(text)):
            found.append(text)
            continue
        change, now = _step(now, wanted, not text.strip(" "))
        found += (change, text)
    found.append(_change(now, _PLAIN))
    return "".join(found)
