"""Messages as they stand: read by those who may, bound otherwise, shared, deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

from tuicrm.domain.conditions import And, Condition, Empty, Not, Or, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message
from tuicrm.errors import NotFound
from tuicrm.i18n import _
from tuicrm.limits import MESSAGE_ITEMS
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Find, Key, Ordered, Record

_STEP = 200


class SeenMessage(Struct, frozen=True):
    """A message as a person may see it: its ref (`MSG-12`), the items that it is on as they are shown (`C-3`), and on how many more it
    is that they may not read."""

    ref: str
    record: Message
    on: tuple[str, ...] = ()
    more: int = 0


def find_message(session: Session, text: str) -> SeenMessage:
    """A message by its ref (`MSG-12`, `12`). Raises NotFound, in the same words whether there is no such or it may not be read."""
    number = message.read_ref(text)
    if number:
        return by_id(session, number)
    raise NotFound(_("{text} is not a ref of a message; one looks like MSG-12.").format(text=text))


def by_id(session: Session, number: int) -> SeenMessage:
    """The same by its id. Raises NotFound."""
    with suppress(NotFound):
        return seen(session, session.record(MESSAGES, number))
    raise NotFound(_("There is no message {ref}.").format(ref=message.show_ref(number)))


def seen(session: Session, record: Record) -> SeenMessage:
    """A message of a record as `Session.seen` gave it."""
    read = message.read(record.id, record.doc)
    more = record.doc.get("more")
    on = tuple(session.workspace.show_ref(ref) for ref in read.refs)
    return SeenMessage(message.show_ref(record.id), read, on, more if isinstance(more, int) else 0)


def of_item(session: Session, ref: Ref) -> list[SeenMessage]:
    """The messages of an item that this person may read, newest first; [] where the item may not be read."""
    found = [seen(session, record) for record in session.owned(MESSAGES, ref)]
    return sorted(found, key=lambda one: (one.record.at, one.record.id), reverse=True)


def newest(session: Session, n: int) -> list[SeenMessage]:
    """The newest messages of all items that this person may read, so many at most; those of the inbox among them."""
    return first(session, None, n)


def inbox(session: Session, n: int = 0) -> list[SeenMessage]:
    """The messages that are bound to nothing and this person's own, newest first; all for 0."""
    return first(session, And((Empty("on"), Not(Test("status", "string", "=", "draft")))), n)


def unanswered(session: Session, n: int = 0) -> list[SeenMessage]:
    """What came and waits for an answer, newest first."""
    return first(session, Test("unanswered", "boolean", "=", True), n)


def failed(session: Session, n: int = 0) -> list[SeenMessage]:
    """What did not arrive, or perhaps did not, newest first."""
    return first(session, Or(tuple(Test("status", "string", "=", one) for one in ("failed", "unknown"))), n)


def thread(session: Session, of: Message) -> list[SeenMessage]:
    """The messages of a thread that this person may read, oldest first."""
    where = Or((Test("thread", "integer", "=", of.root), Test("id", "integer", "=", of.root)))
    found = [one for one in first(session, where, 0) if one.record.root == of.root]
    found = found if any(one.record.id == of.id for one in found) else [*found, by_id(session, of.id)]
    return sorted(found, key=lambda one: (one.record.at, one.record.id))


def first(session: Session, where: Condition | None, n: int) -> list[SeenMessage]:
    """The newest messages that this person may read, `n` at most (0: all), of those that a condition is true of."""
    order = Ordered(MESSAGES, where, (Sort("at", "datetime", descending=True),))
    found: list[SeenMessage] = []
    at = 0
    while True:
        window = session.store.window(order, _STEP, at)
        for number in window.ids:
            with suppress(NotFound):
                found.append(by_id(session, number))
            if n and len(found) == n:
                return found
        at += len(window.ids)
        if len(window.ids) < _STEP:
            return found


def original(session: Session, found: SeenMessage) -> bytes:
    """The mail as it came. Raises NotFound where it was not kept, Damaged."""
    if not found.record.raw:
        raise NotFound(_("{ref} has no original: it was written here.").format(ref=found.ref))
    with session.store.blobs.open(found.record.raw) as file:
        return file.read()


# -- changing ----------------------------------------------------------------------------------------------------------
def link(session: Session, found: SeenMessage, refs: Sequence[Ref]) -> SeenMessage:
    """Bind a message to items as well. Raises NotFound, AccessDenied, Refused for more than `limits.MESSAGE_ITEMS`."""
    names = ", ".join(map(session.workspace.show_ref, refs))
    label = _("link {message} to {items}").format(message=found.ref, items=names)
    return _reshape(session, found, label, lambda doc: with_refs(doc, refs))


def unlink(session: Session, found: SeenMessage, refs: Sequence[Ref]) -> SeenMessage:
    """Take a message off items. Raises AccessDenied, NotFound where it is not on one of them."""
    for ref in refs:
        if session.workspace.show_ref(ref) not in found.on:
            shown = session.workspace.show_ref(ref)
            raise NotFound(_("{message} is not on {item}.").format(message=found.ref, item=shown))
    gone = set(map(str, refs))
    names = ", ".join(map(session.workspace.show_ref, refs))
    label = _("take {message} off {items}").format(message=found.ref, items=names)

    def step(doc: Doc) -> Doc:
        return without_empty({**doc, "on": [str(ref) for ref in message.bound_to(doc) if str(ref) not in gone]})

    return _reshape(session, found, label, step)


