"""Actions of every screen of a session: back, elsewhere, undo and redo; keys, commands and the rest with all of the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.host import WholeScreen
from tuicrm.screens.reminding import reminding_of
from tuicrm.screens.seeing_as import end as end_looking
from tuicrm.screens.seeing_as import is_looking
from tuicrm.screens.trail import trail_of
from tuicrm.widgets.controller import Way
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.menu import Menu, MenuEntry
from tuicrm.widgets.program import ProgramActions


class Everywhere(ProgramActions):
    """What a screen does whatever it shows."""

    def __init__(self, host: WholeScreen) -> None:
        super().__init__(host)
        self._host = host
        self.places: Callable[[], Sequence[MenuEntry]] = lambda: ()
        """Where `g` and the palette can go from here."""

    def ways(self) -> list[Way]:
        goto = self._host.surface.keys.keys("goto")[:1]
        told = _("Go to {place}")
        return [Way(told.format(place=one.label), (*goto, one.key), one.go, one.words) for one in self.places()]

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        """The key to the reminders stands in the footer as long as there are new ones."""
        keys, known = self._host.surface.keys, reminding_of(self._host.session)
        key = keys.key("reminders")
        # In a form or a menu it is a sign like any other.
        here = keys.find(self._host.dispatcher.scope, key)
        if known is None or not known.unseen or here is None or here.id != "reminders":
            return found
        return [*found[:3], Hint(key, _("reminders"), True), *found[3:]]

    async def do_goto(self) -> None:
        from tuicrm.services.boards.place_due import place_due

        due = place_due(self._host.session)
        menu = Menu(self._host.surface, _("Go to"), self.places(), due.get_ready if due.waits else None)
        if (entry := await self._host.ask(menu)) is not None:
            entry.go()

    def do_find(self) -> None:
        opening.open_find(self._host)

    async def do_reminders(self) -> None:
        from tuicrm.screens.reminder_list import show_reminders

        await show_reminders(self._host)

    def why_not(self, action_id: str) -> str | None:
        if action_id == "looking.end" and not is_looking(self._host.session):
            return _("You see your own program: nobody else's.")
        return super().why_not(action_id)

    def do_looking_end(self) -> None:
        end_looking(self._host.app)

    async def do_undo(self) -> None:
        from tuicrm.screens.taking_back import said, take_back

        undone = await take_back(self._host, self._host.session)
        if undone is not None:
            self._host.catch_up()
            hint = f"{self._host.surface.keys.key('redo')} {_('redo')}"
            self._host.say(said(undone), "done", hint)

    async def do_redo(self) -> None:
        from tuicrm.screens.taking_back import said, take_back

        redone = await take_back(self._host, self._host.session, again=True)
        if redone is not None:
            self._host.catch_up()
            self._host.say_done(said(redone, again=True))

    def do_back(self) -> None:
        self._host.leave()

    def do_trail_back(self) -> None:
        if not trail_of(self._host.app).back(self._host):
            self._host.say(_("This is where you began."))
