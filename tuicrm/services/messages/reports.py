"""What servers tell of messages that they took: arrived, or not. A report changes only what it is of, and never backwards."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.channels.channel import SentReport
from tuicrm.domain.channels import Channel
from tuicrm.domain.conditions import And, Condition, Test
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox
from tuicrm.store.protocol import Doc, Find, Record

_OPEN = ("sent", "unknown")


def report(session: Session, channel: Channel, told: SentReport) -> int:
    """Note a report on the message of a channel that it is of; its id, 0 where nothing here is meant or nothing new is told."""
    noted: list[int] = []

    def step(_draft: Draft, doc: Doc) -> Doc | None:
        status = doc.get("status")
        if doc.get("message_id") != told.id or status not in _OPEN or status == told.status:
            return None
        after = {name: value for name, value in doc.items() if name not in ("lease", "after", "error")}
        noted[:] = numbers
        return {**after, "status": told.status, **({"error": told.why} if told.why else {})}

    numbers = [record.id for record in _of(session, channel, _named(told.id))][:1]
    for number in numbers:
        outbox.reshape(session, number, step)
    return noted[0] if noted else 0


def waiting(session: Session, channel: Channel, most: int = 0) -> list[str]:
    """What a channel's server calls the messages whose end is not known, newest first; all for 0."""
    found = sorted(_of(session, channel, Test("status", "string", "=", "sent")), key=lambda one: -one.id)
    names = [str(one.doc["message_id"]) for one in found if one.doc.get("message_id")]
    return names[:most] if most else names


def is_sending(session: Session, channel: Channel) -> bool:
    """Whether a message is on its way at this moment: what is told of it cannot be known by its name yet."""
    return bool(_of(session, channel, Test("status", "string", "=", "sending")))


def is_known(session: Session, channel: Channel, name: str) -> bool:
    """Whether a message here is called so by the channel's server."""
    return bool(_of(session, channel, _named(name)))


def _named(name: str) -> Condition:
    """As a key is compared, not as a text: servers tell capitals from small letters."""
    return Test("message_id", "item", "=", name)


def _of(session: Session, channel: Channel, which: Condition) -> Sequence[Record]:
    of = (Test("account", "string", "=", channel.key), Test("way", "string", "=", "out"), which)
    return session.whole.find(Find(MESSAGES, And(of))).records
