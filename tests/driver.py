"""A story of key presses over a running app: keys are named by action, waits are for work, never for time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest import mock

from textual.events import Key, MouseDown, MouseEvent, MouseMove, MouseUp
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen

from tests import dispatching, stylesheets
from tests.quiet import until_quiet, waits_for_work
from tuicrm.actions import ACTIONS
from tuicrm.app import CrmApp
from tuicrm.keymap import Keymap, keymap
from tuicrm.render.palette import Palette
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import Arranged, Arranger
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.surface import Surface, TerminalLook
from tuicrm.widgets.toast import ToastLine

SMALL, LARGE = (80, 24), (140, 40)

# The names by which a Pilot presses what the action table calls otherwise.
_PILOT = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "del": "delete"}

_DRAWN_AT_MOST = 10
"""Times that a screen is drawn before it is taken as one that never comes to rest."""


class Crm:
    """Drives one app. `await crm.press_action("stage.next")` presses the key bound to it."""

    def __init__(self, app: CrmApp, pilot: Pilot[None], keys: Keymap) -> None:
        self.app = app
        self.pilot = pilot
        self.keys = keys

    @property
    def screen(self) -> Keyed[Any]:
        """The screen or dialog on top."""
        assert isinstance(self.app.screen, Keyed)
        return self.app.screen

    @property
    def dialog(self) -> Dialog[Any] | None:
        """The dialog on top; None when there is none."""
        return next(iter(reversed(list(self.app.screen.query(Dialog)))), None)

    @property
    def arranged(self) -> Arranged | None:
        """What the dialog on top puts in order; None where it does not."""
        return self.dialog.arranged if isinstance(self.dialog, Arranger) else None

    async def press_action(self, *action_ids: str) -> None:
        """Press the key of each action in turn."""
        for action_id in action_ids:
            await self.press(self.keys.key(action_id))

    async def press(self, *keys: str) -> None:
        """Press keys, written as in the action table, and wait until all they began is done or waits for an answer."""
        for key in keys:
            *modifiers, name = key.split("+") if len(key) > 1 else [key]
            await self._send("+".join((*modifiers, _PILOT.get(name, name.lower() if name[1:].isdigit() else name))))
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text as fast fingers do: each character acts on what the one before it brought about, and not each is drawn."""
        for character in text:
            self.app.post_message(Key(_character_to_key(character), character))
        await self.settle()

    async def _send(self, key: str) -> None:
        """A key as the terminal sends it, and what it does at once: a Pilot also asks every widget whether it is done."""
        await self.app._press_keys([key])

    # -- the mouse -----------------------------------------------------------------------------------------------------
    def find(self, text: str, nth: int = 0) -> tuple[int, int]:
        """The cell (x, y) at which a text that can be seen begins, from the top; the `nth` of them."""
        cells = [
            (x.start(), y) for y, line in enumerate(self.screen_lines()) for x in re.finditer(re.escape(text), line)
        ]
        assert len(cells) > nth, f"{text!r} is not on the screen:\n{self.screen_text()}"
        return cells[nth]

    async def mouse(self, kind: Callable[..., MouseEvent], x: int, y: int, button: int = 1) -> None:
        """One event of the mouse as the driver hands it to the app."""
        driver = self.app._driver
        assert driver is not None
        driver.process_message(kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y))
        await self.settle()

    async def click(self, x: int, y: int) -> None:
        """Press and let go in one cell."""
        await self.mouse(MouseDown, x, y)
        await self.mouse(MouseUp, x, y)

    async def carry(self, start: tuple[int, int], *cells: tuple[int, int]) -> None:
        """Press on a cell and move over others, without letting go."""
        await self.mouse(MouseDown, *start)
        for cell in cells:
            await self.mouse(MouseMove, *cell)

    async def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press on a cell, move to another and let go there."""
        await self.carry(start, end)
        await self.mouse(MouseUp, *end)

    async def settle(self) -> None:
        """Wait for messages and for work that does not itself wait for an answer; what changed is drawn then, and only then."""
        for _turn in range(_DRAWN_AT_MOST):
            await until_quiet()
            await self.app.rest()
            if not self._is_to_be_drawn():
                return
            self.app.screen._on_timer_update()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Let go on what goes on until something holds."""
        while not holds():
            await self.pilot.pause()
            await asyncio.sleep(0)

    def _is_to_be_drawn(self) -> bool:
        """Whether the screen on top would draw, or do what waits for a drawing, at the next sixtieth of a second."""
        return self.app.is_running and self.app.screen._update_timer._active.is_set()

    async def paste(self, text: str) -> None:
        """Paste as a terminal does."""
        from textual.events import Paste

        assert self.app.focused is not None
        self.app.focused.post_message(Paste(text))
        await self.settle()

    def screen_lines(self) -> list[str]:
        """What can be seen, line by line."""
        # Textual has no public way to the screen's text; its own screenshots go this way.
        update = self.app.screen._compositor.render_full_update()
        return ["".join(segment.text for segment in strip) for strip in update.strips]

    def screen_text(self) -> str:
        """What can be seen."""
        return "\n".join(self.screen_lines())

    def said(self) -> str:
        """What the toast says; "" when there is none."""
        return next((toast.text for toast in self.app.screen.query(ToastLine)), "")

    def actions_without_method(self) -> list[str]:
        """Ids of the actions that the table lists where the cursor is and nobody there can do."""
        doable = {action.id for action in self.screen.dispatcher.doable()}
        return [
            action.id for action in ACTIONS if self.screen.dispatcher.scope in action.scopes and action.id not in doable
        ]


@asynccontextmanager
async def running(
    session: Session,
    first: Callable[[Session, Surface], Screen[Any]],
    size: tuple[int, int] = SMALL,
    keys: Keymap | None = None,
    ascii_only: bool = False,
) -> AsyncIterator[Crm]:
    """An app on its first screen, with everything on that could crash on hostile text."""
    keys = keys or keymap()
    surface = Surface(keys, TerminalLook(Palette("dark", "true"), ascii_only))
    app = CrmApp(session, surface, first)
    # A screen draws when the story looks at it, not sixty times a second: how often depended on the machine.
    with waits_for_work(), stylesheets.kept(), dispatching.kept(), mock.patch("textual.screen.UPDATE_PERIOD", 3600):
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            crm = Crm(app, pilot, keys)
            await crm.settle()
            yield crm
