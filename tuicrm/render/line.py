"""A drawn line: runs of cleaned text with the name of a style. One adapter makes Textual strips of it, one makes ANSI.

A style is words separated by spaces: names of the palette ("dim", "bold", "accent", "late", "today", "ok", "link",
"label", "value", "heading", "required"), `fg:#rrggbb` for a stage's own colour, and grounds ("on:cursor", "on:bar",
"on:mark", "on:panel", "on:#rrggbb").
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Run(NamedTuple):
    """Text (already cleaned, see `render/text.py`) and a style's words."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Run, ...]
