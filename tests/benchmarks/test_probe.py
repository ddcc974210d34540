"""The probe sees what a program on its pty writes, and when it ends."""

from __future__ import annotations

import sys

from benchmarks.__main__ import moves
from benchmarks.probe import Probe, plain

_ECHO = "import sys,tty;tty.setraw(0);print('ready',flush=True)\nwhile (c:=sys.stdin.read(1))!='Q': print(c*9,end='',flush=True)"


def test_a_program_is_seen_answering_and_ending() -> None:
    probe = Probe([sys.executable, "-c", _ECHO], (80, 24))
    try:
        assert probe.first("ready", 10) is not None
        answer = probe.press(b"j")
        assert answer.ms is not None
        assert answer.bytes == 9
        assert probe.memory() > 1
        assert probe.quit(b"Q") is not None
    finally:
        probe.close()


def test_control_sequences_are_no_text() -> None:
    assert plain(b"\x1b[1;31mred\x1b[0m\x1b]0;title\x07 \xc3\xa8") == "red è"


# A program that answers late: its waiting is what the probe must measure, and its last sleep keeps it from ending meanwhile.
_LATE = """
import sys, time, tty
tty.setraw(0); print("ready", flush=True)
for n in range(10):
    sys.stdin.read(1)
    time.sleep(0.25 if n == 9 else 0)
    print("answer", n, end="", flush=True)
time.sleep(5)
"""


def test_what_lags_behind_a_held_key_is_waited_for() -> None:
    probe = Probe([sys.executable, "-c", _LATE], (80, 24))
    try:
        assert probe.first("ready", 10) is not None
        lag = probe.hold(b"j", 10).ms
        assert lag is not None
        assert lag >= 240
    finally:
        probe.close()


def test_a_text_is_seen_when_it_is_whole() -> None:
    probe = Probe([sys.executable, "-c", _ECHO], (80, 24))
    try:
        assert probe.first("ready", 10) is not None
        since = probe.count()
        probe.press(b"a")
        probe.press(b"b")
        assert probe.shows("ab", since) is not None
        assert probe.shows("ready", since, 0.1) is None
    finally:
        probe.close()


def test_moves_that_nothing_answers_give_no_figure() -> None:
    deaf = _ECHO.replace("print(c*9", "c == 'k' or print(c*9")
    probe = Probe([sys.executable, "-c", deaf], (80, 24))
    try:
        assert probe.first("ready", 10) is not None
        assert set(moves(probe, "board", 2).values()) == {None}
    finally:
        probe.close()
