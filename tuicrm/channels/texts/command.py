"""SMS by a program of the person's own (`gammu-smsd-inject`, `kdeconnect-cli`, a script): as arguments, never through a shell."""

from __future__ import annotations

import shlex
import subprocess
from contextlib import suppress

from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, SendOutcome
from tuicrm.channels.http import told
from tuicrm.channels.programs import TEXT as PLACE
from tuicrm.channels.programs import read_command
from tuicrm.channels.secrets import heard
from tuicrm.channels.texts.text import TEXT, TO, OutText, filled
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import UsageError
from tuicrm.i18n import _

PATIENCE = 60.0
"""Seconds that a command has."""
_LATER = 75
"""The exit code by which programs say: not now (EX_TEMPFAIL of sysexits.h)."""


def read_sms_command(text: str) -> str:
    """A command as it is kept. Raises BadValue for one without {to}, and for one in which a text would be part of a program."""
    try:
        read_command(text.replace(TO, PLACE).replace(TEXT, PLACE), "command")
    except UsageError as error:
        raise BadValue(error.message, text) from error
    if TO not in text:
        raise BadValue(_("a program is expected, with {place} where the number goes").format(place=TO), text)
    return text.strip()


def send_by_command(command: str, out: OutText, patience: float = PATIENCE) -> SendOutcome:
    """Run the command for one text: where it names no {text}, that comes by its input. Exit code 75 is for now, others for good."""
    words = [filled(word, {TO: out.to, TEXT: _no_option(out.text)}) for word in shlex.split(command)]
    given = None if TEXT in command else out.text.encode("utf-8", errors="replace")
    try:
        running = subprocess.Popen(  # noqa: S603 - an argument list of the person's own, without a shell
            words, stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or str(error)
        return NotGiven(_("{program} could not be run: {why}").format(program=words[0], why=why), account=True)
    try:
        if given is not None and running.stdin is not None:
            # It may read nothing.
            with suppress(BrokenPipeError, ConnectionResetError), running.stdin as stdin:
                stdin.write(given)
        code, said = heard(running, patience)
    except subprocess.TimeoutExpired:
        return PerhapsTaken(_("{program} did not end in time.").format(program=words[0]))
    if not code:
        return HandedOver()
    last = next((line for line in reversed(said.decode("utf-8", errors="replace").splitlines()) if line.strip()), "")
    why = _("{program} failed with exit code {code}").format(program=words[0], code=code)
    return NotGiven(f"{why}: {told(last)}" if last else why, final=code != _LATER)


def _no_option(text: str) -> str:
    """What begins with a dash would be an option of theirs; what holds a NUL is no argument."""
    text = text.replace("\0", "")
    return f" {text}" if text.startswith("-") else text
