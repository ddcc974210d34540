"""Users' text for inputs, which show their value without reading markup in it: cleaned (DESIGN.md, decision 4)."""

from __future__ import annotations

from tuicrm.render.text import clean, clean_lines


def plain_value(text: str) -> str:
    """Users' text for a one-line input, which shows its value without reading markup in it."""
    return clean(text)


def plain_lines(text: str) -> str:
    """Users' text for a multi-line input: its own lines, each cleaned."""
    lines = clean_lines(text)
    return "\n".join([*lines, ""] if text.endswith("\n") else lines)
