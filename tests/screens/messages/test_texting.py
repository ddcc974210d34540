"""SMS and messengers' texts written on screen: queued with undo, handed over by a link, told before what will not go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.driver import LARGE, SMALL, Crm
from tests.hostile import assert_harmless
from tests.screens.messages.writing import D1, MOBILE, OFFICE, with_phones, with_texting
from tests.screens.opening import card
from tests.screens.snapshot import assert_snapshot
from tuicrm.channels.channel import ReceivedText
from tuicrm.domain.messages.message import Message
from tuicrm.screens.messages.invite_box import InviteBox
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import drafts, outbox, records
from tuicrm.services.messages.accounts import find_channel
from tuicrm.services.messages.text_taking import TextTaking
from tuicrm.services.messages.text_templates import TextTemplateDetails, add_text_template


def form(crm: Crm) -> TextingForm:
    assert isinstance(crm.dialog, TextingForm)
    return crm.dialog


def queued(session: Session) -> list[Message]:
    return [records.seen(session, one).record for one in outbox.own(session)]


def on_the_deal(session: Session) -> list[Message]:
    return [one.record for one in records.of_item(session, D1)]


async def writing(crm: Crm, key: str) -> None:
    """The form of a way, from the menu of the card."""
    await crm.press_action("message")
    await crm.press(key)


async def test_an_sms_is_written_from_the_menu_queued_and_taken_back(seeded: Session) -> None:
    with_phones(seeded)
    with_texting(seeded, "sms_command")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await writing(crm, "s")
        assert "1 part · GSM-7 · 160 characters left" in crm.screen_text()
        await crm.press_action("texting.send")
        assert "a text is expected" in crm.screen_text()
        await crm.type("We arrive at 9’")
        assert_snapshot("sms_80x24", crm.screen_lines())
        await crm.press("backspace")
        assert "1 part · GSM-7 · 146 characters left" in crm.screen_text()
        # Another number, from the list; then one that is typed.
        await crm.press("shift+tab")
        await crm.press_action("form.choose")
        await crm.press("down", "enter")
        assert form(crm).target == OFFICE
        await crm.press_action("texting.send")
        assert "goes out in 10 seconds" in crm.said()
        assert [(one.to, one.text) for one in queued(seeded)] == [((OFFICE,), "We arrive at 9")]
        assert "contact:1" not in queued(seeded)[0].on
        await crm.press_action("undo")
        assert queued(seeded) == []


async def test_a_number_that_is_typed_and_a_draft_that_is_gone_on_with(seeded: Session) -> None:
    with_phones(seeded)
    with_texting(seeded, "sms_command")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await writing(crm, "s")
        await crm.type("See you")
        await crm.press("shift+tab")
        await crm.type("+39 347 5550001")
        await crm.press_action("list.choose")
        assert form(crm).target == "+393475550001"
        await crm.press_action("texting.leave")
        (kept,) = drafts.drafts(seeded, D1)
        assert (kept.record.channel, kept.record.text, kept.record.account) == ("sms", "See you", "gateway")
        await crm.press_action("message")
        assert "Draft: See you" in crm.screen_text()
        await crm.press("d")
        assert (form(crm).target, form(crm).text) == ("+393475550001", "See you")
        await crm.press_action("texting.leave")
        assert len(drafts.drafts(seeded)) == 1, "left as it was, it stays the one draft"
        await writing(crm, "d")
        await crm.press_action("texting.send")
        assert drafts.drafts(seeded) == []
        assert [(one.to, one.text) for one in queued(seeded)] == [(("+393475550001",), "See you")]


async def test_a_first_word_by_a_link_is_kept_once_it_is_sent(
    seeded: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_phones(seeded)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    words = TextTemplateDetails("Hello", "Hello {ContactFirstName}", channel="whatsapp")
    add_text_template(seeded, words)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await writing(crm, "w")
        await crm.press_action("texting.template")
        await crm.press_action("list.choose")
        text = form(crm).text
        assert text.startswith("Hello")
        await crm.press_action("texting.send")
        assert isinstance(crm.dialog, InviteBox)
        assert_snapshot("invite_80x24", crm.screen_lines())
        await crm.press_action("invite.leave")
        assert on_the_deal(seeded) == [], "not sent: nothing is kept, and the text is still there"
        await crm.type(" and a very long text that a code has no room for in a window as low as this one is")
        await crm.press_action("texting.send")
        assert "which opens the chat" in crm.screen_text()
        await crm.press_action("code.copy")
        assert crm.app.clipboard.startswith("https://wa.me/393331234567?text=Hello%20Maria%20and")
        await crm.press_action("invite.open")
        assert "No desktop is here" in crm.said()
        # With one, its program is given the link.
        (tmp_path / "xdg-open").write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
        (tmp_path / "xdg-open").chmod(0o755)
        monkeypatch.setenv("DISPLAY", ":0")
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        await crm.press_action("invite.open")
        await crm.until((tmp_path / "opened").exists)
        await crm.press_action("invite.sent")
        (one,) = on_the_deal(seeded)
        assert (one.channel, one.status, one.to) == ("whatsapp", "sent", (MOBILE,))
        assert one.text.startswith(text)


async def test_whatsapp_tells_its_window_and_takes_a_template_outside_it(seeded: Session, clock: Clock) -> None:
    with_phones(seeded)
    with_texting(seeded, "whatsapp")
    cloud = find_channel(seeded, "WhatsApp")
    details = TextTemplateDetails("Appointment", "Hello {Title}", channel="whatsapp", language="it", cloud_name="visit")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await writing(crm, "w")
        await crm.type("Hello")
        assert "They have not written yet" in crm.screen_text()
        await crm.press_action("texting.send")
        assert "only a template" in crm.said()
        await crm.press_action("texting.template")
        assert "No text template here has a name with WhatsApp" in crm.said()
        add_text_template(seeded, details)
        await crm.press_action("texting.template", "list.choose")
        assert "It goes as the template visit" in crm.screen_text()
        await crm.press_action("texting.send")
        (by_template,) = queued(seeded)
        assert by_template.text == "Hello Website redesign"
        doc = next(iter(outbox.own(seeded))).doc
        assert '"values":["Website redesign"]' in str(doc["template"])
        # They write: for a day any text goes.
        TextTaking(seeded, cloud).take([ReceivedText("wamid.0", MOBILE, "ciao", "2026-11-23T09:00:00Z")])
        await writing(crm, "w")
        assert "WhatsApp takes any text until" in crm.screen_text()
        await crm.press_action("texting.leave")
        clock.tick(hours=25)
        await writing(crm, "w")
        assert "Their 24 hours ended" in crm.screen_text()


async def test_telegram_invites_to_the_bot_and_then_writes_in_the_chat(seeded: Session) -> None:
    with_phones(seeded)
    with_texting(seeded, "telegram")
    bot = find_channel(seeded, "Bot")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await writing(crm, "t")
        assert "by an invitation" in crm.screen_text()
        await crm.type("Ciao")
        await crm.press_action("texting.send")
        assert "https://t.me/rossi_bot?start=" in crm.screen_text()
        await crm.press_action("invite.leave")
        assert on_the_deal(seeded) == [], "what is not sent is taken back"
        await crm.press_action("texting.send")
        (invited,) = on_the_deal(seeded)
        code = invited.text.rpartition("start=")[2]
        # Followed while the code is still in sight.
        TextTaking(seeded, bot).take([ReceivedText("u1", "telegram:42", "/start", "2026-11-23T09:00:00Z", start=code)])
        await crm.press_action("invite.leave")
        assert records.by_id(seeded, invited.id).record.status == "delivered"
        await writing(crm, "t")
        assert "in the chat with the bot" in crm.screen_text()
        await crm.type("At nine?")
        await crm.press_action("texting.send")
        assert [(one.to, one.text) for one in queued(seeded)] == [(("telegram:42",), "At nine?")]


async def test_an_sms_that_came_is_read_and_answered_to_its_sender(seeded: Session) -> None:
    ref = with_phones(seeded)
    with_texting(seeded, "sms_command")
    items.edit(seeded, ref, {"last_name": "Rossi \x1b]0;x\x07 [/]"})
    gateway = find_channel(seeded, "Gateway")
    TextTaking(seeded, gateway).take([ReceivedText("1", OFFICE, "Is nine \u202e fine? [b]", "2026-11-23T09:00:00Z")])
    async with card(seeded, D1, LARGE) as (crm, _screen):
        assert "SMS from +39061234567" in crm.screen_text()
        await crm.press("tab", "home", "j")
        await crm.press_action("timeline.read")
        assert "Is nine" in crm.screen_text()
        await crm.press_action("message.reply")
        assert form(crm).target == OFFICE
        await crm.type("It is")
        assert_harmless("".join(crm.screen_lines()))
        await crm.press_action("texting.send")
        assert [(one.to, one.text) for one in queued(seeded)] == [((OFFICE,), "It is")]
