"""Roles on screen: the matrix by type, pipeline and stage, special rights, who has one, what deleting it comes to."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.screens.snapshot import assert_snapshot
from tests.screens.test_shaping import open_setting
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.services.workspace.people import Details


async def to(crm: Crm, key: str) -> None:
    """The cursor on a row."""
    arranged = crm.arranged
    assert arranged is not None
    arranged.dialog.pane.move_to(key)
    await crm.settle()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_role_is_made_shaped_given_and_deleted(seeded: Session, size: tuple[int, int]) -> None:
    async with running(seeded, SettingsScreen, size) as crm:
        assert "2 roles" in crm.screen_text()
        await open_setting(crm, "roles")
        assert "Administrator" in crm.screen_text()
        await crm.press_action("roles.rules")
        assert "may do everything" in crm.said(), "there is nothing to shape of an administrator"
        await crm.press_action("roles.new")
        await crm.type("Back office")
        await crm.press_action("form.save")
        assert "nobody has it" in crm.screen_text()
        await crm.press_action("roles.rules", "rules.change", "form.choose")
        await crm.type("all")
        await crm.press_action("list.choose", "form.save")
        assert seeded.workspace.roles["back_office"].rules == {"*": {"read": "all"}}
        await to(crm, "deal")
        await crm.press_action("rules.unfold")
        await to(crm, "deal/general/won")
        await crm.press_action("rules.change", "form.next", "form.next", "form.choose")
        await crm.type("nothing")
        await crm.press_action("list.choose", "form.save")
        assert seeded.workspace.roles["back_office"].rules["deal/general/won"] == {"edit": "none"}
        if size == SMALL:
            await crm.press_action("rules.unfold")
            assert_snapshot("role_80x24", crm.screen_lines())
        await crm.press_action("arrange.finish", "roles.specials")
        await crm.type("merge")
        await crm.press_action("list.mark", "list.choose")
        assert seeded.workspace.roles["back_office"].specials == ["merge"]
        await crm.press_action("roles.give")
        await crm.type("luca")
        await crm.press_action("list.mark", "list.choose")
        assert "back_office" in seeded.workspace.people["luca"].roles
        await crm.press_action("roles.clone")
        await crm.press("ctrl+u")
        await crm.type("Night [/]")
        await crm.press_action("form.save", "customise.up", "roles.delete", "confirm.yes")
        assert "night" not in seeded.workspace.roles
        await to(crm, "back_office")
        await crm.press_action("roles.delete")
        assert "Luca Riva keeps" in crm.screen_text()
        await crm.press_action("confirm.yes", "undo")
        assert "back_office" in seeded.workspace.people["luca"].roles


async def test_the_last_administrator_stays_and_who_may_not_change_it_is_told(seeded: Session, open_as: OpenAs) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "roles")
        await crm.press_action("roles.delete", "confirm.yes")
        assert "this is the last one" in crm.said()
    people.edit_person(seeded, "luca", Details(roles=["manager"]))
    async with running(open_as("luca"), SettingsScreen, SMALL) as crm:
        await open_setting(crm, "roles")
        await crm.press_action("roles.new")
        assert "You may not change roles" in crm.said()
