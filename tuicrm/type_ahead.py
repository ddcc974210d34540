"""Keys in the order they were pressed. Fast fingers, and every SSH connection, send several keys at once; each must act on what
the one before it brought about: `enter`, then `38k` goes into the editor that enter opens.

Textual hands each key at once to the widget that is focused at that moment, and what a key does happens later.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.work import SEARCH_GROUP

_PATIENCE = 2.0
"""Seconds after which a key is handed on all the same: nothing may leave people without a keyboard."""

Hand = Callable[[events.Event], Awaitable[None]]


class TypeAhead:
    """Hands keys and pastes on, one at a time: the next when what the last one began is done, or waits for an answer."""

    def __init__(self, app: App[None], hand_on: Hand) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[events.Event] = deque()
        self._pump: asyncio.Task[None] | None = None
        self.was_used = False
        """Whether any key was pressed."""
        self._is_held = False

    def take(self, event: events.Event) -> None:
        """One more key or paste."""
        self.was_used = True
        self._waiting.append(event)
        self._go_on()

    def hold(self) -> None:
        """Keep keys until it is known what they were meant for."""
        self._is_held = True

    def release(self) -> None:
        """Hand on what was kept."""
        self._is_held = False
        if self._waiting:
            self._go_on()

    def forget(self) -> bool:
        """Drop what was kept: what it was meant for is no more; whether there was any."""
        there = bool(self._waiting)
        self._waiting.clear()
        return there

    def _go_on(self) -> None:
        if self._is_held:
            return
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._run(), name="type ahead")

    async def _run(self) -> None:
        while self._waiting and self._app.is_running:
            event = self._waiting.popleft()
            if isinstance(screen := self._app.screen, Keyed):
                screen.more_is_typed = self._is_text(self._waiting[0] if self._waiting else None)
            await self._hand_on(event)
            following = self._waiting[0] if self._waiting else None
            await self._rest(searches=not self._is_text(following))

    async def rest(self) -> None:
        """Wait until all keys were handed on and what they began is done or waits for an answer."""
        if self._pump is not None:
            await asyncio.wait([self._pump])
        await self._rest(searches=True)

    def _is_text(self, event: events.Event | None) -> bool:
        """Whether it is text for an input: that need not wait for what the text before it finds."""
        typed = isinstance(event, events.Paste) or (isinstance(event, events.Key) and event.is_printable)
        return typed and isinstance(self._app.focused, Input | TextArea)

    async def _rest(self, *, searches: bool) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                before: tuple[DOMNode, ...] = ()
                while self._app.is_running and before != (here := self._place()):
                    before, screen = here, self._app.screen
                    # A message goes up from the focused widget; each has heard all when it comes to this.
                    for node in here:
                        await _heard(node)
                    if isinstance(screen, Keyed):
                        await screen.work.at_rest.wait()
                    if searches:
                        await self._found()

    def _place(self) -> tuple[DOMNode, ...]:
        """Where the focus is, up to the app."""
        screen: Screen[object] = self._app.screen
        focused: Widget | None = screen.focused
        return tuple((focused if focused is not None else screen).ancestors_with_self)

    async def _found(self) -> None:
        """Wait for what is looked for in the background; actions may wait for an answer, and what makes ready is in no hurry."""
        if searching := [worker for worker in self._app.workers if worker.group == SEARCH_GROUP]:
            await self._app.workers.wait_for_complete(searching)


class _Turn:
    """When a node comes to it. A method, since Textual looks at the parameters of each function that it has not called before."""

    __slots__ = ("heard",)

    def __init__(self) -> None:
        self.heard = asyncio.get_running_loop().create_future()

    def tell(self) -> None:
        if not self.heard.done():
            self.heard.set_result(None)


async def _heard(node: MessagePump) -> None:
    """Wait until a node has dealt with the messages that it has now."""
    turn = _Turn()
    if node.is_running and node.call_later(turn.tell):
        await turn.heard
