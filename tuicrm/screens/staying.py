"""Whether the person at the screen may stay: who is retired is put out, and who came in by a key that was taken away; and who came in
through the front and has gone off, after a time."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.app import App

from tuicrm.domain.entering import let_in, refuse_retired
from tuicrm.errors import AccessDenied
from tuicrm.i18n import ngettext
from tuicrm.login import comer
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import shared_settings

_A_LOOK = 20.0
"""Seconds between looks at how long nothing was pressed."""


class Staying:
    """Watches over one session; `leave` ends it, given a sentence for the terminal."""

    def __init__(self, session: Session, leave: Callable[[str], None]) -> None:
        self._session, self._leave = session, leave
        self._heard = time.monotonic()

    def begin(self, app: App[None]) -> None:
        """Look now and then, where somebody came in through the front."""
        if comer() is not None:
            app.set_interval(_A_LOOK, self.look)

    def heard(self) -> None:
        """Something was pressed."""
        self._heard = time.monotonic()

    def is_welcome(self) -> bool:
        """Whether they may stay; where not, they leave now."""
        try:
            came = comer()
            if came is not None:
                let_in(self._session.workspace, came.person, came.key)
            elif (person := self._session.workspace.people.get(self._session.person_key)) is not None:
                refuse_retired(person)
        except AccessDenied as refused:
            self._leave(refused.message)
            return False
        return True

    def look(self) -> None:
        """End the session of who has pressed nothing for too long: all that was done is saved already."""
        minutes = int(shared_settings.value_of(self._session, shared_settings.IDLE_END))
        if minutes and time.monotonic() - self._heard >= minutes * 60:
            told = ngettext(
                "Nothing was pressed for {n} minute: the session ended.",
                "Nothing was pressed for {n} minutes: the session ended.",
                minutes,
            )
            self._leave(told)
