"""Ctrl+c at any moment: exit 130 and no traceback. Each process waits for something that never comes, so that it cannot end before."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Crm

_PIPE_SIZE = 1031  # F_SETPIPE_SZ, which Python names only from 3.10 on and only on Linux


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    """Where the tests run in the background, which does not hear ctrl+c, what they start hears it all the same."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def running(data: Path, *arguments: str, out: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """A command whose stdin stays open, and which says on stderr what it imports."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), "PYTHONPROFILEIMPORTTIME": "1"}
    command = [sys.executable, "-m", "tuicrm", *arguments]
    with subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], module: str) -> None:
    """Until a module is imported."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.rstrip().endswith(f" {module}"):
            return
    raise AssertionError(f"{module} was never imported")


def interrupted(process: subprocess.Popen[str]) -> str:
    """Press ctrl+c; what was said after that. Fails for any other exit code than 130, and for a traceback."""
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    told = "".join(line for line in process.stderr if not line.startswith("import time:"))
    assert process.wait(30) == 130, told
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    return told


@pytest.mark.parametrize(
    "module",
    [
        "tuicrm.collecting",  # before anything is begun
        "msgspec",
        "tuicrm.cli.run",
        "tuicrm.cli.root",
        "tuicrm.store.journal_store",
        "tuicrm.services.workspace.start",  # while the workspace is opened
        "tuicrm.services.items.timeline",
    ],
)
def test_while_it_starts_and_while_it_waits(data: Path, crm: Crm, module: str) -> None:
    with running(data, "comment", "D-1", "-") as process:
        wait_for(process, module)
        assert interrupted(process) == ""
    assert crm("timeline", "D-1", "--only", "comments", "--json").json["entries"] == []


def test_programs_are_told(data: Path) -> None:
    with running(data, "deal", "edit", "-", "title=x", "--json") as process:
        wait_for(process, "tuicrm.services.workspace.start")
        process.send_signal(signal.SIGINT)
        out, _err = process.communicate(timeout=30)
        assert process.returncode == 130
        if out:  # nothing where it was stopped before it could tell
            assert json.loads(out)["error"]["code"] == "interrupted"


def test_an_import_that_is_stopped_leaves_nothing(data: Path, crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("Title\n" + "".join(f"Deal {n}\n" for n in range(20_000)), encoding="utf-8")
    with running(data, "import", str(file), "--type", "deal") as process:
        wait_for(process, "tuicrm.services.importing.run.running")
        interrupted(process)
    assert crm("deal", "list", "--json", "--limit", "1").json["total"] == 3


def test_an_import_from_stdin(data: Path) -> None:
    with running(data, "import", "-", "--type", "deal") as process:
        wait_for(process, "tuicrm.services.workspace.start")
        interrupted(process)


def test_while_nobody_reads_what_it_writes(data: Path) -> None:
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, _PIPE_SIZE, 4096)
    with running(data, "--help", out=theirs) as process:
        os.close(theirs)
        wait_for(process, "tuicrm.cli.help.help_layout")
        interrupted(process)
    os.close(ours)


def test_in_the_background_it_is_not_heard(data: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data)}
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    )
    command = [sys.executable, "-c", ignoring, sys.executable, "-m", "tuicrm", "comment", "D-1", "-", "--json"]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.send_signal(signal.SIGINT) if process.poll() is not None else None
        out, _err = process.communicate("heard\n", timeout=60)
        assert process.returncode == 0
        assert json.loads(out)["ref"] == "D-1"
