"""Short texts that come in: each once, bound to whom its number or chat is of; and what is heard of those that went out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from tuicrm.channels.texts.text import InText, StatusNews
from tuicrm.domain.channels import Channel
from tuicrm.domain.conditions import And, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.contact_points import phone_in
from tuicrm.domain.messages import message, threads
from tuicrm.domain.messages.message import Message, MessageChannel
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.limits import COMMENT
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES, MESSAGES_KNOWN
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import chats
from tuicrm.services.messages.calls import on_of
from tuicrm.services.messages.reaching import reached_by
from tuicrm.services.workspace.members import DEPARTMENT
from tuicrm.store.protocol import Doc, Find, Key


class TextTaken(Struct, frozen=True):
    """What became of a text that came: its id, whether it is new here, and the items that it is on."""

    id: int
    new: bool
    on: tuple[Ref, ...] = ()


def take_texts(
    session: Session,
    channel: Channel,
    kind: MessageChannel,
    texts: Sequence[InText],
    beside: Callable[[Draft], None] = lambda _draft: None,
) -> list[TextTaken]:
    """Take some in, in one commit, with what is written `beside` it (how far the channel was read). Each comes in once, however often
    it is brought."""
    found = [(one, _items(session, channel, kind, one)) for one in texts]
    ids = session.store.new_ids(MESSAGES, len(texts)) if texts else []
    taken: list[TextTaken] = []

    def intent(draft: Draft) -> None:
        taken.clear()
        for number, (one, on) in zip(ids, found, strict=True):
            name = f"{channel.key}:{one.name}"
            key = Key(MESSAGES_KNOWN, threads.slot(name))
            there = draft.get(key) or {}
            known = there.get(name)
            if isinstance(known, dict) and known:
                taken.append(TextTaken(next((n for n in known.values() if isinstance(n, int)), 0), False))
                continue
            code = chats.code_in(one.text) if kind == "telegram" else ""
            bound = chats.bind(draft, session, channel, code, one.sender) if code else tuple(on)
            doc = message.written(_made(session, channel, kind, one, bound, name))
            message.check(None, doc)
            draft.put(Key(MESSAGES, number), doc)
            draft.put(key, {**there, name: {name: number}})
            taken.append(TextTaken(number, True, bound))
        beside(draft)

    # Everybody reads the journal: it names nothing.
    with session.change(_("take messages in"), fixed=True) as change:
        change.follow(intent)
    return taken


def _items(session: Session, channel: Channel, kind: MessageChannel, one: InText) -> list[Ref]:
    """The items that a text is about: whom its number or chat is of, with what is open of theirs."""
    refs = (
        chats.of_chat(session, channel, one.sender)
        if kind == "telegram"
        else reached_by(session, number_of(session, one.sender))
    )
    return on_of(session, list(refs)) if refs else []


def number_of(session: Session, sender: str) -> str:
    """A sender's number in its stored form; what is no number (a name, a short code) as it is."""
    try:
        return str(phone_in(sender, session.context().country)["value"])
    except BadValue:
        return sender


def _made(
    session: Session, channel: Channel, kind: MessageChannel, one: InText, on: Iterable[Ref], name: str
) -> Message:
    sender = " ".join((number_of(session, one.sender) if kind != "telegram" else one.sender).split())[:100]
    return Message(
        channel=kind,
        way="in",
        status="received",
        at=one.at or stamp(session.clock()),
        by=session.person_key,
        owner=channel.person or f"{DEPARTMENT}{channel.department}",
        account=channel.key,
        sender=sender,
        to=(channel.address,) if channel.address else (),
        subject=" ".join(one.who.split())[:100],
        text=one.text.replace("\0", "")[: COMMENT.most],
        message_id=name,
        on=tuple(map(str, on)),
    )


# -- what is heard later -----------------------------------------------------------------------------------------------
def waiting_names(session: Session, channel: Channel) -> dict[str, int]:
    """The texts of a channel that are sent and of which nothing more is known yet: what the channel calls them, and their ids."""
    where = And((Test("account", "string", "=", channel.key), Test("status", "string", "=", "sent")))
    found = session.whole.find(Find(MESSAGES, where)).records
    prefix = f"{channel.key}:"
    return {
        str(one.doc["message_id"]).removeprefix(prefix): one.id
        for one in found
        if str(one.doc.get("message_id") or "").startswith(prefix)
    }


def note_news(session: Session, channel: Channel, news: Iterable[StatusNews]) -> list[int]:
    """Write down what became of texts that went out; the ids of those that it is new of."""
    names = waiting_names(session, channel)
    told = [(names[one.name], one) for one in news if one.name in names and one.status in ("delivered", "failed")]
    changed: list[int] = []

    def intent(draft: Draft) -> None:
        changed.clear()
        for number, one in told:
            key = Key(MESSAGES, number)
            doc: Doc | None = draft.get(key)
            if doc is not None and doc.get("status") == "sent":
                why = one.why or (_("it was not delivered") if one.status == "failed" else "")
                draft.put(key, {**doc, "status": one.status, **({"error": why[:300]} if why else {})})
                changed.append(number)

    if told:
        with session.change(_("note what became of messages"), fixed=True) as change:
            change.follow(intent)
    return changed
