"""A mail made of its parts. Nothing that somebody typed can become a line of its head, or another part.

The library writes heads and parts; what reaches it holds no line breaks, and addresses are bare addresses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from html import escape
from mimetypes import guess_type

from msgspec import Struct

from tuicrm.channels.mail.letter import Letter
from tuicrm.errors import FieldProblem, Refused
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _

_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]\\"]+@[^\s@,;:<>()\[\]\\"]+""")
_LONGEST = 254
_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
"""A Message-ID as a head may hold it: ASCII that is seen, between angle brackets."""
_LONG_HEAD = 900
_LINK = re.compile(r"https?://[^\s<>\"']+")


class MailFile(Struct, frozen=True):
    """A file that goes along: its name, and its whole content."""

    name: str
    content: bytes


class MailParts(Struct, frozen=True):
    """What a mail is made of. `sender` and `to`, `cc` are bare addresses; `name` stands beside the sender's; `at` is aware.
    `html`: a simple HTML part goes along with the text."""

    sender: str
    to: Sequence[str]
    subject: str
    text: str
    message_id: str
    at: datetime
    cc: Sequence[str] = ()
    name: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    files: Sequence[MailFile] = ()
    html: bool = False


def checked_address(text: str) -> str:
    """One bare address, from `anna@example.com` or `Anna <anna@example.com>`. Raises Refused for what is none, or several."""
    word = text.strip()
    inside = re.fullmatch(r"[^<>\r\n]*<([^<>]*)>", word)
    address = inside[1] if inside else word
    local, _at, domain = address.rpartition("@")
    sound = len(address) <= _LONGEST and address.isprintable() and _ADDRESS.fullmatch(address) is not None
    if not sound or not local or not _in_ascii(domain) or any(is_harmful(sign) for sign in address):
        told = _("{address} is not a mail address.").format(address=word[:80])
        raise Refused(told, [FieldProblem("to", told, word[:80])])
    return address


def letter_of(parts: MailParts) -> Letter:
    """The mail as it goes over the wire. Raises Refused for an address that is none."""
    addresses = [checked_address(one) for one in (parts.sender, *parts.to, *parts.cc)]
    wired = [_wired(one) for one in addresses]
    utf8 = not all(one.isascii() for one in wired)
    mail = EmailMessage(policy=SMTPUTF8 if utf8 else SMTP)
    mail["From"] = _addressed(wired[0], parts.name)
    to, cc = wired[1 : len(parts.to) + 1], wired[len(parts.to) + 1 :]
    mail["To"] = tuple(_addressed(one) for one in to)
    if cc:
        mail["Cc"] = tuple(_addressed(one) for one in cc)
    mail["Subject"] = _one_line(parts.subject)[:_LONG_HEAD]
    mail["Date"] = format_datetime(parts.at)
    mail["Message-ID"] = parts.message_id
    if _ID.fullmatch(parts.in_reply_to):
        mail["In-Reply-To"] = parts.in_reply_to
    references = [one for one in parts.references if _ID.fullmatch(one)]
    if references:
        mail["References"] = " ".join([references[0], *references[1:][-19:]])
    mail.set_content(_body(parts.text), cte="quoted-printable" if _is_long(parts.text) else None)
    if parts.html:
        mail.add_alternative(html_of(parts.text), subtype="html")
    for file in parts.files:
        _attach(mail, file)
    return Letter(wired[0], list(dict.fromkeys(wired[1:])), mail.as_bytes(), utf8)


def html_of(text: str) -> str:
    """A text as simple HTML: paragraphs, line ends, links; all else as it stands."""
    blocks = re.split(r"\n\s*\n", _body(text).strip("\n"))
    return "<html><body>" + "".join(f"<p>{_linked(block)}</p>\n" for block in blocks) + "</body></html>\n"


def _linked(text: str) -> str:
    made, at = [], 0
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?)")
        made += [escape(text[at : found.start()]), f'<a href="{escape(link)}">{escape(link)}</a>']
        at = found.start() + len(link)
    return "".join([*made, escape(text[at:])]).replace("\n", "<br>\n")


def _attach(mail: EmailMessage, file: MailFile) -> None:
    main, _slash, sub = (guess_type(file.name)[0] or "application/octet-stream").partition("/")
    if main in ("text", "message", "multipart"):
        main, sub = "application", "octet-stream"  # bytes of their own, which no line ending is changed in
    name = _one_line(file.name.replace("/", "_").replace("\\", "_"))[:200].strip(". ") or "file"
    mail.add_attachment(file.content, maintype=main, subtype=sub, filename=name)


def _body(text: str) -> str:
    """The text with plain line ends, without what steers a terminal or hides."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return (
        "\n".join("".join(sign for sign in line if sign == "\t" or not is_harmful(sign)) for line in lines).rstrip("\n")
        + "\n"
    )


def _is_long(text: str) -> bool:
    return any(len(line) > _LONG_HEAD for line in text.splitlines())


def _addressed(address: str, name: str = "") -> Address:
    local, _at, domain = address.rpartition("@")
    return Address(_one_line(name)[:200], local, domain)


def _wired(address: str) -> str:
    """The address as servers take it: its domain in ASCII."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{_in_ascii(domain)}"


def _in_ascii(domain: str) -> str:
    """The domain as the network writes it; "" for what is none."""
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return ""


def _one_line(text: str) -> str:
    return " ".join("".join(" " if sign.isspace() or is_harmful(sign) else sign for sign in text).split())
