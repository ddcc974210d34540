"""What a message looks like when it is shown whole."""

from __future__ import annotations

from tuicrm.render.message_view import MessageLook
from tuicrm.render.sizes import size_told
from tuicrm.services.items.message_lines import LACKING
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import showing
from tuicrm.services.messages.records import SeenMessage


def look_of(session: Session, found: SeenMessage, *, thread_too: bool = True) -> MessageLook:
    """Its heads, what became of it, its text and its files; without its thread, which has to be looked for, where that is not asked
    for."""
    return MessageLook(
        showing.heads(session, found, thread_too=thread_too),
        showing.status(session, found),
        found.record.text,
        [f"{one.name} ({size_told(one.size)})" for one in found.record.files],
        found.record.status in LACKING,
    )
