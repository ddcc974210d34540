"""By which ways the client of an item can be written to or called, and why one cannot be gone."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tuicrm.domain.channels import Channel
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.i18n import N_, _
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import reaching
from tuicrm.services.messages.accounts import channels, may_use

KINDS: dict[MessageChannel, tuple[str, ...]] = {
    "mail": ("smtp",),
    "call": (),
    "sms": ("sms_command", "sms_folder", "sms_http"),
    "whatsapp": (),
    "telegram": (),
}
"""The kinds of channels of which a way needs one; those without any go by hand too: by a link, a code, a program."""
TEXT_WAYS: dict[MessageChannel, tuple[str, ...]] = {
    "sms": KINDS["sms"],
    "whatsapp": ("whatsapp",),
    "telegram": ("telegram",),
}
"""The kinds of channels that texts can go by."""
LABELS: dict[MessageChannel, str] = {
    "mail": N_("Mail"),
    "call": N_("Call"),
    "sms": N_("SMS"),
    "whatsapp": N_("WhatsApp"),
    "telegram": N_("Telegram"),
}


class ClientWay(Struct, frozen=True):
    """A way to a client: why it cannot be gone ("" where it can), and whether all that it lacks is a channel, which can be set up."""

    key: MessageChannel
    why: str = ""
    lacks_channel: bool = False


def ways(session: Session, ref: Ref) -> list[ClientWay]:
    """The ways to the client of an item, in their order. Raises NotFound, AccessDenied."""
    number = reaching.whom(session, session.workspace.show_ref(ref)).number
    named = reaching.messenger(session, session.workspace.show_ref(ref), "telegram")
    found = []
    for key, kinds in KINDS.items():
        reached = key == "mail" or bool(number)
        if key == "telegram":
            # A bot needs no number: whoever follows its link is bound.
            reached = reached or bool(named) or bool(sending_by(session, ("telegram",)))
        if not reached:
            found.append(ClientWay(key, _("no phone number")))
        elif kinds and not sending_by(session, kinds):
            found.append(ClientWay(key, _("no channel yet"), lacks_channel=True))
        else:
            found.append(ClientWay(key))
    return found


def sending_by(session: Session, kinds: Sequence[str]) -> list[Channel]:
    """The channels of these kinds that this person may send by, their own first."""
    usable = [one for one in channels(session) if one.kind in kinds and may_use(session, one)]
    return sorted(usable, key=lambda one: not one.person)
