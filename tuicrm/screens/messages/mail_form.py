"""The form of a mail: who it is from and goes to, what it is about, its files, its text, its signature."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.widget import Widget

from tuicrm.domain.messages.message import MessageFile
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, cut, width
from tuicrm.screens.messages.mail_fields import CC, CHANNEL, FILES, TEXT, TO, AddressesField, FilesField, LetterField
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.form_field import ChosenField, FormField, TypedField
from tuicrm.widgets.form_steps import FormSteps
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface

_LEAST_TEXT, _SIGNATURE_LINES = 5, 3
_FIELDS: Mapping[str, Callable[[Surface, Question], FormField]] = {
    TO: AddressesField,
    CC: AddressesField,
    FILES: FilesField,
    TEXT: LetterField,
}


class MailForm(Dialog[None]):
    """Shows the fields, and holds what was written."""

    DEFAULT_CSS = """
    MailForm > VerticalScroll { height: auto; scrollbar-size: 0 0; }
    MailForm > SomeLines { height: auto; }
    """

    scope = "mail"
    cells = 100
    tall = True

    def __init__(
        self,
        surface: Surface,
        title: str,
        questions: Sequence[Question],
        files: Sequence[MessageFile],
        signatures: Mapping[str, str],
        first: str,
    ) -> None:
        """`signatures` by channel; `first` is where the cursor begins."""
        super().__init__(surface, title)
        self.fields = [_field_of(surface, one) for one in questions]
        self.steps = FormSteps(self.fields)
        self.controllers: tuple[Controller, ...] = (self.steps,)
        self.letter = next(field for field in self.fields if isinstance(field, LetterField))
        self._first = first
        self._signatures = signatures
        self._signature = SomeLines(surface.look, self._signature_lines)
        self._scroll = VerticalScroll(*(one for one in self.fields if one is not self.letter), can_focus=False)
        cells = max(width(clean(one.label)) for one in questions if one.key != TEXT) + 3
        for field in self.fields:
            field.label_cells = 0 if field is self.letter else cells
            field.is_terse = True
            field.tell()
        self.choosing: Callable[[ChosenField, str], Coroutine[Any, Any, None]]
        """Has a field answered from its list, narrowed to what was typed: whoever works the form says how."""
        self.files: list[MessageFile] = []
        self.show_files(files)

    def contents(self) -> Iterable[Widget]:
        return self._scroll, self.letter, self._signature

    def place(self, screen: Size) -> None:
        super().place(screen)
        room = room_inside(screen)
        signed = min(_SIGNATURE_LINES, room // 5)
        self._signature.styles.max_height = signed
        self._signature.display = signed > 0
        self._scroll.styles.max_height = max(room - _LEAST_TEXT - signed, 1)

    def on_mount(self) -> None:
        self.field(self._first).enter()

    def on_chosen_field_wanted(self, message: ChosenField.Wanted) -> None:
        """A letter, or a click: its list is wanted."""
        self.host.start(self.choosing(message.field, message.typed))

    # -- what stands in it ---------------------------------------------------------------------------------------------
    def field(self, key: str) -> FormField:
        """The field of a question."""
        return next(field for field in self.fields if field.question.key == key)

    @property
    def answers(self) -> dict[str, Answer]:
        """What was answered, by question."""
        return {field.question.key: field.answer for field in self.fields}

    @property
    def channel(self) -> str:
        """The key of the channel that it goes by."""
        answer = self.field(CHANNEL).answer
        return answer[0] if isinstance(answer, tuple) and answer else ""

    def show_files(self, files: Sequence[MessageFile]) -> None:
        """Have these files go along."""
        self.files = list(files)
        field = self.field(FILES)
        if isinstance(field, FilesField):
            field.show(self.files)

    def show_signature(self) -> None:
        """Show the signature of the channel that was chosen."""
        self._signature.update()

    def _signature_lines(self, cells: int) -> list[Line]:
        said = self._signatures.get(self.channel, "")
        texts = ["--", *said.splitlines()] if said.strip() else []
        return [pad((Run(cut(clean(text), cells), "faint"),), cells) for text in texts]


def _field_of(surface: Surface, question: Question) -> FormField:
    usual = ChosenField if question.is_chosen else TypedField
    return _FIELDS.get(question.key, usual)(surface, question)
