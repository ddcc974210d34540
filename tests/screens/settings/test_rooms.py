"""Rooms and resources set up on screen: added, changed, put in order, retired; who has one next."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, running
from tests.screens.test_shaping import open_setting
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.definitions.rooms import RoomDetails, add_room
from tuicrm.services.kernel.session import Session


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_rooms_are_made_put_in_order_and_retired(seeded: Session, size: tuple[int, int]) -> None:
    async with running(seeded, SettingsScreen, size) as crm:
        assert "nothing to book yet" in crm.screen_text()
        await open_setting(crm, "rooms")
        assert "No rooms yet: n adds one." in crm.screen_text()
        await crm.press_action("rooms.new")
        await crm.type("Blue")
        await crm.press_action("form.next", "form.next")
        await crm.type("2nd floor")
        await crm.press_action("form.next")
        await crm.type("8")
        await crm.press_action("form.save")
        assert seeded.workspace.rooms["blue"].seats == 8
        assert "2nd floor · 8 seats" in crm.screen_text()
        assert "nobody has booked it" in crm.screen_text()
        add_room(seeded, RoomDetails("Red car", kind="resource"))
        await crm.settle()
        await crm.press_action("customise.down")
        assert list(seeded.workspace.rooms) == ["red_car", "blue"]
        await crm.press_action("rooms.change")
        await crm.press("ctrl+u")
        await crm.type("Red car")
        await crm.press_action("form.save")
        assert "already exists" in crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type("Sala [/] blu")
        await crm.press_action("form.save", "rooms.retire")
        room = seeded.workspace.rooms["blue"]
        assert (room.label, room.retired, room.place) == ("Sala [/] blu", True, "2nd floor")
        assert "retired" in crm.screen_text()
        await crm.press_action("undo")
        assert not seeded.workspace.rooms["blue"].retired


async def test_it_tells_who_has_one_next_and_who_may_not_change_them(seeded: Session, open_as: OpenAs) -> None:
    add_room(seeded, RoomDetails("Blue"))
    doc = {
        "owner": "deal:1",
        "what": "Meet",
        "at": "2027-01-12T10:00:00Z",
        "end": "2027-01-12T11:00:00Z",
        "done": False,
    }
    with seeded.change("plan") as change:
        change.put("activity", {**doc, "rooms": ["blue"], "responsible": "anna", "by": "anna"})
    luca = open_as("luca")
    async with running(luca, SettingsScreen, LARGE) as crm:
        assert isinstance(crm.screen, SettingsScreen)
        crm.screen.pane.move_to("rooms")
        await crm.settle()
        assert "1 to book" in crm.screen_text()
        await open_setting(crm, "rooms")
        assert "next: Tue 12 Jan 2027 10:00–11:00, Anna Bianchi (D-1 Meet)" in crm.screen_text()
        await crm.press_action("rooms.retire")
        assert "You may not change rooms" in crm.said()
        assert not luca.workspace.rooms["blue"].retired


@pytest.mark.parametrize("cells", [80, 100, 110, 120, 122, 140])
async def test_what_is_told_stands_beside_every_line_however_wide_it_is(seeded: Session, cells: int) -> None:
    add_room(seeded, RoomDetails("Blue", seats=6))
    async with running(seeded, lambda s, surface: SettingsScreen(s, surface, "rooms"), (cells, 40)) as crm:
        line = next(line for line in crm.screen_lines() if "Rooms and resources" in line)
        assert "1 to book" in line
        assert ("6 seats" in crm.screen_text()) == (cells >= 100)
