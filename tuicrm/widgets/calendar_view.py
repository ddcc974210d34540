"""A calendar, drawn by lines: days, weeks, a month, a list; a cursor on free time or on what is planned. Only lines that are other
than they were drawn last are drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tuicrm.domain.calendar import SLOT, CalendarDay, CalendarEntry, CalendarLook, CalendarSpot, EntryKey
from tuicrm.render.calendar import CalendarFrame, CalendarPicture, detail_line
from tuicrm.render.calendar_agenda import AgendaRows
from tuicrm.render.calendar_blocks import GridColumn
from tuicrm.render.calendar_grid import DayGrid
from tuicrm.render.calendar_month import MonthGrid
from tuicrm.render.line import Line
from tuicrm.widgets.calendar_drag import EntryCarrier
from tuicrm.widgets.dragging import Dragging, waits_for_answer
from tuicrm.widgets.surface import TerminalLook

_BEFORE_WORK = 1
"""Hours that show before the first one of work."""


class CalendarShown(NamedTuple):
    """What is to be drawn: days that follow one another, as a `look`; side by side, a column for each calendar."""

    look: CalendarLook
    days: Sequence[CalendarDay]
    frame: CalendarFrame
    month: int = 1
    columns: Sequence[GridColumn] = ()


class CalendarView(Widget, can_focus=True):
    """Shows a calendar. The screen moves the cursor and acts; messages say what the mouse chose."""

    DEFAULT_CSS = "CalendarView { height: 1fr; }"

    class Opened(Message):
        """An entry was double-clicked."""

    class Picked(Message):
        """A cell was clicked: the cursor is to go there."""

        def __init__(self, spot: CalendarSpot) -> None:
            super().__init__()
            self.spot = spot

    class Turned(Message):
        """The wheel was turned: up (-1) or down (1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, shown: CalendarShown, cursor: CalendarSpot, look: TerminalLook) -> None:
        super().__init__()
        self._look = look
        self.shown = shown
        self.cursor = cursor
        self.picture: CalendarPicture | None = None
        """As it is laid out now; None before there is a size."""
        self._cells = 0
        self._top: int | None = None
        """The first row of hours, or line of the list, in sight; None: it is found anew."""
        self._painted: dict[int, Line] = {}
        self.drag = Dragging(self, EntryCarrier(self))

    # -- data down -----------------------------------------------------------------------------------------------------
    def show(self, shown: CalendarShown, cursor: CalendarSpot) -> None:
        """Draw other days, or the same with what changed in them. What is scrolled stays, unless the look is another."""
        if shown.look != self.shown.look:
            self._top = None
        self.shown, self.cursor = shown, cursor
        self._lay_out()
        self._repaint()

    def go(self, cursor: CalendarSpot) -> None:
        """Put the cursor elsewhere within what is shown."""
        self.show(self.shown, cursor)

    def sign(self, drop: CalendarSpot | None) -> None:
        """Draw the sign where the mouse would set something down; None: no longer."""
        self.show(self.shown._replace(frame=replace(self.shown.frame, drop=drop)), self.cursor)

    def entry_of(self, key: EntryKey | None) -> CalendarEntry | None:
        """An entry that is shown, by what names it."""
        if key is None:
            return None
        days = [one.day for one in self.shown.columns] if self.shown.look == "side" else self.shown.days
        return next((one for day in days for one in day.entries if one.key == key), None)

    @property
    def current(self) -> CalendarEntry | None:
        """The entry under the cursor."""
        return self.entry_of(self.cursor.key)

    @property
    def has_hours(self) -> bool:
        """Whether a place in it is a time of a day."""
        return self.shown.look not in ("month", "agenda")

    def told_day(self, spot: CalendarSpot) -> str:
        """The day of a place in words."""
        return self.shown.frame.day_title(spot.day)

    # -- laying out ----------------------------------------------------------------------------------------------------
    def _lay_out(self) -> None:
        cells, height = self.size.width, self.size.height - 1
        if cells < 1 or height < 1:
            self.picture = None
            return
        self._cells = cells
        picture = self.made(cells, height, self._first_row())
        self.cursor = picture.settled(self.cursor)
        if isinstance(picture, DayGrid | AgendaRows):
            top = picture.top_for(self.cursor)
            if top != picture.top:
                picture = self.made(cells, height, top)
                self.cursor = picture.settled(self.cursor)
            self._top = picture.top if isinstance(picture, DayGrid | AgendaRows) else None
        self.picture = picture

    def _first_row(self) -> int:
        if self._top is not None:
            return self._top
        return max(self.shown.frame.hours.begin // SLOT - _BEFORE_WORK * 60 // SLOT, 0) if self.has_hours else 0

    def made(self, cells: int, height: int, top: int) -> CalendarPicture:
        """What is shown, laid out on so many cells and lines, from a row of hours or line of the list on."""
        look, days, frame, month, columns = self.shown
        if look == "month":
            return MonthGrid(days, month, frame, cells, height)
        if look == "agenda":
            return AgendaRows(days, frame, cells, height, top)
        if look == "side":
            return DayGrid(columns, frame, cells, height, top, side=True)
        return DayGrid([GridColumn(day) for day in days], frame, cells, height, top)

    # -- drawing -------------------------------------------------------------------------------------------------------
    def _repaint(self) -> None:
        height = self.size.height
        changed = [y for y in range(height) if self._painted.get(y) != self._line(y)]
        if len(changed) * 2 > height:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        if self.picture is None or self._cells != self.size.width or self.picture.height != self.size.height - 1:
            self._lay_out()
        line = self._painted[y] = self._line(y)
        return self._look.strip(line, self.size.width)

    def _line(self, y: int) -> Line:
        picture = self.picture
        if picture is None:
            return ()
        if y < picture.height:
            return picture.line(y, self.cursor)
        cursor = self.cursor
        planned = next((len(day.entries) + day.more for day in self.shown.days if day.day == cursor.day), 0)
        return detail_line(self.current, cursor, self.shown.frame, self._cells, hours=self.has_hours, planned=planned)

    # -- events --------------------------------------------------------------------------------------------------------
    def on_resize(self) -> None:
        self._top = None
        self._painted.clear()
        self._lay_out()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        spot = self.picture.at(event.x, event.y) if self.picture is not None else None
        if spot is None or waits_for_answer(self):
            return
        self.post_message(self.Picked(spot))
        if event.chain == 2 and spot.key is not None:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.post_message(self.Turned(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.post_message(self.Turned(-1))

    async def on_event(self, event: events.Event) -> None:
        if not self.drag.take(event):
            await super().on_event(event)
