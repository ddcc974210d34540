"""Who a text can go to, by the way it goes: numbers, a name in Telegram, the chat that a client opened with a bot."""

from __future__ import annotations

from msgspec.structs import replace

from tuicrm.domain.channels import Channel
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import reaching, texting
from tuicrm.services.messages.reaching import Reached

_MOBILE = "mobile"


def targets(session: Session, ref: Ref, sends: MessageChannel, by: Channel | None) -> list[Reached]:
    """Those of an item and its clients, the likeliest first; `by` None: by hand. A bot has one: the client's chat, or "" while they
    have opened none. Raises NotFound for an item that may not be read."""
    shown = session.workspace.show_ref(ref)
    if sends == "telegram" and by is not None:
        one = reaching.whom(session, shown)
        return [replace(one, number=texting.chat_with(session, one.on, by))]
    found = reaching.numbers(session, ref, _MOBILE)
    if sends == "telegram" and (named := reaching.messenger(session, shown, sends)):
        one = reaching.whom(session, shown)
        return [replace(one, number=named), *found]
    return found


def typed_target(session: Session, ref: Ref, text: str) -> Reached | None:
    """A number that was typed, with the items it reaches and the one that the text is about; None for what is no number."""
    if not reaching.is_number(text):
        return None
    found = reaching.whom(session, text)
    return replace(found, on=tuple(dict.fromkeys((ref, *found.on))))


def shown_target(number: str) -> str:
    """A number as people read it; a name as it is."""
    from tuicrm.domain.kinds.contact_points import international

    return (international(number) if number.startswith("+") else "") or number
