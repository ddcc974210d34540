"""README says what is true: its commands run, its keys are the table's, its pictures are drawn from the demo."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.pictures import PICTURES, draw
from scripts.readme_keys import README, with_keys
from tests.command import run_here

TEXT = README.read_text(encoding="utf-8")
COMMANDS = [
    command.strip()
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    if not language
    for line in block.splitlines()
    for command in re.split(r"\s{2,}(?=tuicrm)|#", line)
    if command.startswith("tuicrm ")
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in a folder, with the files that README imports, and with what its lines call: tuicrm, and another machine."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "contacts.csv").write_text("First Name,Last Name,Email\nAda,Byron,ada@example.com\n", encoding="utf-8")
    (folder / "deals.csv").write_text("Deal Name,Amount\nEngine,1200\n", encoding="utf-8")
    (folder / "deals.jsonl").write_text('{"title": "Engine"}\n', encoding="utf-8")
    (folder / "bin").mkdir()
    for name, script in (("tuicrm", f'exec "{sys.executable}" -m tuicrm "$@"'), ("ssh", 'shift; exec sh -c "$*"')):
        program = folder / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
    assert _run(folder, "tuicrm init --demo").returncode == 0
    return folder


def _run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a shell does; where one program of a pipe fails, the line does."""
    environ = {
        **os.environ,
        "HOME": str(folder),
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "TUICRM_DATA": str(folder / "workspace"),
        "XDG_CONFIG_HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) > 15


def test_the_commands_run_in_the_demo(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a shell where one has something to do; the others without a process: each command as one is in tests/cli/test_smoke.py."""
    monkeypatch.chdir(demo)
    here = 0
    for command in COMMANDS:
        if command.startswith("tuicrm init"):
            continue
        if words := _words(command):
            done = run_here(
                demo / "workspace", monkeypatch, *words, env={"HOME": str(demo), "XDG_CONFIG_HOME": str(demo)}
            )
            code, said = done.code, f"{done.out}\n{done.err}"
            here += 1
        else:
            ran = _run(demo, command)
            code, said = ran.returncode, f"{ran.stdout}\n{ran.stderr}"
        assert code == 0, f"{command}\n{said}"
    assert 0 < here < len(COMMANDS)


def _words(command: str) -> list[str]:
    """What tuicrm gets of a line; nothing where the shell does more than start it, or where it tells of the process itself."""
    reader = shlex.shlex(command, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    _program, *words = reader
    asks = any(set(word) <= set("|<>&;()") or word.startswith("~") for word in words)
    return [] if asks or words == ["doctor"] else words


def test_what_a_shell_has_to_do_is_seen() -> None:
    assert _words("""tuicrm deal list --where 'amount > 1' "a | b" --sort -amount""") == [
        "deal", "list", "--where", "amount > 1", "a | b", "--sort", "-amount",
    ]  # fmt: skip
    for line in ("tuicrm", "tuicrm log | wc", "tuicrm deal add - < x", "tuicrm backup ~/x", "tuicrm a && tuicrm b"):
        assert _words(line) == []


def test_the_keys_are_those_of_the_table() -> None:
    assert with_keys(TEXT) == TEXT, "run: make pictures"


async def test_the_pictures_are_drawn_from_the_demo(tmp_path: Path) -> None:
    drawn = await draw(tmp_path)
    assert [file.stem for file in drawn] == list(PICTURES)
    for file in drawn:
        assert f"docs/{file.name}" in TEXT
        assert (README.parent / "docs" / file.name).exists()
        assert "ERP" in file.read_text(encoding="utf-8")


def test_it_says_what_roles_do_not_protect() -> None:
    text = " ".join(TEXT.split())
    assert "Whoever can write the workspace's folder can pass by roles" in text
    for protection in ("only to people who may see everything", "A workspace of its own", "come in by SSH keys"):
        assert protection in text
