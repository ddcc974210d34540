"""A drawn line: runs of cleaned text with the name of a style. One adapter makes Textual strips of it, one makes ANSI.

A style is words separated by spaces, later ones winning; `render/palette.py` says how each looks:

- inks: "dim" (secondary text), "faint" (hints), "rule" (rails and rules), "accent", "late", "today", "ok", "link", "label",
  "value", "title" (what a thing is called), "heading", "required", "key" (a key in the footer), "handle" (what can be moved),
  `fg:#rrggbb` for a stage's own colour;
- manners: "bold", "underline", "italic", "reverse";
- grounds: "on:cursor", "on:bar", "on:mark", "on:panel", "on:accent", `on:#rrggbb` (with an ink that reads on it) and
  `tint:#rrggbb` (the same, faintly).
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Run(NamedTuple):
    """Text (already cleaned, see `render/text.py`) and a style's words."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Run, ...]
