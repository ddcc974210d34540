"""What is known of the terminal from outside the program: from the environment, and from asking it."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from tuicrm.i18n import _
from tuicrm.regex import regex
from tuicrm.streams import draw

Takes: TypeAlias = Literal["yes", "on request", "no", "unknown"]
_ASK_LIMIT = 1.0
"""Seconds for an answer over a slow line. All terminals in use answer the second question (who are you), most within 20 ms."""
_QUESTIONS = "\x1b[?2026$p\x1b[c"
_MODE = regex(rb"\x1b\[\?2026;(\d)\$y")
_WHO = regex(rb"\x1b\[\?[\d;]*c")
_KNOWS_MODE = (b"1", b"2", b"3")


class Clipboard(NamedTuple):
    """Whether what is copied (OSC 52) arrives in the person's clipboard, and what to do so that it does."""

    takes: Takes
    advice: str = ""


def multiplexer(environ: Mapping[str, str] = os.environ) -> str:
    """tmux, screen or zellij when the program runs inside one; "" otherwise."""
    names = (("TMUX", "tmux"), ("ZELLIJ", "zellij"), ("STY", "screen"))
    return next((name for variable, name in names if environ.get(variable)), "")


def is_remote(environ: Mapping[str, str] = os.environ) -> str:
    """The address that an SSH connection is from; "" on the machine itself."""
    return (environ.get("SSH_CONNECTION") or environ.get("SSH_CLIENT") or "").partition(" ")[0]


def clipboard(environ: Mapping[str, str] = os.environ) -> Clipboard:
    """What is known of OSC 52 in this terminal, by the documentation of each."""
    inside = multiplexer(environ)
    if inside == "tmux":
        return Clipboard("on request", _("tmux passes it on after `set -g set-clipboard on` in ~/.tmux.conf."))
    if inside == "screen":
        return Clipboard("no", _("GNU screen does not support it: do without, or use tmux."))
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if program == "Apple_Terminal":
        return Clipboard(
            "no",
            _("Terminal.app does not support it: select with the mouse, or use iTerm2, kitty, Ghostty or WezTerm."),
        )
    if program == "iTerm.app":
        return Clipboard("on request", _("iTerm2: Settings › General › Selection › Applications may access clipboard."))
    if environ.get("VTE_VERSION"):
        return Clipboard("no", _("GNOME and Xfce terminals (VTE) do not support it: select with the mouse."))
    if any(name in term for name in ("kitty", "alacritty", "foot", "ghostty", "wezterm")) or program in (
        "WezTerm",
        "ghostty",
    ):
        return Clipboard("yes")
    return Clipboard(
        "unknown",
        _("Try `y` on a card and paste. In xterm, set `XTerm*disallowedWindowOps: 20,21,SetXprop` in ~/.Xresources."),
    )


def synchronized_output() -> Takes:
    """Asks the terminal whether it shows a whole picture at once (mode 2026); "unknown" where there is none, or no answer."""
    if sys.platform == "win32" or os.environ.get("TERM", "") in ("", "dumb"):
        return "unknown"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "unknown"
    keyboard = sys.stdin.fileno()
    # In the background, whoever touches the terminal is stopped.
    if os.tcgetpgrp(keyboard) != os.getpgrp():
        return "unknown"
    import termios
    import tty

    before = termios.tcgetattr(keyboard)
    answer, end = b"", time.monotonic() + _ASK_LIMIT
    try:
        tty.setcbreak(keyboard)
        draw(sys.stdout, _QUESTIONS)
        sys.stdout.flush()
        while not _WHO.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([keyboard], [], [], left)[0]:
                answer += os.read(keyboard, 1024) or b"\x1b[?c"
    finally:
        # What came late is not for the shell.
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
    if found := _MODE.search(answer):
        return "yes" if found[1] in _KNOWS_MODE else "no"
    return "no" if _WHO.search(answer) else "unknown"
