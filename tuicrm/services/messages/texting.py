"""Texts that people write: SMS and messengers, queued as mails are; invitations by link, recorded as sent by hand."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from unicodedata import category

import msgspec
from msgspec import Struct

from tuicrm.channels import links
from tuicrm.channels.texts import telegram, whatsapp
from tuicrm.channels.texts.sms_folder import lost_characters
from tuicrm.channels.texts.telegram import CHAT
from tuicrm.channels.texts.whatsapp import WhatsappTemplate
from tuicrm.domain.channels import Channel, texts_of
from tuicrm.domain.conditions import And, Condition, OneOf, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message, MessageChannel
from tuicrm.domain.messages.sms_parts import sms_parts
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.errors import AccessDenied, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import SMS_PARTS
from tuicrm.regex import regex
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.accounts import channels, find_channel, may_use
from tuicrm.services.messages.calls import on_of
from tuicrm.services.messages.reaching import Reached
from tuicrm.services.workspace import shared_settings
from tuicrm.store.protocol import Find, Key, Ordered

WINDOW = timedelta(hours=24)
"""How long after somebody wrote in WhatsApp they may be written to without a template."""
_NUMBER = regex(r"\+?[0-9]{3,20}")
_LOOKED_AT = 50
_TEXTS: tuple[MessageChannel, ...] = ("sms", "whatsapp", "telegram")


class TextDraft(Struct, frozen=True):
    """A text that somebody wrote: for which number or chat, on which items; for WhatsApp perhaps by a template."""

    to: str
    text: str
    on: Sequence[Ref] = ()
    template: WhatsappTemplate | None = None


def text_channel(session: Session, sends: MessageChannel, named: str = "") -> Channel:
    """The channel that a text goes by: the named one, else their own, else their department's. Raises Refused, NotFound."""
    if named:
        found = find_channel(session, named)
        if texts_of(found) != sends:
            raise _wrong("channel", _("{channel} sends no such messages.").format(channel=found.label))
        return found
    usable = [one for one in channels(session) if texts_of(one) == sends and may_use(session, one)]
    best = min(usable, key=lambda one: not one.person, default=None)
    if best is None:
        raise _wrong(
            "channel", _("There is no channel to send by: tuicrm channel add (see tuicrm channel add --help).")
        )
    return best


# -- queueing ----------------------------------------------------------------------------------------------------------
def queue_text(session: Session, channel: Channel, draft: TextDraft, *, now: bool = False, instead_of: int = 0) -> int:
    """Have a text sent, as `outbox.queue` does a mail, in place of a draft that is kept of it.

    Raises Refused for a text, number or moment that will not do, AccessDenied for a channel that is not theirs, NotFound for items."""
    if not may_use(session, channel):
        raise AccessDenied(_("{channel} is somebody else's channel.").format(channel=channel.label))
    sends = _sends(channel)
    to = checked_to(sends, draft.to)
    text = checked_text(sends, draft.text)
    if sends == "whatsapp" and draft.template is None:
        _require_window(session, channel, to)
    if channel.kind == "sms_folder":
        said = channel.settings
        if why := lost_characters(said.get("layout") or "gammu", text, wide=said.get("unicode") == "yes"):
            raise _wrong("text", why)
    delay = timedelta(seconds=0 if now else int(shared_settings.value_of(session, shared_settings.SEND_DELAY)))
    made = Message(
        id=session.store.new_ids(MESSAGES, 1)[0],
        channel=sends,
        way="out",
        status="queued",
        at=stamp(session.moment()),
        after=stamp(session.clock() + delay),
        by=session.person_key,
        owner=session.person_key,
        account=channel.key,
        sender=channel.address,
        to=(to,),
        text=text,
        on=tuple(map(str, on_of(session, draft.on))),
        parts=len(sms_parts(text).parts) if sends == "sms" else 0,
        digest=secrets.token_hex(8),
    )
    doc = message.written(made)
    if draft.template is not None:
        doc["template"] = msgspec.json.encode(draft.template).decode()
    _put(session, made.id, doc, _("write a message"), instead_of, sends=made.id)
    return made.id


def _put(
    session: Session, number: int, doc: dict[str, object], label: str, instead_of: int = 0, **meta: object
) -> None:
    def write(draft: Draft) -> None:
        message.check(None, doc)
        draft.put(Key(MESSAGES, number), doc)

    with session.change(label, **meta) as change:
        if instead_of:
            change.remove(MESSAGES, instead_of)
        change.follow(write)


def _sends(channel: Channel) -> MessageChannel:
    sends = texts_of(channel)
    for known in _TEXTS:
        if sends == known:
            return known
    raise _wrong("channel", _("{channel} sends no such messages.").format(channel=channel.label))


def checked_to(sends: MessageChannel, to: str) -> str:
    """The number or chat as it is given to a server. Raises Refused."""
    if sends == "telegram":
        if telegram.chat_of(to):
            return to
        raise _wrong("to", _("This client has not opened a chat with the bot yet: invite them first."))
    number = links.dialled(to)
    if not _NUMBER.fullmatch(number) or (sends == "whatsapp" and not number.startswith("+")):
        raise _wrong("to", _("a whole number is expected, such as +39 333 1234567"))
    return number


