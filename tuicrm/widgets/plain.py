"""The one way of users' text into Textual (DESIGN.md, decision 4): cleaned, and as an object that is never parsed."""

from __future__ import annotations

from textual.content import Content

from tuicrm.render.text import clean, clean_lines


def plain(text: str) -> Content:
    """One line of users' text for a widget, a title or a tooltip."""
    return Content(clean(text))


def plain_value(text: str) -> str:
    """Users' text for a one-line input, which shows its value without reading markup in it."""
    return clean(text)


def plain_lines(text: str) -> str:
    """Users' text for a multi-line input: its own lines, each cleaned."""
    lines = clean_lines(text)
    return "\n".join([*lines, ""] if text.endswith("\n") else lines)
