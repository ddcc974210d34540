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

from tuicrm.channels.channel import NotGiven
from tuicrm.domain.channels import Channel
from tuicrm.errors import Refusal
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox
from tuicrm.services.messages.accounts import may_use
from tuicrm.services.messages.senders import SENDERS, Sender, sends
from tuicrm.services.messages.writing import sending_channel
from tuicrm.store.protocol import Record


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
        self._senders: dict[str, Sender] = {}
        self.troubles: dict[str, str] = {}
        """Channels that do not work here, by key, and why: their messages wait."""
        self._looked_at: frozenset[int] = frozenset()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        for sender in self._senders.values():
            sender.close()
        self._senders.clear()

    def send_due(self, only: int = 0) -> Iterator[WorkerStep]:
        """Send what is due by now (`only`: this message), and say of each what became of it. Raises StorageError."""
        session = self._session
        session.store.refresh()
        self.troubles.clear()
        for number in outbox.sweep(session):
            yield WorkerStep(number, "unknown", _("a worker ended while it was sending it"))
        due = outbox.due(session)
        self._looked_at = frozenset(record.id for record in due)
        for record in due:
            if only and record.id != only:
                continue
            channel = self._channel_of(record)
            if channel is None or not self._is_ours(record.doc, channel) or channel.key in self.troubles:
                continue
            session.store.refresh()
            sender = self._sender(channel)
            if sender is None:
                continue
            doc = outbox.take(session, record.id, self.name)
            if doc is None:
                continue
            outcome = sender.send(doc)
            if isinstance(outcome, NotGiven) and outcome.account:
                self.troubles[channel.key] = outcome.why
            status = outbox.note(session, record.id, self.name, outcome)
            yield WorkerStep(record.id, status, getattr(outcome, "why", ""))

    def has_more(self) -> bool:
        """Whether something is due by now that was not when the last look began: written while others were sent."""
        self._session.store.refresh()
        return any(record.id not in self._looked_at for record in outbox.due(self._session))

    def _channel_of(self, record: Record) -> Channel | None:
        """What a message goes by. A mail of this person's that was written before they had a channel goes by their first one now."""
        account = str(record.doc.get("account") or "")
        if account or record.doc.get("channel") != "mail" or record.doc.get("by") != self._session.person_key:
            return self._session.workspace.channels.get(account)
        found = sending_channel(self._session, later=True)
        if not found.key:
            return None
        outbox.adopt(self._session, record.id, found)
        return found

    def _is_ours(self, doc: Mapping[str, object], channel: Channel) -> bool:
        """Whether this person's worker sends a message: by their own channel what they wrote, by a department's what anybody did."""
        if doc.get("way") != "out" or doc.get("channel") != sends(channel):
            return False
        mine = not channel.person or doc.get("by") == channel.person
        return mine and may_use(self._session, channel)

    def _sender(self, channel: Channel) -> Sender | None:
        """What sends by a channel; None where it cannot be had here, which is noted."""
        if channel.key not in self._senders:
            try:
                self._senders[channel.key] = SENDERS[channel.kind].sender(self._session, channel)
            except Refusal as problem:
                self.troubles[channel.key] = problem.message
                return None
        return self._senders[channel.key]
