"""Hostile texts for screens; the corpus is the one that drawing is tested with."""

from __future__ import annotations

from tests.render.hostile import CORPUS as DRAWN
from tests.render.hostile import assert_harmless

HOSTILE = (*DRAWN, "x" * 10_000, "[/]" * 20, "[link=https://example.com]x[/link]", "$primary [$accent]y")
"""Markup, live actions, escape codes, bidirectional overrides, wide and stacked characters, very long, empty."""

__all__ = ["HOSTILE", "assert_harmless"]
