"""Senders: how a message of the outbox goes out, by the kind of its channel. One table, which the worker reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from tuicrm.channels.channel import NotGiven, SendOutcome
from tuicrm.channels.mail.composing import MailFile, MailParts, letter_of
from tuicrm.channels.mail.letter import Letter
from tuicrm.channels.mail.smtp import SmtpLine
from tuicrm.domain.channels import Channel
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.domain.stamps import read_stamp
from tuicrm.errors import Damaged, Refusal
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.servers import secret_for, smtp_server
from tuicrm.services.messages.text_servers import TextSender
from tuicrm.store.protocol import Doc


class Sender(Protocol):
    """Sends by one channel, one message at a time; what it keeps open meanwhile is let go by `close`."""

    def send(self, doc: Doc) -> SendOutcome:
        """Hand over a message, as its record is, and say what became of it. What it cannot be made of is told, and raises nothing."""

    def close(self) -> None:
        """Let go of the connection."""


class SendingKind(Struct, frozen=True):
    """A kind of channels that messages go out by: which messages, and how its sender is made (raises Refusal where it cannot be)."""

    sends: MessageChannel
    sender: Callable[[Session, Channel], Sender]


class MailSender:
    """Mails by SMTP. Raises Refusal where the server is not said, or the secret cannot be had."""

    def __init__(self, session: Session, channel: Channel) -> None:
        self._session, self._channel = session, channel
        self._line = SmtpLine(smtp_server(channel), secret_for(channel))

    def send(self, doc: Doc) -> SendOutcome:
        try:
            letter = letter_of(self._parts(doc))
        except (Refusal, Damaged, ValueError) as problem:
            return NotGiven(str(problem), final=True)
        left = str(doc.get("left") or "").split()
        if left:
            letter = Letter(letter.sender, [to for to in letter.receivers if to in left], letter.data, letter.utf8)
        return self._line.send(letter)

    def close(self) -> None:
        self._line.close()

    def _parts(self, doc: Doc) -> MailParts:
        read, said = message.read(0, doc), self._channel.settings
        person = self._session.workspace.people.get(read.by)
        signature = said.get("signature", "")
        return MailParts(
            sender=read.sender,
            to=read.to,
            cc=read.cc,
            subject=read.subject,
            text=f"{read.text.rstrip()}\n\n-- \n{signature}\n" if signature else read.text,
            message_id=f"<{read.message_id}>",
            at=read_stamp(read.at) or self._session.clock(),
            name=said.get("name") or (person.name if person is not None and self._channel.person else ""),
            in_reply_to=f"<{read.in_reply_to}>",
            references=[f"<{one}>" for one in read.references],
            files=[MailFile(one.name, self._content(one.blob)) for one in read.files],
            html=said.get("html") == "yes",
        )

    def _content(self, blob: str) -> bytes:
        with self._session.store.blobs.open(blob) as content:
            return content.read()


SENDERS: Mapping[str, SendingKind] = {
    "smtp": SendingKind("mail", MailSender),
    "sms_command": SendingKind("sms", TextSender),
    "sms_folder": SendingKind("sms", TextSender),
    "sms_http": SendingKind("sms", TextSender),
    "whatsapp": SendingKind("whatsapp", TextSender),
    "telegram": SendingKind("telegram", TextSender),
}
"""The kinds of channels that messages go out by."""


def sends(channel: Channel) -> MessageChannel | None:
    """Which messages go out by a channel; None where it only takes in."""
    return next((one.sends for name, one in SENDERS.items() if name == channel.kind), None)
