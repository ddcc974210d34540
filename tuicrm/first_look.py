"""What a terminal shows while a workspace is opened for the screen: the first picture as it was the last time, at once, and marked.

Opening takes a second, most of which is importing Textual. Until that has the terminal, keys are kept by the terminal itself, and are
not shown; then they are handed on as any others (`type_ahead.py`).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Any

_TERMINATED = 143
_SHOWN = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_TAKEN_AWAY = "\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"


class FirstLook:
    """The picture of one opening. Shown by `show`; whoever takes the terminal over says so (`hand_over`), else `take_away` gives it
    back as it was found."""

    def __init__(self, place: str | PathLike[str], as_user: str = "") -> None:
        self._place, self._as_user = Path(place), as_user
        self._key = b""
        self._size = 0, 0
        self._state: Any = None
        self._found: list[Any] | None = None
        self._before: Any = None
        self.is_shown = False
        """Whether it stands on the terminal now."""
        self.seen: Sequence[tuple[str, str]] = ()
        """The items that it showed, stored refs and names, first the one under the cursor: keys that are pressed mean these."""

    def __enter__(self) -> FirstLook:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.take_away()

    def show(self) -> None:
        """Show what was kept, where there is something to show and a terminal to show it on."""
        if sys.platform == "win32" or os.environ.get("TERM", "dumb") in ("", "dumb"):
            return
        from tuicrm import kept_look

        with suppress(OSError, ValueError, AttributeError):
            out, taken = _out(), sys.__stdin__.fileno()  # type: ignore[union-attr]  # AttributeError where it is closed
            if not (os.isatty(out) and os.isatty(taken)):
                return
            columns, lines = os.get_terminal_size(out)
            self._size = columns, lines
            self._key = kept_look.key_of(self._place, self._as_user, self._size)
            self._state = kept_look.state_of(self._place)
            look = kept_look.load(self._place, self._key) if self._state is not None else None
            if look is not None and len(look.rows) == self._size[1]:
                self._show([*look.rows[:-1], look.mark])
                self.seen = look.seen

    def _show(self, rows: Sequence[str]) -> None:
        """Raises OSError."""
        import termios

        try:
            self._hold_keys()
        except termios.error:
            return
        self.is_shown = True
        self._before = signal.signal(signal.SIGTERM, self._terminated)
        _write(_SHOWN + "".join(f"\x1b[{y};1H{row}" for y, row in enumerate(rows, 1)))

    def _hold_keys(self) -> None:
        """Keys stay with the terminal, as they are and unseen; ctrl+c still stops, and nothing else does: who stopped it would be left
        with a terminal that shows no keys. Raises termios.error."""
        import termios

        terminal = sys.__stdin__.fileno()  # type: ignore[union-attr]  # it is a terminal
        self._found = termios.tcgetattr(terminal)
        held = termios.tcgetattr(terminal)
        held[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON)
        held[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        nothing = bytes([os.fpathconf(terminal, "PC_VDISABLE") & 0xFF])
        held[6] = [*held[6]]
        held[6][termios.VSUSP] = held[6][termios.VQUIT] = nothing
        held[6][termios.VMIN], held[6][termios.VTIME] = 1, 0
        termios.tcsetattr(terminal, termios.TCSANOW, held)

    def _terminated(self, *_signal: object) -> None:
        self.take_away()
        os._exit(_TERMINATED)

    def hand_over(self) -> list[Any] | None:
        """Somebody else has the terminal from now on, and gives it back. Returns its line settings as they were found; None where
        nothing was shown."""
        if not self.is_shown:
            return None
        self.is_shown = False
        signal.signal(signal.SIGTERM, self._before or signal.SIG_DFL)
        return self._found

    def take_away(self) -> None:
        """Give the terminal back as it was found, if nobody took it over."""
        found = self.hand_over()
        if found is None:
            return
        import termios

        with suppress(OSError):
            _write(_TAKEN_AWAY)
        with suppress(termios.error, OSError, AttributeError):
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, found)  # type: ignore[union-attr]  # it is a terminal

    # -- the next time -------------------------------------------------------------------------------------------------
    def is_of(self, width: int, height: int) -> bool:
        """Whether a picture of this size could be kept."""
        return self._state is not None and self._size == (width, height)

    def keep(self, rows: Sequence[str], mark: str, free: Collection[str], seen: Sequence[tuple[str, str]]) -> None:
        """Keep the rows of the first picture; from any thread. `mark` takes the place of the last row while it is no longer sure to be
        true. `free`: the tables whose change takes no right away from the person to see it; `seen` as in `self.seen`."""
        from tuicrm import kept_look

        kept_look.keep(self._key, self._state, rows, mark, free, seen)


def _out() -> int:
    return sys.__stderr__.fileno()  # type: ignore[union-attr]  # where Textual writes


def _write(text: str) -> None:
    left = text.encode("utf-8", "replace")
    while left:
        left = left[os.write(_out(), left) :]
