"""A QR code for the phone in the hand, with the link that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.geometry import Size
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
_LOW, _FOOT, _FRAME = 30, 1, 3
"""Lines of a screen that is low for a code, those of its footer, those that border and title take."""


async def show_code(host: Host, title: str, link: str, code: str) -> None:
    """Show what a code says, until it is left; where no code holds so much, the link is told alone."""
    await host.ask(CodeBox(host.surface, title, link, code, lambda text: copy(host, text)))


class LinkBox(Dialog[Result], can_focus=True):
    """Base: shows a code; `copy` puts its link on the clipboard."""

    cells = 64
    from_the_top = False
    """Whether it begins on the first line where the screen is low: every line makes for a larger code."""

    def __init__(
        self, surface: Surface, title: str, link: str, code: str, copy: Callable[[str], None], short: str = ""
    ) -> None:
        """`short` is what the code says where there is no room for the whole."""
        super().__init__(surface, title)
        self._link, self._copy = link, copy
        self._code, self._short = _modules(code), _modules(short) if short else None
        self._drawn = SomeLines(surface.look, self._lines)

    def contents(self) -> Iterable[Widget]:
        yield self._drawn

    def place(self, screen: Size) -> None:
        super().place(screen)
        if self.from_the_top and _FRAME + _FOOT < screen.height < _LOW:
            self.styles.offset = (int(self.styles.offset.x.value), 0)
            self.styles.max_height = screen.height - _FOOT

    def on_mount(self) -> None:
        self.focus()

    def do_code_copy(self) -> None:
        self._copy(self._link)

    def _lines(self, cells: int) -> list[Line]:
        told = [pad((Run(text, "dim"),), cells) for text in wrap(self._link, cells, _LINK_LINES)]
        if self._code is None and self._short is None:
            return [*_told(_("This is too long for a code: the link is below."), cells), *told]
        # The code matters more than the link: without it the window may be high enough.
        for code, below in ((self._code, told), (self._code, []), (self._short, _told(self._shortened(), cells))):
            room = CodeRoom(cells, max(self._room() - len(below), 1))
            if code is not None and (drawn := code_lines(self.surface, code, room)):
                return [*(pad(line, cells) for line in drawn), *below]
        return [*_told(_("The window is too small for the code: the link is below."), cells), *told]

    def _room(self) -> int:
        height = self.host.size.height
        wide = self.from_the_top and _FRAME + _FOOT < height < _LOW
        return height - _FOOT - _FRAME if wide else room_inside(self.host.size)

    def _shortened(self) -> str:
        key = self.surface.keys.key("code.copy")
        return _("The text has no room in the code, which opens the chat alone; {key} copies the link with it.").format(
            key=key
        )


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
