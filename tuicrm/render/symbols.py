"""The signs tuicrm draws, each one cell wide, and what stands for them, and for letters, where only ASCII can be shown.

Lines are always drawn with the signs; an adapter exchanges them one for one at the end, so no width changes.
"""

from __future__ import annotations

import unicodedata

from tuicrm.render.line import Line, Run
from tuicrm.render.text import width

BAR = "▌"
RAIL = "▏"
RULE = "▔"
LINE = "─"
THREAD = "│"
INTO = "›"
CLOCK = "◷"
LATE = "!"
ASKED = "?"
REQUIRED = "*"
MARKED = "✓"
EMPTY = "—"
DOT = "·"
HERE_LEFT, HERE_RIGHT = "▐", "▌"
HANDLE = "⠿"
PERSON = "●"
ABOVE, BELOW = "↑", "↓"
UPWARDS, DOWNWARDS = "▲", "▼"
VERTICAL_MORE = "⋮"
NOTE = "↳"
PEN = "✎"
FOLDED_LEFT, FOLDED_RIGHT = "‹", "›"
FOLDED = "▸"
CHANGED = "≠"
NEAR = "≈"

_ASCII = str.maketrans(
    {
        "▌": "|",
        "▐": "|",
        "▏": ":",
        "▔": "-",
        "─": "-",
        "│": "|",
        "›": ">",
        "‹": "<",
        "◷": "@",
        "✓": "x",
        "—": "-",
        "–": "-",
        "·": ".",
        "•": "*",
        "⠿": "#",
        "●": "o",
        "↑": "^",
        "↓": "v",
        "▲": "^",
        "▼": "v",
        "→": ">",
        "⋮": ":",
        "↳": "`",
        "✎": "%",
        "…": "~",
        "≈": "~",
        "▾": "v",
        "▸": ">",
        "↶": "<",
        "±": "$",
        "≠": "=",
        "◌": "o",
        "▤": "=",
        **dict(zip("▷△▽◁◈◉◎◐◑▣▥▧▨▩■▲▼★☆✦✧❖", ">Av<@oO()#H/%XNAv**+++", strict=True)),
        **dict(zip("☏◆◇○□▦▪", "##+oH$.", strict=True)),
        **dict(zip("“”‘’×−└", "\"\"''x-`", strict=True)),
        **dict(zip("━┃═║", "-|=|", strict=True)),
        "\u00a0": " ",
    }
)


def to_ascii(line: Line) -> Line:
    """The line with every sign exchanged for one of ASCII; letters that ASCII lacks stay as they are."""
    return tuple(run if run.text.isascii() else Run(run.text.translate(_ASCII), run.style) for run in line)


_LETTERS = dict(zip("ßæÆœŒøØłŁđĐðÐþÞıħĦŧŦŋŊ€£¥¢§©®°¿¡«»¦", "saAoOoOlLdDdDtTihHtTnNELYcScro?!<>|", strict=True))
"""Letters and signs that are made of nothing simpler."""


class _StandIns(dict[int, str]):
    """By code: ASCII as wide as the character, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _stand_in(chr(code))
        return found


_stand_ins = _StandIns(_ASCII)


def in_ascii(text: str) -> str:
    """The text in ASCII alone, cell for cell: a sign's stand-in, a letter without its accents, `?` for what has no likeness."""
    return text if text.isascii() else text.translate(_stand_ins)


def _stand_in(character: str) -> str:
    if character.isascii():
        return character
    cells = width(character)
    if not cells:
        return ""
    if "\u2500" <= character <= "\u259f":
        return "+" if character < "\u2580" else "#"  # corners and crossings of lines; blocks
    simpler = _LETTERS.get(character) or unicodedata.normalize("NFKD", character)[0]
    simpler = simpler.translate(_ASCII)
    return simpler.ljust(cells) if simpler.isascii() and simpler.isprintable() else "?" * cells
