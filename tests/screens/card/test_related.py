"""The lists on cards: what is a client's with its sums, new ones that belong to the card's item, and their deletion."""

from __future__ import annotations

from tests.driver import Crm
from tests.screens.opening import BOTH, card
from tests.smart import delivery
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


async def open_tab(crm: Crm, key: str) -> None:
    await crm.screen.tabs.go_to(key)  # type: ignore[attr-defined]
    await crm.settle()


@BOTH
async def test_a_clients_deals_with_what_they_come_to(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, Ref("company", 1), size) as (crm, _screen):
        await open_tab(crm, "deals")
        assert "open: 1 · € 12,500" in crm.screen_text()
        assert "Website redesign" in crm.screen_text()
        await crm.press_action("new")
        await crm.type("Second sale")
        await crm.press_action("form.save", "list.choose")
        assert "open: 2 · € 12,500" in crm.screen_text()
        made = seeded.get(Ref("deal", 4))
        assert (made.get("title"), made.get("company")) == ("Second sale", "company:1")
        assert made.get("contacts") == ["contact:1"]
        await crm.press_action("delete")
        assert crm.said() == "D-4 Second sale was deleted"
        assert seeded.peek(Ref("deal", 4)) is None
        assert seeded.peek(Ref("company", 1)) is not None
        await crm.press_action("undo")
        assert "Second sale" in crm.screen_text()


async def test_a_child_is_made_on_its_parents_card(seeded: Session) -> None:
    delivery(seeded)
    async with card(seeded) as (crm, _screen):
        await open_tab(crm, "delivery")
        assert "Nothing here yet: n adds one." in crm.screen_text()
        await crm.press_action("delete")
        assert crm.said() == "There is nothing here."
        await crm.press_action("new")
        await crm.type("Boxes")
        await crm.press_action("form.save")
        made = seeded.get(Ref("delivery", 1))
        assert (made.get("parent_deal"), made.get("company")) == ("deal:1", "company:1")


async def test_a_list_that_follows_from_elsewhere_says_so(seeded: Session) -> None:
    async with card(seeded, Ref("lead", 1)) as (crm, _screen):
        await open_tab(crm, "deals")
        await crm.press_action("new")
        assert crm.said() == "This list comes from deals themselves: nothing can be added here."


async def test_a_card_that_is_used_again_lists_what_the_next_one_has(seeded: Session) -> None:
    items.add(seeded, "contact", {"first_name": "Ada"})
    async with card(seeded, Ref("company", 1)) as (crm, screen):
        await open_tab(crm, "contacts")
        await crm.press("enter")
        await open_tab(crm, "companies")
        assert "Rossi Srl" in crm.screen_text()
        await crm.press("esc", "esc")
        assert crm.screen is screen
