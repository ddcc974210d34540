"""Terminals that cannot draw print; those without all letters get ASCII, and never an escape in a letter's place. Real processes."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.probe import plain
from tests.cli.conftest import ROOT, Crm
from tests.terminal import Terminal

ESCAPES = re.compile(r"\\[ux][0-9a-f]{2}")
LETTERS = "Società Žižkov €5 ‘Ünï’ Привет 日本 ß—œ 😀"
IN_ASCII = "Societa Zizkov E5 'Uni' ?????? ???? s-o ??"
C = {"LC_ALL": "C"}
NO_UTF_8_AT_ALL = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def lettered(data: Path, crm: Crm) -> Path:
    """The workspace, with a deal whose title has many letters."""
    assert crm("deal", "edit", "D-2", f"title={LETTERS}").code == 0
    return data


@contextmanager
def started(data: Path, *words: str, **env: str) -> Iterator[Terminal]:
    said = {"PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), **env}
    terminal = Terminal(
        ["env", *(f"{name}={value}" for name, value in said.items()), sys.executable, "-m", "tuicrm", *words], (100, 30)
    )
    try:
        yield terminal
    finally:
        terminal.close()


def printed(data: Path, *words: str, **env: str) -> str:
    """What a run that ends writes to its terminal."""
    with started(data, *words, **env) as terminal:
        assert terminal.wait() == 0
        return terminal.raw().decode()


@pytest.mark.parametrize("words", [(), ("--as", "luca"), ("demo",)])
def test_a_dumb_terminal_gets_the_board_as_text(data: Path, words: tuple[str, ...]) -> None:
    shown = printed(data, *words, TERM="dumb")
    assert "\x1b" not in shown
    assert "ERP connector" in shown
    assert "38,000" in shown
    assert "TERM=dumb" in shown
    assert "no terminal" not in shown


def test_a_dumb_terminal_without_a_workspace_is_told_how_to_begin(tmp_path: Path) -> None:
    with started(tmp_path / "nothing", TERM="dumb") as terminal:
        assert terminal.wait() != 0
        assert b"\x1b" not in terminal.raw()
        assert b"tuicrm init" in terminal.raw()


@pytest.mark.parametrize("env", [C, NO_UTF_8_AT_ALL, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}])
def test_a_terminal_of_ascii_gets_ascii(lettered: Path, env: dict[str, str]) -> None:
    for words in (("board", "deal"), ("deal", "show", "D-2"))[env != C :]:
        shown = printed(lettered, *words, **env)
        assert shown.isascii()
        assert not ESCAPES.search(shown)
        assert "EUR 38,000" in shown
        assert IN_ASCII[:14] in shown
    assert IN_ASCII in plain(shown.encode())


def test_json_stays_the_same_json(lettered: Path) -> None:
    shown = printed(lettered, "deal", "show", "D-2", "--json", **C)
    assert shown.isascii()
    assert LETTERS in json.dumps(json.loads(shown), ensure_ascii=False)


def test_a_person_who_knows_better_is_heeded(lettered: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('ascii = "no"\n', encoding="utf-8")
    assert LETTERS in printed(lettered, "deal", "show", "D-2", TUICRM_CONFIG=str(config), **C)


def test_the_screen_is_ascii_too(lettered: Path) -> None:
    with started(lettered, **C) as terminal:
        terminal.see(IN_ASCII[:14])
        terminal.see("Created", b"\r")
        terminal.see("Comment", b"c")
        terminal.see("caffe", "caffè".encode())
        terminal.send(b"\x1b\x1b")
        terminal.rest()
        shown = terminal.raw()
        assert shown.isascii()
        assert not ESCAPES.search(shown.decode())


@pytest.mark.parametrize("env", [C, NO_UTF_8_AT_ALL])
def test_a_pipe_gets_all_letters(lettered: Path, process: Crm, env: dict[str, str]) -> None:
    ran = process("deal", "list", "--format", "tsv", "--columns", "title", env=env)
    assert LETTERS in ran.out


def test_a_pipe_that_is_to_be_ascii_gets_no_escapes(lettered: Path, process: Crm) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    assert IN_ASCII in process("deal", "list", "--format", "tsv", "--columns", "title", env=env).out
    assert LETTERS in json.dumps(process("deal", "list", "--json", env=env).json, ensure_ascii=False)