def checked_text(sends: MessageChannel, text: str) -> str:
    """A text as it is sent: with simple line ends, none at its end. Raises Refused for an empty one, one with control characters, and
    one that is too long."""
    text = text.replace("\r\n", "\n").rstrip(" \n\t")
    if not text:
        raise _wrong("text", _("a text is expected"))
    if any(category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise _wrong("text", _("it holds control characters, which no message carries"))
    if sends == "sms":
        SMS_PARTS.check("text", sms_parts(text).parts)
    elif len(text) > (most := whatsapp.LONGEST if sends == "whatsapp" else telegram.LONGEST):
        raise _wrong("text", _("at most {n} characters are expected").format(n=most))
    return text


# -- WhatsApp's window -------------------------------------------------------------------------------------------------
def window_closes(session: Session, channel: Channel, number: str) -> datetime | None:
    """Until when a number may be written to without a template (perhaps over by now); None where nobody wrote from it."""
    came = And((_is("channel", "whatsapp"), _is("way", "in"), _is("from", number), _is("account", channel.key)))
    moments = [read_stamp(one.doc.get("at")) for one in session.whole.find(Find(MESSAGES, came)).records]
    newest = max((one for one in moments if one is not None), default=None)
    return newest + WINDOW if newest is not None else None


def _require_window(session: Session, channel: Channel, number: str) -> None:
    closes = window_closes(session, channel, number)
    if closes is None:
        raise _wrong(
            "template",
            _("Nobody has written from {number} yet: WhatsApp takes only a template.").format(number=number),
        )
    if closes <= session.clock():
        from tuicrm.domain.kinds.dates import short_when

        told = _("The 24 hours since {number} last wrote ended {when}: WhatsApp takes only a template.")
        raise _wrong("template", told.format(number=number, when=short_when(stamp(closes), session.context())))


# -- Telegram's chats, invitations -------------------------------------------------------------------------------------
def chat_with(session: Session, refs: Sequence[Ref], channel: Channel) -> str:
    """The chat that a client opened with a bot (`telegram:42`); "" where they have not."""
    where: Condition = And(
        (
            _is("channel", "telegram"),
            _is("way", "in"),
            _is("account", channel.key),
            OneOf("on", "item", tuple(map(str, refs))),
        )
    )
    order = Ordered(MESSAGES, where, (Sort("at", "datetime", descending=True),))
    for number in session.store.window(order, _LOOKED_AT, 0).ids:
        for record in session.store.get(MESSAGES, [number]):
            if message_sight.may_read(session, record.doc) and telegram.chat_of(str(record.doc.get("from"))):
                return str(record.doc["from"])
    return ""


def invite_to_bot(
    session: Session, channel: Channel, on: Sequence[Ref], text: str = "", *, instead_of: int = 0
) -> tuple[str, int]:
    """A link by which a client opens a chat with a bot, which is theirs from then on; the message that records it. Each link is good
    for one chat. Raises Refused, AccessDenied, NotFound."""
    if not may_use(session, channel):
        raise AccessDenied(_("{channel} is somebody else's channel.").format(channel=channel.label))
    for ref in on:
        session.get(ref)
    code = secrets.token_urlsafe(16)
    link = f"{links.telegram_link(channel.settings.get('bot', ''))}?start={code}"
    said = f"{text.rstrip()}\n{link}" if text.strip() else link
    hand = ByHand("telegram", said, account=channel.key, message_id=start_name(code))
    return link, _by_hand(session, hand, on, instead_of)


def start_name(code: str) -> str:
    """What an invitation is found by."""
    return f"start:{code}"


def first_word(sends: MessageChannel, name: str, text: str) -> str:
    """A link that opens WhatsApp or Telegram with a first word written already. `name` is a name of Telegram's or a number. Raises
    Refused."""
    return _link(sends, name, checked_text(sends, text))


def chat_link(sends: MessageChannel, name: str) -> str:
    """The same without a word. Raises Refused."""
    return _link(sends, name, "")


def _link(sends: MessageChannel, name: str, text: str) -> str:
    try:
        return links.whatsapp_link(name, text) if sends == "whatsapp" else links.telegram_link(name, text)
    except Refused as refused:
        raise _wrong("to", refused.message) from refused


def record_by_hand(
    session: Session, sends: MessageChannel, to: Reached, name: str, text: str, *, instead_of: int = 0
) -> int:
    """Keep a text as sent by hand, in place of a draft of it; returns its id. Raises Refused."""
    return _by_hand(session, ByHand(sends, checked_text(sends, text), to=name), to.on, instead_of)


def invite_by_link(session: Session, sends: MessageChannel, to: Reached, name: str, text: str) -> tuple[str, int]:
    """As `first_word`, recorded as sent by hand: the link, and the message that records it. Raises Refused."""
    return first_word(sends, name, text), record_by_hand(session, sends, to, name, text)


class ByHand(Struct, frozen=True):
    """What somebody sent, or hands over, themselves."""

    sends: MessageChannel
    text: str
    to: str = ""
    account: str = ""
    message_id: str = ""


def _by_hand(session: Session, hand: ByHand, on: Sequence[Ref], instead_of: int = 0) -> int:
    made = Message(
        id=session.store.new_ids(MESSAGES, 1)[0],
        channel=hand.sends,
        way="out",
        status="sent",
        at=stamp(session.moment()),
        by=session.person_key,
        account=hand.account,
        to=(hand.to,) if hand.to else (),
        text=hand.text,
        message_id=hand.message_id,
        on=tuple(map(str, on_of(session, on))),
    )
    _put(session, made.id, message.written(made), _("invite to a messenger"), instead_of)
    return made.id


def _is(field: str, value: str) -> Condition:
    return Test(field, "item", "=", value)


def _wrong(field: str, told: str) -> Refused:
    return Refused(told, [FieldProblem(field, told)])


__all__ = [
    "CHAT", "WINDOW", "TextDraft", "WhatsappTemplate", "chat_link", "chat_with", "checked_text", "checked_to", "first_word",
    "invite_by_link", "invite_to_bot", "queue_text", "record_by_hand", "start_name", "text_channel", "window_closes",
]  # fmt: skip
