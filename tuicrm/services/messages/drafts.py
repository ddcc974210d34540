"""Mails that are begun and not sent: records with the status `draft`, for who writes them alone, on the items that they are about."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import msgspec
from msgspec import Struct

from tuicrm.domain.channels import Channel
from tuicrm.domain.conditions import And, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message
from tuicrm.domain.stamps import stamp
from tuicrm.errors import NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.outbox import MailDraft
from tuicrm.services.messages.records import SeenMessage
from tuicrm.store.protocol import Find


class KeptDraft(Struct, frozen=True):
    """A draft as it is gone on with: its id, the mail as far as it is written, the key of the channel it was to go by."""

    id: int
    mail: MailDraft
    account: str = ""


def keep(session: Session, channel: Channel, mail: MailDraft, number: int = 0) -> int:
    """Keep a mail as a draft: a new one, or in place of the one with this id; returns its id. Addresses need not be any yet.

    Raises NotFound for a draft that is gone, Refused for more than a message may hold."""
    answered = mail.answers
    made = Message(
        channel="mail",
        way="out",
        status="draft",
        at=stamp(session.moment()),
        by=session.person_key,
        owner=session.person_key,
        account=channel.key,
        private=True,
        sender=channel.address,
        to=tuple(" ".join(one.split()) for one in mail.to),
        cc=tuple(" ".join(one.split()) for one in mail.cc),
        subject=" ".join(mail.subject.split()),
        text=mail.text,
        files=tuple(mail.files),
        in_reply_to=answered.message_id if answered else "",
        thread=answered.root if answered else 0,
        on=tuple(map(str, dict.fromkeys(mail.on))),
    )
    doc = message.written(made)
    if number:
        kept(session, number)
    with session.change(_("keep a draft")) as change:
        if number:
            change.reshape(MESSAGES, number, lambda _doc: doc)
            return number
        return change.put(MESSAGES, doc)


def kept(session: Session, number: int) -> KeptDraft:
    """A draft of this person's. Raises NotFound, Refused for a message that is no draft."""
    found = records.by_id(session, number)
    one = found.record
    if one.status != "draft" or one.by != session.person_key:
        raise Refused(_("{ref} is not a draft of yours.").format(ref=found.ref))
    answered = _answered(session, one)
    private = answered.private if answered is not None else False
    mail = MailDraft(one.to, one.subject, one.text, one.cc, one.files, one.refs, answered, private)
    return KeptDraft(number, mail, one.account)


def drafts(session: Session, on: Ref | None = None) -> list[SeenMessage]:
    """This person's drafts, newest first: all, or those on an item."""
    where = And((Test("by", "string", "=", session.person_key), Test("status", "string", "=", "draft")))
    found: list[SeenMessage] = []
    for record in session.whole.find(Find(MESSAGES, where)).records:
        with suppress(NotFound):
            one = records.by_id(session, record.id)
            found += [one] if on is None or on in one.record.refs else []
    return sorted(found, key=lambda one: (one.record.at, one.record.id), reverse=True)


def _answered(session: Session, draft: Message) -> Message | None:
    """The mail that a draft answers, as far as it is still there."""
    if not draft.in_reply_to:
        return None
    members: Sequence[SeenMessage] = ()
    with suppress(NotFound):
        members = records.thread(session, records.by_id(session, draft.thread or draft.id).record)
    found = next((one.record for one in members if one.record.message_id == draft.in_reply_to), None)
    # What it answers was deleted: it stays an answer to the same Message-ID.
    return found or msgspec.structs.replace(Message(), message_id=draft.in_reply_to, thread=draft.thread)
