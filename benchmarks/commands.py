"""What everyday commands cost beside `import typer`: `python -m benchmarks.commands [--workspace DIR] [--items 1000] [--times 15]`.

Each is a process of its own, run in turn with the others, so that what else the machine does meets all of them alike. A figure is
the processor time (user and system) of the whole process, in milliseconds: the least of so many times, which is what it takes where
nothing else is in the way. Wanted is at most 1.5 times `import typer`. Commands that change something change it in a copy.

Completions are asked for as bash asks, and their figure is the time that passes until the answer is there, since that is what somebody
waits for who presses tab: wanted are 150 ms at most.
"""

from __future__ import annotations

import argparse
import compileall
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CRM = [sys.executable, "-m", "tuicrm"]
FLOOR = "import typer"
WANTED = 1.5

COMMANDS: dict[str, list[str]] = {
    "--help": ["--help"],
    "deal --help": ["deal", "--help"],
    "deal list": ["deal", "list", "--limit", "20"],
    "deal list --json": ["deal", "list", "--limit", "20", "--json"],
    "deal list --where": ["deal", "list", "--where", "amount > 1000", "--format", "ids", "--limit", "20"],
    "deal show": ["deal", "show", "D-1"],
    "find": ["find", "rossi", "--format", "ids"],
    "comment": ["comment", "D-2", "Call back on Monday"],
    "deal edit": ["deal", "edit", "D-3", "probability=20"],
    "deal move": ["deal", "move", "D-3", "new"],
}
"""Ten everyday commands, by what they are called below."""

PATIENCE = 150
"""Milliseconds that a completion may take."""

COMPLETIONS = {
    "a command": "tuicrm de",
    "a verb": "tuicrm deal ",
    "a ref": "tuicrm deal show D-",
    "a field": "tuicrm deal edit D-3 ",
    "a stage": "tuicrm deal move D-3 ",
    "a value": "tuicrm deal edit D-3 stage=",
    "a person": "tuicrm deal edit D-3 responsible=",
    "a filter": "tuicrm deal list --where 'amount > 1000 and stage = ",
    "a format": "tuicrm deal list --format ",
}
"""Lines with tab pressed at their end, by what is asked for."""


def waited(line: str, workspace: Path) -> float:
    """Milliseconds until bash has its answer to a line. Raises where there is no answer."""
    asked = {"_TUICRM_COMPLETE": "bash", "_TUICRM_LINE": line, "TUICRM_DATA": str(workspace), "PYTHONPATH": str(ROOT)}
    before = time.perf_counter()
    answer = subprocess.run(
        CRM, env={**os.environ, **asked}, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    took_ms = 1000 * (time.perf_counter() - before)
    if answer.stdout.count(b"\n") < 2:
        raise ValueError(f"nothing is offered after {line!r}")
    return took_ms


def took(command: list[str], workspace: Path) -> float:
    """Milliseconds of processor time that a process takes from its start to its end. Raises where it fails."""
    surroundings = {**os.environ, "TUICRM_DATA": str(workspace), "PYTHONPATH": str(ROOT)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=surroundings, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measured(workspace: Path, times: int) -> dict[str, float]:
    """The least that each command takes, and the floor."""
    commands = {"bare Python": [sys.executable, "-c", "pass"], FLOOR: [sys.executable, "-c", "import typer"]}
    commands |= {name: [*CRM, *words] for name, words in COMMANDS.items()}
    least = dict.fromkeys(commands, float("inf"))
    for _time in range(times):
        for name, command in commands.items():
            least[name] = min(least[name], took(command, workspace))
    return least


def completions(workspace: Path, times: int) -> dict[str, float]:
    """The least that each completion takes."""
    least = dict.fromkeys(COMPLETIONS, float("inf"))
    for _time in range(times):
        for name, line in COMPLETIONS.items():
            least[name] = min(least[name], waited(line, workspace))
    return least


def main() -> int:
    """Measure and tell. Returns 1 where a command takes longer than is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, help="measure in a copy of this one instead of a made one")
    parser.add_argument("--items", default=1_000, type=int, help="deals in the workspace that is made")
    parser.add_argument("--times", default=15, type=int)
    given = parser.parse_args()
    # Where PYTHONDONTWRITEBYTECODE is set, every process would compile what it imports.
    compileall.compile_dir(ROOT / "tuicrm", quiet=1)
    with tempfile.TemporaryDirectory(prefix="tuicrm-") as folder:
        workspace = Path(folder, "workspace")
        if given.workspace:
            shutil.copytree(given.workspace, workspace)
        else:
            subprocess.run([*CRM, "init", str(workspace), "--items", str(given.items)], capture_output=True, check=True)
        took([*CRM, "find", "rossi"], workspace)  # makes the index, once
        figures = measured(workspace, given.times)
        waits = completions(workspace, given.times)
    floor = figures[FLOOR]
    for name, figure in figures.items():
        over = "" if figure <= WANTED * floor or name not in COMMANDS else f"  over {WANTED}"
        print(f"{name:20} {figure:7.1f} ms {figure / floor:5.2f}{over}")
    for name, wait in waits.items():
        print(f"completion: {name:10} {wait:5.0f} ms{f'  over {PATIENCE}' if wait > PATIENCE else ''}")
    return int(any(figures[name] > WANTED * floor for name in COMMANDS) or max(waits.values()) > PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
