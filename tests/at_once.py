"""Programs of our own that begin at the same moment, each in a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def at_once(program: str, arguments: Sequence[Sequence[str]]) -> list[str]:
    """Run Python source once for each of these arguments; returns what each wrote after its line `ready`, at which it waits for a line
    of its input, so that all go on together. Each has to end well."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for given in arguments
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=120)[0] for one in running]
    assert [one.returncode for one in running] == [0] * len(running)
    return told
