"""How a reminder reaches somebody who has no session open: by a command of their own, by mail."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence

from tuicrm.domain.kinds.dates import clock_time, short_when
from tuicrm.errors import Refused, StorageError, UsageError
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _
from tuicrm.services.calendar.reminder_times import Reminder
from tuicrm.services.calendar.reminders import Given, summary
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import mailing
from tuicrm.services.workspace.mailing import MailServer

TEXT = "{}"
"""What stands for the text among a command's arguments; without it the text is the last of them."""
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
    return words


def run_command(words: Sequence[str], text: str) -> None:
    """Run a command with a text. Raises StorageError where it cannot be run or fails."""
    # What begins with a dash would be an option of theirs.
    said = text if not text.startswith("-") else f" {text}"
    filled = [word.replace(TEXT, said) for word in words]
    arguments = filled if any(TEXT in word for word in words) else [*filled, said]
    try:
        done = subprocess.run(  # noqa: S603 - an argument list of the person's own, without a shell
            arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", "") or str(error)
        raise StorageError(_("{program} could not be run: {why}").format(program=words[0], why=why)) from error
    if done.returncode:
        raise StorageError(_("{program} failed with exit code {code}").format(program=words[0], code=done.returncode))


def mail_address(session: Session) -> str:
    """Where the person's mail goes. Raises Refused where the workspace does not know."""
    if not session.person.email:
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
