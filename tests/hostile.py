"""Hostile texts for screens; the corpus is the one that drawing is tested with."""

from __future__ import annotations

from tests.render.hostile import CORPUS as DRAWN
from tests.render.hostile import assert_harmless

HOSTILE = (*DRAWN, "x" * 10_000, "[/]" * 20, "[link=https://example.com]x[/link]", "$primary [$accent]y")
"""Markup, live actions, escape codes, bidirectional overrides, wide and stacked characters, very long, empty."""

HOSTILE_FEW = (
    "",
    "[/]",
    "[@click=app.quit]x[/]",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    " ".join(text for text in HOSTILE if len(text) < 100),
    "x" * 10_000,
    "日" * 1_500,
)
"""The same in a handful, for what is opened and closed for each of them."""

__all__ = ["HOSTILE", "HOSTILE_FEW", "assert_harmless"]
