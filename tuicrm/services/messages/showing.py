"""A message as it is shown: who wrote to whom and when, on what it is, what became of it in plain words."""

from __future__ import annotations

from msgspec import Struct

from tuicrm.domain.messages.message import Message
from tuicrm.i18n import _, ngettext
from tuicrm.services.items.message_lines import outcome_label, sign_of, status_label
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.records import SeenMessage, thread
from tuicrm.services.messages.ways import LABELS


def heads(session: Session, found: SeenMessage, *, thread_too: bool = True) -> list[tuple[str, str]]:
    """What stands over a message, by label; without its thread, which has to be looked for, where that is not asked for."""
    from tuicrm.domain.kinds.dates import short_when

    one = found.record
    more = ngettext("{n} more", "{n} more", found.more) if found.more else ""
    on = [
        f"{shown} {session.title_of(item)}"
        for shown, item in zip(found.on, map(session.peek, one.refs), strict=False)
        if item
    ]
    channel = session.workspace.channels.get(one.account)
    others = [other.ref for other in thread(session, one) if other.ref != found.ref] if thread_too else []
    told = [
        (_("From"), f"{one.name} <{one.sender}>" if one.name and one.sender else one.sender),
        (_("To"), ", ".join(one.to)),
        (_("Cc"), ", ".join(one.cc)),
        (_("Subject"), one.subject),
        (_("When"), short_when(one.at, session.context()) if one.at else ""),
        (_("By"), session.names.person(one.by) or one.by if one.way == "out" else ""),
        (_("Channel"), channel.label if channel is not None else ""),
        (_("Minutes"), str(one.minutes) if one.minutes else ""),
        (_("Outcome"), outcome_label(one.outcome)),
        (_("On"), ", ".join(filter(None, (*on, more)))),
        (_("Thread"), " ".join(others)),
        (_("Note"), one.note),
    ]
    return [pair for pair in told if pair[1]]


def status(session: Session, found: SeenMessage) -> str:
    """What became of it, in plain words: `failed: mailbox full`, `queued: goes out at 12:04`."""
    from tuicrm.domain.kinds.dates import short_when

    one = found.record
    what = {
        "unknown": _("perhaps sent: nobody knows yet whether it arrived"),
        "sending": _("being sent just now"),
    }.get(one.status, status_label(one.status))
    if one.status == "queued" and one.after:
        what = _("waits in the outbox, goes out {when}").format(when=short_when(one.after, session.context()))
    parts = [
        f"{what}: {one.error}" if one.error else what,
        ngettext("tried once", "tried {n} times", one.tries) if one.tries > 1 else "",
        _("private: only you read it") if one.private else "",
        _("an automatic answer") if one.automatic else "",
    ]
    return " · ".join(filter(None, parts))


class InShort(Struct, frozen=True):
    """A message in two lines: which way it went, who is at its far end (`address` where `who` is a name), when, what is worth knowing
    at once, what it is about and how it begins."""

    sign: str
    who: str
    address: str
    when: str
    facts: str
    about: str
    text: str


_MOST_ON = 2
"""Items that a list names a message to be on."""
_BEGINS = 300
"""Characters of a text that are looked at for how it begins."""


def in_short(session: Session, found: SeenMessage) -> InShort:
    """A message as a list shows it."""
    from tuicrm.domain.kinds.dates import short_when

    one = found.record
    far = one.sender if one.way == "in" else ", ".join(one.to)
    name = one.name if one.way == "in" else ""
    facts = [
        " ".join(found.on[:_MOST_ON]),
        _("private") if one.private else "",
        ngettext("{n} file", "{n} files", len(one.files)) if one.files else "",
        status_label(one.status) if one.status not in ("received", "sent", "delivered") else "",
    ]
    return InShort(
        sign_of(one.status),
        name or far or _("unknown"),
        far if name else "",
        short_when(one.at, session.context()) if one.at else "",
        " · ".join(filter(None, facts)),
        one.subject if one.channel == "mail" else _of_no_mail(one),
        begins(one.text),
    )


def _of_no_mail(one: Message) -> str:
    """`Call · 3 minutes · no answer`, `SMS`."""
    minutes = ngettext("{n} minute", "{n} minutes", one.minutes) if one.minutes else ""
    return " · ".join(filter(None, (_(LABELS[one.channel]), minutes, outcome_label(one.outcome))))


def begins(text: str) -> str:
    """How a text begins, in one line: what is quoted is passed over."""
    lines = text[:_BEGINS].splitlines()
    own = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith(">")]
    return " ".join(own)
