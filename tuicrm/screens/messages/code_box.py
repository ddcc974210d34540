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
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_LINK_LINES = 2


async def show_code(host: Host, title: str, link: str, code: str) -> None:
    """Show what a code says, until it is left; where no code holds so much, the link is told alone."""
    await host.ask(CodeBox(host.surface, title, link, code, lambda text: copy(host, text)))


async def ask_sent(host: Host, title: str, link: str) -> bool:
    """Show the code of a link that a phone sends something by; whether the person says that it did."""
    box = CodeBox(host.surface, title, link, link, lambda text: copy(host, text), asks=True)
    return await host.ask(box) is True


class CodeActions(Controller):
    """What is done with a code: its link copied, and, where that is asked, said that it was sent."""

    def __init__(self, box: CodeBox, link: str, copy: Callable[[str], None], *, asks: bool) -> None:
        self._box, self._link, self._copy, self._asks = box, link, copy, asks

    def why_not(self, action_id: str) -> str | None:
        if action_id == "code.sent" and not self._asks:
            return _("There is nothing to keep of it: it is only shown.")
        return None

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        return [hint for hint in found if hint.enabled]

    def do_code_sent(self) -> None:
        self._box.leave(True)

    def do_code_copy(self) -> None:
        self._copy(self._link)


class CodeBox(Dialog[bool], can_focus=True):
    """Shows a code until it is left; `copy` puts its link on the clipboard; with `asks`, the answer is whether it was sent."""

    scope = "code"
    cells = 64

    def __init__(
        self, surface: Surface, title: str, link: str, code: str, copy: Callable[[str], None], *, asks: bool = False
    ) -> None:
        super().__init__(surface, title)
        self._link = link
        self.controllers = (CodeActions(self, link, copy, asks=asks),)
        self._code = _modules(code)
        self._drawn = SomeLines(surface.look, self._lines)

    def contents(self) -> Iterable[Widget]:
        yield self._drawn

    def on_mount(self) -> None:
        self.focus()

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


def _told(text: str, cells: int) -> list[Line]:
    return [pad((Run(line, "dim"),), cells) for line in wrap(text, cells, _LINK_LINES)]


def _modules(code: str) -> qr.Modules | None:
    try:
        return qr.modules(code)
    except ValueError:
        return None
