"""What a calendar on screen is for those that it holds."""

from __future__ import annotations

from typing import Any, Protocol

from tuicrm.domain.calendar import CalendarEntry, CalendarLook, CalendarSpot
from tuicrm.screens.calendar.page import CalendarPage
from tuicrm.screens.host import Workplace
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.widgets.calendar_view import CalendarView


class CalendarHost(Workplace, Protocol):
    """A calendar, as far as its controllers need it."""

    view: CalendarView
    page: CalendarPage
    scope: str

    @property
    def app(self) -> Any: ...  # noqa: ANN401 - as Textual has it
    def go(self, spot: CalendarSpot) -> None:
        """Put the cursor somewhere; other days are read where it is not among those that are shown."""

    def look_at(self, look: CalendarLook) -> None:
        """Show the days in another way."""

    def show_whose(self, whose: Whose) -> None:
        """Show other calendars."""

    def draw_moved(self, entry: CalendarEntry | None) -> None:
        """Draw an entry where it is not yet, the cursor on it; None: no longer."""

    def refresh_hints(self) -> None:
        """Ask again what can be done."""

    def leave(self) -> None:
        """Close it."""
