"""A QR code for the phone in the hand, with the link that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from tuicrm.i18n import _
from tuicrm.render import qr
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.qr import CodeRoom
from tuicrm.render.text import wrap
from tuicrm.screens.host import Host
from tuicrm.screens.items.actions import copy
from tuicrm.screens.messages.call_box import code_lines
from tuicrm.widgets.dialog import Dialog, Result, room_inside
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_LINK_LINES = 2


async def show_code(host: Host, title: str, link: str, code: str) -> None:
    """Show what a code says, until it is left; where no code holds so much, the link is told alone."""
    await host.ask(CodeBox(host.surface, title, link, code, lambda text: copy(host, text)))


class LinkBox(Dialog[Result], can_focus=True):
    """Base: shows a code; `copy` puts its link on the clipboard."""

    cells = 64

    def __init__(self, surface: Surface, title: str, link: str, code: str, copy: Callable[[str], None]) -> None:
        super().__init__(surface, title)
        self._link, self._copy = link, copy
        self._code = _modules(code)
        self._drawn = SomeLines(surface.look, self._lines)

    def contents(self) -> Iterable[Widget]:
        yield self._drawn

    def on_mount(self) -> None:
        self.focus()

    def do_code_copy(self) -> None:
        self._copy(self._link)

    def _lines(self, cells: int) -> list[Line]:
        told = [pad((Run(text, "dim"),), cells) for text in wrap(self._link, cells, _LINK_LINES)]
        if self._code is None:
            return [*_told(_("This is too long for a code: the link is below."), cells), *told]
        room = room_inside(self.host.size)
        # The code matters more than the link: without it the window may be high enough.
        for below in (told, []):
            drawn = code_lines(self.surface, self._code, CodeRoom(cells, max(room - len(below), 1)))
            if drawn:
                return [*(pad(line, cells) for line in drawn), *below]
        return [*_told(_("The window is too small for the code: the link is below."), cells), *told]


class CodeBox(LinkBox[None]):
    """Shows a code until it is left."""

    scope = "code"


def _told(text: str, cells: int) -> list[Line]:
    return [pad((Run(line, "dim"),), cells) for line in wrap(text, cells, _LINK_LINES)]


def _modules(code: str) -> qr.Modules | None:
    try:
        return qr.modules(code)
    except ValueError:
        return None
