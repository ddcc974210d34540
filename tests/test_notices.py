"""What terminals are told: only what they are known to understand, cleaned, wrapped inside tmux."""

from __future__ import annotations

import re

import pytest

from tuicrm.notices import BELL, notice, spoken

KITTY, FOOT, ITERM = {"TERM": "xterm-kitty"}, {"TERM": "foot"}, {"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}
EVIL = "10:00 a;b\x1b\\\x1b]52;c;x\x07\x9c\x9d\u202e\n4;3"


@pytest.mark.parametrize(("environ", "way"), [
    (KITTY, "99"), (FOOT, "777"), (ITERM, "9"), ({"TERM": "rxvt-unicode-256color"}, "777"),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "9"), ({"TERM": "xterm-ghostty"}, "9"),
    ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "9"),
    ({"TERM": "tmux-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"}, "99"),
    ({"TERM": "xterm-256color"}, ""), ({"TERM": "linux"}, ""), ({"TERM": "dumb", "KITTY_WINDOW_ID": "1"}, ""), ({}, ""),
    ({"TERM": "screen", "STY": "1", "KITTY_WINDOW_ID": "1"}, ""), ({"TERM": "footloose"}, ""),
])  # fmt: skip
def test_terminals_are_known_by_what_they_say_of_themselves(environ: dict[str, str], way: str) -> None:
    assert spoken(environ) == way


def test_the_setting_says_whether_and_how() -> None:
    assert notice("off", "Call", KITTY) == ""
    assert notice("bell", "Call", {}) == BELL
    assert notice("terminal", "Call", {"TERM": "xterm-256color"}) == ""
    assert notice("terminal", "Call", FOOT) == "\x1b]777;notify;tuicrm;Call\x1b\\"
    assert notice("terminal", "4;3", ITERM) == "\x1b]9;tuicrm: 4,3\x1b\\"
    assert (
        notice("terminal", "Call", KITTY) == "\x1b]99;i=tuicrm:d=0;tuicrm\x1b\\\x1b]99;i=tuicrm:d=1:p=body;Call\x1b\\"
    )


def test_inside_tmux_it_is_wrapped_and_the_bell_comes_with_it() -> None:
    inside = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}
    assert notice("terminal", "Call", inside) == BELL
    told = notice("terminal", "Call", {**inside, "ITERM_SESSION_ID": "w0"})
    assert told == "\x1bPtmux;\x1b\x1b]9;tuicrm: Call\x1b\x1b\\\x1b\\\a"


@pytest.mark.parametrize("environ", [KITTY, FOOT, ITERM])
def test_no_text_gets_out_of_it(environ: dict[str, str]) -> None:
    told = notice("terminal", EVIL * 50, environ)
    parts = re.findall(r"\x1b\][0-9]+;[^\x00-\x1f\x7f-\x9f\u202e]*\x1b\\", told)
    assert "".join(parts) == told
    assert len(told) < 350
