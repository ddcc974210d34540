"""What every screen does alike, whatever it shows: tell the keys, find actions by name, go to the shell, leave."""

from __future__ import annotations

from typing import Protocol, TypeVar

from textual.app import App

from tuicrm.i18n import _
from tuicrm.login import comer
from tuicrm.widgets.controller import Controller, Way
from tuicrm.widgets.dispatcher import Dispatcher
from tuicrm.widgets.keyed import Answers
from tuicrm.widgets.surface import Surface

Given = TypeVar("Given")


class ProgramScreen(Protocol):
    """The screen, as far as these need it."""

    @property
    def app(self) -> App[object]: ...
    @property
    def surface(self) -> Surface:
        """The keys and the look for help and palette."""

    @property
    def dispatcher(self) -> Dispatcher:
        """Finds what can be done here, and does it by name."""

    async def ask(self, dialog: Answers[Given], /) -> Given | None: ...


class ProgramActions(Controller):
    """Actions of the program as a whole: commands by name, help, the shell, leaving."""

    def __init__(self, screen: ProgramScreen) -> None:
        self._screen = screen

    def why_not(self, action_id: str) -> str | None:
        if action_id == "suspend" and comer() is not None:
            return _("There is no shell behind tuicrm where you come in.")
        return None

    async def do_commands(self) -> None:
        from tuicrm.widgets.palette import ActionPalette, PaletteEntry

        screen, dispatcher = self._screen, self._screen.dispatcher
        doable = [(action, dispatcher.reason(action)) for action in dispatcher.doable() if action.in_palette]
        chosen: PaletteEntry | None = await screen.ask(ActionPalette(screen.surface, doable, dispatcher.ways()))
        if isinstance(chosen, Way):
            chosen.go()
        elif chosen is not None:
            dispatcher.perform(chosen)

    async def do_help(self) -> None:
        from tuicrm.widgets.help import Help

        await self._screen.ask(Help(self._screen.surface, self._screen.dispatcher.doable()))

    def do_suspend(self) -> None:
        self._screen.app.action_suspend_process()

    def do_quit(self) -> None:
        self._screen.app.exit()
