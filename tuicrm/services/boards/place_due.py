"""How much is late or due in each place that one can go to: with a type's items, as far as they may be read, in one's calendar, and
in the inbox."""

from __future__ import annotations

from tuicrm.domain.due import Due
from tuicrm.services.boards.due_here import DueHere
from tuicrm.services.items.due_counts import my_due
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import inbox_counts

_NAME = "due.places"


class PlaceDue:
    """Kept for a session: what is asked again is counted as far as something changed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._types: dict[str, DueHere] = {}
        self._mine: dict[str, DueHere] = {}

    def close(self) -> None:
        """Nothing is held that would have to be given back."""

    @property
    def waits(self) -> bool:
        """Whether counting takes longer than a moment: `get_ready` first, from a thread."""
        items = any(one.would_wait(self._session.store.count(key)) for key, one in self._each())
        return items or not inbox_counts.is_ready(self._session)

    def get_ready(self) -> None:
        """Count, from any thread."""
        for _key, one in self._each():
            one.get_ready()
        inbox_counts.get_ready(self._session)

    def of_type(self, type_key: str) -> Due:
        """With all items of a type."""
        here = self._types.setdefault(type_key, DueHere(self._session, type_key))
        here.follow(None, 0)
        return here.due

    def of_calendar(self) -> Due:
        """What the person has to do, or takes part in, with items that they may read."""
        found = []
        for key in self._session.workspace.types:
            here = self._of_mine(key)
            here.follow(None, 0)
            found.append(here.due)
        late, today, soon, asked = (
            (sum(column) for column in zip(*map(_numbers, found), strict=True)) if found else (0,) * 4
        )
        return Due(late, today, soon, asked)

    def of_inbox(self) -> Due:
        """What came and is on no item yet."""
        return Due(asked=inbox_counts.count(self._session))

    def _each(self) -> list[tuple[str, DueHere]]:
        types = list(self._session.workspace.types)
        every = [(key, self._types.setdefault(key, DueHere(self._session, key))) for key in types]
        return [*every, *((key, self._of_mine(key)) for key in types)]

    def _of_mine(self, type_key: str) -> DueHere:
        return self._mine.setdefault(type_key, DueHere(self._session, type_key, my_due(self._session)))


def _numbers(due: Due) -> tuple[int, int, int, int]:
    return due.late, due.today, due.soon, due.asked


def place_due(session: Session) -> PlaceDue:
    """The one of a session."""
    found = session.followers.get(_NAME)
    if not isinstance(found, PlaceDue):
        found = session.followers[_NAME] = PlaceDue(session)
    return found
