"""How many messages wait in the inbox: for the menu of places, light enough for every start."""

from __future__ import annotations

from tuicrm.domain.conditions import And, Empty, Not, Sort, Test
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Asked, Ordered

_CAME = And((Empty("on"), Test("way", "string", "=", "in"), Not(Test("status", "string", "=", "draft"))))
_NEWEST = (Sort("at", "datetime", descending=True),)
_MOST = 2_000
"""Messages that are counted: of more, only that there are so many."""


def count(session: Session) -> int:
    """How many of this person's messages came and are on no item; at most as many as are looked at."""
    ids = session.store.window(Ordered(MESSAGES, _CAME, _NEWEST), _MOST).ids
    return sum(message_sight.is_own(session, one.doc) for one in session.store.get(MESSAGES, ids))


def is_ready(session: Session) -> bool:
    """Whether counting takes no longer than a moment."""
    return session.store.is_ready(MESSAGES, Asked(_CAME, _NEWEST)) or session.store.count(MESSAGES) < _MOST


def get_ready(session: Session) -> None:
    """Read what counting needs, from a thread."""
    session.store.prepare(MESSAGES, Asked(_CAME, _NEWEST), lambda _done, _of: None)
