"""The bytes of a mail, read into plain values: by the standard library, and never raising for what stands in them."""

from __future__ import annotations

import email
from datetime import datetime
from email.message import Message

from msgspec import Struct

from tuicrm.channels.mail import winmail
from tuicrm.channels.mail.bounces import bounce_of
from tuicrm.channels.mail.charsets import decoded
from tuicrm.channels.mail.headers import Headers, one_line, words
from tuicrm.channels.mail.html_text import html_text
from tuicrm.channels.mail.parsed import ParsedFile, ParsedMail
from tuicrm.domain.messages.threads import ids_in
from tuicrm.harmless import is_harmful
from tuicrm.i18n import _
from tuicrm.limits import COMMENT, FILE_NAME, MAIL_FILES, MAIL_SIZE, MESSAGE_SUBJECT

_MOST_PARTS = 2_000
_DEEPEST = 50
_UNFIT = frozenset('/\\:*?"<>|')


def parse(content: bytes, now: datetime) -> ParsedMail:
    """A mail. Raises Refused for one that is larger than `limits.MAIL_SIZE`; of anything else, what can be read is."""
    if len(content) > MAIL_SIZE.most:
        raise MAIL_SIZE.refused("mail", content[:40].decode("ascii", "replace"))
    content = _from_line_away(content)
    problems: list[str] = []
    try:
        mail = email.message_from_bytes(content)
    except (RecursionError, ValueError, IndexError, KeyError, TypeError, AssertionError):
        # Thousands of parts within each other, say: the headers stand, the rest is text as it came.
        problems.append(_("its parts cannot be told apart; it is kept whole"))
        head, _gap, _body = content.partition(b"\n\n")
        mail = email.message_from_bytes(head[:100_000] + b"\n\n")
    return _read(mail, now, problems)


def _from_line_away(content: bytes) -> bytes:
    """Without the line that mailboxes and pipes put before a mail."""
    content = content.lstrip(b"\r\n")
    if content.startswith((b"From ", b">From ")):
        return content.partition(b"\n")[2]
    return content


def _read(mail: Message, now: datetime, problems: list[str]) -> ParsedMail:
    headers = Headers(mail)
    body = _Body(problems)
    body.take(mail, 0)
    sender = next(iter(headers.people("from", "sender", "return-path")), ("", ""))
    ids, answered = ids_in(headers.raw("message-id")), ids_in(headers.raw("in-reply-to"))
    return ParsedMail(
        message_id=ids[0] if ids else "",
        in_reply_to=answered[0] if answered else "",
        references=tuple(ids_in(headers.raw("references"))),
        sender=sender[1],
        name=sender[0],
        to=headers.addresses("to"),
        cc=headers.addresses("cc"),
        subject=headers.text("subject")[: MESSAGE_SUBJECT.most],
        at=headers.moment(now),
        text=body.text(),
        files=tuple(body.files),
        automatic=is_automatic(headers, mail),
        hops=headers.count("received"),
        bounce=bounce_of(mail, body.parts),
        problems=tuple(problems),
    )


def is_automatic(headers: Headers, mail: Message) -> bool:
    """Whether no person wrote it: an auto-reply (RFC 3834), a list, a report; nothing of the kind is ever answered."""
    submitted = headers.raw("auto-submitted").partition(";")[0].strip().casefold()
    precedence = headers.raw("precedence").strip().casefold()
    return (
        submitted not in ("", "no")
        or precedence in ("bulk", "list", "junk", "auto_reply")
        or mail.get_content_type() == "multipart/report"
        or headers.raw("return-path").strip() == "<>"
        or any(headers.count(name) for name in ("list-id", "x-autoreply", "x-autorespond", "x-auto-response-suppress"))
    )


class _Text(Struct, frozen=True):
    """A text that a mail says, and whether it is HTML."""

    text: str
    html: bool


