"""Ids of other programs in the one form in which they are kept and compared."""

from __future__ import annotations

from tuicrm.regex import regex

_SHORT = regex(r"[A-Za-z0-9]{15}")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def as_kept(source: str, text: str) -> str:
    """An id as it is kept: Salesforce's reports have 15 characters of what its Data Loader has 18 of, whose last three say which
    of the others are capitals."""
    text = text.strip()
    if source != "salesforce" or not _SHORT.fullmatch(text):
        return text
    bits = (sum(1 << at for at, char in enumerate(text[start : start + 5]) if char.isupper()) for start in (0, 5, 10))
    return text + "".join(_CHECK[number] for number in bits)
