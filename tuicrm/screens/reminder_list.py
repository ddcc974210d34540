"""The list of what one was reminded of: open it, done, remind again later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from tuicrm.domain.activities.wall import place
from tuicrm.domain.activities.working import working_time
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Walk
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.host import WholeScreen
from tuicrm.screens.reminding import reminding_of
from tuicrm.services.calendar import reminder_ways, reminders, series_changes
from tuicrm.services.calendar.reminder_times import Reminder
from tuicrm.services.items import activities
from tuicrm.services.kernel.session import Session


async def show_reminders(host: WholeScreen) -> None:
    """List them, newest first, and do with the chosen one what is chosen; again until left."""
    from tuicrm.widgets.picker import Picker

    session = host.session
    if (known := reminding_of(session)) is not None:
        known.seen()
    while True:
        found = await asyncio.to_thread(reminders.given, session)
        if not found:
            host.say(_("There is nothing left that you were reminded of."))
            return
        choices = [Choice(str(n), reminder_ways.line_of(session, one)) for n, one in enumerate(found)]
        chosen = await host.ask(Picker(host.surface, _("Reminders"), choices))
        if not chosen or not await _act(host, found[int(chosen[0])]):
            return


async def _act(host: WholeScreen, one: Reminder) -> bool:
    """Ask what to do with it; whether the list is to be shown again."""
    from tuicrm.widgets.menu import Menu, MenuEntry

    session, again = host.session, list[bool]()

    def act(step: Callable[[], None], *, stay: bool = True) -> Callable[[], None]:
        def go() -> None:
            step()
            if stay:
                again.append(True)

        return go

    def snooze(until: datetime) -> Callable[[], None]:
        return act(lambda: reminders.put_off(session, one, until))

    entries = [
        MenuEntry("o", _("Open"), act(lambda: _open(host, one), stay=False)),
        MenuEntry("d", _("Done"), act(lambda: _done(host, one))),
        MenuEntry("1", _("Again in 15 minutes"), snooze(session.clock() + timedelta(minutes=15))),
        MenuEntry("h", _("Again in an hour"), snooze(session.clock() + timedelta(hours=1))),
        MenuEntry("t", _("Again tomorrow"), snooze(tomorrow(session))),
    ]
    picked = await host.ask(Menu(host.surface, one.what, entries))
    if picked is None:
        return True
    picked.go()
    return bool(again)


def tomorrow(session: Session) -> datetime:
    """When work begins tomorrow, on the person's clock."""
    day = session.clock().astimezone(session.zone).date() + timedelta(days=1)
    return place(datetime.combine(day, working_time(session.workspace.settings).begin), session.zone).moment


def _open(host: WholeScreen, one: Reminder) -> None:
    opening.open_card(host, one.owner, Walk(one.owner.type, [one.owner.id]), lambda _ref: None)


def _done(host: WholeScreen, one: Reminder) -> None:
    session = host.session
    if one.occurrence and series_changes.is_series(session, one.activity):
        series_changes.do(session, one.activity, one.occurrence)
    else:
        activities.done(session, one.activity)
    host.reload()
    host.say_done(_("Done"))
