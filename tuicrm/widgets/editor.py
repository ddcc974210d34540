"""An editor in the place of a value. It waits for an answer and shows why one was refused; saving is the screen's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from textual.geometry import Region
from textual.widget import Widget

from tuicrm.domain.kinds.base import BadValue
from tuicrm.render.compose import on
from tuicrm.render.line import Line
from tuicrm.render.text import ELLIPSIS
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.question import Question
from tuicrm.widgets.some_lines import SomeLines, verdict
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.work import Reply

Where: TypeAlias = Callable[[], Region | None]
"""Says where on the screen that stands now which is edited; None for nowhere any more."""


class Editor(Widget):
    """Base of the editors: an input, and under it what was understood or what is wrong, in as many lines as that takes.

    Subclasses compose the input and `self.status`, and say what stands in it (`value`).
    """

    DEFAULT_CSS = "Editor { layer: over; position: absolute; background: $panel; }"

    scope = "editor"
    height_wanted = 2

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__()
        self.surface = surface
        self.question = question
        self.status = SomeLines(surface.look, self._status_lines)
        self._within: Region | None = None
        self._refused = ""
        self._preview = ""
        self._where: Where = lambda: None
        self._reply: Reply[str | None] | None = None

    # -- for the screen ------------------------------------------------------------------------------------------------
    def stand_over(self, where: Where, within: Region) -> None:
        """Stand over what is edited, here and wherever it goes."""
        self._where = where
        self.place(within)

    def place(self, within: Region) -> None:
        """Stand over what is edited, moved up where there is no room below. Stays where it is when that is gone."""
        self._within = within
        at = self._where()
        if at is None:
            return
        cells = min(max(at.width, 24), within.width)
        height = min(self.lines_wanted(cells), within.height)
        x = max(min(at.x, within.right - cells), within.x)
        y = max(min(at.y, within.bottom - height), within.y)
        self.styles.offset = (x, y)
        self.styles.width = cells
        self.styles.height = height

    def lines_wanted(self, cells: int) -> int:
        """How high it would like to be."""
        return self.height_wanted

    async def answer(self) -> str | None:
        """The text once it is to be saved; None when it was cancelled. Can be awaited again after `refuse`."""
        if not isinstance(self.screen, Keyed):
            raise TypeError("an editor stands on a screen that knows its keys")
        self._reply = Reply(self.screen)
        return await self._reply.wait()

    def refuse(self, why: str) -> None:
        """Show why the answer was not taken; the text stays."""
        self._refused = why
        self._tell()
        self._say_whole()

    def _tell(self) -> None:
        """Show what is wrong or understood now, with the room it takes."""
        self.status.update()
        within, cells = self._within, self.size.width
        if within is not None and cells and self.lines_wanted(cells) != self.size.height:
            self.place(within)

    def _say_whole(self) -> None:
        """What is wrong, above the footer too where the editor cuts it."""
        shown = self._status_lines(self.size.width)
        if isinstance(self.screen, Keyed) and any(ELLIPSIS in run.text for line in shown for run in line):
            self.screen.say(self._refused, "refused")

    # -- for subclasses ------------------------------------------------------------------------------------------------
    @property
    def value(self) -> str:
        """What stands in the editor now."""
        raise NotImplementedError

    @property
    def changed(self) -> bool:
        """Whether anything was typed that leaving would lose."""
        return self.value != self.question.text

    def look_again(self) -> None:
        """Show what is understood of what stands there now."""
        self._refused, self._preview = "", ""
        if self.question.check is not None:
            try:
                self._preview = self.question.check(self.value)
            except BadValue as error:
                self._refused = error.message
        self._tell()

    def submit(self) -> None:
        """Answer with what stands there, unless the check refuses it."""
        self.look_again()
        if self._refused:
            self._say_whole()
        else:
            self._settle(self.value)

    def cancel(self) -> None:
        """Answer with nothing."""
        self._settle(None)

    def _settle(self, answer: str | None) -> None:
        if self._reply is not None:
            self._reply.give(answer)

    def _status_lines(self, cells: int) -> list[Line]:
        return [on(line, "on:panel") for line in verdict(self._refused, self._preview, self.question.hint, cells)]

    # -- actions and events --------------------------------------------------------------------------------------------
    def do_editor_save(self) -> None:
        self.submit()

    def do_cancel(self) -> None:
        self.cancel()

    def on_descendant_blur(self) -> None:
        self.call_after_refresh(self._left)

    def _left(self) -> None:
        """Someone clicked elsewhere: keep what was typed if it can be, as a spreadsheet does."""
        focused = self.screen.focused if self.is_attached else None
        if focused is None or self in focused.ancestors_with_self:
            return  # gone already, or the terminal lost the focus
        if self.changed:
            self.submit()
        else:
            self.cancel()

    def on_unmount(self) -> None:
        self.cancel()
