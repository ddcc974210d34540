"""SMS and messengers' texts that are begun and not sent: drafts as those of mails are, for who writes them alone."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message, MessageChannel
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import drafts, records


class KeptText(Struct, frozen=True):
    """A text as far as it is written: by which messenger or as SMS, the key of the channel ("": by hand), to whom, about which items;
    `id` of the draft that it is kept as (0: not yet)."""

    sends: MessageChannel
    account: str
    to: str
    text: str
    on: Sequence[Ref] = ()
    id: int = 0


def keep_text(session: Session, draft: KeptText) -> int:
    """Keep it: as a new draft, or in place of its own; returns the id. Raises NotFound for a draft that is gone, Refused."""
    made = Message(
        channel=draft.sends,
        way="out",
        status="draft",
        at=stamp(session.moment()),
        by=session.person_key,
        owner=session.person_key,
        account=draft.account,
        private=True,
        to=(draft.to,) if draft.to else (),
        text=draft.text,
        on=tuple(map(str, dict.fromkeys(draft.on))),
    )
    doc = message.written(made)
    message.check(None, doc)
    if draft.id:
        drafts.kept(session, draft.id)
    with session.change(_("keep a draft")) as change:
        if draft.id:
            change.reshape(MESSAGES, draft.id, lambda _doc: doc)
            return draft.id
        return change.put(MESSAGES, doc)


def kept_text(session: Session, number: int) -> KeptText:
    """A draft of this person's. Raises NotFound, Refused for a message that is no draft."""
    drafts.kept(session, number)
    one = records.by_id(session, number).record
    return KeptText(one.channel, one.account, next(iter(one.to), ""), one.text, one.refs, number)
