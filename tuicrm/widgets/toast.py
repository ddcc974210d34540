"""What just happened, or why something cannot be done, in a line or three above the footer. The next key clears it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from textual.strip import Strip
from textual.widget import Widget

from tuicrm.render.compose import line_width, on, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LATE, MARKED
from tuicrm.render.text import wrap
from tuicrm.widgets.surface import TerminalLook

Mood: TypeAlias = Literal["done", "note", "refused"]

_SIGNS: dict[Mood, Run] = {"done": Run(MARKED, "ok"), "note": Run(" "), "refused": Run(LATE, "late bold")}
_MOST_LINES = 3
_MARGINS = 4


class ToastLine(Widget):
    """A message. No timer takes it away: a timer would send bytes while nobody does anything."""

    DEFAULT_CSS = "ToastLine { layer: toast; dock: bottom; height: 1; margin-bottom: 1; display: none; }"

    def __init__(self, look: TerminalLook) -> None:
        super().__init__()
        self._look = look
        self.text = ""
        """What is said, as it was given."""
        self._mood: Mood = "note"
        self._hint = ""

    def say(self, text: str, mood: Mood = "note", hint: str = "") -> None:
        """Show a message; `hint` stands at its right end (`u undo`)."""
        self.text, self._mood, self._hint = text, mood, hint
        self.styles.height = len(self.lines(self.screen.size.width))
        self.display = True
        self.refresh()

    def fits(self, text: str) -> bool:
        """Whether a message can be seen whole."""
        return len(wrap(text, self.screen.size.width - _MARGINS, _MOST_LINES + 1)) <= _MOST_LINES

    def clear(self) -> None:
        """Take the message away."""
        if self.text:
            self.text = ""
            self.display = False

    def lines(self, cells: int) -> list[Line]:
        """What is drawn, exactly `cells` wide."""
        hint = (Run(f"{self._hint} ", "key"),) if self._hint else ()
        texts = wrap(self.text, cells - _MARGINS - line_width(hint), _MOST_LINES) or [""]
        sign = (Run(" "), _SIGNS[self._mood], Run(" "))
        lines = [
            spread((*(sign if at == 0 else (Run("   "),)), Run(text)), hint if at == 0 else (), cells)
            for at, text in enumerate(texts)
        ]
        return [on(line, "on:mark" if self._mood == "refused" else "on:panel") for line in lines]

    def render_line(self, y: int) -> Strip:
        lines = self.lines(self.size.width)
        return self._look.strip(lines[y] if y < len(lines) else (), self.size.width)
