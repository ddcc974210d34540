"""The probe sees what a program on its pty writes, and when it ends."""

from __future__ import annotations

import sys

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
