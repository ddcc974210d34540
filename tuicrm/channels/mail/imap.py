"""Mail as it lies on a server, read by IMAP: nothing there is changed, not even what counts as read.

TLS is verified, by the system's certificates or those of a file. A password is sent in the clear only where the account says `plain`.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

from imapclient.imapclient import SENT  # type: ignore[import-untyped]
from msgspec import Struct

from tuicrm.channels.channel import TriedStep
from tuicrm.channels.mail.bounded_imap import BoundedImap
from tuicrm.errors import Unreachable
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _
from tuicrm.limits import MAIL_SIZE

SENT_FOLDER = "SENT"
"""What stands for the folder of what was sent, however a server calls it."""
_PATIENCE = 30.0
_TROUBLE = (
    OSError, imaplib.IMAP4.error, ValueError, TypeError, LookupError, AssertionError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What can go wrong. What a server says that makes no sense, the library stumbles over in many ways."""
_TOLD = 300
_SOME = 500
"""Mails of which the sizes are asked at once."""
_AT_ONCE, _BYTES = 50, 8 << 20
"""Mails, and bytes of them, that are fetched at once."""
_LEFT = frozenset({b"\\Draft", b"\\Deleted"})


class ImapServer(Struct, frozen=True):
    """Where mail lies: `security` is starttls, tls or plain; `ca` a file, or ""."""

    host: str
    port: int
    security: str = "tls"
    user: str = ""
    ca: str = ""


class ImapFolder(Struct, frozen=True):
    """A folder that is open: its UIDVALIDITY, the UID that the next mail will have (0 where that is not said), how many there are."""

    name: str
    validity: int
    next_uid: int
    mails: int


class ImapMail(Struct, frozen=True):
    """A mail by its UID: its bytes; None for one that is too large."""

    uid: int
    content: bytes | None


class ImapLine:
    """A connection, logged in. Every method raises Unreachable, after which it is no use any more."""

    def __init__(self, server: ImapServer, secret: str, patience: float = _PATIENCE) -> None:
        self._server = server
        self._idles = False
        try:
            self._client = _opened(server, patience)
        except _TROUBLE as error:
            raise Unreachable(_why(server, error)) from error
        try:
            _log_in(self._client, server, secret)
        except _TROUBLE as error:
            self.close()
            raise Unreachable(_why(server, error)) from error

    def close(self) -> None:
        """Let go of the server."""
        with suppress(*_TROUBLE):
            self._client.shutdown()

    # -- folders -------------------------------------------------------------------------------------------------------
    def folder_of_sent(self) -> str:
        """What the server calls the folder of what was sent; "" where there is no such."""
        try:
            return str(self._client.find_special_folder(SENT) or "")
        except _TROUBLE as error:
            raise Unreachable(_why(self._server, error)) from error

    def open(self, name: str) -> ImapFolder | None:
        """Open a folder to read from; None where there is no such."""
        try:
            try:
                told = self._client.select_folder(name, readonly=True)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                self._client.noop()  # still there, so that it is the folder that is not
                return None
            return ImapFolder(name, *(_number(told.get(one)) for one in (b"UIDVALIDITY", b"UIDNEXT", b"EXISTS")))
        except _TROUBLE as error:
            raise Unreachable(_why(self._server, error)) from error

    def uids(self, after: int, since: date) -> list[int]:
        """The mails of the folder that is open which came after a UID; for 0, those since a day. In their order."""
        try:
            found = self._client.search(["UID", f"{after + 1}:*"] if after else ["SINCE", since])
            return sorted({uid for uid in map(_number, found) if uid > after})
        except _TROUBLE as error:
            raise Unreachable(_why(self._server, error)) from error

    def mails(self, uids: Sequence[int]) -> Iterator[list[ImapMail]]:
        """Mails of the folder that is open, some at a time. Drafts, and what is deleted or gone, are left out."""
        for begin in range(0, len(uids), _SOME):
            some = uids[begin : begin + _SOME]
            try:
                told = self._client.fetch(some, ["FLAGS", "RFC822.SIZE"])
                sizes = {
                    uid: _number(told[uid].get(b"RFC822.SIZE"))
                    for uid in some
                    if uid in told and _LEFT.isdisjoint(told[uid].get(b"FLAGS", ()))
                }
                for group in _groups(sizes):
                    yield self._fetched(group, sizes)
            except _TROUBLE as error:
                raise Unreachable(_why(self._server, error)) from error

    def _fetched(self, group: list[int], sizes: dict[int, int]) -> list[ImapMail]:
        wanted = [uid for uid in group if sizes[uid] <= MAIL_SIZE.most]
        found = self._client.fetch(wanted, ["BODY.PEEK[]"]) if wanted else {}
        contents = {uid: found[uid].get(b"BODY[]") for uid in wanted if uid in found}
        mails = [ImapMail(uid, content) for uid, content in contents.items() if isinstance(content, bytes)]
        mails += [ImapMail(uid, None) for uid in group if uid not in wanted]
        return sorted(mails, key=lambda mail: mail.uid)

    # -- waiting -------------------------------------------------------------------------------------------------------
    def idle(self) -> socket.socket | None:
        """Have the server tell at once of what comes into the folder that is open; its socket, which then has something to read. None
        where it cannot."""
        try:
            if not self._client.has_capability("IDLE"):
                return None
            self._client.idle()
            self._idles = True
            return self._client.socket()  # type: ignore[no-any-return]
        except _TROUBLE as error:
            raise Unreachable(_why(self._server, error)) from error

    def has_something(self) -> bool:
        """Whether the server has said something already that nobody has read."""
        return self._client.has_something()

    def end_idle(self) -> None:
        """Speak with the server again; what it told meanwhile is looked for by who asked."""
        if self._idles:
            self._idles = False
            try:
                self._client.idle_done()
            except _TROUBLE as error:
                raise Unreachable(_why(self._server, error)) from error


