"""Phones and e-mails in the form in which they are compared: what one reaches somebody by, whoever typed it and how."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

PATH = "@reach"
"""A path (as in `conditions.Test`) to all phones and e-mails of an item in that form; no field's key begins so. Stores keep what they
found by it: another form needs another path."""

MADE_OF = ("phone", "email")
"""The fields that it is made of."""


def reach(doc: Mapping[str, Any]) -> Sequence[str]:
    """All that one reaches this item by, each once."""
    found: dict[str, None] = {}
    for key in MADE_OF:
        value = doc.get(key)
        for point in value if isinstance(value, list) else (value,):
            text = point.get("value") if isinstance(point, dict) else None
            form = form_of(text) if isinstance(text, str) else ""
            if form:
                found[form] = None
    return list(found)


def form_of(value: str) -> str:
    """The compared form of a stored value: an e-mail case-folded; of a phone its number, the extension ignored (reference §13)."""
    if "@" in value:
        return value.strip().casefold()
    number = value.partition(";")[0]
    digits = re.sub(r"\D", "", number)
    # Three digits reach a colleague, in every company another one.
    if len(digits) <= 3:
        return ""
    return f"+{digits}" if number.lstrip().startswith("+") else digits
