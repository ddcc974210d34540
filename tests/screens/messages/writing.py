"""What stories of messages begin with: a channel to send by, a client with an address, a message that came."""

from __future__ import annotations

from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts
from tuicrm.services.messages.taking_in import MailTaking, TakingIn

D1 = Ref("deal", 1)
MOBILE, OFFICE = "+393331234567", "+39061234567"


def with_channel(session: Session, label: str = "Work mail", **more: str) -> None:
    """A channel of the person's own."""
    words = {"address": "anna@ours.example", "host": "localhost", "signature": "Anna Bianchi\nOurs Srl", **more}
    accounts.add_channel(session, label, "smtp", words)


def client_of(session: Session, address: str = "maria@rossi.example", name: str = "Rossi") -> Ref:
    """A contact with an address and a phone, who is the deal's."""
    fields = {
        "first_name": "Maria",
        "last_name": name,
        "email": [{"value": address, "type": "work"}],
        "phone": [{"value": "+39 06 1234567", "type": "work"}],
    }
    made = items.add(session, "contact", fields)
    items.edit(session, D1, {"contacts": [str(made.ref)]})
    return made.ref


def arrived(session: Session, text: str = "Hello, we take it.", **more: str) -> int:
    """A mail on the deal, shared; returns its id."""
    return TakingIn(session, MailTaking(on=(D1,), private=False)).one(mail(text=text, **more)).id


def came(session: Session, *, private: bool = True, **more: str) -> int:
    """A mail of somebody who is not known; returns its id."""
    return TakingIn(session, MailTaking(private=private, everything=True)).one(mail(**more)).id


def with_phones(session: Session) -> Ref:
    """A client with an office and a mobile, who is the deal's."""
    ref = client_of(session)
    phones = [{"value": OFFICE, "type": "work"}, {"value": MOBILE, "type": "mobile"}]
    items.edit(session, ref, {"phone": phones})
    return ref


_TEXTING = {
    "sms_command": ("Gateway", {"command": "send {to} {text}"}),
    "whatsapp": ("WhatsApp", {"number_id": "555", "secret": "variable:TEXT_SECRET", "hook": "variable:HOOK_SECRET"}),
    "telegram": ("Bot", {"bot": "rossi_bot", "secret": "variable:BOT_SECRET"}),
}


def with_texting(session: Session, kind: str) -> None:
    """A channel for texts; nothing is sent by it."""
    label, words = _TEXTING[kind]
    accounts.add_channel(session, label, kind, words)
