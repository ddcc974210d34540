"""Mail handed to a server by SMTP: what the server has, what it has not, and what nobody knows, are told apart.

TLS is verified, by the system's certificates or those of a file. A password is sent in the clear only where the account says `plain`.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, SendOutcome, TriedStep
from tuicrm.channels.mail.bounded_smtp import GO_AHEAD, BoundedSmtp, BoundedSmtpTls
from tuicrm.channels.mail.letter import Letter
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _

_PATIENCE = 30.0
"""Seconds that a server has for an answer."""
_TOLD = 300
"""Letters of what a server says that are told."""
_OURSELVES = "[127.0.0.1]"
"""What we say we are called, as mail programs do: the name of the machine is nobody's business."""
_TROUBLE = (OSError, smtplib.SMTPException, ValueError)
"""What can go wrong. What makes no sense, as a challenge that is no base64, is a ValueError."""


class SmtpServer(Struct, frozen=True):
    """Where mail is handed over: `security` is starttls, tls or plain; `user` "" where nobody logs in; `ca` a file, or ""."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    ca: str = ""


class SmtpLine:
    """A connection to one server, opened when it is first needed and used for one letter after the other. Close it when done."""

    def __init__(self, server: SmtpServer, secret: str = "", patience: float = _PATIENCE) -> None:
        self._server, self._secret, self._patience = server, secret, patience
        self._open: BoundedSmtp | None = None

    def close(self) -> None:
        """Say goodbye, if there is anybody."""
        if self._open is not None:
            with suppress(*_TROUBLE):
                self._open.quit()
            self._drop()

    def send(self, letter: Letter) -> SendOutcome:
        """Hand a letter over. Raises nothing: whatever happens is one of the outcomes."""
        if self._open is not None and not self._still_there():
            self._drop()
        if self._open is None:
            try:
                self._open = _opened(self._server, self._secret, self._patience)
            except _TROUBLE as error:
                return NotGiven(_why(self._server, error), account=True)
        try:
            return _handed_over(self._open, letter)
        except _TROUBLE as error:
            # A server that said no has said so; one that went away after it had the message may have taken it.
            unsure = self._open.last == GO_AHEAD
            self._drop()
            if unsure:
                return PerhapsTaken(_why(self._server, error))
            return _refusal(self._server, error)

    def _still_there(self) -> bool:
        """Whether the server still speaks on a connection that was used before."""
        try:
            return self._open is not None and self._open.rset()[0] == 250
        except _TROUBLE:
            return False

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


def tried(server: SmtpServer, secret: str, patience: float = _PATIENCE) -> Iterator[TriedStep]:
    """Try an account step by step: name, port, TLS, log-in. Ends with the first step that does not work."""
    try:
        found = sorted(
            {str(one[4][0]) for one in socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)}
        )
    except (OSError, UnicodeError) as error:
        yield TriedStep("name", False, _why(server, error))
        return
    yield TriedStep("name", True, ", ".join(found[:3]))
    try:
        line = _connected(server, patience)
    except ssl.SSLError as error:
        yield TriedStep("port", True, str(server.port))
        yield TriedStep("tls", False, _why(server, error))
        return
    except _TROUBLE as error:
        yield TriedStep("port", False, _why(server, error))
        return
    with suppress(*_TROUBLE), line:
        yield TriedStep("port", True, str(server.port))
        yield from _tried_within(line, server, secret)


def _tried_within(line: BoundedSmtp, server: SmtpServer, secret: str) -> Iterator[TriedStep]:
    try:
        _secured(line, server)
    except _TROUBLE as error:
        yield TriedStep("tls", False, _why(server, error))
        return
    sock = line.sock
    plain = not isinstance(sock, ssl.SSLSocket)
    yield TriedStep("tls", True, _("not used") if plain else str(sock.version()))  # type: ignore[union-attr]
    if not server.user:
        yield TriedStep("login", True, _("nobody logs in"))
        return
    try:
        line.login(server.user, secret)
    except _TROUBLE as error:
        yield TriedStep("login", False, _why(server, error))
        return
    yield TriedStep("login", True, server.user)


# -- connecting --------------------------------------------------------------------------------------------------------
def _opened(server: SmtpServer, secret: str, patience: float) -> BoundedSmtp:
    line = _connected(server, patience)
    try:
        _secured(line, server)
        if server.user:
            line.login(server.user, secret)
    except BaseException:
        line.close()
        raise
    return line


def _connected(server: SmtpServer, patience: float) -> BoundedSmtp:
    if server.security == "tls":
        return BoundedSmtpTls(server.host, server.port, patience, _trusted(server), _OURSELVES)
    return BoundedSmtp(server.host, server.port, patience, _OURSELVES)


def _secured(line: BoundedSmtp, server: SmtpServer) -> None:
    """Greet the server, and speak on under TLS. Raises where it offers none: who listens on the way may have taken that out."""
    line.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        line.starttls(context=_trusted(server))
        line.ehlo()


def _trusted(server: SmtpServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca or None)


# -- handing over ------------------------------------------------------------------------------------------------------
def _handed_over(line: BoundedSmtp, letter: Letter) -> SendOutcome:
    options = [f"size={len(letter.data)}"] if line.has_extn("size") else []
    if letter.utf8:
        if not line.has_extn("smtputf8"):
            return NotGiven(_("the server takes no addresses with letters other than a to z"), final=True)
        options += ["SMTPUTF8", "BODY=8BITMIME"]
        line.command_encoding = "utf-8"
    code, said = line.mail(letter.sender, options)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, letter.sender)
    refused: dict[str, str] = {}
    later: dict[str, str] = {}
    for receiver in letter.receivers:
        code, said = line.rcpt(receiver)
        if code not in (250, 251):
            (later if code < 500 else refused)[receiver] = _said(code, said)
        if code == 421:
            raise smtplib.SMTPServerDisconnected(_said(code, said))
    if len(refused) + len(later) == len(letter.receivers):
        line.rset()
        return NotGiven("; ".join(f"{to}: {why}" for to, why in {**refused, **later}.items()), final=not later)
    code, said = line.data(letter.data)
    if 400 <= code < 600:
        raise smtplib.SMTPDataError(code, said)
    if not 200 <= code < 300:
        line.close()
        return PerhapsTaken(_("the server's answer makes no sense: {said}").format(said=_said(code, said)))
    return HandedOver(refused, later)


def _refusal(server: SmtpServer, error: Exception) -> NotGiven:
    final = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
    return NotGiven(_why(server, error), final=final)


def _why(server: SmtpServer, error: Exception) -> str:
    """What went wrong, in a sentence with the server's name."""
    told = str(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        told = _("the log-in was refused ({said})").format(said=_said(error.smtp_code, error.smtp_error))
    elif isinstance(error, smtplib.SMTPResponseException):
        told = _said(error.smtp_code, error.smtp_error)
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        told = _("it offers no encryption, or no such log-in: {why}").format(why=error)
    elif isinstance(error, ssl.SSLCertVerificationError):
        told = _("its certificate is not trusted: {why}").format(why=error.verify_message)
    elif isinstance(error, socket.gaierror):
        told = _("there is no server of this name")
    elif isinstance(error, TimeoutError):
        told = _("it does not answer in time")
    elif isinstance(error, OSError) and error.strerror and not isinstance(error, ssl.SSLError):
        told = error.strerror
    return f"{server.host}: {_one_line(told)[:_TOLD] or type(error).__name__}"


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
    return _one_line(f"{code} {text}")[:_TOLD]


def _one_line(text: str) -> str:
    return " ".join("".join(" " if sign.isspace() or is_harmful(sign) else sign for sign in text).split())
