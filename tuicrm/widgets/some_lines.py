"""A widget of a few drawn lines, as high as they are many: what an input's value means, what is wrong with it, what is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from textual.strip import Strip
from textual.widget import Widget

from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LATE
from tuicrm.render.text import wrap
from tuicrm.widgets.surface import TerminalLook

LinesSource: TypeAlias = Callable[[int], Sequence[Line]]
"""The lines for a width in cells, at least one."""

MOST_LINES = 4


class SomeLines(Widget):
    """Shows what its source says; redrawn only when that is something else than before."""

    DEFAULT_CSS = "SomeLines { height: 1; width: 1fr; }"

    def __init__(self, look: TerminalLook, source: LinesSource, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._look = look
        self._source = source
        self._drawn: Sequence[Line] = ()

    def update(self) -> None:
        """Ask the source again."""
        if not self.size.width:
            return
        lines = self._source(self.size.width)
        if lines != self._drawn:
            self._drawn = lines
            self.styles.height = len(lines)
            self.refresh()

    def on_resize(self) -> None:
        self.update()

    def render_line(self, y: int) -> Strip:
        return self._look.strip(self._drawn[y] if y < len(self._drawn) else (), self.size.width)


def verdict(refused: str, preview: str, hint: str, cells: int) -> list[Line]:
    """`! what is wrong`, else `= what was understood`, else the hint: whole, in up to `MOST_LINES` lines."""
    if refused:
        return _signed(Run(f"{LATE} ", "late"), refused, "late", cells)
    if preview:
        return _signed(Run("= ", "faint"), preview, "ok", cells)
    return _signed(Run(""), hint, "faint", cells)


def _signed(sign: Run, words: str, style: str, cells: int) -> list[Line]:
    start = len(sign.text)
    texts = wrap(words, max(cells - start, 1), MOST_LINES) or [""]
    return [pad((sign if at == 0 else Run(" " * start), Run(text, style)), cells) for at, text in enumerate(texts)]
