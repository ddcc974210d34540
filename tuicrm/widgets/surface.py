"""What every widget is handed to draw and to name keys with: data comes down, nothing is looked up in the app."""

from __future__ import annotations

from typing import NamedTuple

from textual.strip import Strip

from tuicrm.keymap import Keymap
from tuicrm.render.line import Line
from tuicrm.render.palette import Palette
from tuicrm.widgets.strips import strip


class TerminalLook:
    """How lines become colours on this terminal: one for all that is shown, which has another palette at once where this has."""

    def __init__(self, palette: Palette, ascii_only: bool = False) -> None:
        self.palette = palette
        self.ascii_only = ascii_only

    def strip(self, line: Line, cells: int) -> Strip:
        """The line as a strip of exactly `cells`."""
        return strip(line, cells, self.palette, self.ascii_only)


class KeptStrips:
    """Lines as strips, kept while the very same lines are drawn again: a move changes one column of many."""

    _MOST = 2000

    def __init__(self, look: TerminalLook) -> None:
        self._look = look
        self._kept: dict[tuple[int, int], tuple[Line, Strip]] = {}
        """By where a line is in memory, with the line itself: so nothing else gets that place."""

    def strip(self, line: Line, cells: int) -> Strip:
        """The line as a strip of exactly `cells`."""
        kept = self._kept.get((id(line), cells))
        if kept is None:
            if len(self._kept) >= self._MOST:
                self._kept.clear()
            kept = self._kept[id(line), cells] = line, self._look.strip(line, cells)
        return kept[1]


class Surface(NamedTuple):
    """The keys as they are bound and the look."""

    keys: Keymap
    look: TerminalLook
