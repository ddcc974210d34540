"""What the mouse takes from one place to another: pressed on it, moved, let go. Nothing is done before it is let go.

While it rests at an edge of the widget, that scrolls on: where it is to go may be out of sight.
"""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from textual import events
from textual.geometry import Offset
from textual.timer import Timer
from textual.widget import Widget

from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.editor import Editor
from tuicrm.widgets.keyed import Keyed

Thing = TypeVar("Thing")
Place = TypeVar("Place")

_LEAST_ASIDE = 2
"""Cells that the mouse has to go aside before it takes something along: hands shake."""
_LEFT_BUTTON = 1
_NEAR_SIDE, _NEAR_END = 2, 1
"""Cells from the left or right, and lines from the top or bottom, that are its edge."""


def waits_for_answer(widget: Widget) -> bool:
    """Whether something is asked or typed over a widget: what the mouse does behind it waits."""
    return bool(widget.screen.query(Dialog)) or bool(widget.screen.query(Editor))


class Carrier(Protocol[Thing, Place]):
    """What can be taken along in a widget, and where to."""

    pace: float
    """Seconds from one step of scrolling to the next; 0 where nothing scrolls."""

    def thing_at(self, here: Offset) -> Thing | None:
        """What lies under a cell of the widget; None for nothing that can be taken along."""

    def place_at(self, thing: Thing, here: Offset) -> Place | None:
        """Where a thing would go that is let go there; None where nothing would be done."""

    def show(self, thing: Thing | None, place: Place | None) -> str:
        """Draw a sign where it would go (None: no longer), and say what goes where."""

    def drop(self, thing: Thing, place: Place) -> None:
        """It was let go there."""

    def scroll(self, by: Offset) -> bool:
        """Scroll a step to the side (-1, 0, 1) and down; whether there was more."""


class Dragging(Generic[Thing, Place]):
    """One thing of a widget on its way. The widget asks it about each event before it deals with that itself (`take`)."""

    def __init__(self, widget: Widget, carrier: Carrier[Thing, Place]) -> None:
        self._widget = widget
        self._carrier = carrier
        self._pressed: tuple[Thing, Offset] | None = None
        self.thing: Thing | None = None
        """What is on its way; None while nothing is."""
        self.place: Place | None = None
        """Where it would go now; None for nowhere."""
        self._here = Offset()
        """The cell that the mouse is over."""
        self.scrolling: Timer | None = None
        """What scrolls on; None while nothing is to be scrolled."""
        self._was_taken = False
        """Whether something was on its way since the button was pressed: what Textual tells of as a click then was not one."""

    def take(self, event: events.Event) -> bool:
        """Deal with an event of the mouse; whether that is all there is to be done."""
        if isinstance(event, events.MouseDown):
            self._press(event)
        elif isinstance(event, events.MouseMove):
            self._move(event)
        elif isinstance(event, events.MouseUp):
            self._release(event)
        elif isinstance(event, events.MouseRelease):
            self.cancel()
        return isinstance(event, events.Click) and self._was_taken

    def cancel(self) -> bool:
        """Leave everything where it was; whether something was on its way."""
        was_on = self.thing is not None
        self._pressed = self.thing = self.place = None
        self._rest()
        if was_on:
            self._widget.release_mouse()
            self._tell()
        return was_on

    def _press(self, event: events.MouseDown) -> None:
        self.cancel()
        self._was_taken = False
        here = Offset(event.x, event.y)
        thing = self._carrier.thing_at(here) if event.button == _LEFT_BUTTON else None
        if thing is not None and not waits_for_answer(self._widget):
            self._pressed = thing, here

    def _move(self, event: events.MouseMove) -> None:
        if self._pressed is None:
            return
        thing, start = self._pressed
        here = self._here = Offset(event.x, event.y)
        if event.button != _LEFT_BUTTON:
            self.cancel()  # let go where nobody saw it
        elif self.thing is None:
            if here.y != start.y or abs(here.x - start.x) >= _LEAST_ASIDE:
                self.thing = thing
                self._was_taken = True
                self._widget.capture_mouse()
                self.place = self._find(thing, here)
                self._tell()
        else:
            self._go_to_place(thing)
        if self.thing is None or self._edge() == Offset():
            self._rest()
        elif self.scrolling is None and self._carrier.pace:
            self.scrolling = self._widget.set_interval(self._carrier.pace, self.scroll)

    def _go_to_place(self, thing: Thing) -> None:
        if (place := self._find(thing, self._here)) != self.place:
            self.place = place
            self._tell()

    # -- scrolling -----------------------------------------------------------------------------------------------------
    def scroll(self) -> None:
        """One step on, as long as there is more there."""
        if self.thing is not None and self._carrier.scroll(self._edge()):
            self._go_to_place(self.thing)
        else:
            self._rest()

    def _rest(self) -> None:
        """Nothing is scrolled any more."""
        if self.scrolling is not None:
            self.scrolling.stop()
            self.scrolling = None

    def _edge(self) -> Offset:
        """At which edges of the widget the mouse is, or beyond them: -1 the left and the top, 1 the right and the bottom."""
        (x, y), (width, height) = self._here, self._widget.size
        return Offset(
            (x >= width - _NEAR_SIDE) - (x < _NEAR_SIDE),
            (y >= height - _NEAR_END) - (y < _NEAR_END),
        )

    def _release(self, event: events.MouseUp) -> None:
        thing = self.thing
        place = self._find(thing, Offset(event.x, event.y)) if thing is not None else None
        self.cancel()
        if thing is not None and place is not None and not waits_for_answer(self._widget):
            self._carrier.drop(thing, place)

    def _tell(self) -> None:
        told = self._carrier.show(self.thing, self.place)
        if isinstance(screen := self._widget.screen, Keyed):
            screen.messages.say_carried(told if self.thing is not None else "")

    def _find(self, thing: Thing, here: Offset) -> Place | None:
        inside = 0 <= here.x < self._widget.size.width and 0 <= here.y < self._widget.size.height
        return self._carrier.place_at(thing, here) if inside else None
