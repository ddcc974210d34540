"""How a page of help is laid out: paragraphs and lists of words with what they mean, wrapped to the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.cli.running.output import columns
from tuicrm.render.text import clean, width

_WIDEST, _NARROWEST = 100, 40
_FIRST_WIDEST = 28
"""Cells of the first column; what is wider stands on a line of its own."""


def page_width() -> int:
    """Cells to lay out on: those of the terminal (or COLUMNS), where it is not very wide."""
    return max(min(columns(), _WIDEST), _NARROWEST)


class HelpPage:
    """A page that is made from the top."""

    def __init__(self, cells: int = 0) -> None:
        self._cells = cells or page_width()
        self._parts: list[str] = []

    def usage(self, prefix: str, path: str, pieces: str) -> None:
        """`Usage: tuicrm deal list [OPTIONS]`."""
        first = f"{prefix}{path} "
        indent = min(width(first), self._cells // 2)
        self._parts.append(self._hanging(first, pieces, indent))

    def text(self, text: str) -> None:
        """A paragraph; each line end begins another one."""
        if text:
            self._parts.append("\n".join(line for part in text.split("\n") for line in self._indented(part, 2)))

    def table(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        """A heading, and below it words with what each means; nothing where there are no rows."""
        if not rows:
            return
        rows = [(clean(word), clean(told)) for word, told in rows]
        first = min(max(width(word) for word, _told in rows), _FIRST_WIDEST, self._cells // 2) + 2
        lines = [f"{heading}:"]
        for word, told in rows:
            begin = f"  {word}"
            if width(word) > first - 2:
                lines += [begin, *([" " * (first + 2) + line for line in wrapped(told, self._cells - first - 2)])]
            else:
                lines.append(self._hanging(begin + " " * (first + 2 - width(begin)), told, first + 2).rstrip())
        self._parts.append("\n".join(lines))

    def examples(self, heading: str, examples: Sequence[tuple[str, str]]) -> None:
        """Command lines, each with what it does below it: they can be copied whole."""
        if examples:
            lines = [f"{heading}:"]
            for words, told in examples:
                lines += [*self._command(words), *self._indented(told, 6)]
            self._parts.append("\n".join(lines))

    def whole(self) -> str:
        """The page, its parts with an empty line between them."""
        return "\n\n".join(self._parts)

    def _command(self, words: str) -> list[str]:
        """A command line; where it is too long, over several lines as a shell takes it."""
        lines = wrapped(words, self._cells - 6)
        return [
            ("  " if n == 0 else "    ") + line + (" \\" if n < len(lines) - 1 else "") for n, line in enumerate(lines)
        ]

    def _indented(self, text: str, indent: int) -> list[str]:
        return [" " * indent + line for line in wrapped(text, self._cells - indent)]

    def _hanging(self, first: str, text: str, indent: int) -> str:
        """Text that begins behind `first` and goes on below its own beginning."""
        lines = wrapped(text, self._cells - indent)
        if width(first) > indent:
            return "\n".join([first.rstrip(), *(" " * indent + line for line in lines)])
        return "\n".join([first + lines[0], *(" " * indent + line for line in lines[1:])]) if lines else first


def wrapped(text: str, cells: int) -> list[str]:
    """Lines of at most so many cells, broken at blanks; a word that is wider has a line of its own."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer) > cells:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines
