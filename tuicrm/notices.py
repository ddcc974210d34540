"""What a terminal is told so that it tells its person: its bell, or a notice of its own where it is known to understand one.

OSC 9 (iTerm2, WezTerm, Ghostty), OSC 777 (foot, rxvt-unicode) and OSC 99 (kitty). A terminal that nobody knows gets nothing: it might
print it. Inside tmux the notice is wrapped for the terminal around it, which lets it through where `allow-passthrough` is on, and the
bell comes with it, which always arrives.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from tuicrm.harmless import is_harmful

BELL = "\a"
_ESC, _END = "\x1b", "\x1b\\"
_LONGEST = 200
_TITLE = "tuicrm"

_BY_PROGRAM = {"iTerm.app": "9", "WezTerm": "9", "ghostty": "9"}
_BY_TERM = (
    ("xterm-kitty", "99"),
    ("xterm-ghostty", "9"),
    ("wezterm", "9"),
    ("foot", "777"),
    ("rxvt-unicode", "777"),
)
_BY_VARIABLE = (
    ("KITTY_WINDOW_ID", "99"),
    ("ITERM_SESSION_ID", "9"),
    ("WEZTERM_PANE", "9"),
    ("GHOSTTY_RESOURCES_DIR", "9"),
)
"""What these leave in the surroundings of all that runs in them, tmux included."""


def spoken(environ: Mapping[str, str] = os.environ) -> str:
    """Which notice the terminal understands: "9", "777", "99"; "" where that is not known."""
    term = environ.get("TERM", "")
    if environ.get("STY") or term in ("", "dumb", "linux"):
        return ""
    if program := _BY_PROGRAM.get(environ.get("TERM_PROGRAM", "")):
        return program
    if environ.get("LC_TERMINAL") == "iTerm2":
        return "9"
    for name, way in _BY_TERM:
        if term == name or term.startswith(f"{name}-"):
            return way
    return next((way for name, way in _BY_VARIABLE if environ.get(name)), "")


def notice(setting: str, text: str, environ: Mapping[str, str] = os.environ) -> str:
    """What to write to the terminal for a text: by the setting "off", "bell" or "terminal"; "" for nothing."""
    if setting == "bell":
        return BELL
    if setting != "terminal":
        return ""
    inside, way = bool(environ.get("TMUX")), spoken(environ)
    if not way:
        return BELL if inside else ""
    told = _sequence(way, _plain(text))
    return f"{_wrapped(told)}{BELL}" if inside else told


def _sequence(way: str, text: str) -> str:
    if way == "777":
        return f"{_ESC}]777;notify;{_TITLE};{text}{_END}"
    if way == "99":
        head = f"{_ESC}]99;i={_TITLE}:d=0;{_TITLE}{_END}"
        return f"{head}{_ESC}]99;i={_TITLE}:d=1:p=body;{text}{_END}"
    # A text that began with a number would be a command: OSC 9;4 is a progress bar.
    return f"{_ESC}]9;{_TITLE}: {text}{_END}"


def _wrapped(told: str) -> str:
    return f"{_ESC}Ptmux;{told.replace(_ESC, _ESC + _ESC)}{_END}"


def _plain(text: str) -> str:
    """One line without what could end the sequence, steer the terminal or hide, and without the sign that parts fields."""
    bare = " ".join(
        "".join(
            " " if sign.isspace() or not sign.isprintable() or is_harmful(sign) else "," if sign == ";" else sign
            for sign in text
        ).split()
    )
    return bare[:_LONGEST]
