"""What the mouse takes from one place to another: pressed on it, moved, let go. Nothing is done before it is let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from textual import events
from textual.geometry import Offset
from textual.widget import Widget

from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.editor import Editor

Thing = TypeVar("Thing")
Place = TypeVar("Place")

_LEAST_ASIDE = 2
"""Cells that the mouse has to go aside before it takes something along: hands shake."""
_LEFT_BUTTON = 1


def waits_for_answer(widget: Widget) -> bool:
    """Whether something is asked or typed over a widget: what the mouse does behind it waits."""
    return bool(widget.screen.query(Dialog)) or bool(widget.screen.query(Editor))


class Dragging(Generic[Thing, Place]):
    """One thing of a widget on its way. The widget hands on its mouse events and draws a sign at `place`.

    `place_at` is asked what lies under a cell of the widget: None where nothing can be let go. `moved` is called when the thing is
    taken up, whenever its place is another, and when it is let go.
    """

    def __init__(self, widget: Widget, place_at: Callable[[Thing, Offset], Place | None], moved: Callable[[], None]):
        self._widget = widget
        self._place_at = place_at
        self._moved = moved
        self._pressed: tuple[Thing, Offset] | None = None
        self.thing: Thing | None = None
        """What is on its way; None while nothing is."""
        self.place: Place | None = None
        """Where it would go now; None for nowhere."""
        self.was_click = True
        """Whether the button was let go where it was pressed: else the click that Textual tells of was none."""

    @property
    def on(self) -> bool:
        """Whether something is on its way."""
        return self.thing is not None

    def press(self, event: events.MouseDown, thing: Thing | None) -> None:
        """The button was pressed on a thing, or beside all (None)."""
        self.cancel()
        self.was_click = True
        if thing is not None and event.button == _LEFT_BUTTON and not waits_for_answer(self._widget):
            self._pressed = thing, Offset(event.x, event.y)

    def move(self, event: events.MouseMove) -> None:
        """The mouse went on."""
        if self._pressed is None:
            return
        thing, start = self._pressed
        here = Offset(event.x, event.y)
        if event.button != _LEFT_BUTTON:
            self.cancel()  # let go where nobody saw it
            return
        if self.thing is None:
            if here.y == start.y and abs(here.x - start.x) < _LEAST_ASIDE:
                return
            self.thing = thing
            self.was_click = False
            self._widget.capture_mouse()
            self.place = self._find(here)
            self._moved()
        elif (place := self._find(here)) != self.place:
            self.place = place
            self._moved()

    def release(self, event: events.MouseUp, where: Offset | None = None) -> tuple[Thing, Place] | None:
        """The button was let go (or is taken as let go `where`): what goes where; None for nothing."""
        thing = self.thing
        place = self._find(where or Offset(event.x, event.y)) if thing is not None else None
        self.cancel()
        asked = waits_for_answer(self._widget)
        return (thing, place) if thing is not None and place is not None and not asked else None

    def cancel(self) -> bool:
        """Leave everything where it was; whether something was on its way."""
        was_on = self.on
        self._pressed = self.thing = self.place = None
        if was_on:
            self._widget.release_mouse()
            self._moved()
        return was_on

    def take_key(self, event: events.Key) -> bool:
        """A key while something is on its way leaves it where it was, and `esc` does no more than that; whether it was that."""
        if self.cancel() and event.key == "escape":
            event.stop()
            event.prevent_default()
            return True
        return False

    def _find(self, here: Offset) -> Place | None:
        inside = 0 <= here.x < self._widget.size.width and 0 <= here.y < self._widget.size.height
        return self._place_at(self.thing, here) if inside and self.thing is not None else None
