"""The outbox: messages are queued in the commit that makes their records, taken by one worker alone, and their end is noted.

Who sends one first writes that down (`sending`, with a lease), in a commit that two cannot make; only then is a byte of it sent. A
worker that dies meanwhile is noticed when its lease is over: whether the server has the message only a person can find out, so that it
is `unknown`, asked about (`settle`), and never sent again by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct

from tuicrm.channels.channel import HandedOver, NotGiven, SendOutcome
from tuicrm.channels.mail.composing import checked_address
from tuicrm.domain.channels import Channel
from tuicrm.domain.conditions import And, Condition, Or, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message, MessageFile
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.accounts import may_use
from tuicrm.services.messages.taking_in import know, note_answer
from tuicrm.services.workspace import shared_settings
from tuicrm.store.protocol import Doc, Find, Key, Record

LEASE = timedelta(minutes=15)
"""How long a worker has for one message: longer than a server may take to answer."""
_PAUSES = (1, 5, 30, 120)
"""Minutes before each of the next attempts; then it has failed."""


class MailDraft(Struct, frozen=True):
    """A mail that somebody wrote: to whom, about what, with which files, on which items; what it answers, if anything."""

    to: Sequence[str]
    subject: str
    text: str
    cc: Sequence[str] = ()
    files: Sequence[MessageFile] = ()
    on: Sequence[Ref] = ()
    answers: Message | None = None
    private: bool = False


# -- queueing ----------------------------------------------------------------------------------------------------------
def queue(session: Session, channel: Channel, mail: MailDraft, *, now: bool = False, draft: int = 0) -> int:
    """Have a mail sent, when the delay of the workspace is over, or at once (`now`); returns its id. One undoable step until then.
    `draft` is the one that it was kept as: the mail takes its place. By a channel without a key it waits until there is one (`adopt`).

    Raises Refused for what is no address, AccessDenied for a channel that is not theirs, NotFound for items."""
    if channel.key and not may_use(session, channel):
        raise AccessDenied(_("{channel} is somebody else's channel.").format(channel=channel.label))
    to, cc = _addresses("to", mail.to), _addresses("cc", mail.cc)
    if not to:
        told = _("say at least one address")
        raise Refused(f"to: {told}", [FieldProblem("to", told)])
    for ref in mail.on:
        session.get(ref)
    number = session.store.new_ids(MESSAGES, 1)[0]
    moment = session.moment()
    delay = timedelta(seconds=0 if now else int(shared_settings.value_of(session, shared_settings.SEND_DELAY)))
    answered = mail.answers
    made = Message(
        id=number,
        channel="mail",
        way="out",
        status="queued",
        at=stamp(moment),
        after=stamp(session.clock() + delay),
        by=session.person_key,
        owner=session.person_key,
        account=channel.key,
        private=mail.private,
        sender=channel.address,
        to=tuple(to),
        cc=tuple(one for one in cc if one not in to),
        subject=" ".join(mail.subject.split()),
        text=mail.text,
        files=tuple(mail.files),
        message_id=_new_id(session, channel, mail.on),
        in_reply_to=answered.message_id if answered else "",
        references=(*answered.references, answered.message_id) if answered and answered.message_id else (),
        thread=answered.root if answered else 0,
        on=tuple(map(str, dict.fromkeys(mail.on))),
        error="" if channel.key else _("There is no channel to send by yet: it waits for one (tuicrm channel add)."),
    )
    doc = message.written(made)
    with session.change(_("write a mail"), sends=number) as change:
        if draft:
            change.remove(MESSAGES, draft)
        change.follow(lambda step: _write(step, number, made, doc))
    return number


def _write(draft: Draft, number: int, made: Message, doc: Doc) -> None:
    message.check(None, doc)
    draft.put(Key(MESSAGES, number), doc)
    know(draft, made)
    note_answer(draft, made)


def _addresses(field: str, texts: Sequence[str]) -> list[str]:
    words = [word for text in texts for word in text.split(",") if word.strip()]
    try:
        return list(dict.fromkeys(map(checked_address, words)))
    except Refused as refused:
        raise Refused(f"{field}: {refused.message}", [FieldProblem(field, refused.message)]) from refused


def _new_id(session: Session, channel: Channel, on: Sequence[Ref]) -> str:
    """A Message-ID of its own, without its brackets; it says which item it is of, so that an answer can be found by it."""
    ref = session.workspace.show_ref(on[0]) if on else "mail"
    domain = channel.address.rpartition("@")[2]
    return f"{ref}.{secrets.token_hex(12)}@{domain if domain.isascii() else 'tuicrm.invalid'}"


# -- what waits --------------------------------------------------------------------------------------------------------
def due(session: Session) -> list[Record]:
    """What is to be sent by now, the longest due first, whoever may send it."""
    now = stamp(session.clock())
    found = [one for one in _with_status(session, "queued") if str(one.doc.get("after") or "") <= now]
    return sorted(found, key=lambda one: (str(one.doc.get("after") or ""), one.id))


def next_at(session: Session) -> str:
    """When the next one is due (UTC ISO); "" where nothing waits."""
    return min((str(one.doc.get("after") or "") for one in _with_status(session, "queued")), default="")


def own(session: Session) -> list[Record]:
    """What this person wrote that is not out yet, perhaps is, or failed, oldest first."""
    found = session.whole.find(Find(MESSAGES, And((Test("by", "string", "=", session.person_key), _OPEN)))).records
    return sorted((one for one in found if one.doc.get("way") == "out"), key=lambda one: one.id)


def _status(word: str) -> Condition:
    return Test("status", "string", "=", word)


_OPEN = Or(tuple(_status(word) for word in ("queued", "sending", "unknown", "failed")))


def _with_status(session: Session, word: str) -> Sequence[Record]:
    return session.whole.find(Find(MESSAGES, _status(word))).records


# -- taking and noting -------------------------------------------------------------------------------------------------
def take(session: Session, number: int, worker: str) -> Doc | None:
    """Take a message to send it: nobody else does from now on. None where somebody has, or it was recalled."""
    taken: list[Doc] = []

    def step(_draft: Draft, doc: Doc) -> Doc | None:
        taken.clear()
        if doc.get("status") != "queued" or str(doc.get("after") or "") > stamp(session.clock()):
            return None
        taken.append(doc)
        return {**doc, "status": "sending", "lease": {"by": worker, "until": stamp(session.clock() + LEASE)}}

    reshape(session, number, step)
    return taken[0] if taken else None


def adopt(session: Session, number: int, channel: Channel) -> None:
    """Have a mail that was written before there was a channel go by this one."""

    def step(_draft: Draft, doc: Doc) -> Doc | None:
        if doc.get("status") != "queued" or doc.get("account"):
            return None
        said = {name: value for name, value in doc.items() if name != "error"}
        return {**said, "account": channel.key, "from": channel.address}

    reshape(session, number, step)


def note(session: Session, number: int, worker: str, outcome: SendOutcome) -> str:
    """Note what became of a message that this worker took; its status then, "" where it is gone."""
    now = session.clock()
    told: list[str] = []

    def step(draft: Draft, doc: Doc) -> Doc | None:
        lease = doc.get("lease")
        told.clear()
        if doc.get("status") not in ("sending", "unknown") or not isinstance(lease, dict) or lease.get("by") != worker:
            return None
        after = {name: value for name, value in doc.items() if name not in ("lease", "after", "error", "left")}
        if isinstance(outcome, HandedOver) and outcome.refused:
            after["refused"] = {**_refused(doc), **outcome.refused}
        after |= {
            **_noted(doc, outcome, lambda tries: stamp(now + _pause(tries, outcome))),
            "at": draft.now,
        }
        told.append(str(after["status"]))
        return after

    reshape(session, number, step)
    return told[0] if told else ""


def _pause(tries: int, outcome: SendOutcome) -> timedelta:
    """How long until the next attempt: longer each time, and as long as the server asks for, up to a day."""
    wait = outcome.wait if isinstance(outcome, NotGiven) else 0
    return max(timedelta(minutes=_PAUSES[tries - 1]), timedelta(seconds=min(max(wait, 0), 86_400)))


def _noted(doc: Doc, outcome: SendOutcome, again: Callable[[int], str]) -> dict[str, Any]:
    """The fields that an outcome changes."""
    kept = doc.get("tries")
    tries = (kept if isinstance(kept, int) else 0) + 1
    if isinstance(outcome, HandedOver):
        error = "; ".join(f"{to}: {why}" for to, why in {**_refused(doc), **outcome.refused, **outcome.later}.items())
        if not outcome.later:
            named = {"message_id": outcome.id} if outcome.id else {}
            return {"status": "sent", "tries": tries, **({"error": error} if error else {}), **named}
        if tries > len(_PAUSES):
            return {"status": "failed", "tries": tries, "error": error}
        waits = {"left": " ".join(outcome.later), "after": again(tries)}
        return {"status": "queued", "tries": tries, "error": error, **waits}
    left = {"left": doc["left"]} if doc.get("left") else {}
    if not isinstance(outcome, NotGiven):
        return {"status": "unknown", "tries": tries, "error": outcome.why, **left}
    if outcome.final or tries > len(_PAUSES):
        return {"status": "failed", "tries": tries, "error": outcome.why, **left}
    return {"status": "queued", "tries": tries, "error": outcome.why, "after": again(tries), **left}


def _refused(doc: Doc) -> dict[str, str]:
    """Who was refused for good in an attempt before, and why: told beside what becomes of the others."""
    kept = doc.get("refused")
    return {str(to): str(why) for to, why in kept.items()} if isinstance(kept, dict) else {}


def sweep(session: Session) -> list[int]:
    """Say of messages whose workers died that nobody knows whether they are out; their ids."""
    found = []
    for record in _with_status(session, "sending"):
        if _is_over(session, record.doc):
            reshape(session, record.id, lambda _draft, doc: _unknown(session, doc))
            found.append(record.id)
    return found


def _unknown(session: Session, doc: Doc) -> Doc | None:
    if doc.get("status") != "sending" or not _is_over(session, doc):
        return None
    told = _("The program ended while it was being sent: it may have arrived, or not.")
    return {**doc, "status": "unknown", "error": told}


def _is_over(session: Session, doc: Doc) -> bool:
    lease = doc.get("lease")
    until = lease.get("until") if isinstance(lease, dict) else None
    return read_stamp(until) is None or str(until) < stamp(session.clock())


# -- what people say ---------------------------------------------------------------------------------------------------
def settle(session: Session, number: int, *, arrived: bool) -> str:
    """Say of a message of one's own that is `unknown` that it arrived, or that it is to be sent again (also one that failed); its
    status then. Raises Refused where it is neither, NotFound."""
    told: list[str] = []

    def step(_draft: Draft, doc: Doc) -> Doc:
        told.clear()
        if doc.get("by") != session.person_key and not session.access.admin:
            raise AccessDenied(_("Only who wrote it can say that."))
        known = ("unknown",) if arrived else ("unknown", "failed")
        if doc.get("status") not in known or doc.get("way") != "out":
            raise Refused(
                _("This message is {status}: there is nothing to say of it.").format(status=doc.get("status"))
            )
        after = {name: value for name, value in doc.items() if name not in ("lease", "error", "tries", "after")}
        told.append("sent" if arrived else "queued")
        return {**after, "status": told[0], **({} if arrived else {"after": stamp(session.clock())})}

    reshape(session, number, step, missing=True)
    return told[0]


def recall(session: Session, number: int) -> None:
    """Take back a message that is not out yet: as if nobody had written it. Raises Refused where it is too late, NotFound."""

    def intent(draft: Draft) -> None:
        doc = draft.get(Key(MESSAGES, number))
        if doc is None or doc.get("by") != session.person_key:
            raise NotFound(_("There is no message {ref}.").format(ref=message.show_ref(number)))
        if doc.get("status") != "queued":
            raise Refused(_("It is too late: this message is {status}.").format(status=doc.get("status")))
        draft.put(Key(MESSAGES, number), None)

    with session.change(_("recall a mail")) as change:
        change.follow(intent)


def reshape(session: Session, number: int, step: Callable[[Draft, Doc], Doc | None], *, missing: bool = False) -> None:
    """Take a step on a message as it is at the very moment; None leaves it. No part of undo: what was sent is sent."""

    def intent(draft: Draft) -> None:
        doc = draft.get(Key(MESSAGES, number))
        if doc is None:
            if missing:
                raise NotFound(_("There is no message {ref}.").format(ref=message.show_ref(number)))
            return
        after = step(draft, doc)
        if after is not None:
            draft.put(Key(MESSAGES, number), after)

    # Everybody reads the journal: it names nothing.
    with session.change(_("send messages"), fixed=True) as change:
        change.follow(intent)
