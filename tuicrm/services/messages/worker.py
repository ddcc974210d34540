"""The worker: sends what is due by the channels that this person may use here, one message at a time, each once.

Any number of them run at once, in whichever sessions: who takes a message first sends it (`outbox.py`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from secrets import token_hex
from types import TracebackType

from msgspec import Struct

from tuicrm.channels.channel import NotGiven, SendOutcome
from tuicrm.channels.mail.composing import MailFile, MailParts, letter_of
from tuicrm.channels.mail.smtp import SmtpLine
from tuicrm.domain.channels import Channel
from tuicrm.domain.messages import message
from tuicrm.domain.stamps import read_stamp
from tuicrm.errors import Damaged, Refusal
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox
from tuicrm.services.messages.accounts import may_use
from tuicrm.services.messages.servers import secret_for, smtp_server
from tuicrm.store.protocol import Doc


class WorkerStep(Struct, frozen=True):
    """What became of one message: its id, its status now (`sent`, `queued` again, `failed`, `unknown`), and why it is not sent."""

    id: int
    status: str
    why: str = ""


class Worker:
    """Sends for one session. Connections are kept from one message to the next: close it when done."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.name = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
        self._lines: dict[str, SmtpLine] = {}
        self.troubles: dict[str, str] = {}
        """Channels that do not work here, by key, and why: their messages wait."""

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()

    def send_due(self, only: int = 0) -> Iterator[WorkerStep]:
        """Send what is due by now (`only`: this message), and say of each what became of it. Raises StorageError."""
        session = self._session
        session.store.refresh()
        self.troubles.clear()
        for number in outbox.sweep(session):
            yield WorkerStep(number, "unknown", _("a worker ended while it was sending it"))
        for record in outbox.due(session):
            if only and record.id != only:
                continue
            channel = session.workspace.channels.get(str(record.doc.get("account")))
            if channel is None or not self._is_ours(record.doc, channel) or channel.key in self.troubles:
                continue
            session.store.refresh()
            line = self._line(channel)
            if line is None:
                continue
            doc = outbox.take(session, record.id, self.name)
            if doc is None:
                continue
            outcome = self._sent(line, doc, channel)
            if isinstance(outcome, NotGiven) and outcome.account:
                self.troubles[channel.key] = outcome.why
            status = outbox.note(session, record.id, self.name, outcome)
            yield WorkerStep(record.id, status, getattr(outcome, "why", ""))

    def _is_ours(self, doc: Mapping[str, object], channel: Channel) -> bool:
        """Whether this person's worker sends a message: by their own channel what they wrote, by a department's what anybody did."""
        if doc.get("way") != "out" or doc.get("channel") != "mail":
            return False
        mine = not channel.person or doc.get("by") == channel.person
        return mine and channel.kind in _SENDS and may_use(self._session, channel)

    def _line(self, channel: Channel) -> SmtpLine | None:
        """The connection of a channel; None where it cannot be had here, which is noted."""
        if channel.key not in self._lines:
            try:
                self._lines[channel.key] = SmtpLine(smtp_server(channel), secret_for(channel))
            except Refusal as problem:
                self.troubles[channel.key] = problem.message
                return None
        return self._lines[channel.key]

    def _sent(self, line: SmtpLine, doc: Doc, channel: Channel) -> SendOutcome:
        """Make the mail and hand it over. What it cannot be made of is told, and is no reason to stop."""
        try:
            letter = letter_of(self._parts(doc, channel))
        except (Refusal, Damaged, ValueError) as problem:
            return NotGiven(str(problem), final=True)
        left = str(doc.get("left") or "").split()
        if left:
            letter = type(letter)(
                letter.sender, [to for to in letter.receivers if to in left], letter.data, letter.utf8
            )
        return line.send(letter)

    def _parts(self, doc: Doc, channel: Channel) -> MailParts:
        read = message.read(0, doc)
        person = self._session.workspace.people.get(read.by)
        signature = channel.settings.get("signature", "")
        files = [MailFile(one.name, self._content(one.blob)) for one in read.files]
        return MailParts(
            sender=read.sender,
            to=read.to,
            cc=read.cc,
            subject=read.subject,
            text=f"{read.text.rstrip()}\n\n-- \n{signature}\n" if signature else read.text,
            message_id=f"<{read.message_id}>",
            at=read_stamp(read.at) or self._session.clock(),
            name=channel.settings.get("name") or (person.name if person is not None and channel.person else ""),
            in_reply_to=f"<{read.in_reply_to}>",
            references=[f"<{one}>" for one in read.references],
            files=files,
            html=channel.settings.get("html") == "yes",
        )

    def _content(self, blob: str) -> bytes:
        with self._session.store.blobs.open(blob) as content:
            return content.read()


_SENDS = ("smtp",)
"""Kinds of channels that mail goes out by."""
