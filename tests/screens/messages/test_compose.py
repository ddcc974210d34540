"""Mails written on screen: from the menu to the outbox, with files, to whom by name; nothing is lost where something is wrong."""

from __future__ import annotations

from pathlib import Path

from tests.driver import SMALL
from tests.screens.opening import D1, card
from tuicrm.domain.items import Ref
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts, outbox, records


def with_channel(session: Session, **more: str) -> None:
    words = {"address": "anna@ours.example", "host": "localhost", "signature": "Anna Bianchi\nOurs Srl", **more}
    accounts.add_channel(session, "Work mail", "smtp", words)


def client_of(session: Session, address: str = "maria@rossi.example") -> Ref:
    """A contact with an address, which is the deal's."""
    made = items.add(
        session,
        "contact",
        {"first_name": "Maria", "last_name": "Rossi", "email": [{"value": address, "type": "work"}]},
    )
    items.edit(session, D1, {"contacts": [str(made.ref)]})
    return made.ref


async def test_a_mail_is_written_from_the_menu_and_queued(seeded: Session, tmp_path: Path) -> None:
    client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        assert "no channel yet" in crm.screen_text()
        await crm.press("m")
        assert "no channel to send by" in crm.screen_text()
        await crm.press_action("confirm.no")
        with_channel(seeded)
        await crm.press_action("message")
        await crm.press("m")
        assert isinstance(crm.dialog, MailForm)
        assert "maria@rossi.example" in crm.screen_text()
        assert "Anna Bianchi" in crm.screen_text()
        await crm.type("Your offer")
        await crm.press("enter", "enter")
        await crm.type("Hello Maria")
        await crm.press_action("mail.send")
        assert crm.dialog is None
        assert "goes out in 10 seconds" in crm.said()
        (found,) = [records.seen(seeded, one) for one in outbox.own(seeded)]
        assert found.record.to == ("maria@rossi.example",)
        assert found.record.text == "Hello Maria"
        assert found.on == ("D-1",)
        await crm.press_action("undo")
        assert outbox.own(seeded) == []
