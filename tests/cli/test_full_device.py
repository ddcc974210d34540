"""Output that cannot be written: told in plain words, exit 7, never a traceback."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Crm

FULL = Path("/dev/full")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def into(data: Path, target: str, *arguments: str) -> tuple[int, str]:
    """Run with stdout somewhere else; the exit code and what stderr says."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data)}
    line = f'"$0" -m tuicrm "$@" {target}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, *arguments], env=env, stderr=subprocess.PIPE, text=True, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("deal", "list"),
        ("deal", "list", "--json"),
        ("deal", "list", "--format", "csv"),
        ("export", "deal"),
        ("nonsense", "--json"),
    ],
)
def test_a_full_device_is_told(data: Path, arguments: tuple[str, ...]) -> None:
    code, told = into(data, ">/dev/full", *arguments)
    assert code == 7
    assert "No space left on device" in told
    assert "Traceback" not in told
    assert len(told.splitlines()) == 1


def test_what_was_done_is_done_all_the_same(data: Path, crm: Crm) -> None:
    code, told = into(data, ">/dev/full", "deal", "add", "title=Full")
    assert code == 7
    assert "changes themselves were saved" in told
    assert crm("deal", "show", "D-4", "--json").fields["title"] == "Full"


def test_stdout_that_is_closed_is_no_crash(data: Path) -> None:
    code, told = into(data, ">&-", "deal", "list")
    assert code == 0
    assert "Traceback" not in told


def test_an_export_to_a_full_device_leaves_the_device_what_it_is(process: Crm) -> None:
    for more in ((), ("--force",)):
        ran = process("export", "deal", "-o", str(FULL), *more)
        assert (ran.code, ran.out) == (7, "")
        assert "No space left on device" in ran.err
        assert stat.S_ISCHR(FULL.stat().st_mode)
    ran = process("export", "deal", "-o", str(FULL), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (7, "storage_full")


def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(process: Crm, tmp_path: Path) -> None:
    ran = process("export", "deal", "-o", str(tmp_path / "none" / "x.csv"))
    assert ran.code == 7
    ran = process("export", "deal", "-o", str(tmp_path))
    assert ran.code in (4, 7)
    assert not list(tmp_path.glob(".*.new"))
