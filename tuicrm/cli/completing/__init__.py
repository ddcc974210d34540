"""What a shell's completion asks for: `_TUICRM_COMPLETE=bash tuicrm`, answered without Typer, in a moment, and never with an error.

`line.py` reads what is typed so far as the shell does, `place.py` finds what may stand there, `values.py` what there is of it in the
workspace, `answers.py` writes it as the shell takes it. The scripts that ask are in `data/completion`.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.cli.completing.line import ShellLine
    from tuicrm.cli.completing.offers import Completions

COMPLETE = "_TUICRM_COMPLETE"
"""What a shell sets to its name when it asks; in `_TUICRM_LINE` bash gives what is typed, the others give their words as arguments."""

SHELLS = ("bash", "zsh", "fish")
_PATIENCE = 2
"""Seconds after which nothing is offered: nobody waits for a completion."""


def script(shell: str) -> str:
    """What a shell must read to ask."""
    from tuicrm.files import data_folder

    return (data_folder() / "completion" / f"tuicrm.{shell}").read_text(encoding="utf-8")


def answer(arguments: list[str]) -> None:
    """Answer a shell on stdout. Whatever goes wrong, there is nothing to offer: an error would be written into what somebody types."""
    gc.disable()  # not worth its while in a tenth of a second
    _stop_in_time()
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            told, sys.stderr = sys.stderr, nowhere
            try:
                text = _answer(os.environ[COMPLETE], arguments)
            finally:
                sys.stderr = told
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # always a TextIOWrapper here
        sys.stdout.write(text)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt):  # noqa: BLE001, S110 - see above
        pass
    # At once: what Python would put away, the system puts away faster.
    os._exit(0)


def _answer(shell: str, arguments: list[str]) -> str:
    from tuicrm.cli.completing import answers, line

    if shell == "bash":
        typed = line.of_bash(os.environ.get("_TUICRM_LINE", ""), os.environ.get("_TUICRM_BREAKS", line.BREAKS))
        return answers.for_bash(typed, _offered(typed), os.environ.get("_TUICRM_TYPE", ""))
    if shell not in SHELLS or not arguments:
        return ""
    typed = line.of_words(arguments)
    return (answers.for_zsh if shell == "zsh" else answers.for_fish)(_offered(typed))


def _offered(typed: ShellLine) -> Completions:
    from tuicrm.cli.completing.place import offered
    from tuicrm.i18n import set_language
    from tuicrm.services.workspace.environment import locale_of

    set_language(locale_of())
    return offered(typed.words, typed.word)


def _stop_in_time() -> None:
    """A workspace on a slow disk, or one that must be read anew, offers nothing."""
    try:
        import signal

        signal.signal(signal.SIGALRM, lambda _number, _frame: os._exit(0))
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
    except (AttributeError, ValueError):  # no such clock on this system
        return
