"""Each command once in a process of its own, in which nothing is loaded before; what it does is tested without one (`crm`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.cli.conftest import ROOT
from tests.cli.every_command import TYPES, Leaf, Words, files, leaves

COMMANDS = [leaf for leaf in leaves() if leaf.path[0] not in TYPES or leaf.path[0] == "deal"]
"""The verbs of one type stand for those of all: they are the same code with other data."""

Start: TypeAlias = "subprocess.Popen[str]"


@pytest.fixture(scope="module")
def starting() -> Iterator[Start]:
    """The process from which each begins."""
    spoken = ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLORTERM")
    env = {name: value for name, value in os.environ.items() if name not in spoken}
    env |= {"PYTHONPATH": str(ROOT), "TZ": "UTC"}
    command = [sys.executable, "-m", "tests.cli.starting"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def code_of(starting: Start, folder: Path, words: Words) -> int:
    """The exit code of a command in a folder; what it wrote is in `out` and `err` there."""
    assert starting.stdin is not None
    assert starting.stdout is not None
    told = (word.encode("utf-8", "surrogateescape").hex() for word in (str(folder), *words))
    starting.stdin.write(" ".join(told) + "\n")
    starting.stdin.flush()
    return int(starting.stdout.readline())


@pytest.mark.parametrize("leaf", COMMANDS, ids=[leaf.key for leaf in COMMANDS])
def test_a_command_is_a_process(starting: Start, template: Path, tmp_path: Path, leaf: Leaf) -> None:
    """It is found, loaded and acts, or says in words why not."""
    shutil.copytree(template, tmp_path / "data")
    files(tmp_path)
    words = tuple(word.replace("1001", "1").replace("1002", "2") for word in leaf.acts()[0])
    code = code_of(starting, tmp_path, words)
    out, err = ((tmp_path / name).read_text(encoding="utf-8") for name in ("out", "err"))
    # Nobody has such a key; and whatever sshd is like here, a doctor tells it.
    assert code in (0, 1, 2, 3, 4, 7) or (leaf.key == "serve enter" and code == 5), err
    assert out or err
    assert "Traceback" not in out + err
    assert (code == 0) == (not err.startswith("Error")) or leaf.key == "serve doctor", err
