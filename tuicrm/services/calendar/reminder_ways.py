"""How a reminder reaches somebody who has no session open: by a command of their own, by mail."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath

from tuicrm.domain.kinds.dates import clock_time, short_when
from tuicrm.errors import Refused, StorageError, UsageError
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _
from tuicrm.services.calendar.reminder_times import Reminder
from tuicrm.services.calendar.reminders import Given, summary
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import mailing
from tuicrm.services.workspace.mail_servers import MailServer

TEXT = "{}"
"""What stands for the text among a command's arguments; without it the text is the last of them."""
_OPTION = re.compile(r"-[a-zA-Z]*[ceE]|-?-(eval|command|Command)")
"""An option behind which a program may stand (`sh -c`, `perl -e`, `osascript -e`)."""
_READS = re.compile(r"((ba|da|z|k|c|tc|fi|a)?sh|perl|ruby|node|osascript|pwsh|python[\d.]*)(\.exe)?")
"""What reads a program among its arguments."""
_ALL = ("ssh", "eval", "watch", "tmux")
"""What makes a program of all its arguments, for a shell; tmux runs what stands in #(…)."""
_LONGEST = 300
_PATIENCE = 30
"""Seconds that a command has."""


def texts(session: Session, given: Given) -> list[str]:
    """Each reminder as a line, `10:00 Call Paolo · Website redesign`; of those that were missed one line in all."""
    lines = [line_of(session, one) for one in given.now]
    if given.missed:
        lines.append(_("While you were away: {told}").format(told=summary(given.missed)))
    return [plain(line) for line in lines]


def line_of(session: Session, one: Reminder) -> str:
    """`10:00 Call Paolo · Website redesign`."""
    context = session.context()
    when = clock_time(one.begins, context) if "T" in one.begins else ""
    if "T" in one.begins and one.begins[:10] != one.at[:10]:
        when = short_when(one.begins, context)
    return " · ".join(filter(None, (f"{when} {one.what}".strip() if when else one.what, one.title)))


def plain(text: str) -> str:
    """A text for other programs: one line, nothing that could steer a terminal or hide, not too long."""
    bare = " ".join("".join(" " if sign.isspace() or is_harmful(sign) else sign for sign in text).split())
    return bare if len(bare) <= _LONGEST else f"{bare[: _LONGEST - 1]}…"


def read_command(text: str) -> list[str]:
    """A command as arguments, read as a shell reads words; no shell ever sees it. Raises UsageError."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(_("--command cannot be read: {why}").format(why=error)) from error
    if not words:
        raise UsageError(_("--command names a program, such as “notify-send tuicrm”."))
    if _writes_a_program(words):
        told = _("{} must not be part of a program: give it as an argument, such as sh -c 'echo \"$1\"' sh {}.")
        raise UsageError(f"--command: {told}")
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
        return running.wait(_PATIENCE)
    except BaseException:
        with suppress(OSError):
            os.killpg(running.pid, signal.SIGKILL) if hasattr(os, "killpg") else running.kill()
        running.wait()
        raise


def mail_address(session: Session) -> str:
    """Where the person's mail goes. Raises Refused where the workspace does not know."""
    if not mailing.is_address(session.person.email):
        raise Refused(
            _("Nobody knows your mail address: `tuicrm user edit {person} --email ADDRESS` sets it.").format(
                person=session.person_key
            )
        )
    return session.person.email


def mail(server: MailServer, sender: str, to: str, lines: Sequence[str]) -> None:
    """Send reminders as one message. Raises StorageError."""
    subject = lines[0] if len(lines) == 1 else _("Reminders")
    mailing.send(server, mailing.message(sender or to, to, subject, "\n".join(lines) + "\n"))
