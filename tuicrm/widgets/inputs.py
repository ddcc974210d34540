"""The inputs in which people type: Textual's own, behind the plain boundary and without a blinking cursor."""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tuicrm.i18n import _
from tuicrm.limits import IN_LINE, IN_LINES, Limit
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.plain import plain_lines, plain_value
from tuicrm.widgets.textual_inside import forget_theme


def _fits(widget: Widget, there: int, text: str, limit: Limit) -> bool:
    """Whether so much can be pasted to what stays there; says so where not, and nothing is. A megabyte, pasted by mistake, would keep
    the keyboard busy for a minute."""
    whole = there + len(text)
    if whole <= limit.most:
        return True
    if isinstance(widget.screen, Keyed):
        told = _("{n} characters are too many to paste here; the maximum is {most}").format(n=whole, most=limit.most)
        widget.screen.say(told, "refused")
    return False


class PlainInput(Input):
    """One line. What is pasted or set is cleaned: an escape code in a value would go straight to the terminal.

    Printable keys in `passing` (as the action table writes them) are not typed but left to the screen, as long as `passes`.
    With `anew`, the text is selected when the cursor comes to it: typing replaces it, an arrow goes on in it.
    """

    def __init__(
        self, text: str = "", *, passing: tuple[str, ...] = (), anew: bool = False, id: str | None = None
    ) -> None:
        super().__init__(plain_value(text), select_on_focus=anew, id=id)
        self.cursor_blink = False
        self._passing = passing
        self.passes = True

    def on_mount(self) -> None:
        self.cursor_position = len(self.value)

    def on_unmount(self) -> None:
        # Textual's own subscription holds on to the input for as long as the screen lives: 30 KB and more for each.
        self.screen.text_selection_started_signal.unsubscribe(self)

    def validate_value(self, value: str) -> str:
        """Whoever sets it: typing, pasting, completing, history."""
        return plain_value(value)

    def set_text(self, text: str) -> None:
        """Put another text there, the cursor at its end."""
        self.value = text
        self.cursor_position = len(self.value)

    def on_key(self, event: events.Key) -> None:
        if ("space" if event.key == "space" else event.character) not in self._passing:
            return
        if self.passes:
            event.prevent_default()
        else:
            # Typed, and nothing else: the screen would do what the key means to it.
            event.stop()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        # Textual would take the first line only.
        text = event.text.strip("\r\n")
        begin, end = sorted(self.selection)
        if _fits(self, len(self.value) - (end - begin), text, IN_LINE):
            self.replace(plain_value(text), begin, end)


class PlainText(TextArea):
    """Several lines, cleaned likewise."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(plain_lines(text), soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, id=id)
        self.cursor_blink = False

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)

    def on_unmount(self) -> None:
        # As with an input; and who watches the theme is forgotten by Textual only when that changes.
        self.screen.text_selection_started_signal.unsubscribe(self)
        forget_theme(self)

    def on_key(self, event: events.Key) -> None:
        # A non-joiner joins the letters around it, which are not known here; what else is never seen is not typed.
        if event.is_printable and event.character not in (None, "\u200c") and not plain_value(event.character or ""):
            event.prevent_default()
            event.stop()

    def render_lines(self, crop: Region) -> list[Strip]:
        # Once taken away it may be painted one last time, when Textual has already forgotten its styles (a KeyError).
        return super().render_lines(crop) if self.is_attached else [Strip.blank(crop.width)] * crop.height

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if _fits(self, len(self.text) - len(self.selected_text), event.text, IN_LINES):
            self.replace(plain_lines(event.text), *self.selection)
