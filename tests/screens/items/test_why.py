"""Why, or why not, on screen: of an item, of a field, of oneself and of others."""

from __future__ import annotations

from tests.conftest import OpenAs
from tests.driver import SMALL
from tests.screens.opening import D1, board, card
from tests.screens.snapshot import assert_snapshot
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people, roles
from tuicrm.services.workspace.people import Details


async def test_an_administrator_asks_about_anybody_and_any_field(seeded: Session) -> None:
    async with card(seeded, D1, SMALL) as (crm, _screen):
        await crm.press_action("why")
        assert "About whom" in crm.screen_text()
        await crm.type("luca")
        await crm.press_action("list.choose")
        text = crm.screen_text()
        assert "What Luca Riva may do" in text
        assert "Manager" in text
        assert "Who could change that: Anna Bianchi" in text
        assert_snapshot("why_80x24", crm.screen_lines())
        await crm.press_action("close")
    async with board(seeded, SMALL) as (crm, _screen):
        await crm.press_action("why", "list.choose")
        assert "is an administrator" in crm.screen_text()


async def test_others_see_their_own_reasons(seeded: Session, open_as: OpenAs) -> None:
    roles.add_role(seeded, roles.RoleDetails("Readers", dict([roles.read_cell(seeded, "*.read=all")])))
    people.edit_person(seeded, "luca", Details(roles=["readers"]))
    async with card(open_as("luca"), D1, SMALL) as (crm, _screen):
        await crm.press_action("why")
        text = crm.screen_text()
        assert "About whom" not in text
        assert "read: yes" in text
        assert "change: no" in text
