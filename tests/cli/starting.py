"""A process that has loaded what every command loads, and nothing else: each command begins as a copy of it (a fork), so that what
it loads itself is loaded anew, without the start of Python.

Told on its input, a line for each: the folder to run in, which has the workspace in `data`, and the words, each in hexadecimal. What
is written goes into `out` and `err` there; the exit code is the answer.
"""

import os
import sys

from tuicrm.__main__ import _lean_msgspec

_lean_msgspec()
import tuicrm.cli.run  # noqa: E402, F401 - what `main` loads for each of them
from tuicrm.__main__ import main  # noqa: E402


def _begin(folder: str, words: list[str]) -> None:
    """Become the command."""
    os.chdir(folder)
    os.environ["TUICRM_DATA"] = f"{folder}/data"
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = f"{folder}/home/{name.lower()}"
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
    sys.argv[1:] = words
    main()


for line in sys.stdin:
    folder, *words = (bytes.fromhex(word).decode("utf-8", "surrogateescape") for word in line.rstrip("\n").split(" "))
    child = os.fork()
    if not child:
        _begin(folder, words)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
    sys.stdout.flush()
