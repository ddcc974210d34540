"""Sizes of files as people read them."""

from __future__ import annotations

_STEPS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))


def size_told(size: int) -> str:
    """`812 B`, `12 kB`, `3.4 MB`."""
    for step, unit in _STEPS:
        if size >= step:
            worth = size / step
            return f"{worth:.1f} {unit}" if worth < 10 and step > 1_000 else f"{worth:.0f} {unit}"
    return f"{size} B"
