"""A code for the phone in the hand, with the link that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from tuicrm.i18n import _
from tuicrm.render import qr
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.qr import CodeRoom
from tuicrm.render.text import wrap
from tuicrm.screens.messages.call_box import code_lines
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_LINK_LINES = 2


class CodeBox(Dialog[bool], can_focus=True):
    """Ends with True where it was sent; `copy` puts a text on the clipboard."""

    scope = "code"
    cells = 64

    def __init__(self, surface: Surface, title: str, link: str, copy: Callable[[str], None]) -> None:
        super().__init__(surface, title)
        self._link, self._copy = link, copy
        self._code = _modules(link)
        self._drawn = SomeLines(surface.look, self._lines)

    def contents(self) -> Iterable[Widget]:
        yield self._drawn

    def on_mount(self) -> None:
        self.focus()

    def do_code_sent(self) -> None:
        self.leave(True)

    def do_copy_value(self) -> None:
        self._copy(self._link)

    def _lines(self, cells: int) -> list[Line]:
        told = [pad((Run(text, "dim"),), cells) for text in wrap(self._link, cells, _LINK_LINES)]
        room = CodeRoom(cells, max(room_inside(self.host.size) - len(told) - 1, 1))
        drawn = code_lines(self.surface, self._code, room) if self._code is not None else []
        if not drawn:
            drawn = [(Run(_("The window is too small for the code: the link is below."), "dim"),)]
        return [*(pad((*line,), cells) for line in drawn), *told]


def _modules(link: str) -> qr.Modules | None:
    try:
        return qr.modules(link)
    except ValueError:
        return None
