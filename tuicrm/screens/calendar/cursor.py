"""Where one is in a calendar: the cursor, the pages, today, and how the days are shown."""

from __future__ import annotations

from datetime import date

from tuicrm.domain.calendar import CalendarLook, CalendarSpot, paged
from tuicrm.i18n import N_, _
from tuicrm.screens.calendar.host import CalendarHost
from tuicrm.services.calendar.calendar_days import wall_now
from tuicrm.widgets.controller import Controller

LOOKS: dict[CalendarLook, str] = {
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
    "agenda": N_("Agenda"),
    "side": N_("Side by side"),
}
"""What people call the ways to look at a calendar."""


class CalendarCursor(Controller):
    """Moves the cursor, and turns the pages."""

    def __init__(self, host: CalendarHost) -> None:
        self._host = host

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def _step(self, across: int, down: int) -> None:
        picture = self._host.view.picture
        if picture is not None:
            self._host.go(picture.moved(self._host.view.cursor, across, down))

    def do_move_left(self) -> None:
        self._step(-1, 0)

    def do_move_right(self) -> None:
        self._step(1, 0)

    def do_move_down(self) -> None:
        self._step(0, 1)

    def do_move_up(self) -> None:
        self._step(0, -1)

    def do_move_page_down(self) -> None:
        self._page(1)

    def do_move_page_up(self) -> None:
        self._page(-1)

    def _page(self, pages: int) -> None:
        cursor = self._host.view.cursor
        self._host.go(CalendarSpot(paged(self._host.page.look, cursor.day, pages), cursor.minute, None, cursor.column))

    def do_move_first(self) -> None:
        self._stop(0)

    def do_move_last(self) -> None:
        self._stop(-1)

    def do_calendar_next(self) -> None:
        self._beside(1)

    def do_calendar_before(self) -> None:
        self._beside(-1)

    def _stop(self, at: int) -> None:
        """To one of all that is planned in the days shown."""
        host, picture = self._host, self._host.view.picture
        stops = picture.stops() if picture is not None else []
        if stops:
            host.go(stops[at])
        else:
            host.say(_("Nothing is planned in these days."))

    def _beside(self, step: int) -> None:
        """To the next entry, or the one before; behind the last comes the first."""
        picture, here = self._host.view.picture, self._host.view.cursor
        stops = picture.stops() if picture is not None else []
        at = next((n for n, one in enumerate(stops) if one.key == here.key and one.column == here.column), -1)
        if at >= 0:
            self._stop((at + step) % len(stops))
            return
        after = next((n for n, one in enumerate(stops) if _place(one) >= _place(here)), len(stops))
        self._stop((after if step > 0 else after - 1) % len(stops) if stops else 0)

    def do_calendar_today(self) -> None:
        now = wall_now(self._host.session)
        self._host.go(CalendarSpot(now.date(), now.hour * 60 + now.minute))

    # -- how it is shown -----------------------------------------------------------------------------------------------
    def do_calendar_day(self) -> None:
        self._host.look_at("day")

    def do_calendar_week(self) -> None:
        self._host.look_at("week")

    def do_calendar_month(self) -> None:
        self._host.look_at("month")

    def do_calendar_agenda(self) -> None:
        self._host.look_at("agenda")

    def do_calendar_side(self) -> None:
        self._host.look_at("side")


def _place(spot: CalendarSpot) -> tuple[date, int]:
    return spot.day, spot.minute
