"""The way that somebody came: the places they were at, one after the other, and back along it.

`esc` closes what is on top. `g`, which goes elsewhere, leaves nothing to come back to; the trail has that too, and what was closed."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App

from tuicrm.errors import Refusal
from tuicrm.screens.host import TrailSpot, WholeScreen

_LONGEST = 50
"""Places that are remembered."""


class Trail:
    """Where somebody was, in one run of the program."""

    def __init__(self) -> None:
        self._here: WholeScreen | None = None
        self._spots: list[TrailSpot] = []
        self._returns_to: TrailSpot | None = None

    def came(self, screen: WholeScreen) -> None:
        """A screen is on top now: note where one was, unless one went back."""
        if screen is self._here:
            return
        left, self._here = self._here, screen
        returns_to, self._returns_to = self._returns_to, None
        if returns_to is not None and returns_to.key == screen.standing.spot().key:
            # Once it is laid out: until then there are no rows to stand on.
            screen.call_after_refresh(screen.standing.stand_on, returns_to.cursor)
        elif left is not None:
            self._spots = [*self._spots, left.standing.spot()][-_LONGEST:]

    def back(self, screen: WholeScreen) -> bool:
        """Go to the place before, passing over those that are gone; where there is no such place, to what is under the screen. False
        where that is nothing either."""
        here = screen.standing.spot().key
        while self._spots:
            spot = self._spots.pop()
            if spot.key != here and self._go(screen, spot):
                return True
        if len(screen.app.screen_stack) <= _LEAST:
            return False
        screen.leave()
        return True

    def _go(self, screen: WholeScreen, spot: TrailSpot) -> bool:
        self._returns_to = spot
        stack = screen.app.screen_stack
        for above, under in enumerate(reversed(stack[:-1])):
            if isinstance(under, WholeScreen) and under.standing.spot().key == spot.key:
                for _one in range(above):
                    _closing = screen.app.pop_screen()
                top = screen.app.screen
                if isinstance(top, WholeScreen):
                    top.leave()
                return True
        try:
            if spot.go is not None:
                spot.go(screen)
                return True
        except Refusal:
            pass  # it is gone, or not for this person any more
        self._returns_to = None
        return False


_LEAST = 2
"""Screens of which the upper one is the lowest that anything is shown on."""
_TRAILS: WeakKeyDictionary[App[Any], Trail] = WeakKeyDictionary()


def trail_of(app: App[Any]) -> Trail:
    """The trail of a run of the program."""
    return _TRAILS.setdefault(app, Trail())
