"""Dialogs: small boxes over a screen that end with an answer, or with None for `esc`.

They are widgets of the screen and not screens of their own: going back to a screen draws all of it anew (130 ms and 120 KB at
140×40), while taking a box away draws what was under it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.widget import Widget

from tuicrm.render.compose import pad
from tuicrm.render.line import Run
from tuicrm.render.text import cut
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.work import Reply

Result = TypeVar("Result")


_LOW = 10


def _is_low(screen: Size) -> bool:
    """Whether every line counts: no border then, and nothing of the screen above."""
    return screen.height < _LOW


def _top(screen: Size) -> int:
    return 0 if _is_low(screen) else 2 if screen.height < 30 else 4


def room_on(screen: Size) -> int:
    """The lines that a dialog can take on a screen of this size, border and title included."""
    return max(screen.height - _top(screen) - (1 if _is_low(screen) else 2), 3)


def room_inside(screen: Size) -> int:
    """The lines under its title that it can take there."""
    return max(room_on(screen) - (1 if _is_low(screen) else 3), 1)


class Dialog(Widget, Generic[Result]):
    """A titled box. Subclasses give `contents` and `leave` with the answer.

    Keys come to it through the screen, like those of every widget: it has a `scope` and methods `do_…`.
    """

    DEFAULT_CSS = """
    Dialog {
        layer: over; position: absolute; height: auto; padding: 0 1;
        background: $background; border: round $primary;
        &.-ascii { border: ascii $primary; }
        &.-low { border: none; }
    }
    """

    scope = ""
    cells = 72
    """How wide it would like to be."""
    tall = False
    """Whether it takes all the height there is."""

    def __init__(self, surface: Surface, title: str) -> None:
        super().__init__(classes="-ascii" if surface.look.ascii_only else None)
        self.surface = surface
        self.title_text = title
        self._reply: Reply[Result | None] | None = None
        self._inside: Widget | None = None
        """What of it was focused last."""

    # -- for subclasses ------------------------------------------------------------------------------------------------
    def contents(self) -> Iterable[Widget]:
        """What stands in the box under the title."""
        return ()

    def leave(self, answer: Result | None = None) -> None:
        """End with an answer."""
        if self._reply is not None:
            self._reply.give(answer)

    def follow(self) -> None:
        """Somebody changed something: show what there is now."""

    # -- for the screen ------------------------------------------------------------------------------------------------
    async def answer_on(self, screen: Keyed[Any]) -> Result | None:
        """Stand on a screen until there is an answer; then the focus is where it was."""
        before = screen.focused
        self._reply = Reply(screen)
        self.place(screen.size)
        await screen.mount(self)
        try:
            return await self._reply.wait()
        finally:
            self.leave()
            if screen.is_attached:
                if before is not None and before.is_attached:
                    screen.set_focus(before, scroll_visible=False)
                await self.remove()

    def place(self, screen: Size) -> None:
        """Take a place on a screen of this size: near its top, so that the box does not jump as it grows."""
        cells = min(self.cells, screen.width if _is_low(screen) else max(screen.width - 2, 10))
        y, room = _top(screen), room_on(screen)
        self.styles.width = cells
        self.styles.offset = ((screen.width - cells) // 2, y)
        self.styles.max_height = room
        self.set_class(_is_low(screen), "-low")
        if self.tall:
            self.styles.height = room

    @property
    def host(self) -> Keyed[Any]:
        """The screen that it stands on."""
        if not isinstance(self.screen, Keyed):
            raise TypeError("a dialog stands on a screen that knows its keys")
        return self.screen

    # -- drawing and events --------------------------------------------------------------------------------------------
    def do_cancel(self) -> None:
        self.leave()

    def compose(self) -> ComposeResult:
        yield OneLine(self.surface.look, lambda cells: pad((Run(cut(self.title_text, cells), "title"),), cells))
        yield from self.contents()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._inside = event.widget

    def on_descendant_blur(self) -> None:
        self.call_after_refresh(self._hold_focus)

    def on_blur(self) -> None:
        self.call_after_refresh(self._hold_focus)

    def _hold_focus(self) -> None:
        """A click beside the box does not leave it: what is behind waits for an answer."""
        asked = self.is_attached and self._reply is not None and not self._reply.is_given
        focused = self.screen.focused if asked else None
        if focused is not None and not any(isinstance(node, Dialog) for node in focused.ancestors_with_self):
            self.screen.set_focus(self._inside or self, scroll_visible=False)

    def on_unmount(self) -> None:
        self.leave()