class _Body:
    """The texts and files of a mail, in their order."""

    def __init__(self, problems: list[str]) -> None:
        self.parts: list[Message] = []
        self.files: list[ParsedFile] = []
        self._texts: list[_Text] = []
        self._problems = problems

    def text(self) -> str:
        """What it says: each part once, in the form that is nearest to plain text."""
        found = "\n\n".join(text for one in self._texts if (text := _plain(one)))
        if len(found) > COMMENT.most:
            self._problems.append(
                _("its text is longer than {n} characters; the original has all").format(n=COMMENT.most)
            )
            found = found[: COMMENT.most - 1] + "…"
        return found

    def take(self, part: Message, depth: int) -> None:
        """Take in a part and those within it."""
        if depth > _DEEPEST or len(self.parts) >= _MOST_PARTS:
            self._tell(_("it has too many parts; the original has all"))
            return
        self.parts.append(part)
        within = part.get_payload()
        parts = [one for one in (within if isinstance(within, list) else ()) if isinstance(one, Message)]
        kind = part.get_content_type()
        if kind == "message/rfc822":
            self._attach_mail(part)
        elif parts and part.get_content_maintype() != "message":
            if kind == "multipart/alternative":
                self._take_one_of(parts, depth)
            else:
                for one in parts:
                    self.take(one, depth + 1)
        elif not part.is_multipart():
            self._take_leaf(part)

    def _take_one_of(self, parts: list[Message], depth: int) -> None:
        """Of alternatives the plain text, where it says something; else the richest that says something."""
        taken = []
        for one in parts:
            body = _Body(self._problems)
            body.parts = self.parts
            body.take(one, depth + 1)
            self.files += body.files
            taken.append(body._texts)
        saying = [texts for texts in taken if any(_says_something(one) for one in texts)]
        plain = [texts for texts in saying if not any(one.html for one in texts)]
        self._texts += plain[0] if plain else saying[-1] if saying else []

    def _take_leaf(self, part: Message) -> None:
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        kind, name = part.get_content_type(), _file_name(part)
        attached = (part.get_content_disposition() or "") == "attachment"
        if kind in winmail.KINDS or name.casefold() in winmail.NAMES:
            self._unwrap(name, content)
        elif kind in ("text/plain", "text/html") and not attached and not name:
            self._texts.append(_Text(decoded(content, _charset(part)), kind == "text/html"))
        elif content and kind not in ("message/delivery-status", "text/rfc822-headers"):
            self._attach(name or _named_by_kind(kind), content)

    def _unwrap(self, name: str, content: bytes) -> None:
        found = winmail.unwrapped(content)
        if found is None:
            self._attach(name or "winmail.dat", content)
            return
        text, files = found
        if text.strip() and not self._texts:
            self._texts.append(_Text(text, html=False))
        for inner, data in files:
            self._attach(harmless_name(inner) or "file", data)

    def _attach_mail(self, part: Message) -> None:
        inner = part.get_payload()
        mail = inner[0] if isinstance(inner, list) and inner else None
        if isinstance(mail, Message):
            subject = harmless_name(Headers(mail).text("subject"))[:80]
            try:
                self._attach(f"{subject or 'mail'}.eml", mail.as_bytes())
            except (ValueError, LookupError, TypeError, KeyError, AttributeError):
                self._tell(_("a mail within it cannot be taken apart; the original has it"))

    def _attach(self, name: str, content: bytes) -> None:
        if len(self.files) >= MAIL_FILES.most:
            self._tell(_("it has more than {n} files; the original has all").format(n=MAIL_FILES.most))
            return
        self.files.append(ParsedFile(name, content))

    def _tell(self, problem: str) -> None:
        if problem not in self._problems:
            self._problems.append(problem)


def _plain(one: _Text) -> str:
    text = html_text(one.text) if one.html else one.text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return "".join(sign for sign in lines if sign in "\n\t" or not is_harmful(sign)).strip()


def _says_something(one: _Text) -> bool:
    return bool(one.text.strip())


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or "us-ascii"
    except (LookupError, ValueError, TypeError):
        return "us-ascii"


def _file_name(part: Message) -> str:
    try:
        return harmless_name(words(part.get_filename() or ""))
    except (LookupError, ValueError, TypeError, IndexError):
        return ""


def harmless_name(text: str) -> str:
    """A file's name without folders, signs that file systems do not take, or what hides an ending; "" where nothing is left."""
    last = one_line(text).replace("\\", "/").rpartition("/")[2]
    kept = "".join(" " if sign in _UNFIT or not sign.isprintable() else sign for sign in last)
    plain = " ".join(kept.split()).strip(". ")
    if len(plain) <= FILE_NAME.most:
        return plain
    stem, dot, ending = plain.rpartition(".")
    short = f".{ending}" if dot and len(ending) < 20 else ""
    return (stem if short else plain)[: FILE_NAME.most - len(short)] + short


def _named_by_kind(kind: str) -> str:
    import mimetypes

    return f"file{mimetypes.guess_extension(kind) or ''}"
