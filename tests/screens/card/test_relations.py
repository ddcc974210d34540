"""The relations tab: the family as a tree, opened, linked, taken away."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, Crm
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.screens.opening import BOTH, D1, D2, D3, card
from tests.services.conversion.world import make
from tuicrm.domain.items import Ref
from tuicrm.screens.card.relations import RelationsTab
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.items import items, relations
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op


async def open_tab(crm: Crm, screen: CardScreen) -> RelationsTab:
    at = next(at for at, tab in enumerate(screen.card.tabs, start=1) if tab.key == "relations")
    await crm.press(str(at))
    assert isinstance(screen.tabs.open, RelationsTab)
    return screen.tabs.open


async def go_to(crm: Crm, tab: RelationsTab, ref: Ref) -> None:
    key = next(key for key, one in tab.pane.relatives.items() if one.ref == ref)
    tab.pane.move_to(key)
    await crm.settle()


@BOTH
async def test_the_family_is_a_tree(seeded: Session, size: tuple[int, int]) -> None:
    make(seeded, D1, "quote")
    make(seeded, Ref("quote", 1), "invoice")
    relations.link(seeded, D1, D3, "see also")
    async with card(seeded, D1, size) as (crm, screen):
        await open_tab(crm, screen)
        lines = crm.screen_lines()
        for text in ("ORIGIN AND RESULTS", "◆ D-1 Website redesign", "└ ▤ Q-1", "  └ ▦ INV-1", "REFERS TO", "LINKS"):
            assert any(text in line for line in lines), "\n".join(lines)
        assert any("◆ D-3 Annual support" in line and "see also" in line for line in lines)
        assert any("this one" in line and "New" in line and "12,500" in line for line in lines)


async def test_enter_opens(seeded: Session) -> None:
    make(seeded, D1, "quote")
    async with card(seeded, D1) as (crm, screen):
        tab = await open_tab(crm, screen)
        await go_to(crm, tab, D1)
        await crm.press_action("relations.open")
        assert crm.said() == "This card is already open."
        await go_to(crm, tab, Ref("quote", 1))
        await crm.press_action("relations.open")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == Ref("quote", 1)
        await crm.press_action("back")
        assert crm.screen is screen


async def test_what_is_related_is_walked_from_card_to_card(seeded: Session) -> None:
    make(seeded, D1, "quote")
    async with card(seeded, D1, LARGE) as (crm, screen):
        tab = await open_tab(crm, screen)
        await go_to(crm, tab, Ref("quote", 1))
        await crm.press_action("relations.open")
        others = list(dict.fromkeys(one.ref for one in tab.pane.relatives.values() if not one.itself))
        assert len({ref.type for ref in others}) > 1
        for at, ref in enumerate(others):
            assert isinstance(crm.screen, CardScreen)
            assert crm.screen.ref == ref
            assert f"{at + 1}/{len(others)}" in crm.screen_lines()[0]
            await crm.press_action("card.next")
        assert crm.said() == "This is the last item."


@BOTH
async def test_an_item_is_linked_and_the_link_removed(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D3, size) as (crm, screen):
        tab = await open_tab(crm, screen)
        assert "Nothing here yet: + creates" in crm.screen_text()
        await crm.press_action("relations.remove")
        assert crm.said() == "There is no relation here."
        await crm.press_action("relations.link", "form.choose")
        await crm.type("Rossi Srl")
        await crm.press_action("list.choose", "form.next")
        await crm.type("instead of")
        await crm.press_action("form.save")
        assert crm.said().startswith("D-3 and CO-1 are now linked.")
        assert "instead of" in crm.screen_text()
        await go_to(crm, tab, Ref("company", 1))
        await crm.press_action("relations.remove")
        assert crm.said().startswith("D-3 and CO-1 are no longer linked")
        assert "instead of" not in "".join(crm.screen_lines()[:12])
        await crm.press_action("undo")
        assert [one.ref for one in tab.pane.relatives.values()] == [Ref("company", 1)]


async def test_what_a_field_names_is_taken_out_of_it(seeded: Session) -> None:
    async with card(seeded, D1) as (crm, screen):
        tab = await open_tab(crm, screen)
        await go_to(crm, tab, Ref("company", 1))
        await crm.press_action("relations.remove")
        assert crm.said().startswith("Company of D-1 no longer refers to CO-1")
    assert seeded.get(D1).get("company") is None


async def test_the_beginning_of_a_tree_has_no_link(seeded: Session) -> None:
    make(seeded, D1, "quote")
    async with card(seeded, D1) as (crm, screen):
        tab = await open_tab(crm, screen)
        await go_to(crm, tab, D1)
        await crm.press_action("relations.remove")
        assert "there is no link to remove" in crm.said()


async def test_what_was_deleted_is_told_and_not_opened(seeded: Session) -> None:
    relations.link(seeded, D1, D3)
    items.delete(seeded, [D3])
    async with card(seeded, D1, LARGE) as (crm, screen):
        tab = await open_tab(crm, screen)
        assert "Annual support (deleted)" in crm.screen_text()
        await go_to(crm, tab, D3)
        await crm.press_action("relations.open")
        assert crm.said() == "D-3 was deleted."


async def test_who_may_change_neither_is_told(seeded: Session, open_as: OpenAs) -> None:
    relations.link(seeded, D1, D3)
    async with card(open_as("luca"), D1) as (crm, screen):
        tab = await open_tab(crm, screen)
        await go_to(crm, tab, D3)
        await crm.press_action("relations.remove")
        assert crm.said() == "You may change neither D-1 nor D-3."


async def test_more_is_shown_when_asked_for(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "LIMIT", 3)
    with seeded.change("many") as change:
        for n in range(8):
            change.add("quote", {"title": f"Q{n}", "deal": "deal:1"})
    async with card(seeded, D1, LARGE) as (crm, screen):
        tab = await open_tab(crm, screen)
        assert "more…" in crm.screen_text()
        await crm.press_action("move.last", "relations.open")
        assert "more…" not in crm.screen_text()
        assert len(tab.pane.relatives) == 9 + 1


async def test_another_session_links(seeded: Session, open_as: OpenAs) -> None:
    async with card(seeded, D1, LARGE) as (crm, screen):
        tab = await open_tab(crm, screen)
        relations.link(open_as("anna"), D2, D1)
        seeded.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert D2 in [one.ref for one in tab.pane.relatives.values()]


@pytest.mark.parametrize("text", HOSTILE_FEW)
async def test_hostile_texts(seeded: Session, text: str) -> None:
    text = text.encode("utf-8", "ignore").decode().replace("\0", "")
    record = seeded.store.get("deal", [3])[0]
    seeded.store.commit([Op("deal", 3, {**record.doc, "title": text})], by="anna")
    seeded.store.commit([Op("link", 1, {"owner": "deal:1", "other": "deal:3", "word": text})], by="anna")
    async with card(seeded, D1, LARGE) as (crm, screen):
        await open_tab(crm, screen)
        assert_harmless("".join(crm.screen_lines()))
