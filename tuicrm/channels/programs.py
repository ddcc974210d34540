"""Programs of the person's own, to which something is handed over: as a list of arguments, never through a shell.

What is handed over was mostly written by others, so that it must not become a program, nor an option of one.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath

from tuicrm.errors import StorageError, UsageError
from tuicrm.i18n import _

TEXT = "{}"
"""What stands for the text among a command's arguments; without it the text is the last of them."""
_OPTION = re.compile(r"-[a-zA-Z]*[ceE]|-?-(eval|command|Command)")
"""An option behind which a program may stand (`sh -c`, `perl -e`, `osascript -e`)."""
_READS = re.compile(r"((ba|da|z|k|c|tc|fi|a)?sh|perl|ruby|node|osascript|pwsh|python[\d.]*)(\.exe)?")
"""What reads a program among its arguments."""
_ALL = ("ssh", "eval", "watch", "tmux")
"""What makes a program of all its arguments, for a shell; tmux runs what stands in #(…)."""
PATIENCE = 30
"""Seconds that a command has."""


def read_command(text: str, name: str = "--command") -> list[str]:
    """A command as arguments, read as a shell reads words; no shell ever sees it. `name` is where it was given.

    Raises UsageError."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(_("{name} cannot be read: {why}").format(name=name, why=error)) from error
    if not words:
        raise UsageError(_("{name} names a program, such as “notify-send tuicrm”.").format(name=name))
    if _writes_a_program(words):
        told = _("{} must not be part of a program: give it as an argument, such as sh -c 'echo \"$1\"' sh {}.")
        raise UsageError(f"{name}: {told}")
    return words


def _writes_a_program(words: Sequence[str]) -> bool:
    """Whether the text would be a program, or part of one, which a shell or another language reads: others write these texts."""
    filled = words if any(TEXT in word for word in words) else [*words, TEXT]
    named = [PurePath(word).name for word in filled]
    if TEXT in filled[0] or any(name in _ALL for name in named[:1]):
        return True
    for at, word in enumerate(filled[1:], 1):
        is_program = _OPTION.fullmatch(filled[at - 1]) is not None
        if TEXT in word and is_program and (word != TEXT or any(_READS.fullmatch(name) for name in named[:at])):
            return True
    return False


def run_command(words: Sequence[str], text: str) -> None:
    """Run a command with a text. Raises StorageError where it cannot be run or fails."""
    # What begins with a dash would be an option of theirs.
    said = text if not text.startswith("-") else f" {text}"
    filled = [word.replace(TEXT, said) for word in words]
    arguments = filled if any(TEXT in word for word in words) else [*filled, said]
    nowhere = subprocess.DEVNULL
    try:
        running = subprocess.Popen(  # noqa: S603 - an argument list of the person's own, without a shell
            arguments, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        code = _waited(running)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", "") or str(error)
        raise StorageError(_("{program} could not be run: {why}").format(program=words[0], why=why)) from error
    if code:
        raise StorageError(_("{program} failed with exit code {code}").format(program=words[0], code=code))


def _waited(running: subprocess.Popen[bytes]) -> int:
    """How a program ended. One that does not is stopped, with all that it began. Raises TimeoutExpired."""
    try:
        return running.wait(PATIENCE)
    except BaseException:
        with suppress(OSError):
            os.killpg(running.pid, signal.SIGKILL) if hasattr(os, "killpg") else running.kill()
        running.wait()
        raise
