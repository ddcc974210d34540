"""How far something is that takes its time, and a key that stops it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from textual.app import App
from textual.widget import Widget

from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LINE
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.keyed import Answers
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface

Outcome = TypeVar("Outcome")
Given = TypeVar("Given")

A_WHILE = 0.3
"""Seconds after which it is shown: what is quicker would only flicker."""


class WorkStopped(Exception):
    """Raised in the work by `tell` once somebody stopped it: it ends, and nothing of it stays."""


class Progress(Dialog[None], can_focus=True):
    """Shows how much of how much is done. `esc` stops it."""

    scope = "confirm"
    cells = 50

    def __init__(self, surface: Surface, title: str, stops: str = "") -> None:
        """`stops` is what the key does that stops it."""
        super().__init__(surface, title)
        self._stops = stops or _("stops it; nothing is saved")
        self.stopped = threading.Event()
        self._done, self._of = 0, 0
        self._bar = OneLine(surface.look, self._line)

    def contents(self) -> Iterable[Widget]:
        key = self.surface.keys.key("cancel")
        yield self._bar
        yield OneLine(self.surface.look, lambda cells: pad((Run(key, "key"), Run(f" {self._stops}")), cells))

    def on_mount(self) -> None:
        self.focus()

    def show(self, done: int, of: int) -> None:
        """Say how far it is."""
        self._done, self._of = done, of
        self._bar.update()

    def do_cancel(self) -> None:
        self.stopped.set()

    def do_confirm_no(self) -> None:
        self.stopped.set()

    def _line(self, cells: int) -> Line:
        if not self._of:
            return pad((Run("…", "faint"),), cells)
        told = f" {self._done:,} / {self._of:,}"
        room = max(cells - len(told), 0)
        full = room * self._done // self._of
        return pad((Run(LINE * full, "accent"), Run(LINE * (room - full), "rule"), Run(told, "dim")), cells)


class ShowsProgress(Protocol):
    """A screen, as far as showing how far something is needs it."""

    @property
    def app(self) -> App[object]: ...
    @property
    def surface(self) -> Surface:
        """The keys and the look for the box."""

    async def ask(self, dialog: Answers[Given], /) -> Given | None: ...


async def with_progress(
    screen: ShowsProgress, title: str, work: Callable[[Callable[[int, int], None]], Outcome], *, stops: str = ""
) -> Outcome | None:
    """Do work on a thread; after a while, a box says how far it is. None when it was stopped.

    `work` gets `tell(done, of)`, which raises WorkStopped in it once somebody stopped it; `stops` says what
    its key does."""
    box = Progress(screen.surface, title, stops)

    def tell(done: int, of: int) -> None:
        if box.stopped.is_set():
            raise WorkStopped
        screen.app.call_from_thread(_told, box, done, of)

    async def show() -> None:
        await asyncio.sleep(A_WHILE)
        await screen.ask(box)

    showing = asyncio.create_task(show())
    try:
        return await asyncio.to_thread(work, tell)
    except WorkStopped:
        return None
    finally:
        box.leave()
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


def _told(box: Progress, done: int, of: int) -> None:
    if box.is_attached:
        box.show(done, of)
