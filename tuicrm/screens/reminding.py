"""Reminders while a session is open: in the top line of whatever is shown, by the terminal, and as a list. One timer goes to the next.

What has come is looked for in a thread, so that nobody waits for it, and again when activities changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from textual.app import App
from textual.timer import Timer

from tuicrm.config import Config
from tuicrm.errors import Conflict, Refusal, StorageError
from tuicrm.i18n import _, ngettext
from tuicrm.notices import notice
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import CLOCK
from tuicrm.render.text import cut
from tuicrm.services.items import due_counts
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.textual_inside import driver_of

NAME = "reminding"
"""By which a session has it among its followers."""
FIRST_LOOK = 1.0
"""Seconds until reminders are looked for first: what is shown first comes first."""
_SOON = 0.3
"""Seconds between a change and the look for what it made due: many changes come in a row."""
_BRIEF = 12.0
"""Seconds that the top line tells what it is about."""
_LONGEST_WAIT = 600.0
"""Seconds between two looks at the most: a machine that slept, a clock that was set."""
_CELLS = 34


class TableChange(Protocol):
    """A record that changed, as far as it matters here."""

    @property
    def table(self) -> str:
        """The table that it stands in."""


class Reminding:
    """Tells one person of their reminders as long as their session is open."""

    def __init__(
        self,
        app: App[Any],
        session: Session,
        config: Config,
        redraw: Callable[[], None],
        read_again: Callable[[], None] = lambda: None,
    ) -> None:
        """`redraw` the top line; `read_again` what is shown: time alone has made something late."""
        self._app, self._session, self._config, self._redraw = app, session, config, redraw
        self._read_again = read_again
        self._turn: datetime | None = None
        """When something becomes late next, or the day ends."""
        self._heard: set[tuple[int, str, str]] = set()
        self._timer: Timer | None = None
        self._brief_timer: Timer | None = None
        self._is_looking = False
        self._is_closed = False
        self.brief = ""
        """What the top line tells now."""
        self.unseen = 0
        """How many came since the list was looked at."""

    def begin(self) -> None:
        """Look for the first time, in a moment."""
        self._session.followers[NAME] = self
        self._wake_in(FIRST_LOOK)

    def concerns(self, changes: Sequence[TableChange]) -> bool:
        """Whether changes may make something else due than before."""
        return any(change.table in (ACTIVITIES, "reminded") for change in changes)

    def news(self) -> None:
        """Something that it concerns has changed."""
        self._wake_in(_SOON)

    def seen(self) -> None:
        """The person has looked at the list."""
        self.unseen, self.brief = 0, ""
        self._redraw()

    def close(self) -> None:
        """No more timers."""
        self._is_closed = True

    def _wake_in(self, seconds: float) -> None:
        if self._is_closed:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._app.set_timer(seconds, self._wake)

    def _wake(self) -> None:
        if self._is_closed:
            return
        if self._is_looking:
            self._wake_in(_SOON)
            return
        self._is_looking = True
        self._app.run_worker(self.look(), group="reminders", exit_on_error=False)

    async def look(self) -> None:
        """Tell what has come, and set the timer to the next."""
        from tuicrm.services.calendar import reminder_ways, reminders

        session, wait = self._session, _LONGEST_WAIT
        try:
            given = await asyncio.to_thread(reminders.take, session, "session", self._heard)
            if given:
                self._show(reminder_ways.texts(session, given), len(given.now) + len(given.missed))
            until = await asyncio.to_thread(reminders.next_at, session)
            until = min(until, await self._follow_clock())
            wait = min(max((until - session.clock()).total_seconds(), _SOON), _LONGEST_WAIT)
        except (StorageError, Conflict, Refusal):
            # A folder that cannot be read is told of elsewhere; reminders are looked for again.
            pass
        finally:
            self._is_looking = False
            self._wake_in(wait)

    async def _follow_clock(self) -> datetime:
        """Read again what is shown where something became late since, and return when something does next."""
        passed = self._turn is not None and self._session.clock() >= self._turn
        self._turn = await asyncio.to_thread(due_counts.next_turn, self._session)
        if passed:
            self._read_again()
        return self._turn

    def _show(self, lines: Sequence[str], n: int) -> None:
        self.unseen += n
        self.brief = lines[0] if len(lines) == 1 else ngettext("{n} reminder", "{n} reminders", n)
        if self._brief_timer is not None:
            self._brief_timer.stop()
        self._brief_timer = self._app.set_timer(_BRIEF, self._no_longer_brief)
        self._redraw()
        text = self.brief if self._config.notify_titles == "yes" else _("There is a reminder.")
        told, driver = notice(self._config.notify, text), driver_of(self._app)
        if told and driver is not None:
            driver.write(told)
            driver.flush()

    def _no_longer_brief(self) -> None:
        self.brief = ""
        self._redraw()


def reminding_of(session: Session) -> Reminding | None:
    """What tells this session's person; None where nothing does."""
    found = session.followers.get(NAME)
    return found if isinstance(found, Reminding) else None


def reminder_sign(session: Session, cells: int) -> Line:
    """` ◷ 10:00 Call Paolo ` while it is new, ` ◷ 2 ` as long as the list was not looked at; nothing else."""
    known = reminding_of(session)
    if known is None or not (known.brief or known.unseen):
        return ()
    text = cut(known.brief, min(_CELLS, cells // 2)) if known.brief else str(known.unseen)
    return (Run(f" {CLOCK} {text} ", "today on:bar"),)
