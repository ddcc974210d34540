"""Calling from the card: the number handed over, the call counted, its outcome one key, the next step in the same form."""

from __future__ import annotations

import pytest

from tests.driver import SMALL
from tests.hostile import assert_harmless
from tests.screens.messages.writing import D1, client_of
from tests.screens.opening import card, choose, go_to
from tests.screens.snapshot import assert_snapshot
from tuicrm.render.palette import Palette
from tuicrm.screens.messages.call_box import CallBox
from tuicrm.services.items import items
from tuicrm.services.items.activities import open_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import calls, records
from tuicrm.services.messages.reaching import Reached
from tuicrm.services.workspace import preferences
from tuicrm.widgets.form import Form


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


async def test_a_call_is_made_and_kept_with_what_comes_next(seeded: Session) -> None:
    client_of(seeded, name="Rossi [/] \x1b[31m")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("c")
        box = crm.dialog
        assert isinstance(box, CallBox)
        text = crm.screen_text()
        assert "+39061234567" in text
        assert "00:00" in text
        assert "▄" in text, "the code for the phone in the hand"
        assert_snapshot("call_80x24", crm.screen_lines())
        box._began -= 125
        box._top.update()
        await crm.settle()
        assert "02:05" in crm.screen_text()
        await crm.press_action("call.open")
        assert "No desktop is here that could dial." in crm.said()
        await crm.press_action("copy.value")
        assert crm.app.clipboard == "+39061234567"
        await crm.press_action("call.reached")
        await crm.type("They take it [/] \u202eabc")
        await crm.press_action("form.next")
        await crm.type("Send the contract tomorrow 10")
        await crm.press_action("form.save")
        assert "Logged, and the next step planned" in crm.said()
        (call,) = [one for one in records.of_item(seeded, D1) if one.record.channel == "call"]
        assert (call.record.way, call.record.outcome, call.record.minutes) == ("out", "reached", 3)
        assert call.record.text == "They take it [/] abc"
        assert call.record.to == ("+39061234567",)
        assert [one.doc["what"] for one in open_of(seeded, D1)] == ["Send the contract"]
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("undo")
        assert records.of_item(seeded, D1) == []
        assert open_of(seeded, D1) == [], "one step for both"


async def test_the_common_case_is_two_keys_and_the_way_is_remembered(seeded: Session) -> None:
    client_of(seeded)
    preferences.choose_own(seeded, "call_way", "copy")
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("c")
        assert crm.app.clipboard == "+39061234567"
        assert "▄" not in crm.screen_text()
        await crm.press_action("call.no_answer", "form.save")
        (call,) = records.of_item(seeded, D1)
        assert (call.record.outcome, call.record.minutes) == ("no_answer", 0)
        await crm.press_action("message")
        await crm.press("c", "esc")
        assert len(records.of_item(seeded, D1)) == 1, "what is left is kept nowhere"
        await crm.press_action("message")
        await crm.press("c")
        await crm.press_action("call.code", "call.busy", "cancel")
        assert preferences.own_choice(seeded, "call_way") == "code"
        assert len(records.of_item(seeded, D1)) == 1


async def test_a_call_is_changed_from_the_timeline(seeded: Session) -> None:
    client_of(seeded)
    to = Reached("+39061234567", (D1,), "Rossi")
    call, _planned = calls.log_call(seeded, to, calls.CallMade("out", 3, note="They take it"))
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press("tab", "home")
        await crm.press_action("timeline.read")
        form = crm.dialog
        assert isinstance(form, Form)
        assert [field.answer for field in form.fields] == ["They take it", ("reached",), "3"]
        await crm.type(" [/] \u202eabc")
        await crm.press_action("form.on", "form.next")
        await crm.type("many")
        await crm.press_action("form.save")
        assert "a whole number of minutes is expected" in crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type("2000")
        await crm.press_action("form.save")
        assert crm.dialog is form, "no call lasts longer than a day"
        await crm.press("ctrl+u")
        await crm.type("7")
        await crm.press_action("form.save")
        one = records.by_id(seeded, call.record.id).record
        assert (one.text, one.minutes, one.outcome) == ("They take it [/] abc", 7, "reached")
        for line in crm.screen_lines():
            assert_harmless(line)
        await crm.press_action("timeline.edit", "form.save")
        assert "Changed" not in crm.said(), "nothing was said otherwise"
        await crm.press_action("undo")
        assert records.by_id(seeded, call.record.id).record.minutes == 3
        await crm.press_action("timeline.edit", "form.other")
        assert crm.screen.dispatcher.scope == "message"


