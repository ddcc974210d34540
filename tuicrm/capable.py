"""What the terminal is capable of, by what the environment says: a screen to draw on, letters beyond ASCII. Imports nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def has_screen(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a screen can be drawn: TERM names what moves its cursor. A dumb one (Emacs, an editor's output, a log) only prints."""
    term = environ.get("TERM", "")
    return term != "dumb" and (bool(term) or sys.platform == "win32")


def says_utf_8(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale has all letters. One that is not said at all is taken for such: so are most containers."""
    locale = next((value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environ.get(name))), "")
    return not locale or "utf" in locale.lower()
