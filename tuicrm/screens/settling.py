"""Drawing a screen once: whole, when its layout has settled, and loading then what the first keys may need."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from textual.screen import Screen

from tuicrm.screens.opening import LATER
from tuicrm.widgets.textual_inside import draw_soon

A_MOMENT = 0.02
"""Seconds for the terminal's thread to write out what was drawn, before another one computes beside it."""


class Settling:
    """Holds a screen back until it is laid out."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._after: list[Callable[[], object]] = []
        self.is_done = False
        """Whether it may be drawn."""

    def begin(self) -> None:
        """The screen is there."""
        # The first layout gives sizes, which give classes and lines, which give the second: only that one is worth drawing.
        if not self.is_done:
            self._screen.call_after_refresh(self._screen.call_after_refresh, self._settle)

    def then(self, act: Callable[[], object]) -> None:
        """Have something done that can wait until the screen was drawn for the first time."""
        self._after.append(act)

    def _settle(self) -> None:
        self.is_done = True
        # Not `refresh`, which would ask for a second drawing where a layout draws just before the next moment to.
        draw_soon(self._screen)
        self._screen.call_after_refresh(self._shown)

    def _shown(self) -> None:
        if not all(name in sys.modules for name in LATER):
            self._screen.run_worker(self._load_the_rest())
        for act in self._after:
            act()

    async def _load_the_rest(self) -> None:
        await asyncio.sleep(A_MOMENT)
        await asyncio.to_thread(lambda: [import_module(name) for name in LATER])
