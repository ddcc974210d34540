"""A row of labels (stages, tabs) that can be clicked."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message

from tuicrm.render.chips import Chips
from tuicrm.widgets.dragging import waits_for_answer
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import TerminalLook


class ChipLine(OneLine):
    """Shows what its source says and tells which label was clicked."""

    class Picked(Message):
        """A label was clicked; `key` is what it stands for."""

        def __init__(self, line: ChipLine, key: str) -> None:
            super().__init__()
            self.line = line
            self.key = key

    def __init__(self, look: TerminalLook, chips: Callable[[int], Chips], id: str | None = None) -> None:
        super().__init__(look, lambda cells: chips(cells).line, id=id)
        self._chips = chips

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if waits_for_answer(self):
            return
        place = event.get_content_offset(self)
        if place is not None and (key := self._chips(self.size.width).at(place.x)):
            self.post_message(self.Picked(self, key))
