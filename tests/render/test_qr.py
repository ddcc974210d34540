"""QR codes: every module stands where segno says, whatever the terminal can show, and what is for 80 × 24 fits."""

from __future__ import annotations

import pytest
import segno

from tuicrm.render import qr
from tuicrm.render.ansi import ansi, plain
from tuicrm.render.line import Line
from tuicrm.render.palette import Palette
from tuicrm.render.qr import CodeRoom, Ground
from tuicrm.render.text import width

PHONE = "TEL:+393331234567"
INVITATION = "https://wa.me/393331234567"


def _expected(text: str, border: int) -> list[list[bool]]:
    """The code as segno itself says it, with its border: True where it is dark."""
    code = segno.make_qr(text, error="l")
    return [[bool(module & 1) for module in row] for row in code.matrix_iter(scale=1, border=border)]


def _halves_seen(drawn: list[str], *, ink_is_dark: bool) -> list[list[bool]]:
    """What somebody sees who knows blocks alone: two rows of modules a line."""
    above, below = "▀█", "▄█"
    rows: list[list[bool]] = []
    for line in drawn:
        rows.append([(sign in above) is ink_is_dark for sign in line])
        rows.append([(sign in below) is ink_is_dark for sign in line])
    return rows


@pytest.mark.parametrize("text", [PHONE, INVITATION, "MECARD:N:Rossi,Maria;TEL:+393331234567;;", "tel:é", "x" * 134])
@pytest.mark.parametrize("ground", ["painted", "dark", "light"])
def test_every_module_is_where_it_belongs(text: str, ground: Ground) -> None:
    expected = _expected(text, 2)
    code = qr.modules(text)
    drawn = ["".join(run.text for run in line) for line in qr.lines(code, ground)]
    seen = _halves_seen(drawn, ink_is_dark=ground != "dark")
    assert seen[: len(expected)] == expected
    # What fills the last line is light like the border.
    assert not any(map(any, seen[len(expected) :]))
    in_ascii = qr.lines(code, ground, only_ascii=True)
    assert _ascii_seen(in_ascii, ground) == expected


def _ascii_seen(drawn: list[Line], ground: Ground) -> list[list[bool]]:
    rows = []
    for line in drawn:
        assert all(run.text.isascii() for run in line)
        if ground == "painted":
            cells = [run.style == "on:#000000" for run in line for _sign in run.text]
        else:
            cells = [(sign == "#") is (ground == "light") for run in line for sign in run.text]
        assert cells[::2] == cells[1::2]
        rows.append(cells[::2])
    return rows


def test_a_painted_code_is_dark_on_light_whatever_the_terminal() -> None:
    line = qr.lines(qr.modules(PHONE), "painted")[3]
    assert ansi(line, Palette("terminal", "true")).startswith("\x1b[38;2;0;0;0;48;2;255;255;255m")
    assert ansi(line, Palette("terminal", "16")).startswith("\x1b[30;107m")
    # Its border is drawn to the end, though it is empty.
    assert width(ansi(line, Palette("terminal", "16")).split("m", 1)[1].removesuffix("\x1b[0m")) == 25


def test_without_colours_there_is_no_escape_and_the_border_is_seen() -> None:
    drawn = [plain(line) for line in qr.lines(qr.modules(PHONE), "dark")]
    assert not any("\x1b" in line for line in drawn)
    assert drawn[0] == "█" * 25
    assert {len(line) for line in drawn} == {25}


@pytest.mark.parametrize(
    ("text", "cells", "height"),
    [
        (PHONE, 25, 13),
        (INVITATION, 29, 15),
        ("MECARD:N:Rossi,Maria;TEL:+393331234567;;", 33, 17),
        ("x" * 134, 45, 23),
    ],
)
def test_what_is_for_80_by_24_fits_with_a_line_below_it(text: str, cells: int, height: int) -> None:
    drawn = qr.lines(qr.modules(text), "dark", CodeRoom(80, 23))
    assert (width(plain(drawn[0])), len(drawn)) == (cells, height)


def test_a_phone_fits_in_ascii_too_with_less_of_a_border() -> None:
    drawn = qr.lines(qr.modules(PHONE), "dark", CodeRoom(80, 23), only_ascii=True)
    assert (len(plain(drawn[0])), len(drawn)) == (46, 23)
    # The longest number there is, with its extension.
    assert len(qr.lines(qr.modules("TEL:+123456789012345"), "dark", CodeRoom(80, 23), only_ascii=True)) == 23


def test_what_has_no_room_is_not_drawn_in_part() -> None:
    code = qr.modules("x" * 200)
    assert qr.lines(code, "dark", CodeRoom(80, 23)) == []
    assert qr.lines(qr.modules(PHONE), "dark", CodeRoom(22, 23)) == []
    assert len(qr.lines(qr.modules(PHONE), "dark", CodeRoom(23, 12))) == 12
    with pytest.raises(ValueError, match="Data too large"):
        qr.modules("x" * 4000)
