"""Keys made from what people call things: `Close date (expected)` → `close_date_expected`."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

_LONGEST = 40


def slug(text: str, fallback: str) -> str:
    """Lower-case ASCII letters, digits and `_`, beginning with a letter; `fallback` where nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    key = "_".join(words)[:_LONGEST].strip("_")
    if not key:
        return fallback
    return key if key[0].isalpha() else f"{fallback}_{key}"


def unused(key: str, taken: Collection[str], number: int = 2) -> str:
    """The key itself, or with the first number (from `number` on) that makes it a new one: `margin`, `margin_2`."""
    if key not in taken:
        return key
    while f"{key}_{number}" in taken:
        number += 1
    return f"{key}_{number}"
