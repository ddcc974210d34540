"""One question of a form: its label, where it is answered, and a line for what was understood or is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from tuicrm.domain.kinds import traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.render.compose import on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import EMPTY, REQUIRED
from tuicrm.render.text import clean, cut, fit, wrap
from tuicrm.widgets.editors import has_lines
from tuicrm.widgets.inputs import PlainInput, PlainText
from tuicrm.widgets.keyboards import key_name
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.some_lines import SomeLines, verdict
from tuicrm.widgets.surface import Surface

LABEL_CELLS, MOST_LABEL_CELLS = 20, 28
"""Cells that labels have, and may have where they are longer."""
_NOTE_CELLS = 46


class NoteRow(Widget):
    """What is told among the questions: a label, how it is, and under it why it cannot be changed."""

    DEFAULT_CSS = "NoteRow { height: auto; }"

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__()
        self._look = surface.look
        self._question = question
        self.label_cells = LABEL_CELLS

    def compose(self) -> ComposeResult:
        asked = self._question
        if asked.label or asked.text:
            yield OneLine(self._look, self._line)
        for text in wrap(asked.hint, _NOTE_CELLS, 3):
            yield OneLine(self._look, self._told(text))

    def _line(self, cells: int) -> Line:
        label = fit(self._question.label, self.label_cells)
        return pad((Run(label, "label"), Run(clean(self._question.text), "dim")), cells)

    def _told(self, text: str) -> LineSource:
        return lambda cells: pad((Run(" " * self.label_cells), Run(text, "faint")), cells)


class FormField(Widget):
    """Base: label on the left, what subclasses `compose_value` on the right, the status under it."""

    DEFAULT_CSS = """
    FormField { height: auto; }
    FormField Horizontal { height: auto; }
    FormField .form--label { width: 20; }
    FormField .form--status { margin-left: 20; }
    """

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__()
        self.surface = surface
        self.question = question
        self.label_cells = LABEL_CELLS
        self.is_terse = False
        """Whether the line under it takes no room while it says nothing."""
        self._refused = ""
        self._preview = ""
        self._label = OneLine(surface.look, self._label_line)
        self._label.add_class("form--label")
        self._status = SomeLines(surface.look, self._status_lines, classes="form--status")

    # -- for subclasses ------------------------------------------------------------------------------------------------
    def value_widget(self) -> Widget:
        """Where it is answered."""
        raise NotImplementedError

    @property
    def answer(self) -> Answer:
        """The answer as it stands."""
        raise NotImplementedError

    # -- what both do --------------------------------------------------------------------------------------------------
    def compose(self) -> ComposeResult:
        yield Horizontal(self._label, self.value_widget())
        yield self._status

    def on_resize(self, event: events.Resize) -> None:
        """Where it is narrow, the label leaves more room to the value."""
        cells = min(self.label_cells, event.size.width * 2 // 5)
        self._label.styles.width = cells
        self._status.styles.margin = (0, 0, 0, cells)

    @property
    def is_passed_over(self) -> bool:
        """Whether there is nothing to do in it now, so that keys which go from field to field go on to the next."""
        return False

    def enter(self) -> None:
        """Fill in this one; what is said of it is in sight too."""
        self.value_widget().focus()
        self.call_after_refresh(self.scroll_visible, animate=False)

    def look_again(self, leaving: bool = False) -> bool:
        """Show what is understood; whether it can stay so. That it must be filled is said only when `leaving` it."""
        self._refused, self._preview = "", ""
        answer = self.answer
        if leaving and self.question.required and not (answer.strip() if isinstance(answer, str) else answer):
            self._refused = _("is required")
        elif self.question.check is not None and isinstance(answer, str):
            try:
                self._preview = self.question.check(answer)
            except (BadValue, CrmError) as error:
                self._refused = error.message
        self.tell()
        return not self._refused

    def refuse(self, why: str) -> None:
        """Show why the answer was not taken."""
        self._refused = why
        self.tell()

    def tell(self) -> None:
        """Show what is understood of the answer, or wrong with it."""
        self._status.display = not self.is_terse or bool(self._refused or self._preview or self.question.hint)
        self._status.update()

    def _label_line(self, cells: int) -> Line:
        # What has a value from the start needs nobody.
        asked = self.question.required and not (self.question.text or self.question.chosen)
        sign = (Run(REQUIRED, "required"),) if asked else ()
        return pad((Run(cut(self.question.label, cells - 2), "label"), *sign), cells)

    def _status_lines(self, cells: int) -> list[Line]:
        return verdict(self._refused, self._preview, self.question.hint, cells)


class _Values(PlainText):
    """Several values, each of one line: a sign parts them, and enter goes on as it does from every line."""

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()  # the form's then


class TypedField(FormField):
    """A question answered by typing; a long text in a few lines, where enter begins a new one and `tab` goes on."""

    scope = ""

    DEFAULT_CSS = """
    TypedField PlainInput { width: 1fr; }
    TypedField PlainText { width: 1fr; height: auto; min-height: 2; max-height: 4; }
    """

    def __init__(self, surface: Surface, question: Question) -> None:
        sign = traits_of(question.kind).breaks.strip()[-1:]
        of_lines = question.editor != "lines" and question.many and bool(sign)
        if of_lines and not question.hint:
            question = question._replace(hint=_("several: with {sign} between").format(sign=sign))
        super().__init__(surface, question)
        self.input: PlainInput | PlainText
        if not has_lines(question):
            self.input = PlainInput(question.text, anew=True)
        elif of_lines:
            self.input = _Values(question.text)
        else:
            self.input = PlainText(question.text)
            self.scope = "form text"
        self._began = self._typed

    def value_widget(self) -> Widget:
        return self.input

    @property
    def _typed(self) -> str:
        return self.input.text if isinstance(self.input, PlainText) else self.input.value

    @property
    def answer(self) -> str:
        # What was not touched goes back as it was, not as it was cleaned for the screen.
        return self.question.text if self._typed == self._began else self._typed

    def on_mount(self) -> None:
        self.look_again()

    def on_input_changed(self) -> None:
        self.look_again()

    def on_text_area_changed(self) -> None:
        self.look_again()


class ChosenField(FormField):
    """A question answered from a list: shows the labels of what is chosen; typing opens the list."""

    class Wanted(Message):
        """The list is wanted, narrowed to what was typed."""

        def __init__(self, field: ChosenField, typed: str) -> None:
            super().__init__()
            self.field = field
            self.typed = typed

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__(surface, question)
        self.chosen = question.chosen
        self._labels = {choice.key: choice.label for choice in question.choices}
        self._value = _Value(self)

    def value_widget(self) -> Widget:
        return self._value

    @property
    def answer(self) -> tuple[str, ...]:
        return self.chosen

    @property
    def asked(self) -> Question:
        """The question as it stands now."""
        return self.question._replace(chosen=self.chosen)

    def take(self, chosen: tuple[str, ...], labels: Mapping[str, str]) -> None:
        """Show another choice; `labels` by key."""
        self._labels.update(labels)
        self.chosen = chosen
        self._value.update()
        self.look_again()

    def value_line(self, cells: int) -> Line:
        """The labels, in one line."""
        shown = ", ".join(clean(self._labels.get(key, key)) for key in self.chosen)
        here = self._value.has_focus
        line = pad((Run(shown, "value") if shown else Run(EMPTY, "faint"),), cells)
        return on(line, "on:cursor") if here else line


class _Value(OneLine, can_focus=True):
    """The labels of what is chosen; letters, space and clicks ask for the list."""

    def __init__(self, field: ChosenField) -> None:
        super().__init__(field.surface.look, field.value_line)
        self._field = field

    def on_key(self, event: events.Key) -> None:
        name = key_name(event)
        if name == "space" or len(name) == 1:
            event.stop()
            self.post_message(ChosenField.Wanted(self._field, "" if name == "space" else name))

    def on_click(self) -> None:
        self.post_message(ChosenField.Wanted(self._field, ""))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
