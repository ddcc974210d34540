"""The manual page is what the help of the commands says, and roff takes it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from scripts.man_page import FILE, written
from tuicrm.cli.grammar.verbs import VERBS


def test_it_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run: make commands"


def test_it_has_every_command() -> None:
    text = written().replace("\\-", "-")
    for word in VERBS:
        assert f"\\fBtuicrm {word}\\fR" in text
    for heading in ("NAME", "SYNOPSIS", "OPTIONS", "COMMANDS", "FILTERS", "EXIT STATUS", "ENVIRONMENT", "FILES"):
        assert f".SH {heading}\n" in text
    assert text.isascii()


@pytest.mark.skipif(shutil.which("groff") is None and shutil.which("mandoc") is None, reason="neither groff nor mandoc")
def test_it_is_roff() -> None:
    if shutil.which("mandoc"):
        told = subprocess.run(
            ["mandoc", "-Tlint", "-W", "warning", str(FILE)], capture_output=True, text=True, check=False
        )
        assert [line for line in told.stdout.splitlines() if "missing date" not in line] == []
    else:
        told = subprocess.run(["groff", "-man", "-ww", "-z", str(FILE)], capture_output=True, text=True, check=False)
        assert told.stderr == ""
