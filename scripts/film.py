"""Turns a recording (asciicast v2) into a film: an SVG of all that the terminal showed, one picture after the other, in its time.

Rows that stay the same are written once, so that a minute is a few hundred kilobytes. Whoever wants no motion sees the last picture
with a whole screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

from wcwidth import wcwidth

_PART = re.compile(
    r"\x1b\[(?P<args>[0-?]*)[ -/]*(?P<final>[@-~])|\x1b[\]PX^_].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|(?P<text>[^\x1b])",
    re.DOTALL,
)
_CELL, _ROW, _MARGIN = 8.4, 18, 12
_GROUND, _INK = "#121417", "#d8dee9"
_SIXTEEN = (
    "#1d2021", "#cc6666", "#8fae5d", "#d9a55b", "#6f9bd1", "#b08fc7", "#6fb3b8", "#c9ced6",
    "#666c75", "#e88388", "#b2d183", "#f0c674", "#93bdf0", "#cfaee6", "#90d5da", "#ffffff",
)  # fmt: skip
_FONTS = "ui-monospace,'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace"
_TITLE = "The first minute of tuicrm"
_END = 3.0
"""Seconds that the last picture stays."""


class Look(NamedTuple):
    """How a cell looks."""

    ink: str = _INK
    ground: str = ""
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False


Cell = tuple[str, Look]
Screen = tuple[tuple[Cell, ...], ...]


class Terminal:
    """As much of a terminal as bash and Textual use."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._look, self._reversed = Look(), False
        self._x = self._y = 0
        self._cells = self._blank()
        self._other = self._blank()

    def screen(self) -> Screen:
        """What is shown."""
        return tuple(tuple(row) for row in self._cells)

    def write(self, data: str) -> None:
        """Obey what a program wrote."""
        for part in _PART.finditer(data):
            if part["final"]:
                self._obey(part["final"], part["args"])
            elif part["text"] is not None:
                self._put(part["text"])

    def _blank(self) -> list[list[Cell]]:
        return [[(" ", Look())] * self.columns for _row in range(self.rows)]

    def _put(self, text: str) -> None:
        if text == "\n":
            self._y += 1
            if self._y >= self.rows:
                self._cells = [*self._cells[1:], [(" ", Look())] * self.columns]
                self._y = self.rows - 1
        elif text == "\r":
            self._x = 0
        elif text == "\b":
            self._x = max(self._x - 1, 0)
        elif text >= " " and (wide := wcwidth(text)) > 0 and self._x + wide <= self.columns and self._y < self.rows:
            look = self._look
            if self._reversed:
                look = look._replace(ink=look.ground or _GROUND, ground=look.ink)
            self._cells[self._y][self._x : self._x + wide] = [(text, look), *[("", look)] * (wide - 1)]
            self._x += wide

    def _obey(self, final: str, args: str) -> None:
        if final in "Hf":
            line, _semicolon, column = args.partition(";")
            self._y, self._x = min(int(line or 1), self.rows) - 1, min(int(column or 1), self.columns) - 1
        elif final == "J":
            self._cells = self._blank()
        elif final == "K":
            self._cells[self._y][self._x :] = [(" ", Look())] * (self.columns - self._x)
        elif final == "m":
            self._style([int(one or 0) for one in args.split(";")] if re.fullmatch(r"[\d;]*", args) else [])
        elif args == "?1049" and final in "hl":
            self._cells, self._other = self._other, self._cells
            if final == "h":
                self._cells = self._blank()
            self._x, self._y = 0, next((y for y, row in enumerate(self._cells) if all(c == " " for c, _l in row)), 0)

    def _style(self, codes: list[int]) -> None:
        rest = iter(codes)
        for code in rest:
            if code == 0:
                self._look, self._reversed = Look(), False
            elif code in (1, 2, 3, 4):
                self._look = self._look._replace(**{("bold", "dim", "italic", "underline")[code - 1]: True})  # type: ignore[arg-type]
            elif code in (7, 27):
                self._reversed = code == 7
            elif code in (38, 48):
                colour = _extended(next(rest), rest)
                self._look = self._look._replace(ink=colour) if code == 38 else self._look._replace(ground=colour)
            elif code in (39, 49):
                self._look = self._look._replace(ink=_INK) if code == 39 else self._look._replace(ground="")
            elif code // 10 in (3, 9):
                self._look = self._look._replace(ink=_SIXTEEN[code % 10 + (8 if code >= 90 else 0)])
            elif code // 10 in (4, 10):
                self._look = self._look._replace(ground=_SIXTEEN[code % 10 + (8 if code >= 100 else 0)])


