"""How a reminder reaches somebody who has no session open: as a line for a command of their own, by mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.channels.programs import read_command, run_command
from tuicrm.domain.kinds.dates import clock_time, short_when
from tuicrm.errors import Refused
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _
from tuicrm.services.calendar.reminder_times import Reminder
from tuicrm.services.calendar.reminders import Given, summary
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import mailing
from tuicrm.services.workspace.mail_servers import MailServer

_LONGEST = 300


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


def by_command(text: str) -> Callable[[str], None]:
    """What runs a command of the person's own with a line. Raises UsageError for none; StorageError when it is run, and fails."""
    words = read_command(text)
    return lambda line: run_command(words, line)


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
