"""Columns that no field is like: each could become a custom field, of the kind that fits all that is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = {
    "boolean": re.compile(r"true|false|yes|no|y|n|sì|si", re.IGNORECASE),
    # A leading zero is no number's: it is a code, and would be lost.
    "integer": re.compile(r"-?(?:0|[1-9]\d{0,14})"),
    "number": re.compile(r"-?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:[., ']\d{3})+)(?:[.,]\d+)?"),
    "date": re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:Z|[+-]\d\d:?\d\d)?"),
    "link": re.compile(r"https?://\S+"),
}
_SHORT = 250


def kind_for(texts: Iterable[str]) -> str:
    """The kind of custom field that all filled texts fit; "" when all are empty."""
    fitting = list(_PLAIN)
    filled, long = False, False
    for text in map(str.strip, texts):
        if not text:
            continue
        filled = True
        fitting = [kind for kind in fitting if _PLAIN[kind].fullmatch(text)]
        long = long or len(text) > _SHORT or "\n" in text
        if long and not fitting:
            break
    if not filled:
        return ""
    return fitting[0] if fitting else "text" if long else "string"
