"""From a calendar to its other looks, and to the other views of the items that it is of."""

from __future__ import annotations

from collections.abc import Callable

from tuicrm.domain.calendar import CalendarLook
from tuicrm.i18n import _
from tuicrm.screens.calendar.cursor import LOOKS
from tuicrm.screens.calendar.host import CalendarHost
from tuicrm.screens.viewing import go_to_view
from tuicrm.services.boards.item_views import VIEWS, choose_view, views_of
from tuicrm.widgets.controller import Controller


class CalendarViews(Controller):
    """The menu of views, and leaving."""

    def __init__(self, host: CalendarHost) -> None:
        self._host = host

    async def do_view(self) -> None:
        from tuicrm.widgets.menu import Menu, MenuEntry, letter

        host, taken = self._host, set[str]()
        entries = [
            MenuEntry(letter(_(label), taken), _(label), self._look(look), here=look == host.page.look)
            for look, label in LOOKS.items()
        ]
        if host.page.shown.type:
            keys = [key for key in views_of(host.session, host.page.shown.type) if key != "calendar"]
            entries += [MenuEntry(letter(_(VIEWS[key]), taken), _(VIEWS[key]), self._view(key)) for key in keys]
        if (entry := await host.ask(Menu(host.surface, _("View"), entries))) is not None:
            entry.go()

    def _look(self, look: CalendarLook) -> Callable[[], None]:
        return lambda: self._host.look_at(look)

    def _view(self, key: str) -> Callable[[], None]:
        def go() -> None:
            choose_view(self._host.session, self._host.page.shown.type, key)
            go_to_view(self._host, self._host.page.shown, key)

        return go

    def do_back(self) -> None:
        """Back to where one came from; from the first screen, say how to leave."""
        host = self._host
        if len(host.app.screen_stack) > 2:
            host.leave()
        else:
            host.say(_("{key} quits tuicrm").format(key=host.surface.keys.key("quit")))
