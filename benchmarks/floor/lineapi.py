"""The floor: the smallest Textual program with 100,000 virtual lines and a cursor; only the two lines that change are drawn."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

LINES = 100_000
_PLAIN, _CURSOR = Style.parse("#d0d0d0 on #1e1e1e"), Style.parse("#202020 on #e0e0e0")


class Lines(ScrollView, can_focus=True):
    """So many lines, one of them the cursor's."""

    BINDINGS = [("j", "down", ""), ("k", "up", "")]  # noqa: RUF012 # Textual's own way
    cursor = 0

    def on_mount(self) -> None:
        """Take the size and the keys."""
        self.virtual_size = Size(self.size.width, LINES)
        self.focus()

    def render_line(self, y: int) -> Strip:
        """One line."""
        n, width = y + round(self.scroll_offset.y), self.size.width
        text = f"{n:06d} company {n * 7919 % 9973} GmbH   stage {n % 5}   {n * 13 % 90000} EUR".ljust(width)[:width]
        return Strip([Segment(text, _CURSOR if n == self.cursor else _PLAIN)], width)

    def action_down(self) -> None:
        """One row down, within the screen."""
        self._go(1)

    def action_up(self) -> None:
        """One row up, within the screen."""
        self._go(-1)

    def _go(self, step: int) -> None:
        old, self.cursor = self.cursor, (self.cursor + step) % self.size.height
        self.refresh(Region(0, old, self.size.width, 1), Region(0, self.cursor, self.size.width, 1))


class Floor(App[None]):
    """Nothing else."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [("Q", "quit", "")]  # noqa: RUF012 # Textual's own way

    def compose(self) -> ComposeResult:
        """The lines."""
        yield Lines()


if __name__ == "__main__":
    Floor().run()
