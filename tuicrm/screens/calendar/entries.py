"""What is done with what is planned: opened, changed, done, deleted, and planned anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tuicrm.domain.calendar import CalendarEntry
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref, Walk
from tuicrm.domain.kinds.moments import local
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.calendar.host import CalendarHost
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.planning import finish, plan
from tuicrm.screens.items.which_one import which_one
from tuicrm.services.calendar import series_changes
from tuicrm.services.calendar.series_changes import Which
from tuicrm.services.items import activities
from tuicrm.services.search.name_lookup import find_items
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.picker import Picker

_ON_ENTRIES = ("open", "delete", "calendar.edit", "calendar.done", "calendar.move", "calendar.stretch")
_LONGEST = 500


def why_not_entry(host: CalendarHost, entry: CalendarEntry | None, *, edits: bool) -> str | None:
    """Why nothing can be done with an entry; None where it can."""
    if entry is None:
        return _("There is no activity under the cursor.")
    if entry.busy or entry.owner is None:
        return _("This one is private: others see only that the time is taken.")
    if edits and entry.is_booking:
        return _("A field of {item} books this: its card changes it.").format(item=entry.about)
    if edits:
        return why_not_allowed(host.session, "edit", host.session.peek(entry.owner))
    return None


class EntryActions(Controller):
    """Acts on the entry under the cursor."""

    def __init__(self, host: CalendarHost) -> None:
        self._host = host

    def why_not(self, action_id: str) -> str | None:
        if action_id == "open" and self._opens_day:
            return None
        if action_id in _ON_ENTRIES:
            return why_not_entry(self._host, self._host.view.current, edits=action_id != "open")
        return None

    @property
    def _opens_day(self) -> bool:
        """Whether the cursor is on a day of a month, and on none of its entries."""
        return self._host.page.look == "month" and self._host.view.cursor.key is None

    def do_open(self) -> None:
        """The card of its item; on a day of a month, that day."""
        host, entry = self._host, self._host.view.current
        if self._opens_day:
            host.look_at("day")
        if entry is not None and entry.owner is not None:
            opening.open_card(
                host, entry.owner, Walk(entry.owner.type, [entry.owner.id]), lambda _last: host.catch_up()
            )

    # -- one that is there ---------------------------------------------------------------------------------------------
    async def do_calendar_done(self) -> None:
        """Done, or open again; what came of it and what comes next can be said at once."""
        host, entry = self._host, self._host.view.current
        if entry is None or entry.owner is None:
            return
        which, answered = await meant(host, entry, _("Done"))
        if not answered:
            return
        if entry.done:
            activities.done(host.session, entry.activity, undone=True)
        else:
            await finish(host, entry.owner, entry.activity, which, entry.occurrence)
        host.reload()
        told = _("reopened: {what}") if entry.done else _("done: {what}")
        host.say_done(told.format(what=entry.what))

    async def do_delete(self) -> None:
        host, entry = self._host, self._host.view.current
        if entry is None:
            return
        which, answered = await meant(host, entry, _("Delete"))
        if not answered:
            return
        if which is None:
            activities.delete(host.session, entry.activity)
        else:
            series_changes.delete(host.session, entry.activity, which, entry.occurrence)
        host.reload()
        host.say_done(_("deleted: {what}").format(what=entry.what))

    async def do_calendar_edit(self) -> None:
        host, entry = self._host, self._host.view.current
        if entry is None or entry.owner is None:
            return
        which, answered = await meant(host, entry, _("Change the activity"))
        doc = activities.known(host.session, entry.activity).doc
        if answered and await plan(
            host, entry.owner, doc, entry.activity, which=which, occurrence=entry.occurrence if which else ""
        ):
            host.reload()

    # -- a new one -----------------------------------------------------------------------------------------------------
    async def do_new(self) -> None:
        await self.do_activity_new()

    async def do_activity_new(self) -> None:
        """Plan something at the cursor: first, with which item."""
        host = self._host
        owner = await self._ask_owner()
        if owner is None:
            return
        if reason := why_not_allowed(host.session, "edit", host.session.peek(owner)):
            host.say(reason, "refused")
        elif await plan(host, owner, self._planned_here()):
            host.reload()

    def _planned_here(self) -> dict[str, Any]:
        """What a new one begins with: the time of the cursor, else the beginning of work, and whose calendar it is."""
        host, session = self._host, self._host.session
        frame, spot = host.view.shown.frame, host.view.cursor
        if host.view.current is not None or not host.view.has_hours:
            spot = spot._replace(minute=spot.minute or frame.hours.begin)
        at = local(spot.day, spot.at.time(), session.context())
        people = host.page.whose.people
        person = people[spot.column] if host.view.shown.look == "side" and spot.column < len(people) else ""
        responsible = person or (people[0] if len(people) == 1 else session.person_key)
        return {"at": stamp(at), "responsible": responsible}

    async def _ask_owner(self) -> Ref | None:
        """With which item: the one under the cursor first, then the newest, all others as they are looked for."""
        host, session = self._host, self._host.session
        types = [host.page.shown.type] if host.page.shown.type else list(session.workspace.types)
        entry = host.view.current
        first = (
            [Choice(str(entry.owner), entry.about, session.workspace.show_ref(entry.owner))]
            if entry is not None and entry.owner is not None
            else []
        )

        def search(text: str) -> Sequence[Choice]:
            return find_items(session, text, types, limit=_LONGEST if text.strip() else 20)

        picker = Picker(host.surface, _("Plan with which item"), first, search=search)
        chosen = await host.ask(picker)
        return Ref.parse(chosen[0]) if chosen else None


async def meant(host: CalendarHost, entry: CalendarEntry, title: str) -> tuple[Which | None, bool]:
    """What is meant of a series (None for what stands for itself), and whether that was answered."""
    return await which_one(host, entry.activity, title) if entry.occurrence else (None, True)


def length_of(entry: CalendarEntry | None) -> timedelta:
    """How long an entry takes; half an hour where there is none."""
    return entry.end - entry.begin if entry is not None and not entry.whole else timedelta(minutes=30)