async def test_fields_are_called_and_shown_to_the_phone(seeded: Session) -> None:
    ref = client_of(seeded)
    preferences.choose_own(seeded, "call_way", "copy")
    async with card(seeded, ref, SMALL) as (crm, screen):
        await go_to(crm, "phone")
        await crm.press("enter")
        assert isinstance(crm.dialog, CallBox)
        assert crm.app.clipboard == "+39061234567"
        await crm.press_action("cancel", "field.code")
        assert "tel:+39061234567" in crm.screen_text()
        assert_snapshot("code_80x24", crm.screen_lines())
        await crm.press_action("code.copy")
        assert crm.app.clipboard == "tel:+39061234567"
        await crm.press_action("cancel")
        await go_to(crm, "email")
        await crm.press_action("field.code")
        assert "mailto:maria@rossi.example" in crm.screen_text()
        await crm.press_action("cancel")
        await go_to(crm, "last_name")
        await crm.press_action("field.code")
        assert "Only a phone number" in crm.said()
        both = [{"value": "+39 06 1234567", "type": "work"}, {"value": "+39 333 1234567", "type": "mobile"}]
        items.edit(seeded, ref, {"phone": both})
        screen.reload()
        await go_to(crm, "phone")
        await crm.press("enter")
        await choose(crm, "333")
        assert crm.app.clipboard == "+393331234567"
        await crm.press_action("cancel")
        await crm.press("F2")
        assert crm.screen.dispatcher.scope in ("text", "editor"), "F2 changes the numbers"


async def test_a_clients_number_is_shown_to_the_phone_from_the_deal(seeded: Session) -> None:
    ref = client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await go_to(crm, f"contacts/{ref}/phone")
        await crm.press_action("field.code")
        assert "tel:+39061234567" in crm.screen_text()


async def test_the_code_is_drawn_without_colours_and_in_ascii(seeded: Session) -> None:
    ref = client_of(seeded)
    async with card(seeded, ref, (100, 40), ascii_only=True) as (crm, screen):
        screen.surface.look.palette = Palette("terminal", "none")
        await go_to(crm, "phone")
        await crm.press_action("field.code")
        text = crm.screen_text()
        assert "##" in text
        assert text.isascii()


async def test_a_call_that_was_is_logged_and_nothing_typed_is_lost_by_one_key(seeded: Session) -> None:
    client_of(seeded)
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("message")
        await crm.press("l")
        await crm.type("They asked for the price")
        await crm.press_action("cancel")
        assert "again discards it" in crm.said()
        form = crm.dialog
        assert isinstance(form, Form)
        form.fields[0].enter()
        await crm.settle()
        await crm.press_action("form.choose")
        await choose(crm, "they")
        await crm.press_action("form.save")
        (call,) = records.of_item(seeded, D1)
        assert (call.record.way, call.record.sender) == ("in", "+39061234567")
        await crm.press_action("message")
        await crm.press("l")
        await crm.press_action("cancel")
        assert crm.dialog is None, "nothing was typed"
        await crm.press_action("message")
        await crm.press("l", "x")
        await crm.press_action("cancel", "cancel")
        assert crm.dialog is None
        assert len(records.of_item(seeded, D1)) == 1
