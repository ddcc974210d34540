"""A dialog in which a list is put in order: views, tabs, options. Each step is kept at once and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from textual.geometry import Size
from textual.widget import Widget

from tuicrm.errors import CrmError
from tuicrm.render.compose import blank, line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR
from tuicrm.render.text import clean, cut, wrap
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.dialog import Dialog, room_on
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_MOST_LINES = 16
_MOST_TOLD = 3


class ArrangerRow(NamedTuple):
    """One row: what it stands for, a sign before its label (in which style), what is said of it at its end; faint where it is not in
    use."""

    key: str
    label: str
    sign: str = ""
    detail: str = ""
    faint: bool = False
    ink: str = "accent bold"


class _ArrangerRows:
    """Rows as lines; the cursor stands on their keys."""

    def __init__(self, rows: Sequence[ArrangerRow], cells: int, empty: str) -> None:
        self._found = rows
        self._places = {row.key: at for at, row in enumerate(rows)}
        self._cells = cells
        self._empty = empty

    @property
    def rows(self) -> Sequence[Any]:
        return self._found or (self._empty,)

    def span(self, target: str) -> tuple[int, int]:
        at = self._places[target]
        return at, at

    def at(self, y: int) -> str | None:
        return self._found[y].key if 0 <= y < len(self._found) else None

    def line(self, y: int, cursor: str | None) -> Line:
        if not self._found:
            return pad((Run(f" {clean(self._empty)}", "faint"),), self._cells)
        if not 0 <= y < len(self._found):
            return blank(self._cells)
        row = self._found[y]
        here = row.key == cursor
        start = (Run(BAR if here else " ", "accent"), Run(f"{row.sign or ' '} ", row.ink))
        left = self._cells - line_width((*start, Run(clean(row.label)))) - 3
        detail = (Run(cut(row.detail, max(left, self._cells * 3 // 5)), "faint"),) if row.detail else ()
        room = max(self._cells - line_width(detail) - line_width(start) - 2, 4)
        label = Run(cut(row.label, room), "faint" if row.faint else "value")
        line = spread((*start, label), (*detail, Run(" ")), self._cells)
        return on(line, "on:cursor") if here else line


class Arranged(Controller):
    """What an arranger shows and puts in order. Subclasses set `scope` and `title`, give `load`, and add the `do_…` of their
    actions."""

    scope = ""
    title = ""
    empty = ""
    """What is said where there are no rows."""
    first = ""
    """The key of the row where the cursor begins; "" for the first one."""
    dialog: Arranger
    """Where it is shown."""

    # -- for subclasses ------------------------------------------------------------------------------------------------
    def load(self) -> Sequence[ArrangerRow]:
        """The rows as they are now."""
        raise NotImplementedError

    def why_empty(self) -> str:
        """What is said where there are no rows."""
        return self.empty

    def told(self) -> str:
        """What stands under the list."""
        return ""

    def follow(self) -> None:
        """Somebody changed something: show what there is now."""

    # -- for their actions ---------------------------------------------------------------------------------------------
    @property
    def host(self) -> Keyed[Any]:
        """The screen that it is shown on."""
        return self.dialog.host

    @property
    def current(self) -> str:
        """The key of the row under the cursor; "" where there is no row."""
        return self.dialog.pane.cursor or ""

    def step(self, action: Callable[[], Any]) -> None:
        """Do something and show what came of it; what is refused is said."""
        try:
            action()
        except CrmError as error:
            self.host.messages.say_error(error)
        self.again()

    def again(self, cursor: str = "") -> None:
        """Show the rows as they are now, here and behind."""
        self.dialog.again(cursor)


class Arranger(Dialog[None]):
    """Shows what is arranged. Ends with `esc`."""

    DEFAULT_CSS = "Arranger LinePane { height: auto; }"

    def __init__(
        self, surface: Surface, arranged: Arranged, changed: Callable[[], None], *controllers: Controller
    ) -> None:
        """`changed` is called after every step: what is behind shows it at once. More `controllers` come after what is arranged."""
        super().__init__(surface, arranged.title)
        arranged.dialog = self
        self.arranged = arranged
        self.scope = arranged.scope
        self.controllers = (arranged, *controllers)
        self.pane: LinePane[str] = LinePane(surface.look)
        self.pane.lit = True
        self._changed = changed
        self._hint = SomeLines(surface.look, self._told_lines)

    def contents(self) -> Iterable[Widget]:
        return self.pane, self._hint

    def again(self, cursor: str = "") -> None:
        """Show the rows as they are now, here and behind; nothing where it was taken away while something over it was asked."""
        if not self.is_attached:
            return
        self._changed()
        self.show(cursor)

    def show(self, cursor: str = "") -> None:
        """Draw the rows as they are now."""
        rows, empty = list(self.arranged.load()), self.arranged.why_empty()
        self.pane.show(lambda cells: _ArrangerRows(rows, cells, empty), cursor or None)
        self._hint.update()
        self.host.refresh_hints()

    def _told_lines(self, cells: int) -> Sequence[Line]:
        lines = wrap(self.arranged.told(), max(cells - 1, 1), _MOST_TOLD) or [""]
        return [pad((Run(f" {line}", "faint"),), cells) for line in lines]

    def follow(self) -> None:
        self.arranged.follow()

    def place(self, screen: Size) -> None:
        super().place(screen)
        # The box has a border, a title and the lines under the list.
        self.pane.styles.max_height = max(min(room_on(screen) - 3 - _MOST_TOLD, _MOST_LINES), 1)

    def do_arrange_finish(self) -> None:
        self.leave()

    def on_mount(self) -> None:
        self.show(self.arranged.first)
        self.pane.focus()

    def on_line_pane_moved(self) -> None:
        self._hint.update()
        self.host.refresh_hints()
