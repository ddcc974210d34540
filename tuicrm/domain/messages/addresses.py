"""E-mail addresses as messages hold them, and as they are compared."""

from __future__ import annotations

from collections.abc import Iterable

from tuicrm.domain.reach import form_of

_LONGEST = 320
"""Characters of an address (RFC 5321: 64 before the sign, 255 behind it)."""


def compared(address: str) -> str:
    """The form in which two addresses are compared; "" for what is no address."""
    return form_of(address) if is_address(address) else ""


def is_address(text: str) -> bool:
    """Whether this may be an address: one `@` with something on both sides, no space, no line break, no sign that would end it."""
    before, at, behind = text.rpartition("@")
    if not (before and at and behind) or len(text) > _LONGEST or "@" in before.strip('"'):
        return False
    return text.isprintable() and not any(sign in text for sign in ' <>,;"\\()')


def all_compared(addresses: Iterable[str]) -> list[str]:
    """The compared forms of some addresses, each once, without what is none."""
    return list(dict.fromkeys(form for one in addresses if (form := compared(one))))
