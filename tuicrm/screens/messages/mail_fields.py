"""The fields of a mail's form: addresses looked up by name, the text over the whole width, the files that go along."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from tuicrm.domain.context import Choice
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.messages.message import MessageFile
from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.sizes import size_told
from tuicrm.render.symbols import LINE
from tuicrm.render.text import cut
from tuicrm.services.messages.address_query import FoundAddress
from tuicrm.services.messages.typed_addresses import parted, pieces, read_addresses
from tuicrm.widgets.form_field import ChosenField, TypedField
from tuicrm.widgets.inputs import PlainInput, PlainText
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.question import Question
from tuicrm.widgets.surface import Surface

CHANNEL, TO, CC, SUBJECT, FILES, TEXT = "channel", "to", "cc", "subject", "files", "text"
"""The questions of a mail."""


class AddressesField(TypedField):
    """Addresses with commas between; what is no address is looked up by name."""

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__(surface, question)
        if isinstance(self.input, PlainInput):
            self.input.select_on_focus = False

    @property
    def sought(self) -> str:
        """What is typed behind the last address, as long as that is none."""
        typed = parted(self.answer)[1]
        return "" if "@" in typed else typed

    @property
    def present(self) -> list[str]:
        """The addresses that stand there."""
        before = parted(self.answer)[0] if self.sought else self.answer
        try:
            return read_addresses(before)
        except BadValue:
            return pieces(before)

    def put(self, addresses: Sequence[str]) -> None:
        """Have these stand there."""
        if isinstance(self.input, PlainInput):
            self.input.set_text(", ".join(addresses))


class LetterField(TypedField):
    """The text, over the whole width, under a line that parts it from the rest."""

    DEFAULT_CSS = """
    LetterField { height: 1fr; min-height: 4; }
    LetterField PlainText { height: 1fr; max-height: 100%; }
    """

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__(surface, question)
        self.scope = "mail text"

    def compose(self) -> ComposeResult:
        yield OneLine(self.surface.look, lambda cells: pad((Run(LINE * cells, "rule"),), cells))
        yield self.input
        yield self._status

    def on_mount(self) -> None:
        # What is answered or passed on stands below what is written now.
        if isinstance(self.input, PlainText):
            self.input.move_cursor((0, 0))

    def put(self, text: str) -> None:
        """Have another text stand there, the cursor at its beginning."""
        if isinstance(self.input, PlainText):
            self.input.text = text
            self.input.move_cursor((0, 0))


class FilesField(ChosenField):
    """The files that go along; from its list they are let go. Without a file there is nothing to do in it."""

    @property
    def is_passed_over(self) -> bool:
        return not self.chosen

    def value_line(self, cells: int) -> Line:
        if self.chosen:
            return super().value_line(cells)
        keys = self.surface.keys
        told = _("{file} a file   {pdf} a document as PDF").format(
            file=keys.key("mail.attach"), pdf=keys.key("mail.document")
        )
        return pad((Run(cut(told, cells), "faint"),), cells)

    def show(self, files: Sequence[MessageFile]) -> None:
        """Show which files go along."""
        labels = {str(at): f"{one.name} ({size_told(one.size)})" for at, one in enumerate(files)}
        self.take(tuple(labels), labels)


def choice_of(found: FoundAddress) -> Choice:
    """An address as it is offered."""
    detail = " ".join(filter(None, (found.address if found.name else "", found.ref)))
    return Choice(found.address, found.name or found.address, detail)
