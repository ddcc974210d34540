"""Messages on a timeline: whom from, whom to, what about, and what became of it."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Record

_INNER = ("raw", "digest", "lease", "after", "tries")
"""What of a record is of no use to who reads it."""


def plain(record: Record) -> dict[str, Any]:
    """A message as a timeline tells it to programs."""
    read = message.read(record.id, record.doc)
    kept = {name: value for name, value in record.doc.items() if name not in _INNER}
    return {**kept, "kind": read.channel, "at": read.at, "ref": message.show_ref(record.id)}


def title(record: Record) -> str:
    """`Mail from m.rossi@example.com: Your offer`."""
    read = message.read(record.id, record.doc)
    whom = read.sender if read.way == "in" else ", ".join(read.to)
    text = _HEADS[read.channel]()[read.way == "out"].format(whom=whom or "?")
    about = read.subject or outcome_label(read.outcome)
    return f"{text}: {about}" if about else text


_HEADS = {
    "mail": lambda: (_("Mail from {whom}"), _("Mail to {whom}")),
    "sms": lambda: (_("SMS from {whom}"), _("SMS to {whom}")),
    "call": lambda: (_("Call from {whom}"), _("Call to {whom}")),
    "whatsapp": lambda: (_("WhatsApp from {whom}"), _("WhatsApp to {whom}")),
    "telegram": lambda: (_("Telegram from {whom}"), _("Telegram to {whom}")),
}


def texts(session: Session, record: Record, on: Ref) -> list[str]:
    """The lines below the title: what became of it, its text, its files, and where else it stands."""
    read = message.read(record.id, record.doc)
    said = " · ".join(filter(None, (_facts(read), read.text)))
    return [one for one in (said, _files(read), _also(session, record, on)) if one]


def _facts(read: Message) -> str:
    found = [status_label(read.status)] if read.status not in ("received", "sent", "delivered") else []
    found += [read.error] if read.error else []
    found += [ngettext("{n} minute", "{n} minutes", read.minutes)] if read.minutes else []
    found += [_("private")] if read.private and read.status != "draft" else []
    found += [ngettext("{n} file", "{n} files", len(read.files))] if read.files else []
    return " · ".join(found)


def _files(read: Message) -> str:
    names = ", ".join(one.name for one in read.files)
    return _("Files: {names}").format(names=names) if names else ""


def _also(session: Session, record: Record, on: Ref) -> str:
    """`Also on C-3, D-7 and 2 more`: those that one may not read are counted, not named."""
    others = [ref for ref in message.bound_to(record.doc) if ref != on]
    names = ", ".join(map(session.workspace.show_ref, others))
    more = record.doc.get("more")
    if isinstance(more, int) and more:
        counted = ngettext("{n} more", "{n} more", more)
        names = _("{items} and {more}").format(items=names, more=counted) if names else counted
    return _("Also on {items}").format(items=names) if names else ""


_SIGNS = {
    "draft": "✎",
    "queued": "◷",
    "sending": "◷",
    "sent": "→",
    "delivered": "✓",
    "failed": "!",
    "unknown": "?",
    "received": "←",
}
LACKING = ("failed", "unknown")
"""What somebody has to see to."""


def sign(record: Record) -> str:
    """What became of it, in one cell: `←` came, `→` went out, `✓` got there, `◷` waits, `!` failed, `?` perhaps went out."""
    return _SIGNS[message.read(record.id, record.doc).status]


def is_lacking(record: Record) -> bool:
    """Whether it did not go out, or perhaps did not."""
    return message.read(record.id, record.doc).status in LACKING


def status_label(status: str) -> str:
    """How a status is called."""
    return {
        "draft": _("draft"),
        "queued": _("queued"),
        "sending": _("sending"),
        "sent": _("sent"),
        "delivered": _("delivered"),
        "failed": _("failed"),
        "unknown": _("perhaps sent"),
        "received": _("received"),
    }.get(status, status)


def outcome_label(outcome: str) -> str:
    """How the outcome of a call is called; "" of what is no call."""
    return {
        "reached": _("reached"),
        "no_answer": _("no answer"),
        "busy": _("line busy"),
        "voicemail": _("voicemail"),
        "wrong_number": _("wrong number"),
    }.get(outcome, outcome)
