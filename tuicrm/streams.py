"""Where stdout and stderr lead to a terminal, what anybody writes there passes here: harmful characters become their numbers.

It holds for all that a run writes, for help, tracebacks and warnings too, since `sys.stdout` and `sys.stderr` themselves are
replaced. Codes of our own (colours, a line that is written again) are written with `draw`. Pipes and files get what is written.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from tuicrm.harmless import numbered

_AGAIN = "\r\x1b[K"
"""Back to the line's beginning, and what stood there is gone."""


class TerminalStream(io.TextIOWrapper):
    """Text on its way to a terminal. `cleaned` says whether something was shown by its number."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__(stream.buffer, stream.encoding, "backslashreplace", line_buffering=stream.line_buffering)
        self.cleaned = False

    def write(self, text: str, /) -> int:
        """Write a text that may hold anything."""
        lines = text.replace("\r\n", "\n")
        shown = numbered(lines)
        self.cleaned |= shown != lines
        super().write(shown)
        return len(text)

    def draw(self, text: str) -> None:
        """Write a text that holds codes of our own."""
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
def guarded() -> Iterator[Guard]:
    """Put a `TerminalStream` where `sys.stdout` and `sys.stderr` lead to a terminal, and take it away again."""
    before = {name: getattr(sys, name) for name in ("stdout", "stderr")}
    streams = {name: TerminalStream(stream) for name, stream in before.items() if stream.isatty()}
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
    """Show a text, cleaned, in place of the line that is being written on stderr."""
    from tuicrm.render.text import clean

    draw(sys.stderr, f"{_AGAIN}{clean(text)}")
    sys.stderr.flush()
