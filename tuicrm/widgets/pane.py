"""A scrolling pane of drawn lines with a cursor: flat in the number of lines, only what changed is redrawn."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tuicrm.render.line import Line
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.pane_moves import PaneMoves
from tuicrm.widgets.rows import Build, Rows, first_line, nearest
from tuicrm.widgets.surface import TerminalLook

Target = TypeVar("Target")

_WHEEL_LINES = 3


class _OfPane(Message):
    """What a pane tells of itself."""

    def __init__(self, pane: LinePane[Any]) -> None:
        super().__init__()
        self.pane = pane

    @property
    def control(self) -> LinePane[Any]:
        return self.pane


class LinePane(ScrollView, Generic[Target], can_focus=True):
    """Draws rows and moves a cursor over their targets. Subclasses set `scope` and add the `do_…` of their actions."""

    DEFAULT_CSS = "LinePane { overflow-x: hidden; overflow-y: auto; scrollbar-size: 0 0; }"

    scope = ""
    """The scope of the action table while this pane has the focus."""

    spare = 0
    """Lines kept free under the cursor: where messages stand over the pane's last line."""

    class Moved(_OfPane):
        """The cursor stands on another target."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LinePane.Moved) and message.pane is self.pane

    class Opened(_OfPane):
        """The target under the cursor was double-clicked."""

    def __init__(self, look: TerminalLook, build: Build[Target] | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self._look = look
        self._build = build
        self.cursor: Target | None = None
        """What the cursor stands on; None while there is nothing."""
        self.moves = PaneMoves[Target](self)
        self.controllers: tuple[Controller, ...] = (self.moves,)
        self.lit = False
        """Whether the cursor shows: it goes out when another pane has the focus."""
        self._rows: Rows[Target] | None = None
        self._cells = 0
        """The width that the rows were built for."""
        self._painted: dict[int, Line] = {}
        """What was drawn on each line of the pane, as long as that has not scrolled."""
        self._painted_at = Offset()

    # -- data down -----------------------------------------------------------------------------------------------------
    @property
    def rows(self) -> Rows[Target] | None:
        """The rows as last built; None before there is a width or anything to show."""
        return self._rows

    def show(self, build: Build[Target], cursor: Target | None = None, *, still: bool = False) -> None:
        """Draw something else. The cursor goes to `cursor`, else stays on its target, else near the line where it was.

        `still` where it is the same with some lines more or less: what is being read stays at its height."""
        self._build = build
        self._rebuild(cursor, still=still)

    def _rebuild(self, wanted: Target | None = None, *, still: bool = False) -> None:
        cells = self.size.width
        if self._build is None or not cells:
            # Hidden: what was built is of another time, and is built anew when there is a width again.
            self._rows = None
            if wanted is not None:
                self.cursor = wanted
            return
        old = self._rows
        was = first_line(old, self.cursor) if old is not None else 0
        self._rows, self._cells = self._build(cells), cells
        self.virtual_size = Size(cells, len(self._rows.rows) + self.spare)
        for target in (wanted, self.cursor):
            if target is not None and self.has(target):
                found: Target | None = target
                break
        else:
            found = nearest(self._shown, was)
        moved = found != self.cursor
        self.cursor = found
        if not still or old is None or found is None:
            self._reveal()
        else:
            self._hold(was, first_line(self._rows, found))
        self._repaint()
        if moved:
            self.post_message(self.Moved(self))

    def _repaint(self) -> None:
        """Redraw the lines that are other than they were drawn: of a card of 300 fields, one step of customising changes two."""
        cells, height = self.size
        if self._painted_at != Offset(cells, self.scroll_offset.y):
            self.refresh()
            return
        changed = [y for y in range(height) if self._painted.get(y) != self._line(y)]
        if len(changed) * 2 > height:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, cells, 1) for y in changed))

    def _hold(self, was: int, now: int) -> None:
        """The cursor's line was one and is another: scroll along, unless the top of all is in sight and the cursor stays so."""
        top, height = self.scroll_offset.y, max(self.size.height - self.spare, 1)
        seen = top <= was < top + height
        if now != was and (was < top + height) and (top > 0 or not now < height):
            self.show_from(top + now - was)
        elif seen:
            self._reveal()

    def in_sight(self, target: Target) -> bool:
        """Whether a target is there and scrolled to."""
        if not self.has(target):
            return False
        first, last = self._shown.span(target)
        top = self.scroll_offset.y
        return top <= last and first < top + self.size.height

    def has(self, target: Target) -> bool:
        """Whether a target is among what is shown."""
        try:
            self._shown.span(target)
        except LookupError:
            return False
        return True

    @property
    def _shown(self) -> Rows[Target]:
        if self._rows is None:
            raise LookupError("nothing is shown yet")
        return self._rows

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def move_to(self, target: Target) -> None:
        """Put the cursor on a target and bring it into view; redraws the two targets concerned, or all when it scrolls."""
        if target == self.cursor:
            self._reveal()
            return
        old, self.cursor = self.cursor, target
        if not self._reveal():
            self.refresh_rows(*(one for one in (old, target) if one is not None))
        self.post_message(self.Moved(self))

    def refresh_rows(self, *targets: Target) -> None:
        """Redraw the lines of these targets, where they are in view."""
        regions = [region for target in targets if self.has(target) for region in (self.region_of(target),) if region]
        if regions:
            self.refresh(*regions)

    def region_of(self, target: Target) -> Region:
        """Where a target stands in the pane's content, in cells; empty when it is out of view."""
        first, last = self._shown.span(target)
        region = Region(0, first - self.scroll_offset.y, self.size.width, last - first + 1)
        return region.intersection(self.size.region)

    def _reveal(self) -> bool:
        """Scroll so that the cursor is in view, by half pages; whether it had to."""
        if self._rows is None or self.cursor is None:
            return False
        first, last = self._rows.span(self.cursor)
        top, height = self.scroll_offset.y, max(self.size.height - self.spare, 1)
        if top <= first and last < top + height:
            return False
        # The one before the cursor's row may be a heading that says where one is: keep it when there is room.
        wanted = first - height // 2 if last - first < height else first
        return self.show_from(max(wanted, 0) if first >= height // 2 else 0)

    def show_from(self, top: int) -> bool:
        """Scroll so that this line is the first one; whether it was another."""
        most = max(len(self._shown.rows) + self.spare - self.size.height, 0)
        top = max(min(top, most), 0)
        if top == self.scroll_offset.y:
            return False
        # `force` because nothing may show a scrollbar; `animate=False` because an animated page takes 0.8 s and 30 frames.
        self.scroll_to(y=top, animate=False, force=True)
        return True

    # -- drawing -------------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        if self._rows is not None and self._build is not None and cells != self._cells:
            # Drawn before `on_resize` hears of the width: lines of another one would show for a moment.
            self._rows, self._cells = self._build(cells), cells
        here = Offset(cells, self.scroll_offset.y)
        if here != self._painted_at:
            self._painted_at = here
            self._painted.clear()
        line = self._painted[y] = self._line(y)
        return self._look.strip(line, cells)

    def _line(self, y: int) -> Line:
        """What stands on a line of the pane now."""
        y += self.scroll_offset.y
        if self._rows is None or y >= len(self._rows.rows):
            return ()
        return self._rows.line(y, self.cursor if self.lit else None)

    # -- events --------------------------------------------------------------------------------------------------------
    def on_resize(self) -> None:
        if self._rows is None or self.size.width != self.virtual_size.width:
            self._rebuild(self.cursor)
        else:
            self._reveal()

    def on_focus(self) -> None:
        self._light(True)

    def on_blur(self) -> None:
        # Not when a dialog or an editor stands before it, or the terminal lost the focus: it is still the place one is at.
        if isinstance(self.screen.focused, LinePane):
            self._light(False)

    def _light(self, lit: bool) -> None:
        if lit != self.lit:
            self.lit = lit
            if self.cursor is not None and self._rows is not None:
                self.refresh_rows(self.cursor)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        target = self._rows.at(event.y + self.scroll_offset.y) if self._rows is not None else None
        if target is None:
            return
        self.move_to(target)
        if event.chain == 2:
            self.post_message(self.Opened(self))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL_LINES)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        event.prevent_default()
        if self._rows is not None:
            self.show_from(self.scroll_offset.y + lines)
