"""Whom a text reaches: mobiles first, a name of Telegram's, the chat with a bot; a number that was typed, with whoever has it."""

from __future__ import annotations

from tuicrm.channels.channel import ReceivedText
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import reaching, texting
from tuicrm.services.messages.accounts import add_channel
from tuicrm.services.messages.text_taking import TextTaking
from tuicrm.services.messages.text_targets import shown_target, targets, typed_target
from tuicrm.services.messages.text_templates import TextTemplateDetails, add_text_template, place_values

C1, D1 = Ref("contact", 1), Ref("deal", 1)
MOBILE, OFFICE = "+393331234567", "+39061234567"


def test_whom_a_text_reaches_by_each_way(seeded: Session) -> None:
    phones = [{"value": OFFICE, "type": "work"}, {"value": MOBILE, "type": "mobile"}]
    items.edit(seeded, C1, {"phone": phones, "messenger": [{"value": "@anna_rossi", "type": "telegram"}]})
    items.edit(seeded, D1, {"contacts": [str(C1)]})
    assert [one.number for one in targets(seeded, D1, "sms", None)] == [MOBILE, OFFICE]
    by_hand = targets(seeded, D1, "telegram", None)
    assert [one.number for one in by_hand] == ["@anna_rossi", MOBILE, OFFICE]
    assert set(by_hand[0].on) == {D1, C1}
    bot = add_channel(seeded, "Bot", "telegram", {"bot": "rossi_bot", "secret": "variable:BOT_SECRET"})
    assert [one.number for one in targets(seeded, D1, "telegram", bot)] == [""], "no chat yet"
    link, _number = texting.invite_to_bot(seeded, bot, [D1, C1])
    came = ReceivedText("1", "telegram:42", "/start", "2026-11-23T09:00:00Z", start=link.rpartition("=")[2])
    TextTaking(seeded, bot).take([came])
    assert [one.number for one in targets(seeded, D1, "telegram", bot)] == ["telegram:42"]
    assert (shown_target(MOBILE), shown_target("@anna_rossi")) == ("+39 333 123 4567", "@anna_rossi")


def test_people_are_texted_before_the_switchboard_of_their_company(seeded: Session) -> None:
    company = items.add(seeded, "company", {"title": "Rossi", "phone": [{"value": OFFICE, "type": "work"}]})
    items.edit(seeded, C1, {"phone": [{"value": MOBILE, "type": "work"}]})
    items.edit(seeded, D1, {"company": str(company.ref), "contacts": [str(C1)]})
    assert [one.number for one in targets(seeded, D1, "sms", None)] == [MOBILE, OFFICE]
    assert reaching.whom(seeded, "D-1", "mobile").number == MOBILE
    assert reaching.whom(seeded, "D-1").number == OFFICE
    items.edit(seeded, company.ref, {"phone": [{"value": OFFICE, "type": "mobile"}]})
    assert [one.number for one in targets(seeded, D1, "sms", None)] == [OFFICE, MOBILE], "a mobile before all"


def test_a_number_that_was_typed_stands_on_the_item_and_on_whoever_has_it(seeded: Session) -> None:
    items.edit(seeded, C1, {"phone": [{"value": MOBILE, "type": "mobile"}]})
    found = typed_target(seeded, D1, "333 123 4567")
    assert found is not None
    assert (found.number, found.on) == (MOBILE, (D1, C1))
    assert typed_target(seeded, D1, "maria") is None


def test_whatsapp_gets_what_stands_in_the_places_of_a_template(seeded: Session) -> None:
    items.edit(seeded, D1, {"title": "Till and scales"})
    details = TextTemplateDetails("Visit", "{Title}: {#Amount}worth it{/Amount} {Title}?", cloud_name="visit")
    template = add_text_template(seeded, details)
    assert place_values(seeded, template, D1) == ["Till and scales", "Till and scales"]
