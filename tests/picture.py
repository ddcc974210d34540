"""What a terminal shows, from the bytes that a program wrote to it: as much of a terminal as Textual uses."""

from __future__ import annotations

import re

from wcwidth import wcwidth

_PART = re.compile(
    r"\x1b\[(?P<args>[0-?]*)[ -/]*(?P<final>[@-~])|\x1b[\]PX^_].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|(?P<text>[^\x1b])",
    re.DOTALL,
)


def picture(data: bytes, columns: int, rows: int) -> list[str]:
    """The lines of a screen of that size, after all of `data` was written to it."""
    cells = [[" "] * columns for _row in range(rows)]
    x = y = 0
    for part in _PART.finditer(data.decode("utf-8", "ignore")):
        final, text = part["final"], part["text"]
        if final in ("H", "f"):
            line, _semicolon, column = part["args"].partition(";")
            x, y = int(column or 1) - 1, int(line or 1) - 1
        elif final == "J":
            cells = [[" "] * columns for _row in range(rows)]
        elif text == "\n":
            x, y = 0, y + 1
        elif text == "\r":
            x = 0
        elif text is not None and text >= " ":
            wide = wcwidth(text)
            if wide <= 0 and 0 < x <= columns and y < rows:
                cells[y][x - 1] += text
            elif wide > 0 and x + wide <= columns and y < rows:
                cells[y][x : x + wide] = [text, *[""] * (wide - 1)]
                x += wide
    return ["".join(line).rstrip() for line in cells]
