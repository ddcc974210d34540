"""Fewer bytes, the same picture: to the cell, its ink and its ground."""

from __future__ import annotations

import random
import re

import pytest
from rich.color import ColorSystem
from rich.style import Style

from tuicrm.thrift import thrifty

_PART = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])|\x1b\][^\x07\x1b]*\x1b\\|(.)", re.DOTALL)
ENDS = ("\n", "\r\n")
_SEEN_ON_BLANKS = {"4", "5", "6", "7", "9"}


class Pen:
    """How a terminal writes now."""

    def __init__(self) -> None:
        self.manners, self.ink, self.ground = set[str](), "", ""

    @property
    def look(self) -> tuple[object, ...]:
        return frozenset(self.manners), self.ink, self.ground

    def take(self, numbers: str) -> None:
        left = numbers.split(";") if numbers else ["0"]
        while left:
            one = left.pop(0)
            if one in ("38", "48"):
                size = 4 if left[0] == "2" else 2
                self._colour(one, f"{left[:size]}")
                left = left[size:]
            elif one in ("39", "49"):
                self._colour(one, "")
            elif len(one) == 3 or (len(one) == 2 and one[0] in "349"):
                self._colour("38" if one[0] in "39" else "48", one)
            else:
                self._manner(one)

    def _colour(self, which: str, colour: str) -> None:
        if which[0] == "3":
            self.ink = colour
        else:
            self.ground = colour

    def _manner(self, one: str) -> None:
        if one == "0":
            self.manners, self.ink, self.ground = set(), "", ""
        elif len(one) == 2:
            self.manners -= {"1", "2"} if one == "22" else {"5", "6"} if one == "25" else {one[1]}
        else:
            self.manners.add(one)


def cells(drawn: str) -> tuple[dict[tuple[int, int], object], object]:
    """What a terminal shows, by row and column, and the look that it is left with."""
    pen, found = Pen(), dict[tuple[int, int], object]()
    x = y = 0
    for numbers, final, text in _PART.findall(drawn):
        if final == "H":
            y, x = (int(one) for one in numbers.split(";"))
        elif final == "m":
            pen.take(numbers)
        elif text in ("\r", "\n"):
            x, y = (1, y) if text == "\r" else (x, y + 1)
        elif text:
            blank = text == " " and not pen.manners & _SEEN_ON_BLANKS
            found[y, x] = (text, pen.ground) if blank else (text, pen.look)
            x += 1
    return found, pen.look


def drawing(chance: random.Random, system: ColorSystem) -> str:
    """As Textual draws: rows of runs, each with its whole style; the cursor goes about between them."""
    inks = [None, "#ffffff", "#2fc6f6", "#101010", "red", "bright_blue"]
    found = ""
    for _turn in range(chance.randrange(1, 30)):
        match chance.randrange(8):
            case 0:
                found += f"\x1b[{chance.randrange(1, 30)};{chance.randrange(1, 90)}H"
            case 1:
                found += f"\x1b[{chance.randrange(1, 30)};140H{chance.choice(ENDS)}\x1b[{chance.randrange(1, 30)};1H"
            case 2:
                found += chance.choice(["", "plain", "  ", "\x1b]8;id=1;https://example.com\x1b\\link\x1b]8;;\x1b\\"])
            case _:
                style = Style(
                    color=chance.choice(inks), bgcolor=chance.choice(inks), bold=chance.random() < 0.3 or None,
                    dim=chance.random() < 0.2 or None, italic=chance.random() < 0.2 or None,
                    underline=chance.random() < 0.2 or None, reverse=chance.random() < 0.2 or None,
                )  # fmt: skip
                found += style.render(chance.choice(["text", " ", "     ", "é│", " x "]), color_system=system)
    return found


@pytest.mark.parametrize("system", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD])
def test_it_shows_the_same_and_leaves_the_terminal_plain(system: ColorSystem) -> None:
    chance = random.Random(15)
    for _turn in range(400):
        drawn = drawing(chance, system)
        short = thrifty(drawn)
        assert cells(short)[0] == cells(drawn)[0], repr(drawn)
        assert cells(short)[1] == Pen().look
        assert len(short) <= len(drawn) + 4
        assert cells(thrifty(short))[0] == cells(drawn)[0]


@pytest.mark.parametrize(
    "drawn",
    [
        "", "text", "\x1b[?1049h", "\x1b[?2026h", "\x1b[4:3;38;2;1;2;3mwavy\x1b[0m", "\x1b[1ma\x1b[4mb\x1b[0m", "\x1b[38;2mcut\x1b[0m",
        "\x1b[38m\x1b[0m", "\x1b[999mx\x1b[0m",
    ],
)  # fmt: skip
def test_what_is_not_as_rich_writes_it_is_left_as_it_is(drawn: str) -> None:
    assert thrifty(drawn) == drawn


def test_a_row_costs_what_is_new_in_it() -> None:
    style = Style(color="#2fc6f6", bgcolor="#0f1117", bold=True)
    other = Style(color="#d5dce3", bgcolor="#0f1117", bold=True)
    system = ColorSystem.TRUECOLOR
    drawn = style.render("one", color_system=system) + other.render("   ", color_system=system)
    drawn += other.render("two", color_system=system)
    assert thrifty(drawn) == "\x1b[1;38;2;47;198;246;48;2;15;17;23mone   \x1b[38;2;213;220;227mtwo\x1b[0m"
