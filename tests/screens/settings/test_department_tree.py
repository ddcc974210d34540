"""Departments on screen, as a tree: added, moved, given a head and roles."""

from __future__ import annotations

from tests.driver import SMALL, running
from tests.screens.test_shaping import open_setting
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.kernel.session import Session


async def test_a_department_is_added_moved_and_given_a_head(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "departments")
        await crm.press_action("parts.new")
        await crm.type("Field")
        await crm.press_action("form.next", "form.next", "form.choose")
        await crm.type("luca")
        await crm.press_action("list.choose", "form.save")
        field = seeded.workspace.departments["field"]
        assert (field.head, field.parent) == ("luca", "company"), "within the one under the cursor"
        assert "head: Luca Riva" in crm.screen_text()
        await crm.press_action("parts.change")
        await crm.press("ctrl+u")
        await crm.type("Field [/] sales")
        await crm.press_action("form.next", "form.next", "form.next", "form.choose")
        await crm.type("manager")
        await crm.press_action("list.mark", "list.choose", "form.save")
        field = seeded.workspace.departments["field"]
        assert (field.name, field.roles) == ("Field [/] sales", ["manager"])
        assert "Manager" in crm.screen_text()
        await crm.press_action("parts.retire")
        assert seeded.workspace.departments["field"].retired
        await crm.press_action("undo")
        assert not seeded.workspace.departments["field"].retired