def _extended(kind: int, numbers: Iterator[int]) -> str:
    """A colour of 256 or of all, from the numbers behind its code."""
    if kind == 2:
        return "#" + "".join(f"{next(numbers):02x}" for _part in range(3))
    number = next(numbers)
    if number < 16:
        return _SIXTEEN[number]
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    levels = (0, 95, 135, 175, 215, 255)
    number -= 16
    return f"#{levels[number // 36]:02x}{levels[number // 6 % 6]:02x}{levels[number % 6]:02x}"


def pictures(cast: str) -> list[tuple[float, Screen]]:
    """Each picture that differs from the one before it, with the second from which it is shown."""
    header, *events = (json.loads(line) for line in cast.splitlines())
    terminal = Terminal(header["width"], header["height"])
    found: list[tuple[float, Screen]] = [(0.0, terminal.screen())]
    for at, kind, data in events:
        if kind == "o":
            terminal.write(data)
            if (shown := terminal.screen()) != found[-1][1]:
                found.append((at, shown))
    return found


def film(cast: str) -> str:
    """The SVG."""
    frames = pictures(cast)
    columns, rows = len(frames[0][1][0]), len(frames[0][1])
    width, height = columns * _CELL + 2 * _MARGIN, rows * _ROW + 2 * _MARGIN
    whole = frames[-1][0] + _END
    known: dict[tuple[Cell, ...], str] = {}
    drawn = []
    for number, (_at, screen) in enumerate(frames):
        uses = []
        for y, row in enumerate(screen):
            if any(text.strip() or look.ground for text, look in row):
                name = known.setdefault(row, f"r{len(known)}")
                uses.append(f'<use href="#{name}" y="{_MARGIN + y * _ROW}"/>')
        drawn.append(f'<g transform="translate(0 {number * height:g})">{"".join(uses)}</g>')
    steps = "".join(
        f"{100 * at / whole:.3f}%{{transform:translateY(-{n * height:g}px)}}" for n, (at, _s) in enumerate(frames)
    )
    still = max(range(len(frames)), key=lambda n: (_filled(frames[n][1]), n))
    last = f"translateY(-{(len(frames) - 1) * height:g}px)"
    style = (
        f"text{{font:14px {_FONTS};white-space:pre;fill:{_INK}}}"
        ".b{font-weight:bold}.d{opacity:.6}.i{font-style:italic}.u{text-decoration:underline}"
        f".film{{animation:film {whole:g}s steps(1,end) infinite}}@keyframes film{{{steps}100%{{transform:{last}}}}}"
        f"@media(prefers-reduced-motion:reduce){{.film{{animation:none;transform:translateY(-{still * height:g}px)}}}}"
    )
    size = f'width="{width:g}" height="{height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{_TITLE}">'
        f"<style>{style}</style><defs>{''.join(_row(name, row) for row, name in known.items())}</defs>"
        f'<rect {size} rx="8" fill="{_GROUND}"/><svg {size}><g class="film">{"".join(drawn)}</g></svg></svg>\n'
    )


def _filled(screen: Screen) -> int:
    return sum(bool(text.strip()) for row in screen for text, _look in row)


def _row(name: str, row: tuple[Cell, ...]) -> str:
    """A row, once for all pictures that have it: grounds, and over them each run of one look where its cells are."""
    grounds, texts, x = [], [], 0
    for look, cells in groupby(row, key=lambda cell: cell[1]):
        run = list(cells)
        left, wide = _MARGIN + x * _CELL, len(run) * _CELL
        x += len(run)
        if look.ground:
            grounds.append(f'<rect x="{left:.1f}" width="{wide:.1f}" height="{_ROW}" fill="{look.ground}"/>')
        text = "".join(cell for cell, _look in run)
        if text.strip():
            flags = "".join(flag for flag, wanted in zip("bdiu", look[2:], strict=True) if wanted)
            classes = f' class="{" ".join(flags)}"' if flags else ""
            ink = f' fill="{look.ink}" style="fill:{look.ink}"' if look.ink != _INK else ""
            texts.append(f'<text x="{left:.1f}" y="13" textLength="{wide:.1f}"{classes}{ink}>{escape(text)}</text>')
    return f'<g id="{name}">{"".join(grounds)}{"".join(texts)}</g>'
