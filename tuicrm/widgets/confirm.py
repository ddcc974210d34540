"""Asking before what cannot be undone, and before what is not in sight. Everything else is done at once, and undone with a key."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import wrap
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.surface import Surface

_CELLS = 66
_MOST_LINES = 8


class Confirm(Dialog[bool], can_focus=True):
    """Ends with True for yes; False or None for no. `enter` does nothing: it is pressed too easily."""

    scope = "confirm"

    def __init__(self, surface: Surface, title: str, text: str) -> None:
        super().__init__(surface, title)
        self._text = text

    def contents(self) -> Iterable[Widget]:
        yes, no = self.surface.keys.key("confirm.yes"), self.surface.keys.key("confirm.no")
        for text in wrap(self._text, _CELLS, _MOST_LINES):
            yield OneLine(self.surface.look, _fixed(text))
        yield OneLine(self.surface.look, lambda cells: pad((), cells))
        yield OneLine(self.surface.look, lambda cells: _answers(yes, no, cells))

    def on_mount(self) -> None:
        self.focus()

    def do_confirm_yes(self) -> None:
        self.leave(True)

    def do_confirm_no(self) -> None:
        self.leave(False)


def _fixed(text: str) -> LineSource:
    return lambda cells: pad((Run(text),), cells)


def _answers(yes: str, no: str, cells: int) -> Line:
    hints = (Run(yes, "key"), Run(f" {_('yes, go ahead')}    "), Run(no, "key"), Run(f" {_('no, cancel')}"))
    return pad(hints, cells)
