"""Chats of Telegram: an invitation has a code that nobody guesses; who presses start with it is its items' client from then on."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from tuicrm.domain.channels import Channel
from tuicrm.domain.conditions import And, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.i18n import _
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.calls import on_of
from tuicrm.store.protocol import Find, Key, Record

CHATS = "chat"
"""The table of invitations and of the chats that came of them."""
_START = "/start "


class Chat(Struct, frozen=True):
    """An invitation by a channel: its code, the items that it is of; the `chat` once its start was pressed ("": not yet)."""

    id: int
    channel: str
    code: str
    on: tuple[Ref, ...] = ()
    chat: str = ""


def invite(session: Session, channel: Channel, refs: Sequence[Ref]) -> Chat:
    """The invitation of an item by a bot; the same one as long as nobody pressed its start. Raises NotFound."""
    on = tuple(on_of(session, refs))
    for one in _found(session, channel.key, "on", str(refs[0])):
        if not one.chat:
            return one
    code = secrets.token_urlsafe(24)
    doc = {"channel": channel.key, "code": code, "on": [str(ref) for ref in on], "by": session.person_key}
    number = session.store.new_ids(CHATS, 1)[0]
    with session.change(_("invite to a messenger"), fixed=True) as change:
        change.follow(lambda draft: draft.put(Key(CHATS, number), doc))
    return Chat(number, channel.key, code, on)


def chat_of(session: Session, channel: Channel, refs: Sequence[Ref]) -> str:
    """The chat with the client of one of these items; "" where there is no such yet."""
    for ref in on_of(session, refs):
        for one in _found(session, channel.key, "on", str(ref)):
            if one.chat:
                return one.chat
    return ""


def of_chat(session: Session, channel: Channel, chat: str) -> tuple[Ref, ...]:
    """The items that a chat is of; () where it is nobody's."""
    return next((one.on for one in _found(session, channel.key, "chat", chat)), ())


def code_in(text: str) -> str:
    """The code with which somebody pressed start; "" for any other text."""
    return text.removeprefix(_START).strip() if text.startswith(_START) else ""


def bind(draft: Draft, session: Session, channel: Channel, code: str, chat: str) -> tuple[Ref, ...]:
    """Bind a chat to the items of the invitation of that code, once; () for a code that is nobody's, or is used by another."""
    for one in _found(session, channel.key, "code", code):
        key = Key(CHATS, one.id)
        doc = draft.get(key)
        if doc is None or (doc.get("chat") or chat) != chat:
            return ()
        draft.put(key, {**doc, "chat": chat})
        return one.on
    return ()


def _found(session: Session, channel: str, name: str, value: str) -> list[Chat]:
    where = And((Test("channel", "string", "=", channel), Test(name, "string", "=", value)))
    return [_read(one) for one in session.whole.find(Find(CHATS, where)).records]


def _read(record: Record) -> Chat:
    """A record as it can be read; what is no such value is left out."""
    doc: dict[str, Any] = record.doc
    texts = {name: doc[name] for name in ("channel", "code", "chat") if isinstance(doc.get(name), str)}
    return Chat(record.id, **{"channel": "", "code": "", **texts}, on=tuple(message.bound_to(doc)))
