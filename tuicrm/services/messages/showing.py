"""A message as it is shown: who wrote to whom and when, on what it is, what became of it in plain words."""

from __future__ import annotations

from tuicrm.i18n import _, ngettext
from tuicrm.services.items.message_lines import outcome_label, status_label
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.records import SeenMessage, thread


def heads(session: Session, found: SeenMessage) -> list[tuple[str, str]]:
    """What stands over a message, by label; "" where there is nothing to tell."""
    from tuicrm.domain.kinds.dates import short_when

    one = found.record
    more = ngettext("{n} more", "{n} more", found.more) if found.more else ""
    on = [
        f"{shown} {session.title_of(item)}"
        for shown, item in zip(found.on, map(session.peek, one.refs), strict=False)
        if item
    ]
    channel = session.workspace.channels.get(one.account)
    told = [
        (_("From"), one.sender),
        (_("To"), ", ".join(one.to)),
        (_("Cc"), ", ".join(one.cc)),
        (_("Subject"), one.subject),
        (_("When"), short_when(one.at, session.context()) if one.at else ""),
        (_("By"), session.names.person(one.by) or one.by if one.way == "out" else ""),
        (_("Channel"), channel.label if channel is not None else ""),
        (_("Minutes"), str(one.minutes) if one.minutes else ""),
        (_("Outcome"), outcome_label(one.outcome)),
        (_("On"), ", ".join(filter(None, (*on, more)))),
        (_("Thread"), " ".join(other.ref for other in thread(session, one) if other.ref != found.ref)),
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
