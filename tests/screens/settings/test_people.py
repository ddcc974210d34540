"""People and departments on screen: let in, changed, retired, moved; what is theirs handed over."""

from __future__ import annotations

from tests.driver import LARGE, SMALL, running
from tests.screens.snapshot import assert_snapshot
from tests.screens.test_shaping import open_setting
from tuicrm.domain.conditions import Test
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.kernel.session import Session


async def test_a_person_is_let_in_changed_and_retired(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "people")
        assert "log-ins: anna" in crm.screen_text()
        await crm.press_action("people.retire")
        assert "this is the last one" in crm.said()
        await crm.press_action("people.new")
        await crm.type("Giulia [/] Moretti")
        await crm.press_action("form.next")
        await crm.type("giulia, gm")
        await crm.press_action("form.next", "form.next", "form.choose")
        await crm.type("manager")
        await crm.press_action("list.mark", "list.choose", "form.save")
        made = seeded.workspace.people["giulia_moretti"]
        assert (made.logins, made.roles) == (["giulia", "gm"], ["manager"])
        assert_snapshot("people_80x24", crm.screen_lines())
        await crm.press_action("people.change")
        await crm.press("tab")
        await crm.press("ctrl+u")
        await crm.type("anna")
        await crm.press_action("form.save")
        assert "already belongs to" in crm.screen_text()
        await crm.press_action("cancel", "people.retire")
        assert seeded.workspace.people["giulia_moretti"].retired
        await crm.press_action("undo")
        assert not seeded.workspace.people["giulia_moretti"].retired


async def test_what_is_theirs_is_handed_over_once_it_was_looked_at(seeded: Session) -> None:
    where = Test("responsible", "person", "=", "anna")
    before = list(seeded.ids("deal", where))
    async with running(seeded, SettingsScreen, LARGE) as crm:
        await open_setting(crm, "people")
        await crm.press_action("people.hand_over")
        await crm.type("luca")
        await crm.press_action("list.choose")
        assert f"Deals: {len(before)}" in crm.screen_text()
        await crm.press_action("confirm.yes")
        assert "Handed over to Luca Riva" in crm.said()
        assert list(seeded.ids("deal", where)) == []
        await crm.press_action("undo")
        assert list(seeded.ids("deal", where)) == before
