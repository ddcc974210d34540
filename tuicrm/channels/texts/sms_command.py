"""SMS by a command of the person's own: a list of arguments, never through a shell."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import PurePath

from tuicrm.channels import programs
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, SendOutcome
from tuicrm.channels.guarded import shortened
from tuicrm.errors import UsageError
from tuicrm.i18n import _

TO, TEXT = "{to}", "{text}"
_TRY_LATER = 75
"""How a program ends that says: not now (sysexits' EX_TEMPFAIL)."""
_HEARD = 1 << 12


def read_sms_command(text: str) -> list[str]:
    """A command as arguments; `{to}` stands for the number, `{text}` for the text, which otherwise comes on stdin. Raises UsageError
    for one that would make a program of either."""
    for placeholder in (TO, TEXT):
        programs.read_command(text.replace(placeholder, programs.TEXT), "command")
    words = shlex.split(text)
    if not any(TO in word for word in words[1:]):
        raise UsageError(_("command: {to} must stand among its arguments, for the number.").replace("{to}", TO))
    return words


def send_by_command(words: list[str], to: str, text: str, patience: float = programs.PATIENCE) -> SendOutcome:
    """Have a command send an SMS. Its end says whether it did: 0 yes, 75 not now, anything else no."""
    said = text if not text.startswith("-") else f" {text}"
    filled = [words[0], *(word.replace(TO, to).replace(TEXT, said) for word in words[1:])]
    told = b"" if any(TEXT in word for word in words) else text.encode()
    name = PurePath(words[0]).name
    try:
        running = subprocess.Popen(  # noqa: S603 - an argument list of the person's own, without a shell
            filled,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", "") or str(problem)
        return NotGiven(_("{program} could not be run: {why}").format(program=name, why=why), account=True)
    try:
        out, _nothing = running.communicate(told, patience)
    except subprocess.TimeoutExpired:
        with suppress(OSError):
            os.killpg(running.pid, signal.SIGKILL) if hasattr(os, "killpg") else running.kill()
        running.wait()
        return PerhapsTaken(_("{program} did not end in time, and was stopped").format(program=name))
    if running.returncode < 0:
        return PerhapsTaken(_("{program} was stopped while it was at it").format(program=name))
    if running.returncode:
        why = _("{program} failed with exit code {code}").format(program=name, code=running.returncode)
        return NotGiven(why, final=running.returncode != _TRY_LATER)
    line = out[:_HEARD].decode("utf-8", "replace").strip().partition("\n")[0]
    return HandedOver(id=shortened(line) if line.isprintable() else "")
