"""SMS and messengers on screen: in how many parts, by which way, what the way means; queued, or by a code for one's own phone."""

from __future__ import annotations

import pytest

from tests.driver import SMALL, Crm
from tests.hostile import assert_harmless
from tests.screens.messages.writing import client_of
from tests.screens.opening import D1, card
from tests.screens.snapshot import assert_snapshot
from tuicrm.channels.channel import ReceivedText
from tuicrm.domain.stamps import stamp
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox, records, texting
from tuicrm.services.messages.accounts import add_channel, find_channel
from tuicrm.services.messages.records import SeenMessage
from tuicrm.services.messages.text_taking import TextTaking
from tuicrm.services.messages.text_templates import TextTemplateDetails, add_text_template

NUMBER = "+393331234567"


@pytest.fixture(autouse=True)
def client(seeded: Session) -> None:
    """The deal's, with a mobile and another number."""
    ref = client_of(seeded)
    both = [{"value": "+39061234567", "type": "work"}, {"value": NUMBER, "type": "mobile"}]
    items.edit(seeded, ref, {"phone": both})


def form(crm: Crm) -> TextingForm:
    assert isinstance(crm.dialog, TextingForm)
    return crm.dialog


def kept(session: Session) -> list[SeenMessage]:
    return records.of_item(session, D1)


def add_sms(session: Session) -> None:
    add_channel(session, "Gate", "sms_command", {"command": "true {to}"})


def add_whatsapp(session: Session) -> None:
    add_channel(session, "Wa", "whatsapp", {"number_id": "555", "secret": "variable:X", "hook": "variable:H"})


def wrote(session: Session, channel: str, sender: str, text: str, start: str = "") -> None:
    found = find_channel(session, channel)
    came = ReceivedText("in-1", sender, text, stamp(session.clock()), start=start)
    TextTaking(session, found).take([came])


async def test_an_sms_tells_its_parts_and_is_queued_and_taken_back(seeded: Session) -> None:
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        assert "no channel yet" in crm.screen_text()
        await crm.press_action("cancel")
        add_sms(seeded)
        await crm.press_action("message")
        await crm.press("s")
        assert form(crm).to == NUMBER, "the mobile comes first"
        assert "1 part · GSM-7 · 160 characters left" in crm.screen_text()
        await crm.press_action("mail.send")
        assert "a text is expected" in crm.screen_text()
        await crm.type("Ciao ")
        await crm.type("ę")
        assert "UCS-2" in crm.screen_text()
        assert "because of ę" in crm.screen_text()
        assert_snapshot("sms_80x24", crm.screen_lines())
        await crm.press_action("cancel")
        assert "again discards it" in crm.screen_text()
        await crm.press("shift+tab")
        await crm.press_action("form.choose")
        await crm.press("down")
        await crm.press_action("list.choose")
        assert form(crm).to == "+39061234567"
        await crm.press_action("mail.send")
        assert "The message goes out in" in crm.said()
        (one,) = outbox.own(seeded)
        assert (one.doc["channel"], one.doc["to"], one.doc["text"]) == ("sms", ["+39061234567"], "Ciao ę")
        (one_there,) = kept(seeded)
        assert one_there.record.text == "Ciao ę", "it stands on the timeline"
        await crm.press_action("undo")
        assert outbox.own(seeded) == []


