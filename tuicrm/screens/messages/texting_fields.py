"""The fields of an SMS or a messenger's text: by which channel, to whom, the text."""

from __future__ import annotations

from tuicrm.screens.messages.mail_fields import LetterField
from tuicrm.widgets.form_field import ChosenField
from tuicrm.widgets.inputs import PlainText
from tuicrm.widgets.question import Question
from tuicrm.widgets.surface import Surface

CHANNEL, TO, TEXT = "channel", "to", "text"
"""The questions of a text."""
BY_HAND = "by hand"
"""Is chosen in place of a channel where the person sends it themselves. No channel's key has a space."""


class ByField(ChosenField):
    """By which channel; the only one needs nobody."""

    @property
    def is_passed_over(self) -> bool:
        return len(self.question.choices) < 2


class ShortTextField(LetterField):
    """The text, with its own keys while it is written; one begins at its end, for nothing is quoted below."""

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__(surface, question)
        self.scope = "texting text"

    def on_mount(self) -> None:
        self._to_the_end()

    def put(self, text: str) -> None:
        """Have another text stand there, the cursor at its end."""
        super().put(text)
        self._to_the_end()

    def _to_the_end(self) -> None:
        if isinstance(self.input, PlainText):
            self.input.move_cursor(self.input.document.end)
