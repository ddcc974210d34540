"""A process that runs many commands of the command line on the terminal it is started on, each in a copy of a workspace.

Started with the name of a JSON file: `template` (the workspace), `mark` (written after each), and `runs`, each with `words` (the
arguments) and `before` (those of commands to run first, unseen). Writes the exit codes beside it, into `….codes`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tuicrm.cli.run import run


def _unseen(words: Sequence[str]) -> None:
    """Run a command whose output goes nowhere."""
    kept = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    run(words)
    for number, to in zip((1, 2), kept, strict=True):
        os.dup2(to, number)
        os.close(to)
    os.close(nowhere)


def _changed(data: Path, template: Path) -> bool:
    """Whether a command wrote into its copy: a record is a line more."""
    names = {path.name for folder in (data, template) for path in folder.iterdir() if path.is_file()}
    return any(_size(data / name) != _size(template / name) for name in names)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1


def _run(one: dict[str, Any], template: Path) -> int:
    """Run one command, in a copy that holds what the template does, in a folder that holds what it did. Returns the exit code."""
    data = Path("workspace").absolute()
    if not data.exists():
        shutil.copytree(template, data)
    there = set(Path().iterdir())
    before = dict(os.environ)
    os.environ["TUICRM_DATA"] = str(data)
    for words in one["before"]:
        _unseen(words)
    code = run(one["words"])
    os.environ.clear()
    os.environ.update(before)
    if _changed(data, template):
        shutil.rmtree(data)
    for made in set(Path().iterdir()) - there:
        if made.is_dir():
            shutil.rmtree(made)
        else:
            made.unlink()
    return code


def main() -> None:
    """Run all that the file says."""
    # What would ask or open a screen does not, where nobody can type.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    told = Path(sys.argv[1])
    plan = json.loads(told.read_text())
    codes = []
    for one in plan["runs"]:
        codes.append(_run(one, Path(plan["template"])))
        sys.stdout.write(plan["mark"])
        sys.stdout.flush()
    told.with_suffix(".codes").write_text(json.dumps(codes))


if __name__ == "__main__":
    main()
