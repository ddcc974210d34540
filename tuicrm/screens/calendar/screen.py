"""The calendar: day, week, month, agenda, several side by side; of people, departments, rooms, or of a type's items."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from tuicrm.domain.calendar import CalendarEntry, CalendarLook, CalendarSpot, held
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.i18n import _
from tuicrm.render.calendar import range_title
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.calendar.clashes import ServerClashes
from tuicrm.screens.calendar.cursor import LOOKS, CalendarCursor
from tuicrm.screens.calendar.entries import EntryActions
from tuicrm.screens.calendar.moving import EntryMoving
from tuicrm.screens.calendar.page import CalendarPage
from tuicrm.screens.calendar.views import CalendarViews
from tuicrm.screens.calendar.whose import WhoseCalendars
from tuicrm.screens.following import why_type_gone
from tuicrm.screens.host import Opener, TrailSpot, Workplace
from tuicrm.screens.places import places
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.calendar import calendars
from tuicrm.services.calendar.calendar_days import wall_now
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences, presence
from tuicrm.widgets.calendar_drag import EntryDropped
from tuicrm.widgets.calendar_view import CalendarView
from tuicrm.widgets.surface import Surface

CALENDAR = "@calendar"
"""Under which name a person's way to look at calendars is kept, beside the views of types."""


class CalendarScreen(CrmScreen):
    """Calendars of somebody, or of what a view of a type's items shows."""

    scope = "calendar"

    def __init__(self, session: Session, surface: Surface, shown: ViewSpec | None = None) -> None:
        super().__init__(session, surface)
        key = surface.keys.key("activity.new")
        self.page = page = CalendarPage(session, shown or ViewSpec(""), _look_of(session), key)
        now = wall_now(session)
        self.view = CalendarView(page.drawn(), CalendarSpot(now.date(), now.hour * 60 + now.minute), surface.look)
        self.entries, self.moving = EntryActions(self), EntryMoving(self)
        self.controllers = (
            CalendarCursor(self),
            self.entries,
            self.moving,
            WhoseCalendars(self),
            CalendarViews(self),
            ServerClashes(self),
            self.everywhere,
        )
        self.everywhere.places = lambda: places(self, page.shown.type, page.shown.pipeline)
        self.following.why_gone = lambda: why_type_gone(session, page.shown.type) if page.shown.type else ""
        self.following.shows = page.holds
        self.standing.spot = lambda: TrailSpot(("calendar", page.shown), self.view.cursor, _opener(page.shown))
        self.standing.stand_on = lambda spot: self.go(spot) if isinstance(spot, CalendarSpot) else None

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        session, page = self.session, self.page
        title = range_title(page.look, page.days, self.view.cursor.day, self.view.shown.frame)
        trail = [_("Calendar"), _(LOOKS[page.look]), title]
        if page.shown.type:
            noun = session.label(session.workspace.type(page.shown.type).plural)
            trail = [noun, *trail, *([f"/ {page.shown.text}"] if page.shown.text else [])]
        else:
            trail.append(calendars.told(session, page.whose))
        return trail_head(trail, cells, presence.names(session))

    def body(self) -> Iterable[Widget]:
        yield self.view

    # -- data ----------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        super().reload()
        self.page.read_again()
        self._draw(self.view.cursor)
        self.moving.follow()

    def _draw(self, spot: CalendarSpot) -> None:
        self.view.show(self.page.drawn(), spot)
        self.top.update()
        self.refresh_hints()

    # -- going about ---------------------------------------------------------------------------------------------------
    def go(self, spot: CalendarSpot) -> None:
        """Put the cursor somewhere; other days are read where it is not among those that are shown."""
        spot = spot._replace(day=held(spot.day))
        if self.page.covers(spot.day):
            self.view.go(spot)
            self.refresh_hints()
        else:
            self.page.read(spot.day)
            self._draw(spot)

    def look_at(self, look: CalendarLook) -> None:
        """Show the days in another way, the cursor where it was."""
        self.page.look = look
        if not self.page.shown.type:
            preferences.choose_view(self.session, LayoutPlace(CALENDAR), look)
        self.page.read(self.view.cursor.day)
        self._draw(self.view.cursor)

    def show_whose(self, whose: Whose) -> None:
        """Show other calendars."""
        self.page.whose = whose
        self.reload()

    def draw_moved(self, entry: CalendarEntry | None) -> None:
        """Draw an entry where it is not yet, the cursor on it; None: no longer."""
        self.page.moved = entry
        spot = self.view.cursor
        if entry is not None:
            spot = CalendarSpot(entry.begin.date(), entry.begin.hour * 60 + entry.begin.minute, entry.key, spot.column)
            if not self.page.covers(spot.day):
                self.page.read(spot.day)
        self._draw(spot)

    # -- events --------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        self.view.focus()

    def on_screen_resume(self) -> None:
        self.view.focus()

    def on_calendar_view_picked(self, message: CalendarView.Picked) -> None:
        if self.moving.entry is None:
            self.go(message.spot)

    def on_calendar_view_opened(self) -> None:
        self.entries.do_open()

    def on_calendar_view_turned(self, message: CalendarView.Turned) -> None:
        picture = self.view.picture
        if picture is not None and self.moving.entry is None:
            self.go(picture.moved(self.view.cursor, 0, message.step))

    def on_entry_dropped(self, message: EntryDropped) -> None:
        if self.moving.entry is None:
            self.start(self.moving.drop(message.entry, message.begin))


def _look_of(session: Session) -> CalendarLook:
    """The way to look at calendars that the person chose last: the week for those who chose no other."""
    chosen = preferences.view_choice(session, LayoutPlace(CALENDAR))
    return next((key for key in LOOKS if key == chosen), "week")


def _opener(shown: ViewSpec) -> Callable[[Workplace], None]:
    def go(instead_of: Workplace) -> None:
        _shown = instead_of.app.switch_screen(CalendarScreen(instead_of.session, instead_of.surface, shown))

    return go


def calendar_screen(whence: Opener) -> CalendarScreen:
    """One's own calendar, as a screen."""
    return CalendarScreen(whence.session, whence.surface)


def calendar_view_screen(whence: Opener, shown: ViewSpec, _view: str) -> CalendarScreen:
    """The calendar of what a view of a type's items shows."""
    return CalendarScreen(whence.session, whence.surface, shown)
