"""The editors by what is asked: one line with a preview of what was understood, or several lines."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from tuicrm.i18n import _
from tuicrm.widgets.editor import Editor
from tuicrm.widgets.inputs import PlainInput, PlainText
from tuicrm.widgets.question import Question
from tuicrm.widgets.surface import Surface


def has_lines(question: Question) -> bool:
    """Whether the answer takes several lines: a long text, or one value a line."""
    return question.editor == "lines" or (question.many and not question.is_chosen)


def editor_for(surface: Surface, question: Question) -> Editor:
    """The editor for a typed value."""
    return TextEditor(surface, question) if has_lines(question) else LineEditor(surface, question)


class LineEditor(Editor):
    """One line: text, number, money, date, phone, path. What is understood of it shows while it is typed."""

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__(surface, question)
        self.input = PlainInput(question.text, anew=question.editor != "words")
        self._began = self.input.value

    def compose(self) -> ComposeResult:
        yield self.input
        yield self.status

    def on_mount(self) -> None:
        self.input.focus(scroll_visible=False)
        self.look_again()

    def lines_wanted(self, cells: int) -> int:
        return 1 + len(self._status_lines(cells))

    @property
    def value(self) -> str:
        # What was not touched goes back as it was, not as it was cleaned for the screen.
        return self.input.value if self.changed else self.question.text

    @property
    def changed(self) -> bool:
        return self.input.value != self._began

    def on_input_changed(self) -> None:
        self.look_again()

    def on_key(self, event: events.Key) -> None:
        _keep_tab(event)


class TextEditor(Editor):
    """Several lines; for a field of many values, one a line. Enter begins a line, so another key saves."""

    DEFAULT_CSS = "TextEditor PlainText { height: 1fr; }"

    scope = "text"
    height_wanted = 8

    def __init__(self, surface: Surface, question: Question) -> None:
        super().__init__(surface, question)
        self.area = PlainText(question.text)
        self._began = self.area.text
        self._warned = False

    def compose(self) -> ComposeResult:
        yield self.area
        yield self.status

    def on_mount(self) -> None:
        self.area.focus(scroll_visible=False)
        self.look_again()

    @property
    def value(self) -> str:
        return self.area.text if self.changed else self.question.text

    @property
    def changed(self) -> bool:
        return self.area.text != self._began

    def on_text_area_changed(self) -> None:
        self._warned = False
        self.look_again()

    def on_key(self, event: events.Key) -> None:
        _keep_tab(event)

    def do_text_save(self) -> None:
        self.submit()

    def do_cancel(self) -> None:
        """A long text is not lost by one key: the first `esc` says how to keep it."""
        if self.changed and not self._warned:
            self._warned = True
            save, cancel = self.surface.keys.key("text.save"), self.surface.keys.key("cancel")
            self.refuse(_("{save} saves, {cancel} again discards it").format(save=save, cancel=cancel))
        else:
            self.cancel()


def _keep_tab(event: events.Key) -> None:
    """Textual would move the focus out of the editor."""
    if event.key in ("tab", "shift+tab"):
        event.stop()
        event.prevent_default()
