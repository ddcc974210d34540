"""Texts that come in become records, each once, on the items of whom they are from; with how far their channel has come."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tuicrm.channels.channel import ReceivedText
from tuicrm.channels.texts import telegram
from tuicrm.domain.channels import TEXT_KINDS, Channel
from tuicrm.domain.conditions import And, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.contact_points import phone_in
from tuicrm.domain.messages import message, threads
from tuicrm.domain.messages.message import Message
from tuicrm.domain.stamps import read_stamp
from tuicrm.i18n import ngettext
from tuicrm.limits import COMMENT
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES, MESSAGES_KNOWN
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import positions
from tuicrm.services.messages.calls import on_of
from tuicrm.services.messages.positions import Position
from tuicrm.services.messages.reaching import reached_by
from tuicrm.services.messages.receiving import ReceivedStep
from tuicrm.services.messages.texting import start_name
from tuicrm.services.workspace.members import DEPARTMENT
from tuicrm.store.protocol import Doc, Find, Key, Ordered

_LONGEST_NAME = 200


class TextTaking:
    """Takes in what one channel brings."""

    def __init__(self, session: Session, channel: Channel) -> None:
        self._session, self._channel = session, channel
        self._just: dict[str, list[Ref]] = {}
        self._owner = channel.person or f"{DEPARTMENT}{channel.department}"

    def take(
        self,
        texts: Sequence[ReceivedText],
        now: Position | None = None,
        is_further: Callable[[Mapping[str, Any]], bool] = lambda _kept: False,
    ) -> list[ReceivedStep]:
        """Take some in, in one commit, with how far that is; where somebody else `is_further` by then, theirs stands."""
        steps: dict[int, ReceivedStep] = {}

        def write(draft: Draft) -> None:
            steps.clear()
            self._just.clear()
            for at, one in enumerate(texts):
                steps[at] = self._written(draft, one, numbers[at])
            if now is not None and not is_further(positions.kept(draft, now)):
                positions.put(draft, now)

        if not texts and now is None:
            return []
        numbers = self._session.store.new_ids(MESSAGES, len(texts)) if texts else []
        label = ngettext("take in a message", "take in {n} messages", len(texts)).format(n=len(texts))
        with self._session.change(label, fixed=True) as change:
            change.follow(write)
        return list(steps.values())

    def _written(self, draft: Draft, came: ReceivedText, number: int) -> ReceivedStep:
        key = self._channel.key
        name = "text:" + hashlib.sha256(f"{key}\0{came.id}".encode("utf-8", "surrogatepass")).hexdigest()
        known = Key(MESSAGES_KNOWN, threads.slot(name))
        there = draft.get(known) or {}
        kept = there.get(name)
        if isinstance(kept, int):
            return ReceivedStep(key, "known", kept)
        sender = self._sender(came.sender)
        refs = self._refs(draft, came, sender)
        if not refs and self._channel.take != "all" and not self._wrote_here(sender):
            return ReceivedStep(key, "unknown")
        made = self._message(draft, came, sender, refs, number)
        doc = message.written(made)
        message.check(None, doc)
        draft.put(Key(MESSAGES, number), doc)
        draft.put(known, {**there, name: number})
        self._just[sender] = list(refs) or self._just.get(sender, [])
        return ReceivedStep(key, "new", number, tuple(refs))

    def _message(self, draft: Draft, came: ReceivedText, sender: str, refs: Sequence[Ref], number: int) -> Message:
        text = "".join(sign if sign.isprintable() or sign in "\n\t" or sign > "\x9f" else " " for sign in came.text)
        sends = TEXT_KINDS[self._channel.kind]
        return Message(
            id=number,
            channel="whatsapp" if sends == "whatsapp" else "telegram" if sends == "telegram" else "sms",
            way="in",
            status="received",
            at=came.at if read_stamp(came.at) is not None else draft.now,
            by=self._session.person_key,
            owner=self._owner,
            account=self._channel.key,
            sender=sender,
            to=(self._channel.address,) if self._channel.address else (),
            text=_whole(text)[: COMMENT.most],
            note=_line(came.name),
            on=tuple(map(str, refs)),
        )

    def _sender(self, text: str) -> str:
        """A number in its stored form, where it is one; a chat, or a name that a network sends under, as it is."""
        if telegram.chat_of(text):
            return text
        try:
            return str(phone_in(text, self._session.context().country)["value"])
        except BadValue:
            return _line(text)

    def _refs(self, draft: Draft, came: ReceivedText, sender: str) -> list[Ref]:
        if self._channel.kind == "telegram":
            refs = self._invited(draft, came, sender) or self._of_chat(sender)
            return [ref for ref in refs if self._session.peek(ref) is not None]
        return on_of(self._session, reached_by(self._session, sender)) if sender.startswith("+") else []

    def _invited(self, draft: Draft, came: ReceivedText, sender: str) -> list[Ref]:
        """The items of the invitation that was followed: it is good for the chat that follows it first."""
        if not came.start:
            return []
        name = start_name(came.start)
        where = And((Test("message_id", "item", "=", name), Test("account", "string", "=", self._channel.key)))
        for record in self._session.whole.find(Find(MESSAGES, where)).records:
            key = Key(MESSAGES, record.id)
            doc = draft.get(key)
            if doc is not None and doc.get("message_id") == name and doc.get("to") in (None, [], [sender]):
                draft.put(key, {**doc, "to": [sender], "status": "delivered"})
                return message.bound_to(doc)
        return []

    def _of_chat(self, sender: str) -> list[Ref]:
        if self._just.get(sender):
            return self._just[sender]
        newest = self._newest_from(sender, bound=True)
        return message.bound_to(newest) if newest is not None else []

    def _wrote_here(self, sender: str) -> bool:
        """Whether somebody of this sender is known to the channel, though they are on nothing."""
        return sender in self._just or self._newest_from(sender, bound=False) is not None

    def _newest_from(self, sender: str, *, bound: bool) -> Doc | None:
        where = And((Test("from", "item", "=", sender), Test("account", "string", "=", self._channel.key)))
        order = Ordered(MESSAGES, where, (Sort("at", "datetime", descending=True),))
        ids = self._session.store.window(order, 20, 0).ids
        for record in self._session.store.get(MESSAGES, ids):
            if message_sight.may_read(self._session, record.doc) and (record.doc.get("on") or not bound):
                return record.doc
        return None


def _whole(text: str) -> str:
    """A text without halves of characters, which no file holds."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _line(text: str) -> str:
    return _whole(" ".join("".join(sign if sign.isprintable() else " " for sign in text).split()))[:_LONGEST_NAME]
