"""What is done with the messages of the inbox, several at once as one step: put on an item, made an item of, shared, let go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct

from tuicrm.domain import reach
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import Message
from tuicrm.domain.schema import ItemType
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel import contact_lookup
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.records import SeenMessage, with_refs, without_empty
from tuicrm.store.protocol import Doc

_POINTS = {"mail": "email", "sms": "phone", "call": "phone", "whatsapp": "phone"}
"""The field in which an item keeps what the far end of a channel is known by."""
_MOST = 2_000
"""Messages that are looked at for those of the same sender."""


class LinkedMessages(Struct, frozen=True):
    """What became of messages that were put on an item: how many are on it now, and which addresses or numbers it was told."""

    n: int
    remembered: tuple[str, ...] = ()


# -- looking -----------------------------------------------------------------------------------------------------------
def far_end(one: Message) -> str:
    """The address or number at the other end of a message; "" where it is not known."""
    return one.sender if one.way == "in" else next(iter(one.to), "")


def of_same_senders(session: Session, found: Sequence[SeenMessage]) -> list[SeenMessage]:
    """These messages, and what else waits in the inbox from or to the same people."""
    forms = {form for one in found if (form := reach.form_of(far_end(one.record)))}
    there = {one.record.id for one in found}
    others = records.inbox(session, _MOST) if forms else []
    more = [one for one in others if one.record.id not in there and reach.form_of(far_end(one.record)) in forms]
    return [*found, *more]


# -- on an item --------------------------------------------------------------------------------------------------------
def link(
    session: Session, found: Sequence[SeenMessage], ref: Ref, *, remember: bool = False, private: bool | None = None
) -> LinkedMessages:
    """Put messages on an item, as one change; for their owner alone, or shared, where `private` says so.

    With `remember` the item is told the addresses and numbers that it can keep and lacks, so that what comes of them is on it from
    then on, and what else waits of them goes onto it as well. Raises NotFound, AccessDenied, Refused."""
    item = session.get(ref)
    told = _lacking(session, ref, found) if remember and session.access.may("edit", ref.type, item.fields) else {}
    put = of_same_senders(session, found) if told else list(found)
    shown = session.workspace.show_ref(ref)
    label = _("link {message} to {items}").format(message=_told(put), items=shown)

    def step(doc: Doc) -> Doc:
        return without_empty({**with_refs(doc, [ref]), **({} if private is None else {"private": private})})

    with session.change(label) as change:
        for one in put:
            change.reshape(MESSAGES, one.record.id, step)
        for key, points in told.items():
            change.rework(ref, key, _with_points(points))
    return LinkedMessages(len(put), tuple(point for points in told.values() for point in points))


def _lacking(session: Session, ref: Ref, found: Iterable[SeenMessage]) -> dict[str, list[str]]:
    """The addresses and numbers of messages that an item could keep and does not have, by field."""
    item, lacking = session.get(ref), dict[str, list[str]]()
    known = set(contact_lookup.reach_of(item.fields))
    for one in found:
        key, point = _point(one.record)
        form = reach.form_of(point)
        if form and form not in known and _keeps(session, ref.type, key):
            known.add(form)
            lacking.setdefault(key, []).append(point)
    return lacking


def _point(one: Message) -> tuple[str, str]:
    """The field that keeps the far end of a message, and that."""
    key = _POINTS.get(one.channel, "")
    return key, far_end(one) if key else ""


def _keeps(session: Session, type_key: str, key: str) -> bool:
    field = session.workspace.field(type_key, key)
    return bool(
        session.workspace.type(type_key).reached
        and field is not None
        and field.many
        and session.access.sees(field)
        and not field.read_only
    )


def _with_points(points: Sequence[str]) -> Callable[[Any], Any]:
    def step(value: Any) -> Any:  # noqa: ANN401 - in JSON form
        kept = value if isinstance(value, list) else [value] if value else []
        return [*kept, *(_as_point(one) for one in points)]

    return step


def _as_point(text: str) -> dict[str, str]:
    return {"value": text, "type": "work"}


# -- an item of a sender -----------------------------------------------------------------------------------------------
def types_to_make(session: Session) -> list[ItemType]:
    """What this person can make of a sender: the types whose items are reached by addresses or numbers."""
    known = session.workspace.types
    reached = contact_lookup.reached_types(session.workspace)
    return [known[key] for key in reached if session.access.scope("add", key) != "none"]


def proposed(session: Session, found: SeenMessage, type_key: str) -> dict[str, Any]:
    """The values that a message tells of its sender, by field: name, address or number; of what has stages, what it is about."""
    one, item_type = found.record, session.workspace.type(type_key)
    fields = {key: field for key, field in session.workspace.fields(type_key).items() if session.access.sees(field)}
    key, point = _point(one)
    values: dict[str, Any] = {}
    if point and _keeps(session, type_key, key):
        values[key] = [_as_point(point)]
    name = one.name if one.way == "in" else ""
    first, last = parted(name)
    values |= {key: text for key, text in (("first_name", first), ("last_name", last)) if text and key in fields}
    about = one.subject if item_type.has_stages else ""
    for key in item_type.title:
        if key not in values and key in fields and key not in ("first_name", "last_name"):
            values[key] = about or name or point
    if not any(key in values for key in item_type.title) and item_type.title and item_type.title[-1] in fields:
        values[item_type.title[-1]] = point.partition("@")[0]
    return values


def parted(name: str) -> tuple[str, str]:
    """First and last name of `Ada Byron` or `Byron, Ada`; a single word is the last name."""
    last, comma, first = name.strip().strip('"').partition(",")
    if comma and last.strip() and first.strip():
        return first.strip(), last.strip()
    words = name.replace('"', "").split(None, 1)
    return ("", words[0]) if len(words) == 1 else (words[0], words[1]) if words else ("", "")


def make_item(session: Session, found: Sequence[SeenMessage], type_key: str, fields: dict[str, Any]) -> tuple[Ref, int]:
    """Make an item of the sender of messages; they go onto it, and what else waits of the sender, as one change.

    `fields` are JSON-form values. Returns the item, and how many messages it has. Raises Refused for messages that are on items, and
    for a type that is not reached by anything; RequiredFields, AccessDenied."""
    for one in found:
        if one.on or one.more:
            items = ", ".join(one.on) or _("an item")
            raise Refused(_("{ref} is on {items} already.").format(ref=one.ref, items=items))
    item_type = session.workspace.type(type_key)
    if not item_type.reached:
        told = _("{type} has neither an address nor a number.").format(type=session.label(item_type.label))
        raise Refused(told, [FieldProblem("type", told, type_key)])
    put = of_same_senders(session, found)
    name = session.label(item_type.label).lower()
    with session.change(_("create a {type} from {message}").format(type=name, message=_told(found))) as change:
        ref = change.add(type_key, fields)
        for one in put:
            change.reshape(MESSAGES, one.record.id, lambda doc: with_refs(doc, [ref]))
    return ref, len(put)


# -- the rest ----------------------------------------------------------------------------------------------------------
def share(session: Session, found: Sequence[SeenMessage], *, private: bool) -> None:
    """Let everybody read messages who may read the items that they are put on; or only their owner. Raises AccessDenied."""
    label = _("make {message} private") if private else _("share {message}")
    with session.change(label.format(message=_told(found))) as change:
        for one in found:
            change.reshape(MESSAGES, one.record.id, lambda doc: without_empty({**doc, "private": private}))


def settle_answers(session: Session, found: Sequence[SeenMessage]) -> None:
    """Say of messages that came that they need no answer (any more). Raises AccessDenied."""
    label = _("{message} needs no answer") if len(found) == 1 else _("{messages} need no answer")
    with session.change(label.format(message=_told(found), messages=_told(found))) as change:
        for one in found:
            change.reshape(MESSAGES, one.record.id, lambda doc: without_empty({**doc, "unanswered": False}))


def leave(session: Session, found: Sequence[SeenMessage]) -> None:
    """Let messages of the inbox go: nothing is kept but that they were here, so that they do not come again. Raises Refused for those
    that are on items, AccessDenied."""
    for one in found:
        records.check_is_free(one)
    records.let_go(session, found, _("leave {message}").format(message=_told(found)))


def _told(found: Sequence[SeenMessage]) -> str:
    """`MSG-12`, `3 messages`."""
    return found[0].ref if len(found) == 1 else ngettext("{n} message", "{n} messages", len(found))
