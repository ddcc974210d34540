"""SMS by a command: its arguments are what was written, never a program; how it ends says what became of the SMS."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken
from tuicrm.channels.texts.sms_command import read_sms_command, send_by_command
from tuicrm.errors import UsageError

HOSTILE = "--help; $(touch x) `id` \"'\n| %s {to} è"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "send.py"
    path.write_text(
        "import json,sys\nopen(sys.argv[1],'w').write(json.dumps([sys.argv[2:], sys.stdin.read()]))\nprint('id-7')\n"
    )
    return path


def test_arguments_and_stdin(program: Path, tmp_path: Path) -> None:
    words = [sys.executable, str(program), str(tmp_path / "a"), "{to}", "{text}"]
    assert send_by_command(words, "+393331234567", HOSTILE) == HandedOver(id="id-7")
    assert json.loads((tmp_path / "a").read_text()) == [["+393331234567", f" {HOSTILE}"], ""]
    assert send_by_command(words[:-1], "+393331234567", HOSTILE) == HandedOver(id="id-7")
    assert json.loads((tmp_path / "a").read_text()) == [["+393331234567"], HOSTILE]
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "text", ["sh -c 'send {to} {text}'", "send {text}", "", "'", "ssh host send {to}", "{to} x", "perl -e {text} {to}"]
)
def test_what_would_make_a_program_of_a_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_sms_command(text)


def test_how_it_ends() -> None:
    def ends(code: str, patience: float = 10) -> object:
        return send_by_command([sys.executable, "-c", code, "{to}"], "+391", "x", patience)

    assert ends("import sys; sys.exit(75)") == NotGiven(f"{Path(sys.executable).name} failed with exit code 75")
    assert isinstance(found := ends("import sys; sys.exit(1)"), NotGiven)
    assert found.final
    assert isinstance(ends("import os; os.kill(os.getpid(), 9)"), PerhapsTaken)
    assert isinstance(ends("import time; time.sleep(60)", 0.5), PerhapsTaken)
    assert isinstance(found := send_by_command(["/no/such/program", "{to}"], "+391", "x"), NotGiven)
    assert found.account
