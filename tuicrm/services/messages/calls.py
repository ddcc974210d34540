"""Calls as records of the channel `call`, on the items that they belong to; those of nobody's number wait in the inbox."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from tuicrm.domain import reach
from tuicrm.domain.conditions import And, Condition, Empty, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import CallOutcome, Message, MessageWay
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import CALL_MINUTES, COMMENT, MESSAGE_ITEMS
from tuicrm.services.items.activities import NextStep, planned_doc
from tuicrm.services.kernel.reader import ACTIVITIES, MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.matching import Matcher
from tuicrm.services.messages.reaching import Reached
from tuicrm.services.messages.records import SeenMessage, by_id, first
from tuicrm.store.protocol import Doc


class CallMade(Struct, frozen=True):
    """What there is to say of a call: `minutes` it took, `at` (UTC ISO; "" now)."""

    way: MessageWay
    minutes: int = 0
    outcome: CallOutcome = "reached"
    note: str = ""
    at: str = ""


def log_call(
    session: Session, to: Reached, made: CallMade, following: NextStep | None = None
) -> tuple[SeenMessage, int]:
    """Keep a call with whom it was, on their items and what is open of theirs, and plan the next step, as one change.

    Returns the call, and the number of what is planned (0 where nothing is). Raises Refused for a call longer than a day or a note
    that is too long, and where a next step is of nobody."""
    if made.minutes > CALL_MINUTES.most:
        raise CALL_MINUTES.refused("minutes", made.minutes)
    COMMENT.check("note", made.note)
    if following is not None and not to.on:
        raise Refused(_("A next step is planned on an item, and nobody here has this number."))
    doc = message.written(call_message(session, to.number, made, on_of(session, to.on)))
    step = planned_doc(session, to.on[0], following) if following is not None else None
    with session.change(_("log an incoming call") if made.way == "in" else _("log an outgoing call")) as change:
        number = change.put(MESSAGES, doc)
        planned = change.put(ACTIVITIES, step) if step is not None else 0
    return by_id(session, number), planned


def change_call(session: Session, number: int, fields: Mapping[str, Any]) -> SeenMessage:
    """Change what is kept of a call: `text` (the note), `minutes`, `outcome`; what is not given stays as it is by then.

    Raises Refused for what is no call, a length or note that will not do, NotFound, AccessDenied where no item of it may be
    changed."""
    found = by_id(session, number)
    if found.record.channel != "call":
        raise Refused(_("{ref} is not a call.").format(ref=found.ref))
    minutes = fields.get("minutes", 0)
    if minutes > CALL_MINUTES.most:
        raise CALL_MINUTES.refused("minutes", minutes)
    COMMENT.check("note", fields.get("text", ""))

    def step(doc: Doc) -> Doc:
        return {name: value for name, value in {**doc, **fields}.items() if value not in ("", 0)}

    with session.change(_("change a call")) as change:
        change.reshape(MESSAGES, number, step)
    return by_id(session, number)


def on_of(session: Session, refs: Sequence[Ref]) -> list[Ref]:
    """The items that a call stands on: whom it was with, their companies and what is open of theirs."""
    return Matcher(session).with_what_is_theirs(refs)[: MESSAGE_ITEMS.most]


def call_message(session: Session, number: str, made: CallMade, on: Sequence[Ref]) -> Message:
    """A call as a record: shared with all who may read one of its items; of nobody's number it is whose it is who took it in."""
    whom = (number,) if number else ()
    return Message(
        channel="call",
        way=made.way,
        status="received" if made.way == "in" else "sent",
        at=made.at or stamp(session.moment()),
        by=session.person_key,
        sender=number if made.way == "in" else "",
        to=whom if made.way == "out" else (),
        text=made.note.strip(),
        minutes=made.minutes,
        outcome=made.outcome,
        on=tuple(map(str, on)),
    )


def minutes_of(seconds: int) -> int:
    """Minutes of a call, begun ones counted."""
    return min(math.ceil(seconds / 60), CALL_MINUTES.most)


def number_of(call: Message) -> str:
    """The number at the far end of a call; "" where it is not known."""
    return call.sender if call.way == "in" else next(iter(call.to), "")


# -- looking -----------------------------------------------------------------------------------------------------------
def calls(session: Session, *, ref: Ref | None = None, waiting: bool = False, n: int = 0) -> list[SeenMessage]:
    """Calls that this person may read, newest first: of an item, those of nobody's number (`waiting`), or all; `n` at most, 0 all."""
    parts: list[Condition] = [Test("channel", "string", "=", "call")]
    if ref is not None:
        session.get(ref)
        parts.append(Test("on", "string", "=", str(ref)))
    if waiting:
        parts.append(Empty("on"))
    return first(session, And(tuple(parts)), n)


# -- of nobody's number ------------------------------------------------------------------------------------------------
def make_item(session: Session, call: SeenMessage, type_key: str, fields: Mapping[str, Any]) -> tuple[Ref, int]:
    """Make a lead, contact or company of the number of a call; all calls of that number that wait go onto it, as one change.

    `fields` are JSON-form values; the number is among them where they tell no phone. Returns the item, and how many calls it has.
    Raises Refused for what is no call with a number, one that is on an item already, and a type that has no phones."""
    number = number_of(call.record)
    if call.record.channel != "call" or not number:
        raise Refused(_("{ref} is not a call with a number.").format(ref=call.ref))
    if call.record.on or call.more:
        raise Refused(_("{ref} is on {items} already.").format(ref=call.ref, items=", ".join(call.on) or _("an item")))
    item_type = session.workspace.type(type_key)
    if not item_type.reached:
        told = _("{type} has no phone number.").format(type=session.label(item_type.label))
        raise Refused(told, [FieldProblem("type", told, type_key)])
    values = dict(fields)
    values.setdefault("phone", [{"value": number, "type": "work"}])
    form = reach.form_of(number)
    same = [one for one in calls(session, waiting=True) if reach.form_of(number_of(one.record)) == form]
    name = session.label(item_type.label).lower()
    with session.change(_("make a {type} of a call").format(type=name)) as change:
        ref = change.add(type_key, values)
        for one in same:
            change.reshape(MESSAGES, one.record.id, lambda doc: {**doc, "on": [str(ref)]})
    return ref, len(same)