def _groups(sizes: dict[int, int]) -> Iterator[list[int]]:
    """UIDs, some at a time: few bytes each time, or one mail."""
    group: list[int] = []
    size = 0
    for uid, one in sizes.items():
        if group and (len(group) >= _AT_ONCE or size + one > _BYTES):
            yield group
            group, size = [], 0
        group.append(uid)
        size += one
    if group:
        yield group


def _number(told: object) -> int:
    return told if isinstance(told, int) else 0


# -- connecting --------------------------------------------------------------------------------------------------------
def _trusted(server: ImapServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca or None)


def _opened(server: ImapServer, patience: float) -> BoundedImap:
    client = _connected(server, patience)
    try:
        _secured(client, server)
    except _TROUBLE:
        with suppress(*_TROUBLE):
            client.shutdown()
        raise
    return client


def _connected(server: ImapServer, patience: float) -> BoundedImap:
    return BoundedImap(server.host, server.port, patience, _trusted(server) if server.security == "tls" else None)


def _secured(client: BoundedImap, server: ImapServer) -> None:
    """Speak on under TLS. Raises where the server offers none: who listens on the way may have taken that out."""
    if server.security == "starttls":
        client.starttls(_trusted(server))


def _log_in(client: BoundedImap, server: ImapServer, secret: str) -> None:
    if client.has_capability("LOGINDISABLED"):
        raise ValueError(_("it lets nobody log in without encryption"))
    if client.has_capability("AUTH=PLAIN"):
        client.plain_login(server.user, secret)
    else:
        client.login(server.user, secret)


def tried(server: ImapServer, secret: str, folders: Sequence[str], patience: float = _PATIENCE) -> Iterator[TriedStep]:
    """Try an account step by step: name, port, TLS, log-in, each folder. Ends with the first step that does not work."""
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        yield TriedStep("name", False, _why(server, error))
        return
    yield TriedStep("name", True, ", ".join(sorted({str(one[4][0]) for one in found})[:3]))
    try:
        client = _connected(server, patience)
    except ssl.SSLError as error:
        yield TriedStep("port", True, str(server.port))
        yield TriedStep("tls", False, _why(server, error))
        return
    except _TROUBLE as error:
        yield TriedStep("port", False, _why(server, error))
        return
    yield TriedStep("port", True, str(server.port))
    try:
        yield from _tried_within(client, server, secret, folders)
    finally:
        with suppress(*_TROUBLE):
            client.shutdown()


def _tried_within(client: BoundedImap, server: ImapServer, secret: str, folders: Sequence[str]) -> Iterator[TriedStep]:
    step = "tls"
    try:
        _secured(client, server)
        sock = client.socket()
        yield TriedStep(step, True, str(sock.version()) if isinstance(sock, ssl.SSLSocket) else _("not used"))
        step = "login"
        _log_in(client, server, secret)
        yield TriedStep(step, True, server.user)
        step = "folder"
        for named in folders:
            name = client.find_special_folder(SENT) if named == SENT_FOLDER else named
            if name:
                told = client.select_folder(name, readonly=True)
                yield TriedStep(step, True, f"{name}: {_number(told.get(b'EXISTS'))}")
    except _TROUBLE as error:
        yield TriedStep(step, False, _why(server, error))


def _why(server: ImapServer, error: Exception) -> str:
    """What went wrong, in a sentence with the server's name."""
    told = str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        told = _("its certificate is not trusted: {why}").format(why=error.verify_message)
    elif isinstance(error, socket.gaierror):
        told = _("there is no server of this name")
    elif isinstance(error, TimeoutError) and not told.startswith(_("its answer does not end")):
        told = _("it does not answer in time")
    elif isinstance(error, OSError) and error.strerror and not isinstance(error, ssl.SSLError):
        told = error.strerror
    elif isinstance(error, imaplib.IMAP4.error):
        told = _said(error)
    elif not isinstance(error, OSError | ValueError):
        told = _("its answer makes no sense")
    return f"{server.host}: {_one_line(told)[:_TOLD] or type(error).__name__}"


def _said(error: Exception) -> str:
    """What a server said no with; the library puts it down as Python writes bytes."""
    from imapclient.exceptions import LoginError  # type: ignore[import-untyped]

    said = str(error)
    if said[:2] in ("b'", 'b"'):
        said = said[2:-1]
    return _("the log-in was refused ({said})").format(said=said) if isinstance(error, LoginError) else said


def _one_line(text: str) -> str:
    return " ".join("".join(" " if sign.isspace() or is_harmful(sign) else sign for sign in text).split())
