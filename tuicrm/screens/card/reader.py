"""A whole timeline entry, to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.geometry import Size
from textual.widget import Widget

from tuicrm.domain.card import EntryView
from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import wrap
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import Surface


class _TextRows:
    """Wrapped text as rows without anything to stand on (`pane.Rows`)."""

    def __init__(self, entry: EntryView, cells: int) -> None:
        self._cells = cells
        self._lines = [(line, "value") for line in wrap(entry.text, cells)]
        if entry.note:
            self._lines += [("", ""), *((line, "dim italic") for line in wrap(entry.note, cells))]
        by = " · ".join(filter(None, (entry.by, entry.when, _("edited") if entry.edited else "")))
        self._lines += [("", ""), *((line, "faint") for line in wrap(by, cells))]

    @property
    def rows(self) -> Sequence[object]:
        return self._lines

    def span(self, target: int) -> tuple[int, int]:
        raise KeyError(target)

    def at(self, _y: int) -> int | None:
        return None

    def line(self, y: int, _cursor: int | None) -> Line:
        text, style = self._lines[y]
        return pad((Run(text, style),), self._cells)


class _TextPane(LinePane[int]):
    scope = "reader"


class EntryReader(Dialog[None]):
    """Shows an entry whole; scrolls."""

    DEFAULT_CSS = "EntryReader _TextPane { height: auto; }"

    scope = "reader"

    def __init__(self, surface: Surface, entry: EntryView) -> None:
        super().__init__(surface, entry.title)
        self._pane = _TextPane(surface.look, lambda cells: _TextRows(entry, cells))

    def contents(self) -> Iterable[Widget]:
        yield self._pane

    def place(self, screen: Size) -> None:
        super().place(screen)
        self._pane.styles.max_height = room_inside(screen)

    def on_mount(self) -> None:
        self._pane.focus()

    def do_close(self) -> None:
        self.leave()
