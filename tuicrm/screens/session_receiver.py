"""Messages come in while a session is open: one thread takes them in and waits for the next, and what came is said.

It begins when there is a channel that something comes by for this person, and ends with the session: it is never waited for, since
what was taken in is written down with how far it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tuicrm.errors import CrmError, NotFound
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.toast import Mood

if TYPE_CHECKING:
    from tuicrm.services.messages.receivers import Receivers
    from tuicrm.services.messages.receiving import ReceivedStep

_LOOK = 10.0
"""Seconds between two looks at which channels there are: three `stat` calls."""
_AGAIN = 60.0
"""Seconds until it goes on where the workspace could not be read or written."""

Later = Callable[[Callable[[], None]], object]
"""Has something done where things are shown, from any thread."""


class SessionReceiver:
    """Takes in for one person as long as their session is open."""

    def __init__(
        self, session: Session, later: Later, say: Callable[[str, Mood], None], failed: Callable[[int], None]
    ) -> None:
        """`say` tells something above the footer; `failed` is told of a message that, by what came, did not arrive."""
        self._session, self._later, self._say, self._failed = session, later, say, failed
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._told: dict[str, str] = {}
        """Channels that do not work, and why, as it was said last."""

    def begin(self) -> None:
        """Have the thread at work where there is something to take in."""
        if not self._end.is_set() and self._thread is None and self._has_channel():
            self._thread = threading.Thread(target=self._run, name="messages in", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Take nothing more in."""
        self._end.set()

    def _has_channel(self) -> bool:
        """Whether something can come. Where the workspace has no channel nothing is loaded to find that out."""
        try:
            if not self._session.workspace.channels:
                return False
            from tuicrm.services.messages.accounts import may_use
            from tuicrm.services.messages.receivers import RECEIVERS

            known = self._session.workspace.channels.values()
            return any(one.kind in RECEIVERS and may_use(self._session, one) for one in known)
        except CrmError:
            return False

    # -- in the thread -------------------------------------------------------------------------------------------------
    def _run(self) -> None:
        from tuicrm.services.messages.receivers import Receivers

        with Receivers(self._session) as receivers:
            while not self._end.is_set():
                try:
                    if not receivers.channels():
                        break
                    self.take(receivers)
                    receivers.listen()
                    receivers.wait(_LOOK, self._end)
                except Exception:  # noqa: BLE001 - the end of a session closes what is read here, in the middle of anything
                    # A folder that cannot be written is told of elsewhere; it goes on when that is over.
                    if self._end.wait(_AGAIN):
                        break
        self._thread = None

    def take(self, receivers: Receivers) -> None:
        """Take in what has come by now, and have it told."""
        steps = []
        for step in receivers.take():
            steps.append(step)
            if self._end.is_set():
                return
        troubles = dict(receivers.troubles)
        if steps or troubles != self._told:
            self._later(lambda: self._tell(steps, troubles))

    # -- what is said --------------------------------------------------------------------------------------------------
    def _tell(self, steps: Sequence[ReceivedStep], troubles: dict[str, str]) -> None:
        if self._end.is_set():
            return
        channels = self._session.workspace.channels
        for key, why in troubles.items():
            if self._told.get(key) != why:
                label = channels[key].label if key in channels else key
                self._say(_("{channel}: {why}").format(channel=label, why=why), "refused")
        self._told = troubles
        came = [step.id for step in steps if step.how == "new" and step.id]
        if came and (told := self._came(came)):
            self._say(told, "note")
        for step in steps:
            if step.failed:
                self._failed(step.failed)

    def _came(self, numbers: Sequence[int]) -> str:
        """`Maria Rossi: Your offer` of one, how many of several; "" where these are not this person's."""
        from tuicrm.services.messages import records

        if len(numbers) > 1:
            return ngettext("{n} message came", "{n} messages came", len(numbers))
        try:
            found = records.by_id(self._session, numbers[0]).record
        except NotFound:
            return ""
        if found.way == "out":
            return ""
        return _("Came: {what}").format(what=": ".join(filter(None, (found.sender, found.subject))))