def share(session: Session, found: SeenMessage, *, private: bool = False) -> SeenMessage:
    """Let everybody read a message who may read one of its items; or have it for its owner alone again. Raises AccessDenied."""
    label = _("make {message} private") if private else _("share {message}")
    label = label.format(message=found.ref)
    return _reshape(session, found, label, lambda doc: without_empty({**doc, "private": private}))


def settle_answer(session: Session, found: SeenMessage, *, waits: bool = False) -> SeenMessage:
    """Say of a message that came that it needs no answer (any more); or that it waits for one. Raises AccessDenied, Refused."""
    from tuicrm.errors import Refused

    if found.record.way != "in":
        raise Refused(_("{message} went out: it waits for no answer of yours.").format(message=found.ref))
    label = _("{message} waits for an answer") if waits else _("{message} needs no answer")
    return _reshape(
        session, found, label.format(message=found.ref), lambda doc: without_empty({**doc, "unanswered": waits})
    )


def share_account(session: Session, account: str, *, private: bool = False) -> int:
    """Share all of one's own that came by an account, or have it for its owner alone again; how many messages that changed."""
    records = session.whole.find(Find(MESSAGES, Test("account", "string", "=", account))).records
    mine = [one.id for one in records if message_sight.is_own(session, one.doc) and one.doc.get("way") == "in"]
    changed: list[int] = []

    def intent(draft: Draft) -> None:
        changed.clear()
        for number in mine:
            doc = draft.get(Key(MESSAGES, number))
            if doc is not None and message_sight.is_own(session, doc) and message_sight.is_private(doc) != private:
                draft.put(Key(MESSAGES, number), without_empty({**doc, "private": private}))
                changed.append(number)

    label = _("make what came by {channel} private") if private else _("share what came by {channel}")
    with session.change(label.format(channel=account)) as change:
        change.follow(intent)
    return len(changed)


def delete(session: Session, found: SeenMessage) -> None:
    """Delete a message; it is not taken in again by itself. Raises AccessDenied."""
    _let_go(session, found, _("delete {message}").format(message=found.ref))


def leave(session: Session, found: SeenMessage) -> None:
    """Let a message of the inbox go: nothing of it is kept but that it was here, so that it does not come again. Raises Refused."""
    from tuicrm.errors import Refused

    if found.on or found.more:
        raise Refused(_("{message} is on items already: take it off them, or delete it.").format(message=found.ref))
    _let_go(session, found, _("leave {message}").format(message=found.ref))


def _let_go(session: Session, found: SeenMessage, label: str) -> None:
    """Delete a message; of one that came to others too, what is theirs stays with them."""
    one = found.record
    everybody = [one.owner or one.by, *one.holders]
    mine = [owner for owner in everybody if message_sight.is_of(session, owner)]
    others = [owner for owner in everybody if owner not in mine]
    if not mine or not others:
        with session.change(label) as change:
            change.remove(MESSAGES, one.id)
        return

    def step(doc: Doc) -> Doc:
        left = [*message.read(one.id, doc).left, *mine]
        return without_empty({**doc, "owner": others[0], "holders": others[1:], "left": left})

    _reshape(session, found, label, step)


def with_refs(doc: Doc, refs: Sequence[Ref]) -> Doc:
    """A record bound to these items as well."""
    on = list(dict.fromkeys([*map(str, message.bound_to(doc)), *map(str, refs)]))
    MESSAGE_ITEMS.check("on", on)
    return {**doc, "on": on}


def without_empty(doc: Doc) -> Doc:
    """A record without what is empty: `on` of what is bound to nothing, `private` of what is shared."""
    return {name: value for name, value in doc.items() if value not in ([], False)}


def _reshape(session: Session, found: SeenMessage, label: str, step: Callable[[Doc], Doc]) -> SeenMessage:
    with session.change(label) as change:
        change.reshape(MESSAGES, found.record.id, step)
    # Also where it went out of this person's sight by that.
    for record in session.whole.get(MESSAGES, [found.record.id]):
        return seen(session, session.seen(record))
    return by_id(session, found.record.id)


def plain(found: SeenMessage, *, text: bool = True) -> dict[str, Any]:
    """A message as JSON tells it."""
    one = found.record
    told: dict[str, Any] = {
        "ref": found.ref,
        "channel": one.channel,
        "way": one.way,
        "status": one.status,
        "at": one.at,
        "by": one.by,
        "owner": one.owner,
        "private": one.private,
        "from": one.sender,
        "to": list(one.to),
        "cc": list(one.cc),
        "subject": one.subject,
        "message_id": one.message_id or None,
        "thread": message.show_ref(one.root),
        "automatic": one.automatic,
        "unanswered": one.unanswered,
        "files": [{"name": file.name, "size": file.size} for file in one.files],
        "on": list(found.on),
        "more": found.more,
        "error": one.error or None,
    }
    if one.channel == "call":
        told |= {"minutes": one.minutes, "outcome": one.outcome or None}
    return {**told, "text": one.text} if text else told
