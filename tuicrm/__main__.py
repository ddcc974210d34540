"""`tuicrm` and `python -m tuicrm`."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

INTERRUPTED = 130
"""The exit code of what ctrl+c has stopped."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not under nohup, nor in the background
    if listens:
        signal.signal(signal.SIGINT, _leave)
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]) and _tell_version():
        return
    if "_TUICRM_COMPLETE" in os.environ:
        # A shell asks what may come next: a traceback has no place there.
        _lean_msgspec()
        from tuicrm.cli.completing import answer

        answer(arguments)
        return
    code = INTERRUPTED
    try:
        code = _run(arguments, listens=listens)
    except KeyboardInterrupt:
        pass
    finally:
        if listens:
            signal.signal(signal.SIGINT, _leave)
    _end(code)


def _tell_version() -> bool:
    """Answered before anything is imported: scripts ask this often. False where it cannot be written; `run` says why."""
    from tuicrm import __version__

    try:
        sys.stdout.write(f"tuicrm {__version__}\n")
        sys.stdout.flush()
    except (OSError, AttributeError):
        return False
    return True


def _run(arguments: list[str], *, listens: bool) -> int:
    from tuicrm.collecting import seldom

    seldom()
    _lean_msgspec()
    from tuicrm.cli.run import run

    if listens:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run(arguments)


def _end(code: int) -> NoReturn:
    """Leave with an exit code. Where all is written and nothing else runs, at once: what Python would put away piece by piece, in
    10 ms, the system puts away with the process."""
    watched = sys.gettrace() is not None or sys.getprofile() is not None  # who watches wants to tell what was seen
    threads = sys.modules.get("threading")
    if not watched and (threads is None or threads.active_count() == 1):
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):
            pass
        else:
            os._exit(code)
    sys.exit(code)


def _leave(_number: int, _frame: object) -> NoReturn:
    """Stop where nothing is begun yet, or all is done: at once and without a word."""
    os._exit(INTERRUPTED)


def _lean_msgspec() -> None:
    """Import msgspec without typing_extensions. It asks that for three names that typing itself has since Python 3.11, and with it
    come inspect and ast: 12 ms of a command's start."""
    name = "typing_extensions"
    if name in sys.modules:
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python's way of saying: not to be found
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules[name]


if __name__ == "__main__":
    main()
