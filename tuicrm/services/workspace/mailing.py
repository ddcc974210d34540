"""Sending mail by the server that the user's own settings name (`mail_server` in config.toml), with nothing kept in the workspace.

A server is named as an address: `smtp://localhost:1025`, `smtp://anna@mail.example.com` (STARTTLS where the server offers it),
`smtps://anna@mail.example.com`. The password stands in TUICRM_MAIL_PASSWORD and is sent over TLS alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import parseaddr

from tuicrm.errors import Refused, StorageError
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _
from tuicrm.services.workspace.mail_servers import MailServer, read_server

PASSWORD = "TUICRM_MAIL_PASSWORD"  # noqa: S105 - the name of a variable
"""The variable that holds the password; a setting in a file would be read by whoever reads the file."""
_PATIENCE = 20
"""Seconds that a server has for an answer."""
_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]\\"]+@[^\s@,;:<>()\[\]\\"]+""")
_LONGEST = 254


def server_of(setting: str) -> MailServer:
    """The server that is set. Raises Refused where there is no such setting."""
    server = read_server(setting)
    if server is None:
        raise Refused(
            _("Mail is not set up: say mail_server and mail_from in config.toml, such as {example}.").format(
                example='mail_server = "smtp://localhost:25"'
            )
        )
    return server


def message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """A plain message. What could begin a line of its own in a head, or hide in it, is a space. Raises Refused for a receiver that is
    not one address."""
    if not is_address(to):
        raise Refused(_("{address} is not a mail address.").format(address=to))
    mail = EmailMessage()
    mail["From"], mail["To"] = _one_line(sender), _one_line(to)
    mail["Subject"] = _one_line(subject)[:200]
    mail.set_content(text)
    return mail


def is_address(text: str) -> bool:
    """Whether a text is one mail address, and nothing else."""
    return len(text) <= _LONGEST and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def with_invitation(mail: EmailMessage, calendar: str, method: str = "REQUEST") -> EmailMessage:
    """The same with an iCalendar part, which mail programs offer to answer. `calendar` is the whole text of a VCALENDAR."""
    mail.add_alternative(calendar, subtype="calendar", params={"method": method})
    return mail


def send(server: MailServer, mail: EmailMessage, environ: Mapping[str, str] = os.environ) -> None:
    """Hand a message over. Raises StorageError, telling why the server did not take it."""
    # 30 ms, only where mail is sent.
    from email.policy import SMTP, SMTPUTF8

    from tuicrm.channels.channel import HandedOver
    from tuicrm.channels.mail.letter import Letter
    from tuicrm.channels.mail.smtp import SmtpLine, SmtpServer

    sender, to = (parseaddr(str(mail[name]))[1] for name in ("From", "To"))
    utf8 = not (sender + to).isascii()
    letter = Letter(sender, [to], mail.as_bytes(policy=SMTPUTF8 if utf8 else SMTP), utf8)
    there = SmtpServer(server.host, server.port, "tls" if server.tls else "offered", server.user)
    line = SmtpLine(there, environ.get(PASSWORD, ""), _PATIENCE)
    outcome = line.send(letter)
    line.close()
    if not isinstance(outcome, HandedOver):
        why = outcome.why.removeprefix(f"{server.host}: ")
        raise StorageError(_("{host} did not take the mail: {why}").format(host=server.host, why=why))


def _one_line(text: str) -> str:
    return " ".join("".join(" " if sign.isspace() or is_harmful(sign) else sign for sign in text).split())
