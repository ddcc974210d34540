"""Keeping a screen as new as the records, saying who else is here, and leaving what is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.host import Opener
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence, upkeep
from tuicrm.services.workspace.presence import Other
from tuicrm.widgets.asker import Asker
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.messages import Messages
from tuicrm.widgets.top_line import TopLine


def why_type_gone(session: Session, type_key: str) -> str:
    """Why a screen that shows items of a type has nothing left to show: somebody may have removed it; "" where it is there."""
    return "" if type_key in session.workspace.types else _("This item type was removed by someone. Choose another.")


class FollowedScreen(Opener, Protocol):
    """The screen that is kept new."""

    @property
    def top(self) -> TopLine:
        """The line at the top, which names who else is here."""

    @property
    def asker(self) -> Asker:
        """What edits on this screen: open editors and dialogs follow a change."""

    @property
    def messages(self) -> Messages:
        """Where the screen says that the workspace is in trouble."""

    def reload(self) -> None:
        """Read again what is shown."""

    def leave(self) -> None:
        """Close it."""

    def refresh_hints(self) -> None:
        """Ask again what can be done."""


class Following:
    """Notices what changed, here or in another session."""

    def __init__(self, screen: FollowedScreen) -> None:
        self._screen = screen
        self._session = session = screen.session
        self._seen = session.store.seq()
        self._trouble = ""
        self._others: list[Other] = []
        self.why_gone: Callable[[], str] = lambda: ""
        """Why there is nothing left that the screen could show, as a sentence; "" where there is."""
        self.where: Callable[[], Ref | None] = lambda: None
        """The item whose card the screen shows, for the other sessions."""
        self.shows: Callable[[Ref], bool] = lambda ref: ref == self.where()
        """Whether an item is in sight."""
        self._since = self._seen
        self._told: tuple[int, Ref | None] = (0, None)

    def note_told(self) -> None:
        """Note that what this session did last was said here."""
        self._told = (max(self._session.own_steps, default=0), self.where())

    def knows_of(self, seq: int, refs: Iterable[Ref]) -> bool:
        """Whether a step was done on this screen, or said there, or is about an item in sight, and not done in another place."""
        if seq not in self._session.own_steps:
            return False
        return seq > self._since or self._told == (seq, self.where()) or any(map(self.shows, refs))

    def tell_where(self) -> None:
        """Something else is shown from now on, or the same screen again: tell the other sessions what."""
        self._since = self._session.store.seq()
        ref = self.where()
        if ref is None:
            self._session.here()
        else:
            self._session.here(ref)

    def note_read(self) -> None:
        """Note that what is shown is the newest."""
        self._seen = self._session.store.seq()

    def note_unread(self) -> None:
        """What is shown has to be read again, whatever was written: it is worded otherwise now."""
        self._seen = -1

    def catch_up(self) -> None:
        """Reload unless what is shown is the newest; say who else is here now."""
        screen = self._screen
        self._tell_of_others()
        if self._session.store.seq() != self._seen:
            self.note_read()
            if reason := self.why_gone():
                self._go_elsewhere(reason)
                return
            screen.reload()
            screen.top.update()
            screen.refresh_hints()
            screen.asker.follow()

    def _tell_of_others(self) -> None:
        others, trouble = presence.others(self._session), upkeep.trouble(self._session)
        if others == self._others and trouble == self._trouble:
            return
        self._others = others
        if trouble != self._trouble and trouble:
            self._screen.messages.say(trouble, "refused")
        self._trouble = trouble
        self._screen.top.update()

    def _go_elsewhere(self, reason: str) -> None:
        """Leave what cannot be shown any more: to what is under it, or to the first board."""
        stack = self._screen.app.screen_stack
        if len(stack) > 2 and isinstance(below := stack[-2], Keyed):
            self._screen.leave()
        else:
            below = opening.go_to_first_board(self._screen)
        below.call_after_refresh(below.say, reason, "refused")
