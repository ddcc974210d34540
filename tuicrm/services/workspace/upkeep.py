"""What keeps a workspace small and quick, and whether it can be done: the room on the disk, the journal that waits to be folded."""

from __future__ import annotations

from typing import NamedTuple

from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session

_FEW_BYTES = 64 << 20
"""Bytes free under which a disk is nearly full, whatever the workspace needs."""


class Room(NamedTuple):
    """Bytes of the journal that is not folded yet, bytes that folding it needs at most, and bytes free on the disk. `due`:
    whether it is longer than it is let grow."""

    journal: int
    needed: int
    free: int
    due: bool

    @property
    def short(self) -> bool:
        """Whether there is too little: it cannot be folded, or soon nothing can be saved."""
        return self.free < max(self.needed, _FEW_BYTES)


def room(session: Session) -> Room:
    """The room that there is, and that is needed. Raises StorageError."""
    return Room(*session.store.files.room())


def trouble(session: Session) -> str:
    """What an administrator has to see to: the journal could not be folded; "" where all is well, and for others."""
    problem = session.store.upkeep
    if problem is None or not session.access.admin:
        return ""
    return _("The journal could not be compacted and keeps growing: {reason}").format(reason=problem.message)
