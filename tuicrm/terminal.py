"""What the terminal can show and how it is spoken to: asked of the environment once, before Textual is imported."""

from __future__ import annotations

import os
from collections.abc import Mapping

from tuicrm.capable import says_utf_8
from tuicrm.render.ansi import depth_of
from tuicrm.render.palette import Palette, Theme

_ESCAPE_MS = "25"
"""How long a lone `esc` waits for the rest of an escape sequence. Those of keys arrive in one piece, over SSH too."""

# Textual reads it when it is imported, and 100 ms make `esc` feel stuck.
os.environ.setdefault("ESCDELAY", _ESCAPE_MS)
# What changed is drawn at the next of so many moments a second: at Textual's 60, an answer waits 8 ms for nothing, or 16 twice.
os.environ.setdefault("TEXTUAL_FPS", "250")


def palette_of(theme: str, contrast: str = "", environ: Mapping[str, str] = os.environ) -> Palette:
    """The palette for the settings of theme ("dark", "light", "terminal", else as the terminal's ground is) and of contrast ("high").

    With sixteen colours or none, the terminal's own ground and colours are taken, whatever they are.
    """
    depth = depth_of(environ, tty=True) or "none"
    high = contrast == "high"
    if depth in ("16", "none") or theme == "terminal":
        return Palette("terminal", depth, high)
    if theme in ("dark", "light"):
        return Palette("light" if theme == "light" else "dark", depth, high)
    return Palette(_ground(environ), depth, high)


def _ground(environ: Mapping[str, str]) -> Theme:
    """Whether the terminal says that its ground is light (COLORFGBG, as rxvt, Konsole and others set it: "0;15")."""
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if ground in ("7", "15") else "dark"


def ascii_only(setting: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether only ASCII signs can be shown: as set ("yes", "no"), else where the locale is not UTF-8."""
    if setting in ("yes", "no"):
        return setting == "yes"
    return not says_utf_8(environ)


def letters_only_ascii(setting: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether letters, too, must be ASCII's, in whatever is written: where the locale is not UTF-8, unless the setting is "no"."""
    return setting != "no" and not says_utf_8(environ)
