"""Moving and stretching what is planned: keys carry it about, `enter` keeps it, `esc` leaves it where it was. One change, one undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from tuicrm.domain.calendar import SLOT, CalendarEntry, CalendarSpot, held
from tuicrm.i18n import _
from tuicrm.render.calendar import clock
from tuicrm.screens.calendar.entries import meant, why_not_entry
from tuicrm.screens.calendar.host import CalendarHost
from tuicrm.services.calendar.shifting import shift
from tuicrm.services.items import activities
from tuicrm.widgets.controller import Controller

SCOPE, MOVING = "calendar", "calendar moving"
_STEP = timedelta(minutes=SLOT)
_DAY = timedelta(days=1)


class EntryMoving(Controller):
    """One entry on its way."""

    def __init__(self, host: CalendarHost) -> None:
        self._host = host
        self._was: CalendarEntry | None = None
        self._base: Mapping[str, Any] = {}
        self.entry: CalendarEntry | None = None
        """What is on its way, as it would be; None while nothing is."""
        self._stretches = False

    # -- beginning and ending ------------------------------------------------------------------------------------------
    def do_calendar_move(self) -> None:
        self._begin(stretches=False)

    def do_calendar_stretch(self) -> None:
        self._begin(stretches=True)

    def _begin(self, *, stretches: bool) -> None:
        host, entry = self._host, self._host.view.current
        if entry is None:
            return
        self._base = activities.known(host.session, entry.activity).doc
        self._was = self.entry = entry
        self._stretches = stretches
        host.scope = MOVING
        self._draw()

    def do_cancel(self) -> None:
        was = self._was
        self._end()
        if was is not None:
            self._host.go(CalendarSpot(was.begin.date(), was.begin.hour * 60 + was.begin.minute, was.key))

    def _end(self) -> None:
        self._was = self.entry = None
        self._host.scope = SCOPE
        self._host.draw_moved(None)
        self._host.refresh_hints()

    def follow(self) -> None:
        """Records changed while something is on its way: leave what is there no more, or is no longer to be moved by this person."""
        host, entry = self._host, self.entry
        if entry is None:
            return
        there = {record.id for record in host.session.store.get("activity", [entry.activity])}
        if entry.activity in there and why_not_entry(host, entry, edits=True) is None:
            host.draw_moved(entry)
            return
        self._end()
        host.say(_("This entry was deleted by someone."), "refused")

    async def do_shift_keep(self) -> None:
        was, entry, base = self._was, self.entry, self._base
        if was is not None and entry is not None:
            await self._keep(was, entry, base)

    async def _keep(self, was: CalendarEntry, entry: CalendarEntry, base: Mapping[str, Any]) -> None:
        """Write where an entry goes, of a series as many as are meant; the cursor goes along."""
        host = self._host
        spot = CalendarSpot(entry.begin.date(), entry.begin.hour * 60 + entry.begin.minute, entry.key)
        if (was.begin, was.end) == (entry.begin, entry.end):
            self._end()
            host.go(spot)
            return
        which, answered = await meant(host, entry, _("Move"))
        if not answered:
            return
        self._end()
        number = shift(
            host.session,
            entry.activity,
            entry.begin,
            entry.end,
            base=base,
            stretched=was.end - was.begin != entry.end - entry.begin,
            occurrence=entry.occurrence,
            which=which or "this",
        )
        host.reload()
        host.go(spot._replace(key=(number, "")) if which in (None, "this") else spot._replace(key=None))
        host.say_done(self._told(entry))

    async def drop(self, entry: CalendarEntry, begin: datetime) -> None:
        """The mouse let an entry go: as keys would set it down."""
        host = self._host
        if reason := why_not_entry(host, entry, edits=True):
            host.say(reason, "refused")
            return
        base = activities.known(host.session, entry.activity).doc
        await self._keep(entry, replace(entry, begin=begin, end=begin + (entry.end - entry.begin)), base)

    # -- on its way ----------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        if (
            action_id in ("shift.up", "shift.down")
            and self.entry is not None
            and self.entry.whole
            and not self._stretches
        ):
            return _("It is for whole days: it goes from day to day.")
        return None

    def _by(self, span: timedelta) -> None:
        entry = self.entry
        if entry is None:
            return
        begin = entry.begin + span
        if held(begin.date()) == begin.date():
            self.entry = replace(entry, begin=begin, end=entry.end + span)
            self._draw()

    def _longer(self, steps: int) -> None:
        entry = self.entry
        if entry is None:
            return
        step = _DAY if entry.whole else _STEP
        end = max(entry.end + steps * step, entry.begin + step)
        self.entry = replace(entry, end=end)
        self._draw()

    def do_shift_left(self) -> None:
        self._by(-_DAY)

    def do_shift_right(self) -> None:
        self._by(_DAY)

    def do_shift_down(self) -> None:
        if self._stretches:
            self._longer(1)
        else:
            self._by(_STEP)

    def do_shift_up(self) -> None:
        if self._stretches:
            self._longer(-1)
        else:
            self._by(-_STEP)

    def do_shift_week_later(self) -> None:
        self._by(7 * _DAY)

    def do_shift_week_earlier(self) -> None:
        self._by(-7 * _DAY)

    def do_shift_longer(self) -> None:
        self._longer(1)

    def do_shift_shorter(self) -> None:
        self._longer(-1)

    def _draw(self) -> None:
        if self.entry is not None:
            self._host.draw_moved(self.entry)

    def _told(self, entry: CalendarEntry) -> str:
        title = self._host.view.shown.frame.day_title
        if entry.whole:
            last = "" if entry.last == entry.begin.date() else f"–{title(entry.last)}"
            return f"{entry.what} → {title(entry.begin.date())}{last}"
        end = clock(entry.end) if entry.last == entry.begin.date() else f"{title(entry.end.date())} {clock(entry.end)}"
        return f"{entry.what} → {title(entry.begin.date())} {clock(entry.begin)}–{end}"
