"""The signs tuicrm draws, each one cell wide, and what stands for them where only ASCII can be shown.

Lines are always drawn with the signs; an adapter exchanges them one for one at the end, so no width changes.
"""

from __future__ import annotations

from tuicrm.render.line import Line, Run

BAR = "▌"
RAIL = "▏"
RULE = "▔"
LINE = "─"
THREAD = "│"
INTO = "›"
CLOCK = "◷"
LATE = "!"
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
        "\u00a0": " ",
    }
)


def to_ascii(line: Line) -> Line:
    """The line with every sign exchanged for one of ASCII; letters that ASCII lacks stay as they are."""
    return tuple(run if run.text.isascii() else Run(run.text.translate(_ASCII), run.style) for run in line)
