"""Lines as text for the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given

from tests.render.hostile import any_text
from tests.render.samples import CONNECTOR
from tuicrm.domain.board import Card
from tuicrm.render.ansi import ansi, depth_of, plain, sgr
from tuicrm.render.board import card_lines
from tuicrm.render.colours import Depth
from tuicrm.render.line import Run
from tuicrm.render.palette import Palette, Style
from tuicrm.render.symbols import to_ascii

TYPES = Path(__file__).parents[2] / "data" / "types"
CODES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("environ", "tty", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, True, "true"),
        ({"TERM": "xterm-direct"}, True, "true"),
        ({"TERM": "xterm-256color"}, True, "256"),
        ({"TERM": "linux"}, True, "16"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, True, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, True, "256"),
        ({"TERM": "dumb"}, True, None),
        ({}, True, None),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, False, None),
    ],
)
def test_how_many_colours(environ: dict[str, str], tty: bool, depth: Depth | None) -> None:
    assert depth_of(environ, tty) == depth


def test_codes() -> None:
    assert sgr(Style()) == ""
    assert sgr(Style(fg="#ff8000", bg=4, bold=True)) == "\x1b[1;38;2;255;128;0;44m"
    assert sgr(Style(fg=9, bg=200, dim=True)) == "\x1b[2;91;48;5;200m"
    assert sgr(Style(reverse=True, italic=True, underline=True)) == "\x1b[3;4;7m"


def test_a_line_in_the_terminals_colours() -> None:
    line = (Run("! 3 d late", "late"), Run(" "), Run("AB"), Run("   "))
    assert ansi(line, Palette("terminal", "16")) == "\x1b[31m! 3 d late\x1b[0m AB"
    assert ansi(line, None) == "! 3 d late AB"


def test_space_on_a_ground_stays() -> None:
    line = (Run("x", "on:cursor"), Run("  ", "on:cursor"), Run("  "))
    assert ansi(line, Palette("dark", "none")) == "\x1b[7mx\x1b[0m\x1b[7m  \x1b[0m"


def test_plain_text_has_no_codes_and_no_tail() -> None:
    assert plain((Run("a ", "late"), Run("   "))) == "a"


def test_signs_have_stand_ins_of_the_same_width() -> None:
    lines = card_lines(CONNECTOR, 26, selected=True)
    assert [plain(to_ascii(line)) for line in lines] == [
        "| ERP connector",
        "| Ferrari Legnami      AB",
        "| € 38,000    @ Wed 09:30",
    ]


@pytest.mark.parametrize("path", sorted(TYPES.glob("*.json")), ids=lambda path: path.stem)
def test_every_type_s_sign_has_a_stand_in(path: Path) -> None:
    symbol = json.loads(path.read_text())["symbol"]
    assert plain(to_ascii((Run(symbol, "dim"),))).isascii()


def test_quotes_and_signs_of_sums_have_stand_ins() -> None:
    assert plain(to_ascii((Run("“see also” 2 × 3 − 1", "dim"),))) == '"see also" 2 x 3 - 1'


@given(any_text)
def test_only_our_own_codes_get_out(text: str) -> None:
    for line in card_lines(Card("D-1", text, text, text, text, "late", text, text), 26, selected=True):
        shown = ansi(line, Palette("dark", "true"))
        assert "\x1b" not in CODES.sub("", shown)
        assert shown.endswith("\x1b[0m")
        assert len(to_ascii(line)) == len(line)
