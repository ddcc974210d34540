"""A small form: a few questions at once, errors beside them; `esc` leaves all as it was."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.widget import Widget

from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import NEAR
from tuicrm.render.text import clean, width, wrap
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.form_field import LABEL_CELLS, MOST_LABEL_CELLS, ChosenField, FormField, NoteRow, TypedField
from tuicrm.widgets.form_steps import FormSteps
from tuicrm.widgets.picker import picker_for
from tuicrm.widgets.question import NOTE, Answer, Question
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_NOTICE_LINES = 2

Save: TypeAlias = Callable[[Mapping[str, Answer]], Any]
"""Takes the answers by key, plain or async. What it refuses (BadValue, CrmError) is shown and the form stays."""


class Notice(NamedTuple):
    """What the answers so far bring to mind, and the key of what can be gone to instead."""

    text: str
    key: str


Notices: TypeAlias = Callable[[Mapping[str, Answer]], Notice | None]
"""Tells of something, or of nothing; asked after every change, so it must be quick."""


def _row(surface: Surface, question: Question) -> FormField | NoteRow:
    if question.kind == NOTE:
        return NoteRow(surface, question)
    return ChosenField(surface, question) if question.is_chosen else TypedField(surface, question)


class Form(Dialog[dict[str, Answer]]):
    """Ends with the answers by key, after `save` took them. A question of kind `note` is only told."""

    DEFAULT_CSS = "Form > VerticalScroll { height: auto; scrollbar-size: 0 0; }"

    scope = "form"

    def __init__(
        self,
        surface: Surface,
        title: str,
        questions: Sequence[Question],
        save: Save | None = None,
        notices: Notices | None = None,
        *,
        first: str = "",
    ) -> None:
        """With `notices`, a line under the questions tells what they give; `gone_to` is its key once somebody went there. `first` is
        the key of the question that is answered first, where it is not the one on top."""
        super().__init__(surface, title)
        self._notices = notices
        self.notice: Notice | None = None
        self.gone_to = ""
        self._notice_line = SomeLines(surface.look, self._notice_lines)
        self._rows = [_row(surface, question) for question in questions]
        longest = max((width(clean(question.label)) for question in questions), default=0)
        for row in self._rows:
            row.label_cells = min(max(longest + 2, LABEL_CELLS), MOST_LABEL_CELLS)
        self.fields = [row for row in self._rows if isinstance(row, FormField)]
        self.steps = FormSteps(self.fields)
        self.controllers = (self.steps,)
        self._save = save
        self._first = next((field for field in self.fields if field.question.key == first), None)
        self._scroll = VerticalScroll(*self._rows, can_focus=not self.fields)

    def contents(self) -> Iterable[Widget]:
        return (self._scroll, self._notice_line) if self._notices is not None else (self._scroll,)

    def place(self, screen: Size) -> None:
        super().place(screen)
        self._scroll.styles.max_height = max(
            room_inside(screen) - (_NOTICE_LINES if self._notices is not None else 0), 1
        )

    def on_mount(self) -> None:
        if self.fields:
            (self._first or self.fields[0]).enter()
        else:  # only told, nothing asked: keys are its own all the same
            self._scroll.focus()

    # -- what it brings to mind ----------------------------------------------------------------------------------------
    def on_input_changed(self) -> None:
        self._notice_again()

    def on_text_area_changed(self) -> None:
        self._notice_again()

    def _notice_again(self) -> None:
        if self._notices is not None:
            self.notice = self._notices({field.question.key: field.answer for field in self.fields})
            self._notice_line.update()

    def _notice_lines(self, cells: int) -> list[Line]:
        if self.notice is None:
            return [pad((), cells)] * _NOTICE_LINES
        key = self.surface.keys.key("form.other")
        told = wrap(f"{NEAR} {self.notice.text}; {_('{key} opens it').format(key=key)}", cells, _NOTICE_LINES)
        return [pad((Run(text, "today"),), cells) for text in [*told, *[""] * _NOTICE_LINES][:_NOTICE_LINES]]

    def do_form_other(self) -> None:
        """Leave the form for what it brought to mind."""
        if self.notice is not None:
            self.gone_to = self.notice.key
            self.leave()

    # -- where one is --------------------------------------------------------------------------------------------------
    @property
    def here(self) -> FormField | None:
        """The field that is being filled in."""
        return self.steps.here

    def why_not(self, action_id: str) -> str | None:
        """Why there is nothing to choose from, or nothing similar to go to, as a sentence; None when there is."""
        if action_id == "form.choose" and not isinstance(self.here, ChosenField):
            return _("Type a value here; there is no list.")
        if action_id == "form.other" and self.notice is None:
            return _("No similar items found.")
        return None

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        """In the last field the key to the next one finishes."""
        keys, last = self.surface.keys, bool(self.fields) and self.here is self.fields[-1]
        step = next((hint for hint in found if hint.keys == keys.key("form.next")), None)
        save = next((hint for hint in found if hint.keys == keys.key("form.save")), None)
        if not last or step is None or save is None:
            return found
        both = save._replace(keys=f"{step.keys} {save.keys}")
        return [both if hint is step else hint for hint in found if hint is not save]

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_form_next(self) -> None:
        """On to the next field. Enter opens the list of a field that must be filled, and finishes in the last one; tab goes round."""
        here = self.here
        if self.host.dispatcher.pressed == "tab":
            self.steps.do_form_on()
            return
        if isinstance(here, ChosenField) and here.question.required and not here.chosen:
            await self._choose(here)
            if not here.chosen:
                return
        elif here is not None and not here.look_again(leaving=True):
            return
        if not self.steps.step(1):
            await self._finish()

    async def do_form_save(self) -> None:
        await self._finish()

    async def do_form_choose(self) -> None:
        if isinstance(self.here, ChosenField):
            await self._choose(self.here)

    async def _choose(self, field: ChosenField, typed: str = "") -> None:
        picker = picker_for(self.surface, field.asked, typed)
        chosen = await self.host.ask(picker)
        if chosen is not None:
            try:
                field.take(field.asked.made(chosen, picker.labels), picker.labels)
            except CrmError as error:
                self.host.messages.say_error(error)

    def on_chosen_field_wanted(self, message: ChosenField.Wanted) -> None:
        self.host.start(self._answer(message.field, message.typed))

    async def _answer(self, field: ChosenField, typed: str) -> None:
        """Choose from the list; where nothing else is asked, that is the whole answer."""
        before = field.chosen
        await self._choose(field, typed)
        if self.fields == [field] and field.chosen and field.chosen != before:
            await self._finish()

    # -- the end -------------------------------------------------------------------------------------------------------
    async def _finish(self) -> None:
        if not self.fields:
            self.leave()
            return
        wrong = [field for field in self.fields if not field.look_again(leaving=True)]
        if wrong:
            wrong[0].enter()
            return
        answers = {field.question.key: field.answer for field in self.fields}
        if self._save is not None:
            try:
                outcome = self._save(answers)
                if inspect.isawaitable(outcome):
                    await outcome
            except BadValue as error:
                self.host.say(error.message, "refused")
                return
            except CrmError as error:
                if not self.steps.show_refused(error):
                    self.host.messages.say_error(error)
                return
        self.leave(answers)
