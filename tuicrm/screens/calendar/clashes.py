"""What was changed here and on one's calendar server: a list, and for each a key that says which side holds."""

from __future__ import annotations

from tuicrm.domain.context import Choice
from tuicrm.errors import NotFound
from tuicrm.i18n import _
from tuicrm.screens.calendar.host import CalendarHost
from tuicrm.services.calendar import caldav_clashes
from tuicrm.services.calendar.caldav_clashes import CalendarClash
from tuicrm.widgets.controller import Controller


class ServerClashes(Controller):
    """Asks about one after the other."""

    def __init__(self, host: CalendarHost) -> None:
        self._host = host

    async def do_calendar_clashes(self) -> None:
        """List what waits, and ask about the one that is chosen; again until left."""
        from tuicrm.widgets.picker import Picker

        host = self._host
        while True:
            found = caldav_clashes.clashes(host.session)
            if not found:
                host.say(_("Nothing was changed both here and on your calendar server."))
                return
            choices = [Choice(str(one.number), one.about.title or _("(no title)"), _detail(one)) for one in found]
            chosen = await host.ask(Picker(host.surface, _("Changed here and on the server"), choices))
            if not chosen:
                return
            await self._decide(next(one for one in found if str(one.number) == chosen[0]))

    async def _decide(self, clash: CalendarClash) -> None:
        from tuicrm.widgets.clash import ClashQuestion, ClashWords, Sides

        host, about = self._host, clash.about
        words = ClashWords(_("yours holds"), _("the server's holds"), _("not yet"))
        sides = Sides(
            about.title or _("(no title)"),
            caldav_clashes.side_words(about, mine=False),
            _("on the server"),
            caldav_clashes.side_words(about, mine=True),
        )
        answer = await host.ask(ClashQuestion(host.surface, sides, words))
        if answer is None:
            return
        try:
            caldav_clashes.decide(host.session, clash.number, "mine" if answer else "theirs")
        except NotFound as gone:
            host.say(gone.message, "refused")
            return
        host.say(_("The next `tuicrm calendar sync` goes by it."))


def _detail(clash: CalendarClash) -> str:
    if clash.decided:
        return _("yours holds") if clash.decided == "mine" else _("the server's holds")
    return clash.about.message or ", ".join(
        caldav_clashes.part_name(name) for name, _ours, _theirs in clash.about.parts
    )