async def test_two_escapes_discard_and_one_where_nothing_was_typed(seeded: Session) -> None:
    add_sms(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("s")
        await crm.press_action("cancel")
        assert crm.dialog is None
        await crm.press_action("message")
        await crm.press("s")
        await crm.type("x")
        await crm.press_action("cancel", "cancel")
        assert crm.dialog is None
    assert kept(seeded) == []


async def test_a_first_word_by_whatsapp_is_a_code_and_kept_once_it_was_sent(seeded: Session) -> None:
    evil = TextTemplateDetails(label="Hello", text="Dear {Title} \u202e[/]")
    add_text_template(seeded, evil)
    async with card(seeded, D1, (140, 50)) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("w")
        assert "by a code" in crm.screen_text()
        await crm.press_action("mail.template")
        await crm.press_action("list.choose")
        assert str(form(crm).answers["text"]).startswith("Dear Website redesign")
        await crm.press_action("mail.send")
        text = crm.screen_text()
        assert "https://wa.me/393331234567?text=Dear%20Website" in text
        assert "█" in text
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("cancel")
        assert kept(seeded) == [], "who leaves the code has not sent it"
        await crm.press_action("message")
        await crm.press("w")
        await crm.type("Hello Maria")
        await crm.press_action("mail.send", "code.sent")
        (one,) = kept(seeded)
        assert (one.record.channel, one.record.status, one.record.text) == ("whatsapp", "sent", "Hello Maria")
        assert "Hello Maria" in crm.screen_text()
        await crm.press_action("undo")
    assert kept(seeded) == []


async def test_the_window_of_whatsapp_is_told_before_sending(seeded: Session) -> None:
    add_whatsapp(seeded)
    reminder = TextTemplateDetails(label="Reminder", text="{Title} at nine", channel="whatsapp", cloud_name="reminder")
    add_text_template(seeded, reminder)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("w")
        assert "WhatsApp takes only a template" in crm.screen_text()
        await crm.type("At nine?")
        await crm.press_action("mail.send")
        assert "Nobody has written from +393331234567 yet" in crm.screen_text()
        assert form(crm).answers["text"] == "At nine?", "nothing of it is lost"
        form(crm).letter.put("")
        await crm.press_action("mail.template", "list.choose", "mail.send")
        (sent,) = outbox.own(seeded)
        assert '"reminder"' in sent.doc["template"]
        assert '"Website redesign"' in sent.doc["template"]
        wrote(seeded, "Wa", NUMBER, "Yes")
        await crm.press_action("message")
        await crm.press("w")
        assert "Any text goes until" in crm.screen_text()
        await crm.type("Good")
        await crm.press_action("mail.send")
    assert [one.doc["text"] for one in outbox.own(seeded)] == ["Website redesign at nine", "Good"]


async def test_a_bot_invites_until_its_chat_is_open(seeded: Session) -> None:
    add_channel(seeded, "Bot", "telegram", {"bot": "rossi_bot", "secret": "variable:B"})
    async with card(seeded, D1, (140, 50)) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("t")
        assert "an invitation is shown" in crm.screen_text()
        await crm.press_action("mail.send")
        assert "https://t.me/rossi_bot?start=" in crm.screen_text()
        await crm.press_action("cancel")
        (invited,) = kept(seeded)
        code = invited.record.text.rpartition("start=")[2]
        wrote(seeded, "Bot", "telegram:42", "/start", start=code)
        await crm.press_action("message")
        await crm.press("t")
        assert "the chat that the client opened" in crm.screen_text()
        await crm.type("At nine?")
        await crm.press_action("mail.send")
    (sent,) = outbox.own(seeded)
    assert (sent.doc["to"], sent.doc["text"]) == (["telegram:42"], "At nine?")
    assert texting.chat_with(seeded, [D1], find_channel(seeded, "Bot")) == "telegram:42"


async def test_an_answer_to_an_sms_goes_to_its_client(seeded: Session) -> None:
    add_sms(seeded)
    wrote(seeded, "Gate", NUMBER, "When do you come?")
    (came,) = kept(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press("tab", "home")
        await crm.press_action("timeline.read")
        assert "When do you come?" in crm.screen_text()
        await crm.press_action("message.reply")
        assert form(crm).to == NUMBER
        await crm.type("At nine")
        await crm.press_action("mail.send")
    assert [one.doc["text"] for one in outbox.own(seeded)] == ["At nine"]
    assert came.record.way == "in"
