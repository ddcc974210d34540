"""Short texts that go out: SMS, WhatsApp, Telegram; queued as mails are, or recorded where a person sent them by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tuicrm.channels.texts.whatsapp import WINDOW
from tuicrm.domain.channels import Channel
from tuicrm.domain.conditions import And, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message, MessageChannel
from tuicrm.domain.messages.sms_parts import sms_parts
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import TEXT_SENT
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.accounts import channels, find_channel, may_use
from tuicrm.services.messages.calls import on_of
from tuicrm.services.messages.outbox import not_before
from tuicrm.services.messages.records import SeenMessage, by_id
from tuicrm.services.messages.senders import sends
from tuicrm.store.protocol import Ordered


class TextDraft(Struct, frozen=True):
    """A short text that somebody wrote: to which number or chat, on which items; in WhatsApp, perhaps one of its templates."""

    to: str
    text: str
    on: Sequence[Ref] = ()
    template: str = ""
    language: str = ""
    parameters: Sequence[str] = ()


def texting_channel(session: Session, channel: MessageChannel, named: str = "") -> Channel:
    """The channel that texts go by: the one that is named, else the person's first, else their department's. Raises Refused where
    there is no such, NotFound."""
    if named:
        found = find_channel(session, named)
        if sends(found) != channel:
            raise Refused(_("{name} sends no such messages.").format(name=found.label))
        return found
    first = next(iter(texting_channels(session, channel)), None)
    if first is None:
        told = _("There is no channel to send by: tuicrm channel add (see tuicrm channel add --help).")
        raise Refused(told, [FieldProblem("channel", told)])
    return first


def texting_channels(session: Session, channel: MessageChannel) -> list[Channel]:
    """The channels by which this person may send such texts, their own first."""
    usable = [one for one in channels(session) if sends(one) == channel and may_use(session, one)]
    return sorted(usable, key=lambda one: not one.person)


def queue_text(session: Session, channel: Channel, draft: TextDraft, *, now: bool = False) -> SeenMessage:
    """Have a text sent, when the delay of the workspace is over, or at once (`now`). One undoable step until then.

    Raises Refused for an empty or too long text, and for a free one to a client whose window in WhatsApp is closed, AccessDenied for a
    channel that is not theirs, NotFound for items."""
    kind = sends(channel)
    if kind is None or kind == "mail":
        raise Refused(_("{name} sends no such messages.").format(name=channel.label))
    if not may_use(session, channel):
        raise AccessDenied(_("{channel} is somebody else's channel.").format(channel=channel.label))
    text = _checked(draft)
    if kind == "whatsapp" and not draft.template and (why := why_window_closed(session, channel, draft.to)):
        raise Refused(why, [FieldProblem("text", why)])
    fields = Message(
        channel=kind,
        way="out",
        status="queued",
        at=stamp(session.moment()),
        after=not_before(session, now=now),
        by=session.person_key,
        owner=session.person_key,
        account=channel.key,
        sender=channel.address,
        to=(draft.to,),
        subject=f"{draft.template} {draft.language}".strip(),
        text=text,
        references=tuple(draft.parameters),
        parts=len(sms_parts(text).parts) if kind == "sms" else 0,
        on=tuple(map(str, on_of(session, draft.on))),
    )
    return _put(session, fields, _("write a message"))


def record_sent(session: Session, kind: MessageChannel, draft: TextDraft) -> SeenMessage:
    """Keep a text that the person sent by hand, from the phone in their hand. Raises Refused, NotFound."""
    fields = Message(
        channel=kind,
        way="out",
        status="sent",
        at=stamp(session.moment()),
        by=session.person_key,
        owner=session.person_key,
        to=(draft.to,) if draft.to else (),
        text=_checked(draft, may_be_empty=True),
        on=tuple(map(str, on_of(session, draft.on))),
    )
    return _put(session, fields, _("note a message that was sent"))


def _checked(draft: TextDraft, *, may_be_empty: bool = False) -> str:
    text = draft.text.replace("\r\n", "\n").strip()
    if not text and not may_be_empty and not draft.template:
        told = _("is required")
        raise Refused(f"text: {told}", [FieldProblem("text", told)])
    TEXT_SENT.check("text", text)
    return text


def _put(session: Session, made: Message, label: str) -> SeenMessage:
    doc = message.written(made)
    message.check(None, doc)
    with session.change(label) as change:
        number = change.put(MESSAGES, doc)
        if made.status == "queued":
            # Once it is out, undo means what was done before.
            change.meta["sends"] = number
    return by_id(session, number)


# -- WhatsApp's window -------------------------------------------------------------------------------------------------
def window_until(session: Session, channel: Channel, to: str) -> datetime | None:
    """Until when WhatsApp lets a free text through to a number: 24 hours after its last word; None where it said none here."""
    where = And((Test("account", "string", "=", channel.key), Test("from", "string", "=", to)))
    order = Ordered(MESSAGES, where, (Sort("at", "datetime", descending=True),))
    for number in session.whole.window(order, 1, 0).ids:
        for record in session.whole.get(MESSAGES, [number]):
            said = read_stamp(record.doc.get("at"))
            return said + WINDOW if said is not None else None
    return None


def why_window_closed(session: Session, channel: Channel, to: str) -> str:
    """Why a free text would not get through, as a sentence; "" where it does."""
    until = window_until(session, channel, to)
    if until is None:
        return _(
            "WhatsApp lets a text through only within 24 hours of the client's last message, and none has come: use a template."
        )
    if until > session.clock():
        return ""
    hours = (session.clock() - until) // timedelta(hours=1)
    return _("WhatsApp's 24 hours since the client's last message were over {n} hours ago: use a template.").format(
        n=hours
    )
