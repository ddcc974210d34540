"""Short texts on screen: an SMS counted while it is typed and queued; a messenger by its channel, or by a code for the phone."""

from __future__ import annotations

import sys

from tests.driver import SMALL
from tests.screens.messages.writing import D1, client_of
from tests.screens.opening import card
from tuicrm.screens.messages.code_box import CodeBox
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.accounts import add_channel


async def test_an_sms_is_counted_while_it_is_typed_and_waits_in_the_outbox(seeded: Session) -> None:
    client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("s")
        assert "no channel to send by" in crm.screen_text()
        await crm.press_action("confirm.no")
        add_channel(seeded, "SMS", "sms_command", {"command": f"{sys.executable} -c pass {{to}} {{text}}"})
        await crm.settle()
        await crm.press_action("message")
        await crm.press("s")
        await crm.type("Ciao")
        assert "1 SMS · GSM-7 · 156 characters left" in crm.screen_text()
        await crm.type("ś")
        assert "UCS-2 · 65 characters left · ś" in crm.screen_text()
        await crm.press_action("form.save")
        (found,) = records.of_item(seeded, D1)
        assert (found.record.channel, found.record.status, found.record.text) == ("sms", "queued", "Ciaoś")
        assert "It goes out in 10 seconds" in crm.said()
        await crm.press_action("undo")
        assert records.of_item(seeded, D1) == []


async def test_without_a_channel_a_code_opens_the_messenger_of_the_phone(seeded: Session) -> None:
    client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("w")
        assert "Your phone sends it: a code comes next." in " ".join(crm.screen_text().split())
        await crm.type("Ciao & grazie")
        await crm.press_action("form.save")
        assert isinstance(crm.dialog, CodeBox)
        assert "wa.me/39061234567?text=Ciao%20%26%20grazie" in crm.screen_text()
        await crm.press_action("copy.value")
        assert crm.app.clipboard == "https://wa.me/39061234567?text=Ciao%20%26%20grazie"
        await crm.press_action("cancel")
        assert records.of_item(seeded, D1) == []
        await crm.press_action("message")
        await crm.press("w")
        await crm.press_action("form.save", "code.sent")
        (found,) = records.of_item(seeded, D1)
        assert (found.record.channel, found.record.status, found.record.way) == ("whatsapp", "sent", "out")


async def test_whatsapps_window_is_told_before(seeded: Session) -> None:
    client_of(seeded)
    add_channel(seeded, "WA", "whatsapp", {"phone_id": "123", "secret": "variable:WA"})
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("w")
        assert "only within 24" in crm.screen_text()
        await crm.type("Hello")
        await crm.press_action("form.save")
        assert "use a template" in crm.screen_text()
        assert records.of_item(seeded, D1) == []
