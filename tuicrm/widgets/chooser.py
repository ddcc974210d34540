"""Base of all that is chosen from a list by typing: an input, the list drawn by lines, how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from textual.geometry import Size
from textual.widget import Widget

from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import cut
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.inputs import PlainInput
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.pane_moves import ListMoves
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.thing_rows import ThingRows

Thing = TypeVar("Thing")
Result = TypeVar("Result")

_MOST_LINES = 16


class Chooser(Dialog[Result], Generic[Thing, Result]):
    """A dialog in which typing narrows a list. Subclasses find, draw and answer."""

    scope = "picker"

    def __init__(self, surface: Surface, title: str, *, typed: str = "", passing: tuple[str, ...] = ()) -> None:
        super().__init__(surface, title)
        self.input = PlainInput(typed, passing=passing)
        self.list: LinePane[int] = LinePane(surface.look)
        self.list.can_focus = False
        self.list.lit = True
        self.controllers = (ListMoves(self.list.moves),)
        self.shown: Sequence[Thing] = ()
        """What the list holds now."""
        self._count = OneLine(surface.look, self._count_line)

    # -- for subclasses ------------------------------------------------------------------------------------------------
    def look_for(self, typed: str) -> None:
        """Find what matches and `offer` it, now or later."""
        raise NotImplementedError

    def draw(self, thing: Thing, cells: int) -> Line:
        """One thing as a line of at most `cells`."""
        raise NotImplementedError

    def choose(self, thing: Thing | None) -> None:
        """Enter was pressed on a thing (None: the list is empty)."""
        raise NotImplementedError

    def lines_wanted(self) -> int:
        """How many lines the list would like."""
        return _MOST_LINES

    def counted(self) -> str:
        """What stands under the list."""
        if not self.shown:
            return _("nothing found")
        if self.input.value.strip():
            return ngettext("{n} found", "{n} found", len(self.shown))
        return ngettext("{n} in all", "{n} in all", len(self.shown))

    # -- what all do ---------------------------------------------------------------------------------------------------
    def contents(self) -> Iterable[Widget]:
        return self.input, self.list, self._count

    def place(self, screen: Size) -> None:
        super().place(screen)
        # The input and the count take a line each.
        room = room_inside(screen) - 2
        self.list.styles.height = max(min(self.lines_wanted(), _MOST_LINES, room), 1)

    def on_mount(self) -> None:
        self.input.focus()
        self.look_for(self.input.value)

    def offer(self, things: Sequence[Thing], cursor: int = 0) -> None:
        """Show these, the cursor on one of them."""
        self.shown = things
        self.list.show(lambda cells: ThingRows(things, self.draw, cells), cursor)
        self._count.update()

    @property
    def current(self) -> Thing | None:
        """The thing under the cursor."""
        at = self.list.cursor
        return self.shown[at] if at is not None and at < len(self.shown) else None

    def _count_line(self, cells: int) -> Line:
        return pad((Run(f" {cut(self.counted(), cells - 1)}", "faint"),), cells)

    def on_input_changed(self) -> None:
        self.look_for(self.input.value)

    def on_line_pane_opened(self) -> None:
        self.choose(self.current)

    def do_list_choose(self) -> None:
        self.choose(self.current)
