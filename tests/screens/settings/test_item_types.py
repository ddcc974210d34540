"""Item types of one's own, made and changed in the settings; what is shown of one that somebody removes."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import SMALL, Crm, running
from tests.hostile import HOSTILE_FEW
from tests.render.hostile import assert_harmless
from tests.screens.opening import BOTH
from tests.smart import delivery
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen, open_card
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


async def open_types(crm: Crm) -> None:
    """From the settings, whose first line they are."""
    assert isinstance(crm.screen, SettingsScreen)
    await crm.press("home", "enter")


@BOTH
async def test_a_type_is_made_changed_and_removed(seeded: Session, size: tuple[int, int]) -> None:
    async with running(seeded, SettingsScreen, size) as crm:
        assert "the built-in ones only" in crm.screen_text()
        await open_types(crm)
        assert "Nothing here yet: n adds one." in crm.screen_text()
        await crm.press_action("types.delete")
        assert "Nothing here yet" in crm.said()
        await crm.press_action("types.new")
        await crm.type("Site visit")
        await crm.press("enter")
        await crm.type("Site visits")
        await crm.press_action("form.save")
        assert crm.said() == "New item type: Site visits"
        record = seeded.workspace.smart_type("site_visit")
        assert record is not None
        assert (record.prefix, record.has) == ("SV", ["stages", "client", "observers"])
        assert "Stages, Client, Observers" in crm.screen_text(), "all of it has room"
        assert "Site visits" in crm.screen_text()
        assert "SV- · 0 items" in crm.screen_text()
        assert "With Stages, Client" in crm.screen_text()
        await crm.press_action("types.change")
        await crm.press("tab", "ctrl+u")
        await crm.type("Calls on site")
        await crm.press_action("form.save")
        assert "Calls on site" in crm.screen_text()
        await crm.press_action("types.delete")
        assert seeded.workspace.smart == []
        await crm.press_action("undo")
        assert [one.plural for one in seeded.workspace.smart] == ["Calls on site"]
        await crm.press("esc")
        assert "1 custom type" in crm.screen_text()


async def test_what_is_wrong_stands_beside_the_answer(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_types(crm)
        await crm.press_action("types.new")
        await crm.type("Log")
        await crm.press_action("form.save")
        assert "“Log” is a command; choose another name" in crm.screen_text()
        assert seeded.workspace.smart == []
        await crm.press("ctrl+u")
        await crm.type("Visit")
        await crm.press_action("form.save")
        assert [one.key for one in seeded.workspace.smart] == ["visit"]


async def test_parents_are_chosen(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_types(crm)
        await crm.press_action("types.new")
        await crm.type("Visit")
        await crm.press("tab", "tab", "tab", "tab", "tab", "F4")
        await crm.type("deals")
        await crm.press("space", "enter")
        await crm.press_action("form.save")
        assert "parent_deal" in seeded.workspace.fields("visit")
        assert "belongs to: Deals" in crm.screen_text()
        await crm.press_action("types.change")
        assert "Deals" in crm.screen_text()
        await crm.press_action("form.save")
        assert [one.parents[0].type for one in seeded.workspace.smart] == ["deal"]


async def test_a_type_with_items_stays_and_leads_to_them(seeded: Session) -> None:
    delivery(seeded)
    items.add(seeded, "delivery", {"title": "Boxes"})
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_types(crm)
        await crm.press_action("types.delete")
        told = "It has 1 item (Start 1): only an empty item type can be removed; delete them first. L shows them."
        assert crm.said().replace("\n", " ") == told
        await crm.press_action("types.items")
        assert isinstance(crm.screen, BoardScreen)
        assert "Boxes" in crm.screen_text()
        await crm.press_action("back")
        assert isinstance(crm.screen, SettingsScreen)


async def test_types_are_put_in_order(seeded: Session) -> None:
    for name in ("One", "Two"):
        item_types.add(seeded, TypeChanges(name))
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_types(crm)
        await crm.press_action("customise.down")
        assert [one.key for one in seeded.workspace.smart] == ["two", "one"]
        await crm.press_action("undo")
        assert [one.key for one in seeded.workspace.smart] == ["one", "two"]


async def test_who_may_not_change_settings_may_look(seeded: Session, open_as: OpenAs) -> None:
    delivery(seeded)
    luca = open_as("luca")
    async with running(luca, SettingsScreen, SMALL) as crm:
        await open_types(crm)
        assert "Deliveries" in crm.screen_text()
        for action in ("types.new", "types.change", "types.delete", "customise.down"):
            await crm.press_action(action)
            assert "someone who may change settings" in crm.said(), action
        await crm.press_action("types.items")
        assert isinstance(crm.screen, BoardScreen)


async def test_a_new_type_can_be_gone_to(seeded: Session) -> None:
    delivery(seeded)
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press_action("goto")
        assert "Deliveries" in crm.screen_text()
        await crm.press("esc", ":")
        await crm.type("Deliveries")
        await crm.press("enter")
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.type == "delivery"


async def test_a_new_type_takes_no_letter_that_hands_know(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        before = {entry.label: entry.key for entry in crm.screen.everywhere.places()}  # type: ignore[attr-defined]
        item_types.add(seeded, TypeChanges(label="Site visit", plural="Site visits"))
        after = {entry.label: entry.key for entry in crm.screen.everywhere.places()}  # type: ignore[attr-defined]
    assert before["Settings"] == "s"
    own = after.pop("Site visits")
    assert after == before
    assert own
    assert own not in before.values()


@pytest.mark.parametrize("has", [("stages",), ()], ids=["board", "list"])
async def test_a_screen_of_a_type_that_is_removed_says_so_and_goes(
    seeded: Session, open_as: OpenAs, has: tuple[str, ...]
) -> None:
    delivery(seeded, has=has)
    other = open_as("anna")
    make = lambda s, surface: (BoardScreen if has else ListScreen)(s, surface, "delivery")  # noqa: E731
    async with running(seeded, make, SMALL) as crm:
        item_types.remove(other, "delivery")
        seeded.store.refresh()
        await crm.settle()
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.type == "deal"
        assert crm.said() == "This item type was removed by someone. Choose another."


async def test_a_card_of_a_type_that_is_removed_says_so_and_goes(seeded: Session, open_as: OpenAs) -> None:
    delivery(seeded)
    ref = items.add(seeded, "delivery", {"title": "Boxes"}).ref
    other = open_as("anna")
    async with running(seeded, BoardScreen, SMALL) as crm:
        assert isinstance(crm.screen, BoardScreen)
        from tuicrm.domain.items import Walk

        open_card(crm.screen, ref, Walk(), lambda _last: None)
        await crm.settle()
        assert isinstance(crm.screen, CardScreen)
        items.delete(other, [ref])
        item_types.remove(other, "delivery")
        seeded.store.refresh()
        await crm.settle()
        assert isinstance(crm.screen, BoardScreen)
        assert crm.said() == "This item type was removed by someone. Choose another."


async def test_a_board_whose_stages_are_switched_off_goes(seeded: Session, open_as: OpenAs) -> None:
    delivery(seeded)
    other = open_as("anna")
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "delivery"), SMALL) as crm:
        item_types.change(other, "delivery", TypeChanges(has=[]))
        seeded.store.refresh()
        await crm.settle()
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.type == "deal"
        assert crm.said() == "This view no longer exists: the item type was changed."


async def test_the_children_stand_on_the_parents_card(seeded: Session) -> None:
    delivery(seeded)
    items.add(seeded, "delivery", {"title": "Boxes", "parent_deal": "deal:1"})
    async with running(seeded, lambda s, surface: CardScreen(s, surface, Ref("deal", 1)), SMALL) as crm:
        assert isinstance(crm.screen, CardScreen)
        await crm.screen.tabs.go_to("delivery")
        await crm.settle()
        assert "Boxes" in crm.screen_text()


@pytest.mark.parametrize("text", HOSTILE_FEW)
async def test_hostile_names_do_no_harm(seeded: Session, text: str) -> None:
    item_types.add(seeded, TypeChanges(" ".join(text[:40].split()) + " x", prefix="HOS"))
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_types(crm)
        await crm.press_action("types.change")
        for line in crm.screen_lines():
            assert_harmless(line)
