"""A text to read, scrolled by lines and pages: help, the whole of a long entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from tuicrm.render.compose import blank
from tuicrm.render.line import Line, Run
from tuicrm.render.text import wrap
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.some_lines import LinesSource
from tuicrm.widgets.surface import Surface


def paragraphs(texts: Sequence[str], cells: int) -> list[Line]:
    """Texts one after the other, each in as many lines as it takes."""
    return [(Run(line, "value"),) for text in texts for line in wrap(text, cells)]


class _Lines:
    """Lines without anything to stand on."""

    def __init__(self, lines: Sequence[Line], cells: int) -> None:
        self.rows = lines
        self._cells = cells

    def span(self, target: int) -> tuple[int, int]:
        raise KeyError(target)

    def at(self, _y: int) -> int | None:
        return None

    def line(self, y: int, _cursor: int | None) -> Line:
        return self.rows[y] if y < len(self.rows) else blank(self._cells)


class Pages(Dialog[None]):
    """Shows lines until it is left."""

    DEFAULT_CSS = "Pages LinePane { height: 1fr; }"

    scope = "reader"
    cells = 100
    tall = True

    def __init__(self, surface: Surface, title: str, lines: LinesSource) -> None:
        super().__init__(surface, title)
        self._lines = lines
        self.pane: LinePane[int] = LinePane(surface.look, self._build)

    def _build(self, cells: int) -> _Lines:
        return _Lines(self._lines(cells), cells)

    def show_again(self) -> None:
        """Draw the lines as they are now; what is being read stays at its height."""
        self.pane.show(self._build, still=True)

    def contents(self) -> Iterable[Widget]:
        return (self.pane,)

    def on_mount(self) -> None:
        self.pane.focus()

    def do_close(self) -> None:
        self.leave()
