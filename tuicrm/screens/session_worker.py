"""Messages go out while a session is open, and what came of them is said. One look at a time, in a thread of its own: no key waits.
Beside it, others come in (`session_receiver.py`).

Nothing of it is loaded, and no thread begins, before there is a channel that this person may use. Any number of sessions and workers
may be at it: who takes a message first sends it (`services/messages/outbox.py`).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.timer import Timer

from tuicrm.errors import CrmError, NotFound
from tuicrm.i18n import _, ngettext
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LATE
from tuicrm.screens.reminding import TableChange
from tuicrm.screens.session_receiver import SessionReceiver
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.toast import Mood

if TYPE_CHECKING:
    from tuicrm.services.messages.worker import Worker, WorkerStep

NAME = "session worker"
"""By which a session has it among its followers."""
FIRST_LOOK = 2.0
"""Seconds until it looks first: what is shown first comes first."""
_SOON = 0.5
"""Seconds between a change and the look for what it has to send."""
_AGAIN = 300.0
"""Seconds until a channel that did not work is tried again."""
_LONGEST_WAIT = 600.0
_GRACE = 2.0
"""Seconds that the end of the program leaves to the message that is handed over just then: cut off, nobody would know about it."""


class SessionWorker:
    """Sends for one person as long as their session is open."""

    def __init__(
        self, app: App[Any], session: Session, say: Callable[[str, Mood], None], redraw: Callable[[], None]
    ) -> None:
        """`say` tells something above the footer of what is shown, `redraw` the top line."""
        self._app, self._session, self._say, self._redraw = app, session, say, redraw
        self._timer: Timer | None = None
        self._thread: threading.Thread | None = None
        self._end = threading.Event()
        self._is_news = False
        """Whether something has changed since the look began that is going on."""
        self._told: dict[str, str] = {}
        """Channels that do not work, and why, as it was said last."""
        self.receiver = SessionReceiver(session, app.call_later, say, self._failed)
        self.unsent: set[int] = set()
        """Messages that did not go out, or perhaps did not, and were not looked at since."""

    def begin(self) -> None:
        """Look for the first time, in a moment."""
        self._session.followers[NAME] = self
        self._wake_in(FIRST_LOOK)

    def concerns(self, changes: Sequence[TableChange]) -> bool:
        """Whether changes may have made something to send, or a way to send it."""
        return any(change.table in (MESSAGES, "channel") for change in changes)

    def news(self) -> None:
        """Something that it concerns has changed."""
        self._is_news = True
        self._wake_in(_SOON)

    def seen(self, number: int) -> None:
        """The person has looked at a message."""
        if number in self.unsent:
            self.unsent.discard(number)
            self._redraw()

    def close(self) -> None:
        """Begin nothing more; the message that is handed over just now has a moment to get there."""
        self._end.set()
        self.receiver.close()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_GRACE)

    # -- one look after the other --------------------------------------------------------------------------------------
    def _wake_in(self, seconds: float) -> None:
        if self._end.is_set():
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._app.set_timer(seconds, self._wake)

    def _wake(self) -> None:
        if self._end.is_set() or not self._has_channel():
            return
        self.receiver.begin()
        if self._thread is not None:
            self._wake_in(_SOON)
            return
        self._app.run_worker(self.look(), group=NAME, exit_on_error=False)

    def _has_channel(self) -> bool:
        """Whether there is one that this person may use. Where the workspace has no channel nothing is loaded to find that out."""
        try:
            if not self._session.workspace.channels:
                return False
            from tuicrm.services.messages.accounts import channels, may_use

            return any(may_use(self._session, one) for one in channels(self._session))
        except CrmError:
            return False

    async def look(self) -> None:
        """Send what is due, and come back when the next is."""
        wait, self._is_news = _AGAIN, False
        try:
            wait = await self._in_thread()
        except CrmError:
            # A folder that cannot be written is told of elsewhere; what waits in the outbox is looked at again.
            pass
        finally:
            self._wake_in(_SOON if self._is_news else wait)

    async def _in_thread(self) -> float:
        """Do it beside the keys; seconds until there is something to do again."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[float] = loop.create_future()

        def give(wait: float, error: BaseException | None) -> None:
            if over.done():
                return
            if error is not None:
                over.set_exception(error)
            else:
                over.set_result(wait)

        def work() -> None:
            wait, failed = _AGAIN, None
            try:
                wait = self._send(lambda step: loop.call_soon_threadsafe(self._tell, step))
            except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
                failed = error
            if not loop.is_closed():
                loop.call_soon_threadsafe(give, wait, failed)

        self._thread = threading.Thread(target=work, name="messages", daemon=True)
        self._thread.start()
        try:
            return await over
        finally:
            self._thread = None

    def _send(self, tell: Callable[[WorkerStep], object]) -> float:
        """In the thread: send what is due; seconds until the next."""
        from tuicrm.domain.stamps import read_stamp
        from tuicrm.services.messages import outbox
        from tuicrm.services.messages.worker import Worker

        session = self._session
        with Worker(session) as worker:
            for step in worker.send_due():
                tell(step)
                if self._end.is_set():
                    return _LONGEST_WAIT
            self._note_troubles(worker)
        soonest, now = read_stamp(outbox.next_at(session)), session.clock()
        if soonest is None:
            return _LONGEST_WAIT
        # What is due already waits for a server that could not be reached, or for another worker.
        return min((soonest - now).total_seconds() + 0.1, _LONGEST_WAIT) if soonest > now else _AGAIN

    # -- what is said --------------------------------------------------------------------------------------------------
    def _note_troubles(self, worker: Worker) -> None:
        """In the thread: channels that do not work are told once, not at every look."""
        channels = self._session.workspace.channels
        for key, why in worker.troubles.items():
            if self._told.get(key) != why:
                told = _("{channel}: {why}").format(channel=channels[key].label if key in channels else key, why=why)
                self._app.call_later(self._say, told, "refused")
        self._told = dict(worker.troubles)

    def _failed(self, number: int) -> None:
        """A message came back: it did not arrive."""
        from tuicrm.services.messages import records

        try:
            found = records.by_id(self._session, number).record
        except NotFound:
            return
        self.unsent.add(number)
        what = found.subject or ", ".join(found.to)
        self._say(_("Not sent: {what}: {why}").format(what=what, why=found.error), "refused")
        self._redraw()

    def _tell(self, step: WorkerStep) -> None:
        """What became of a message of one's own."""
        from tuicrm.services.messages import records

        try:
            found = records.by_id(self._session, step.id).record
        except NotFound:
            return
        if found.by != self._session.person_key or self._end.is_set():
            return
        what = found.subject or ", ".join(found.to)
        if step.status == "sent":
            self._say(_("Sent: {what}").format(what=what), "done")
        elif step.status == "queued":
            self._say(
                _("{what} could not be sent yet, it is tried again: {why}").format(what=what, why=step.why), "note"
            )
        else:
            told = _("Perhaps sent: {what}: {why}") if step.status == "unknown" else _("Not sent: {what}: {why}")
            self.unsent.add(step.id)
            self._say(told.format(what=what, why=step.why), "refused")
            self._redraw()


def worker_of(session: Session) -> SessionWorker | None:
    """What sends for this session's person; None where nothing does."""
    found = session.followers.get(NAME)
    return found if isinstance(found, SessionWorker) else None


def unsent_sign(session: Session, cells: int) -> Line:
    """` ! 2 not sent `, as long as these were not looked at."""
    known = worker_of(session)
    if known is None or not known.unsent:
        return ()
    n = len(known.unsent)
    told = ngettext("{n} not sent", "{n} not sent", n)
    return (Run(f" {LATE} {told if cells >= 60 else n} ", "late on:bar"),)
