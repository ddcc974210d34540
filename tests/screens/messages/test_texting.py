"""SMS and messengers' texts written on screen: queued with undo, handed over by a link, told before what will not go."""

from __future__ import annotations

import pytest

from tests.driver import SMALL, Crm
from tests.screens.messages.writing import D1, client_of
from tests.screens.opening import card
from tuicrm.domain.items import Ref
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import drafts, outbox, records
from tuicrm.services.messages.accounts import add_channel
from tuicrm.services.messages.records import SeenMessage

MOBILE, OFFICE = "+393331234567", "+39061234567"


def form(crm: Crm) -> TextingForm:
    assert isinstance(crm.dialog, TextingForm)
    return crm.dialog


def maria(session: Session) -> Ref:
    """A client with an office and a mobile."""
    ref = client_of(session)
    phones = [{"value": OFFICE, "type": "work"}, {"value": MOBILE, "type": "mobile"}]
    items.edit(session, ref, {"phone": phones})
    return ref


def gateway(session: Session) -> None:
    add_channel(session, "Gateway", "sms_command", {"command": "send {to} {text}"})


def queued(session: Session) -> list[SeenMessage]:
    return [records.seen(session, one) for one in outbox.own(session)]


async def test_an_sms_is_written_from_the_menu_and_queued(seeded: Session) -> None:
    maria(seeded)
    gateway(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        print("\n".join(crm.screen_lines()))
        await crm.press("s")
        print("\n".join(crm.screen_lines()))
        await crm.type("We arrive at 9")
        print("\n".join(crm.screen_lines()))
        await crm.type("’")
        print("\n".join(crm.screen_lines()))
        await crm.press("backspace")
        await crm.press_action("texting.send")
        print("\n".join(crm.screen_lines()))
        (one,) = queued(seeded)
        assert one.record.to == (MOBILE,)
        assert one.record.text == "We arrive at 9"
        await crm.press_action("undo")
        print("\n".join(crm.screen_lines()))
        assert queued(seeded) == []


async def test_x(seeded: Session) -> None:
    maria(seeded)
    add_channel(seeded, "Cloud", "whatsapp", {"number_id": "555", "url": "https://x.example", "secret": "variable:TEXT_SECRET", "hook": "variable:HOOK_SECRET"})
    add_channel(seeded, "Bot", "telegram", {"bot": "rossi_bot", "url": "https://x.example", "secret": "variable:TEXT_SECRET"})
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("w")
        print("\n".join(crm.screen_lines()))
        await crm.type("Hello")
        await crm.press_action("texting.send")
        print("\n".join(crm.screen_lines()))
        await crm.press("shift+tab", "shift+tab", "space", "down")
        print("\n".join(crm.screen_lines()))
        await crm.press("enter")
        print("\n".join(crm.screen_lines()))
        await crm.press_action("texting.send")
        print("\n".join(crm.screen_lines()))
        await crm.press("enter")
        print("\n".join(crm.screen_lines()))
        await crm.press_action("message")
        await crm.press("t")
        print("\n".join(crm.screen_lines()))
        await crm.type("Hello")
        await crm.press_action("texting.send")
        print("\n".join(crm.screen_lines()))
        await crm.press("esc")
        await crm.press_action("texting.leave")
        await crm.press_action("message")
        print("\n".join(crm.screen_lines()))
