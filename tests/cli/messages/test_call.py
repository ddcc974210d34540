"""`tuicrm call qr` and `dial`: on real terminals, in colours, without, in ASCII; to programs as JSON."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import segno

from tests.cli.conftest import ROOT, Crm
from tests.terminal import Terminal

CODE = "TEL:+390255550142"
LINK = "tel:+390255550142"


@pytest.fixture
def maria(data: Path, crm: Crm) -> Path:
    """A workspace in which C-1 has a number."""
    assert crm("contact", "edit", "C-1", "phone=02 5555 0142").code == 0
    return data


def _dark(border: int) -> list[list[bool]]:
    code = segno.make_qr(CODE, error="l")
    return [[bool(module & 1) for module in row] for row in code.matrix_iter(scale=1, border=border)]


def _on_terminal(data: Path, *words: str, size: tuple[int, int] = (80, 24), **environ: str) -> str:
    names = {"TUICRM_DATA": str(data), "PYTHONPATH": str(ROOT), "COLORTERM": "", **environ}
    said = [f"{name}={value}" for name, value in names.items()]
    terminal = Terminal(["env", *said, sys.executable, "-m", "tuicrm", *words], size)
    try:
        terminal.wait()
        return terminal.raw().decode().replace("\r\n", "\n")
    finally:
        terminal.close()


def test_a_terminal_with_colours_has_a_light_ground_painted(maria: Path) -> None:
    shown = _on_terminal(maria, "call", "qr", "C-1", TERM="xterm-256color", NO_COLOR="")
    *drawn, told = shown.splitlines()
    assert told == f"Maria Rossi · {LINK}"
    assert len(drawn) == 13
    assert all(line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m") for line in drawn)
    signs = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in drawn]
    above = [[sign in "▀█" for sign in line] for line in signs]
    assert above == _dark(2)[::2]


def test_without_colours_the_ground_is_drawn_in_blocks(maria: Path) -> None:
    shown = _on_terminal(maria, "call", "qr", "C-1", TERM="xterm", NO_COLOR="1")
    drawn = shown.splitlines()[:13]
    assert "\x1b" not in shown
    assert [[sign not in "▀█" for sign in line] for line in drawn] == _dark(2)[::2]
    light = _on_terminal(maria, "call", "qr", "C-1", "--light", TERM="xterm", NO_COLOR="1").splitlines()[:13]
    assert [[sign in "▀█" for sign in line.ljust(25)] for line in light] == _dark(2)[::2]


def test_in_ascii_it_fits_80_by_24_too(maria: Path) -> None:
    shown = _on_terminal(maria, "call", "qr", "C-1", TERM="vt100", NO_COLOR="1", LC_ALL="C")
    drawn = shown.splitlines()
    assert shown.isascii()
    assert len(drawn) == 23
    assert [[line[at : at + 2] != "##" for at in range(0, 46, 2)] for line in drawn] == _dark(1)


def test_a_window_that_is_too_small_gets_the_link_and_no_half_of_a_code(maria: Path) -> None:
    shown = _on_terminal(maria, "call", "qr", "C-1", size=(80, 10), TERM="xterm", NO_COLOR="1")
    assert "needs a window of 23 × 13" in shown
    assert LINK in shown
    assert "█" not in shown


def test_programs_get_the_link(maria: Path, crm: Crm) -> None:
    assert crm("call", "qr", "C-1", "--json").json == {
        "schema": 1, "status": "ok", "number": "+390255550142", "link": LINK, "code": CODE, "on": ["C-1"],
    }  # fmt: skip
    told = crm("call", "qr", "+39 333 1234567", "--app", "whatsapp", "--text", "Ciao & via", "--json").json
    assert told["link"] == told["code"] == "https://wa.me/393331234567?text=Ciao%20%26%20via"
    crm("contact", "edit", "C-1", "messenger=telegram: @maria_rossi")
    assert crm("call", "qr", "C-1", "--app", "telegram", "--json").json["link"] == "https://t.me/maria_rossi"


def test_what_cannot_be_shown_is_refused(maria: Path, crm: Crm) -> None:
    assert crm("call", "qr", "L-1").code != 0
    assert "no phone number" in crm("call", "qr", "D-3").err
    assert "takes no text" in crm("call", "qr", "C-1", "--text", "x").err
    assert "choose from: whatsapp, telegram" in crm("call", "qr", "C-1", "--app", "pigeon").err
    assert "too long for a QR code" in crm("call", "qr", "C-1", "--app", "whatsapp", "--text", "x" * 4000).err


def test_dialling_runs_the_command_that_config_toml_names(maria: Path, crm: Crm, tmp_path: Path) -> None:
    got, script, config = tmp_path / "got", tmp_path / "dial.sh", tmp_path / "config.toml"
    script.write_text(f'printf "%s|" "$@" >{got}\n')
    config.write_text(f'call_command = "sh {script} call {{}}"\n')
    told = crm("call", "dial", "C-1", env={"TUICRM_CONFIG": str(config)})
    assert (told.code, told.err) == (0, "Dialling +390255550142: Maria Rossi\n")
    assert got.read_text() == "call|+390255550142|"
    away = crm("call", "dial", "C-1", env={"DISPLAY": "", "WAYLAND_DISPLAY": ""})
    assert (away.code, "call qr" in away.err) == (4, True)
