"""What a screen holds and does actions with: a plain object with methods `do_…`, which takes part in finding what a key does."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tuicrm.widgets.footer import Hint


class Way(NamedTuple):
    """What the palette offers beside the actions of the table: its name, the keys that do it too, and what does it; `words` are
    others by which people look for it, the nearest first, `why` is why it cannot be done now. A case of an action, `of`, is offered
    where that can be done, with its keys and its reasons."""

    label: str
    keys: tuple[str, ...]
    go: Callable[[], None]
    words: str = ""
    why: str = ""
    of: str = ""


class Controller:
    """Base of them. It is asked after the widgets where the cursor is and after the screen, in the order in which the screen has
    them. Its `do_…` methods are plain or async; it says of its own actions why they cannot be done now."""

    def why_not(self, action_id: str) -> str | None:
        """Why an action cannot be done now, as a sentence for people; None when it can."""
        return None

    def hides(self, action_id: str) -> bool:
        """Whether neither the footer nor the palette speaks of an action: there is nothing here that it could be about."""
        return False

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        """The footer's hints as they are to be."""
        return found

    def footer_state(self) -> tuple[str, str]:
        """What the footer tells at its end: a key and what it is about; empty for nothing."""
        return "", ""

    def ways(self) -> list[Way]:
        """What the palette offers beside actions."""
        return []
