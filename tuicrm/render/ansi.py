"""Lines for the command line: plain, or with ANSI colours where a person looks at a terminal that has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tuicrm.render.colours import Colour, Depth
from tuicrm.render.line import Line
from tuicrm.render.palette import Palette, Style, resolve

_RESET = "\x1b[0m"


def depth_of(environ: Mapping[str, str], tty: bool) -> Depth | None:
    """How many colours to write; None for plain text without any escape code (no terminal, or a dumb one).

    `NO_COLOR` (https://no-color.org) leaves bold, dim and reverse.
    """
    term = environ.get("TERM", "")
    if not tty or term in ("", "dumb"):
        return None
    if environ.get("NO_COLOR"):
        return "none"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "true"
    return "256" if "256" in term else "16"


def plain(line: Line) -> str:
    """The line's text, without spaces at its end."""
    return "".join(run.text for run in line).rstrip(" ")


def ansi(line: Line, palette: Palette | None) -> str:
    """The line with its styles as escape codes; plain without a palette. Never a code left open at the end."""
    if palette is None:
        return plain(line)
    parts: list[str] = []
    for text, words in _without_tail(line):
        code = sgr(resolve(words, palette))
        parts.append(f"{code}{text}{_RESET}" if code else text)
    return "".join(parts)


def _without_tail(line: Line) -> Line:
    """The line without empty space at its end, unless that has a ground."""
    runs = list(line)
    while runs and not runs[-1].text.strip(" ") and "on:" not in runs[-1].style:
        runs.pop()
    if runs and "on:" not in runs[-1].style:
        runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(" "))
    return tuple(runs)


@lru_cache(maxsize=1024)
def sgr(style: Style) -> str:
    """The escape code that begins a style; "" where nothing differs from plain text."""
    flags = ((style.bold, "1"), (style.dim, "2"), (style.italic, "3"), (style.underline, "4"), (style.reverse, "7"))
    codes = [code for wanted, code in flags if wanted]
    if style.fg is not None:
        codes.append(_colour(style.fg, 30))
    if style.bg is not None:
        codes.append(_colour(style.bg, 40))
    return f"\x1b[{';'.join(codes)}m" if codes else ""


def _colour(colour: Colour, base: int) -> str:
    if isinstance(colour, str):
        return f"{base + 8};2;{int(colour[1:3], 16)};{int(colour[3:5], 16)};{int(colour[5:7], 16)}"
    if colour < 8:
        return str(base + colour)
    return str(base + 60 + colour - 8) if colour < 16 else f"{base + 8};5;{colour}"
