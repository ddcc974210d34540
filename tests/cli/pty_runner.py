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


def _sizes(folder: Path) -> dict[str, int]:
    """The files at the top of a workspace: a record that a command writes is a line more in one of them, or one more of them."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """All files of a folder, each with its size and when it was written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _put_back(data: Path, template: Path) -> None:
    """The copy is as the template is. Only what was written is copied: all of it costs more than most commands."""
    wanted, there = _stamps(template), _stamps(data)
    for name in there.keys() - wanted.keys():
        (data / name).unlink()
    for name in wanted:
        if there.get(name) != wanted[name]:
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(template / name, data / name)


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
    if not data.is_dir() or _sizes(data) != _sizes(template):
        _put_back(data, template)
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
