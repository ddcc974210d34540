"""Calling from the card: the number handed over, the call counted, its outcome one key, the next step in the same form."""

from __future__ import annotations

import pytest

from tests.driver import SMALL
from tests.hostile import assert_harmless
from tests.screens.messages.writing import D1, client_of
from tests.screens.opening import card
from tests.screens.snapshot import assert_snapshot
from tuicrm.screens.messages.call_box import CallBox
from tuicrm.services.items.activities import open_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.workspace import preferences


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
