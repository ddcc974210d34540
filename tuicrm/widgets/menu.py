"""A small menu of one-letter keys: `g` and where to go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from textual import events
from textual.widget import Widget

from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import cut
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.keyed import key_name
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface


class Entry(NamedTuple):
    """A place to go: its letter, its name, and what takes one there."""

    key: str
    label: str
    go: Callable[[], None]


class Menu(Dialog[Entry], can_focus=True):
    """Ends with the entry whose letter was pressed or that was clicked."""

    scope = "menu"
    cells = 36

    def __init__(self, surface: Surface, title: str, entries: Sequence[Entry]) -> None:
        super().__init__(surface, title)
        self._entries = entries

    def contents(self) -> Iterable[Widget]:
        return [_EntryLine(self, entry) for entry in self._entries]

    def on_mount(self) -> None:
        self.focus()

    def on_key(self, event: events.Key) -> None:
        pressed = key_name(event)
        for entry in self._entries:
            if entry.key == pressed:
                event.stop()
                self.leave(entry)
                return


class _EntryLine(OneLine):
    """One entry; a click chooses it."""

    def __init__(self, menu: Menu, entry: Entry) -> None:
        self._menu = menu
        self._entry = entry
        super().__init__(menu.surface.look, self._line)

    def _line(self, cells: int) -> Line:
        return pad((Run(f" {self._entry.key}  ", "key"), Run(cut(self._entry.label, cells - 4), "value")), cells)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self._menu.leave(self._entry)
