"""The form of an SMS or a messenger's text: by which channel and to whom it goes, its text, and what that means on its way."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from textual.geometry import Size
from textual.widget import Widget

from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, width, wrap
from tuicrm.screens.messages.texting_fields import BY_HAND, CHANNEL, TEXT, TO, ByField, ShortTextField
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.form_field import ChosenField
from tuicrm.widgets.form_steps import FormSteps
from tuicrm.widgets.question import Question
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_TEXT_LINES, _TOLD_LINES, _HEADS = 8, 4, 3


class TextingForm(Dialog[None]):
    """Shows the fields, and holds what was written."""

    DEFAULT_CSS = """
    TextingForm > SomeLines { height: auto; }
    """

    scope = "texting"
    cells = 76

    def __init__(self, surface: Surface, title: str, by: Question, to: Question, text: str, label: str) -> None:
        super().__init__(surface, title)
        self.by = ByField(surface, by)
        self.to = ChosenField(surface, to)
        self.letter = ShortTextField(surface, Question(TEXT, label, "text", text))
        self.fields = [self.by, self.to, self.letter]
        self.steps = FormSteps(self.fields)
        self.controllers: tuple[Controller, ...] = (self.steps,)
        cells = max(width(clean(one.label)) for one in (by, to)) + 3
        for field in (self.by, self.to):
            field.label_cells, field.is_terse = cells, True
            field.tell()
        self.letter.label_cells, self.letter.is_terse = 0, True
        self.letter.tell()
        self.telling: Callable[[], Sequence[tuple[str, str]]] = tuple
        """What is told under the text, each with its style: whoever knows the way of the text says it."""
        self.choosing: Callable[[ChosenField, str], Coroutine[Any, Any, None]]
        """Has a field answered from its list, narrowed to what was typed."""
        self._told = SomeLines(surface.look, self._told_lines)

    def contents(self) -> Iterable[Widget]:
        return (*self.fields, self._told)

    def place(self, screen: Size) -> None:
        super().place(screen)
        room = room_inside(screen)
        told = min(_TOLD_LINES, max(room - _HEADS - 2, 0))
        self._told.styles.max_height = max(told, 1)
        self._told.display = told > 0
        self.letter.styles.min_height = 2
        self.letter.styles.height = max(min(_TEXT_LINES, room - _HEADS - told), 2)

    def on_mount(self) -> None:
        (self.letter if self.target else self.to).enter()

    def on_text_area_changed(self) -> None:
        self.tell_again()

    def on_chosen_field_wanted(self, message: ChosenField.Wanted) -> None:
        """A letter, or a click: its list is wanted."""
        self.host.start(self.choosing(message.field, message.typed))

    # -- what stands in it ---------------------------------------------------------------------------------------------
    @property
    def channel(self) -> str:
        """The key of the channel that it goes by; "" by hand."""
        chosen = next(iter(self.by.chosen), "")
        return "" if chosen == BY_HAND else chosen

    @property
    def target(self) -> str:
        """The number, name or chat that it goes to."""
        return next(iter(self.to.chosen), "")

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.letter.answer

    def tell_again(self) -> None:
        """Show anew what is told of the text."""
        self._told.update()

    def _told_lines(self, cells: int) -> list[Line]:
        return [
            pad((Run(part, style),), cells)
            for text, style in self.telling()
            for part in wrap(clean(text), cells, _TOLD_LINES)
        ]


__all__ = ["BY_HAND", "CHANNEL", "TO", "TextingForm"]
