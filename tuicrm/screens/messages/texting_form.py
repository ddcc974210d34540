"""The form of an SMS or of a messenger's text: by which way it goes, to which number, and what that means for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.domain.messages.sms_parts import SmsParts
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import DOT
from tuicrm.render.text import wrap
from tuicrm.screens.messages.mail_fields import CHANNEL, TEXT, TO
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface

_NOTE_LINES = 2


class TextingForm(MailForm):
    """Shows the fields, and below the text what `note` says of the way that is chosen."""

    DEFAULT_CSS = """
    TextingForm LetterField { height: auto; }
    TextingForm LetterField PlainText { height: auto; min-height: 4; max-height: 8; }
    """

    scope = "texting"
    cells = 76
    tall = False

    def __init__(self, surface: Surface, title: str, questions: Sequence[Question], note: Callable[[str], str]) -> None:
        """`note` is asked with the key of the way."""
        self._note = note
        super().__init__(surface, title, questions, (), {}, TEXT)
        self.letter.scope = "texting text"
        self._warned: tuple[Answer, ...] = ()

    @property
    def to(self) -> str:
        """The number or name that it goes to; "" where the client has neither."""
        answer = next((one.answer for one in self.fields if one.question.key == TO), ())
        return answer[0] if isinstance(answer, tuple) and answer else ""

    def lines_below(self, cells: int) -> list[Line]:
        """What the way that is chosen means for the text."""
        told = self._note(self.channel)
        return [pad((Run(text, "faint"),), cells) for text in (wrap(told, cells, _NOTE_LINES) if told else ())]

    def do_cancel(self) -> None:
        """Leave it. What was typed is not lost by one key: the first says how to send it."""
        typed = tuple(field.answer for field in self.fields)
        text = str(self.field(TEXT).answer)
        if not text.strip() or typed == self._warned:
            self.leave()
            return
        self._warned = typed
        send, cancel = self.surface.keys.key("mail.send"), self.surface.keys.key("cancel")
        self.host.say(_("{send} sends it, {cancel} again discards it").format(send=send, cancel=cancel))


def parts_told(found: SmsParts) -> str:
    """In how many parts an SMS goes, in which alphabet, and why that is not the short one."""
    parts = ngettext("{n} part", "{n} parts", len(found.parts))
    left = ngettext("{n} character left", "{n} characters left", found.left)
    told = f"{parts} {DOT} {found.alphabet} {DOT} {left}"
    return f"{told} {DOT} {_('because of')} {' '.join(found.odd)}" if found.odd else told


__all__ = ["CHANNEL", "TEXT", "TO", "TextingForm", "parts_told"]
