"""Dialogs: small screens over the screen, that end with an answer or with None for `esc`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from tuicrm.render.compose import pad
from tuicrm.render.line import Run
from tuicrm.render.text import cut
from tuicrm.widgets.footer import FooterLine
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.toast import ToastLine

Result = TypeVar("Result")


class Dialog(Keyed[Result | None], ModalScreen[Result | None]):
    """A titled box in the middle of the screen. Subclasses give `contents` and dismiss with the answer."""

    DEFAULT_CSS = """
    Dialog {
        layers: base toast;
        align: center middle;
        background: transparent;
        & > .dialog--box {
            width: 72; max-width: 100%; height: auto; max-height: 100%; margin: 0 1 1 1; padding: 0 1;
            background: $panel; border: round $primary;
        }
        & > .dialog--ascii { border: ascii $primary; }
    }
    """

    def __init__(self, surface: Surface, title: str) -> None:
        super().__init__(surface)
        self.title_text = title

    def contents(self) -> Iterable[Widget]:
        """What stands in the box under the title."""
        return ()

    def compose(self) -> ComposeResult:
        look = self.surface.look
        head = OneLine(look, lambda cells: pad((Run(cut(self.title_text, cells), "title"),), cells))
        style = "dialog--box dialog--ascii" if look.ascii_only else "dialog--box"
        yield Vertical(head, *self.contents(), classes=style)
        yield ToastLine(look)
        yield FooterLine(self.surface, self.footer_hints)

    def do_cancel(self) -> None:
        self.leave()
