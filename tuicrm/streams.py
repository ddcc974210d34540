"""Where stdout and stderr lead to a terminal, what anybody writes there passes here: harmful characters become their numbers.

It holds for all that a run writes, for help, tracebacks and warnings too, since `sys.stdout` and `sys.stderr` themselves are
replaced. Codes of our own (colours, a line that is written again) are written with `draw`. Pipes and files get what is written.

A letter that the stream's encoding lacks is never an escape: one that looks like it stands there (`STAND_INS`).
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from tuicrm.capable import has_screen
from tuicrm.harmless import numbered

_AGAIN = "\r\x1b[K"
"""Back to the line's beginning, and what stood there is gone."""

STAND_INS = "tuicrm.stand_ins"
"""What `errors` of a stream can be: a letter that its encoding lacks is written as ASCII that looks like it."""


def _stand_in(problem: UnicodeError) -> tuple[str, int]:
    from tuicrm.render.symbols import in_ascii

    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    # Half a character is a byte of a file's name that is no text: its number says more.
    shown = (
        f"\\u{ord(one):04x}" if "\ud800" <= one <= "\udfff" else in_ascii(one)
        for one in problem.object[problem.start : problem.end]
    )
    return "".join(shown), problem.end


codecs.register_error(STAND_INS, _stand_in)


def write_all_letters(stream: io.TextIOWrapper) -> None:
    """A program that reads gets all letters, in a locale without any too (a job of cron's), unless PYTHONIOENCODING says otherwise."""
    plain = codecs.lookup(stream.encoding).name == "ascii" and not os.environ.get("PYTHONIOENCODING")
    if plain and not stream.isatty():
        stream.reconfigure(encoding="utf-8")
    stream.reconfigure(errors=STAND_INS)


def knows_all_letters(stream: TextIO) -> bool:
    """Whether every letter can be written there as it is."""
    return not (isinstance(stream, TerminalStream) and stream.only_ascii) and "utf" in (stream.encoding or "").lower()


class TerminalStream(io.TextIOWrapper):
    """Text on its way to a terminal, perhaps one of ASCII alone. `cleaned` says whether something was shown by its number."""

    def __init__(self, stream: io.TextIOWrapper, *, only_ascii: bool = False) -> None:
        super().__init__(stream.buffer, stream.encoding, STAND_INS, line_buffering=stream.line_buffering)
        self.only_ascii = only_ascii
        self.cleaned = False

    def write(self, text: str, /) -> int:
        """Write a text that may hold anything."""
        lines = text.replace("\r\n", "\n")
        shown = numbered(lines)
        self.cleaned |= shown != lines
        self.draw(shown)
        return len(text)

    def draw(self, text: str) -> None:
        """Write a text that holds codes of our own."""
        if self.only_ascii and not text.isascii():
            from tuicrm.render.symbols import in_ascii

            text = in_ascii(text)
        super().write(text)


class Guard:
    """What stands before the terminal during a run."""

    def __init__(self, streams: list[TerminalStream]) -> None:
        self._streams = streams

    @property
    def cleaned(self) -> bool:
        """Whether something was shown by its number."""
        return any(stream.cleaned for stream in self._streams)


@contextmanager
def guarded(*, only_ascii: bool = False) -> Iterator[Guard]:
    """Put a `TerminalStream` where `sys.stdout` and `sys.stderr` lead to a terminal (of ASCII alone?), and take it away again."""
    before = {name: getattr(sys, name) for name in ("stdout", "stderr")}
    streams = {
        name: TerminalStream(stream, only_ascii=only_ascii) for name, stream in before.items() if stream.isatty()
    }
    for name, stream in streams.items():
        setattr(sys, name, stream)
    try:
        yield Guard(list(streams.values()))
    finally:
        for name, stream in streams.items():
            setattr(sys, name, before[name])
            # A stream that is let go of closes what it writes to.
            with suppress(OSError):
                stream.detach()


def draw(stream: TextIO, text: str) -> None:
    """Write a text that holds codes of our own, and users' texts only cleaned."""
    if isinstance(stream, TerminalStream):
        stream.draw(text)
    else:
        stream.write(text)


def show_again(text: str = "") -> None:
    """Show a text, cleaned, in place of the line that is being written on stderr; nothing where lines cannot be written again."""
    if not has_screen():
        return
    from tuicrm.render.text import clean

    draw(sys.stderr, f"{_AGAIN}{clean(text)}")
    sys.stderr.flush()
