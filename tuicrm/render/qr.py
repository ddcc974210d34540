"""QR codes as lines: a text that the phone in the hand reads off the screen, over SSH too.

Two modules share a cell, one above the other, so that a phone number takes 25 × 13 cells. Where only ASCII can be shown, a module is
two cells of one line. What reads a code wants dark modules on a light ground: with colours the ground is painted, without them the
terminal's own ground and ink take both parts, whichever is which there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal, TypeAlias

import msgspec

from tuicrm.render.line import Line, Run

Modules: TypeAlias = Sequence[Sequence[bool]]
"""The rows of a code, dark modules true, without the light border around them."""
Ground: TypeAlias = Literal["painted", "dark", "light"]
"""What a code is drawn on: a light ground of its own (colours), or the terminal's, which is dark or light."""

_BORDERS = (2, 1)
"""Light modules around a code, the better first: with one it is read too, where the window is small."""
_LIGHT, _DARK = "on:#ffffff", "on:#000000"
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""By whether there is ink above and below."""


class CodeRoom(msgspec.Struct, frozen=True):
    """Cells and lines that a code may take; 0 for as many as it likes."""

    cells: int = 0
    lines: int = 0

    def holds(self, cells: int, lines: int) -> bool:
        """Whether so much fits."""
        return (not self.cells or cells <= self.cells) and (not self.lines or lines <= self.lines)


def modules(text: str) -> Modules:
    """The code of a text, as small as it can be. Raises ValueError where no code holds so much."""
    # 50 ms to import.
    import segno

    code = segno.make_qr(text, error="l")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def size(side: int, border: int, *, only_ascii: bool = False) -> tuple[int, int]:
    """Cells and lines of a code of so many modules a side."""
    whole = side + 2 * border
    return (2 * whole, whole) if only_ascii else (whole, (whole + 1) // 2)


def lines(code: Modules, ground: Ground, room: CodeRoom | None = None, *, only_ascii: bool = False) -> list[Line]:
    """A code drawn, with as much border as there is room for; [] where it does not fit."""
    room = room or CodeRoom()
    border = next((one for one in _BORDERS if room.holds(*size(len(code), one, only_ascii=only_ascii))), 0)
    if not border:
        return []
    framed = _framed(code, border)
    return [_in_ascii(row, ground) for row in framed] if only_ascii else _in_halves(framed, ground)


def _framed(code: Modules, border: int) -> list[list[bool]]:
    side = len(code) + 2 * border
    empty = [[False] * side for _row in range(border)]
    return [*empty, *([False] * border + list(row) + [False] * border for row in code), *empty]


def _in_halves(rows: list[list[bool]], ground: Ground) -> list[Line]:
    inked = ground != "dark"
    if len(rows) % 2:
        rows = [*rows, [False] * len(rows)]
    style = _LIGHT if ground == "painted" else ""
    return [
        (Run("".join(_HALVES[above is inked, below is inked] for above, below in zip(*pair, strict=True)), style),)
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]


def _in_ascii(row: list[bool], ground: Ground) -> Line:
    if ground == "painted":
        return tuple(Run("  " * len(list(of)), _DARK if dark else _LIGHT) for dark, of in groupby(row))
    ink = ground == "light"
    return (Run("".join("##" if dark is ink else "  " for dark in row)),)
