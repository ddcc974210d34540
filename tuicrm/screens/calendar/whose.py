"""Whose calendars are shown, and when all of them are free."""

from __future__ import annotations

from datetime import datetime, timedelta

from tuicrm.domain.calendar import SLOT, CalendarSpot
from tuicrm.domain.context import Choice
from tuicrm.domain.kinds.moments import local
from tuicrm.i18n import _
from tuicrm.screens.calendar.entries import length_of
from tuicrm.screens.calendar.host import CalendarHost
from tuicrm.services.calendar import calendars
from tuicrm.services.calendar.free_busy import next_free
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.picker import Picker


class WhoseCalendars(Controller):
    """Chooses them, and looks for time that all have."""

    def __init__(self, host: CalendarHost) -> None:
        self._host = host
        self._found: tuple[datetime, timedelta] | None = None

    async def do_calendar_whose(self) -> None:
        host = self._host
        choices = [Choice(one.key, one.label, one.detail) for one in calendars.choices(host.session)]
        chosen = calendars.keys_of(host.page.whose)
        picker = Picker(host.surface, _("Whose calendars"), choices, chosen=chosen, many=True)
        answer = await host.ask(picker)
        if answer is not None:
            host.show_whose(calendars.whose_of(host.session, answer))

    def do_calendar_free(self) -> None:
        """The next free time for those chosen, as long as what the cursor is on; again: the one after."""
        host, session = self._host, self._host.session
        length, begin = length_of(host.view.current), host.view.cursor.at
        if self._found is not None and self._found[0] == begin:
            length, begin = self._found[1], begin + timedelta(minutes=SLOT)
        after = max(local(begin.date(), begin.time(), session.context()), session.clock())
        found = next_free(session, host.page.whose, length, after)
        names = calendars.told(session, host.page.whose)
        if found is None:
            host.say(_("No free time for {names} was found.").format(names=names))
            return
        start, end = (one.astimezone(session.zone).replace(tzinfo=None) for one in found)
        self._found = (start, length)
        if not host.view.has_hours:
            host.look_at("day")
        host.go(CalendarSpot(start.date(), start.hour * 60 + start.minute))
        title = host.view.shown.frame.day_title(start.date())
        told = _("{when} is free for {names}; {key} plans something then.")
        when = f"{title} {start:%H:%M}–{end:%H:%M}"
        host.say(told.format(when=when, names=names, key=host.surface.keys.key("activity.new")))
