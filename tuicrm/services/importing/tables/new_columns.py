"""Columns that no field is like: each could become a custom field, of the kind that fits all that is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from tuicrm.domain.kinds import ByKind, written_dates, written_numbers
from tuicrm.domain.kinds.written_numbers import readings
from tuicrm.regex import regex

_BOOLEAN = regex(r"true|false|yes|no|y|n|sì|si", re.IGNORECASE)
# A leading zero is no number's: it is a code, and would be lost. So is 12E4.
_INTEGER = regex(r"-?(?:0|[1-9]\d{0,14})")
_CODE = regex(r"\D*0\d|\d+[eE]\d+")
_LINK = regex(r"https?://\S+")
_MOST_DIGITS = 15
_SOME_DAY = date(2026, 1, 1)
_SHORT = 250


def _is_number(text: str) -> bool:
    number = written_numbers.take_apart(text)
    if number is None or number.before or number.after or _CODE.match(text) or not readings(number):
        return False
    return sum(c.isdigit() for c in number.body) <= _MOST_DIGITS


def _is_day(text: str) -> bool:
    return _is_moment(text, alone=True)


def _is_moment(text: str, *, alone: bool = False) -> bool:
    # Years of two digits are those of a date elsewhere, and parts of a version as often here.
    found = written_dates.take_apart(text, _SOME_DAY)
    return found is not None and not found.short and (not alone or found.clock is None)


_FITS: ByKind[Callable[[str], object] | None] = ByKind(
    {
        "boolean": _BOOLEAN.fullmatch,
        "integer": _INTEGER.fullmatch,
        "number": _is_number,
        "date": _is_day,
        "datetime": _is_moment,
        "link": _LINK.fullmatch,
        # Texts, where nothing above fits.
        **dict.fromkeys(("string", "text"), None),
        # No cell alone tells these from a text or number.
        **dict.fromkeys(
            ("money", "duration", "booking", "address", "list", "file", "person", "item", "dictionary"), None
        ),
        **dict.fromkeys(("phone", "email", "web", "messenger"), None),
    },
    only=lambda traits: traits.custom,
)
"""Whether a cell could be of a kind, the first that all cells fit being taken; None for a kind that is never guessed."""
_GUESSED = {kind: fits for kind, fits in _FITS.items() if fits is not None}


def kind_for(texts: Iterable[str]) -> str:
    """The kind of custom field that all filled texts fit; "" when all are empty."""
    fitting = list(_GUESSED)
    filled, long = False, False
    for text in map(str.strip, texts):
        if not text:
            continue
        filled = True
        fitting = [kind for kind in fitting if _GUESSED[kind](text)]
        long = long or len(text) > _SHORT or "\n" in text
        if long and not fitting:
            break
    if not filled:
        return ""
    return fitting[0] if fitting else "text" if long else "string"
