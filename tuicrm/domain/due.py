"""What is to be done with items, counted: late, still to do today, and invitations that wait for an answer."""

from __future__ import annotations

from msgspec import Struct


class Due(Struct, frozen=True):
    """How much that is open is late, and still to do today; of the latter, `soon` in a moment. `asked`: how many invitations this
    person, and messages nobody, has answered. Activities, or the items that they hang on, as the workspace has it.

    `own`: whether any of it is with items of one's own; what is only others' is drawn grey."""

    late: int = 0
    today: int = 0
    soon: int = 0
    asked: int = 0
    own: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.late or self.today or self.asked)


NOTHING_DUE = Due()
