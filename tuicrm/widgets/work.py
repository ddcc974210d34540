"""Actions that wait for something (a dialog, a thread), and whether one goes on just now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

from textual.screen import Screen

from tuicrm.errors import CrmError

Result = TypeVar("Result")

ACTIONS_GROUP = "actions"
"""The group of the workers that go on with an action which waits for something."""

SEARCH_GROUP = "search"
"""The group of the workers that look for what was typed: the next key acts on what they find."""


class ScreenWork:
    """The actions of a screen that are under way."""

    def __init__(self, screen: Screen[Any], refused: Callable[[CrmError], None], over: Callable[[], None]) -> None:
        """`refused` is told what one refuses; `over` is called after each, as long as the screen is there."""
        self._screen = screen
        self._refused = refused
        self._over = over
        self._under_way = 0
        self.at_rest = asyncio.Event()
        """Set while no action is under way, or each waits for somebody's answer."""
        self.at_rest.set()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Go on with something that waits."""
        self.goes_on()
        self._screen.run_worker(self._watched(work), group=ACTIONS_GROUP, exit_on_error=True)

    async def _watched(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except CrmError as error:
            self._refused(error)
        finally:
            self.waits()
        if self._screen.is_attached:
            self._over()

    def goes_on(self) -> None:
        """An action has begun, or has its answer and goes on."""
        self._under_way += 1
        self.at_rest.clear()

    def waits(self) -> None:
        """An action is over, or waits for an answer from now on."""
        self._under_way -= 1
        if self._under_way <= 0:
            self.at_rest.set()


class HasWork(Protocol):
    """A screen, as far as an answer is concerned."""

    @property
    def work(self) -> ScreenWork:
        """The actions of the screen that are under way."""


class Reply(Generic[Result]):
    """What somebody will answer. While a screen's action waits for it, the screen is at rest and keys go on."""

    def __init__(self, host: HasWork) -> None:
        self._work = host.work
        self._given: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._awaited = False

    @property
    def is_given(self) -> bool:
        """Whether there is an answer, or nobody waits for one any more."""
        return self._given.done()

    def give(self, answer: Result) -> None:
        """Answer; the first answer counts."""
        if not self._given.done():
            self._given.set_result(answer)
            self._go_on()

    async def wait(self) -> Result:
        """The answer once it is given."""
        if not self._given.done():
            self._awaited = True
            self._work.waits()
        try:
            return await self._given
        finally:
            self._go_on()

    def _go_on(self) -> None:
        if self._awaited:
            self._awaited = False
            self._work.goes_on()
