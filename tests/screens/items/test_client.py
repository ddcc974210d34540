"""The client of an item: a company offers its people, one of them is the main one, new ones are made on the way."""

from __future__ import annotations

from tests.driver import LARGE, running
from tests.screens.opening import BOTH, D1, D3, board, card, go_to
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

CO1 = Ref("company", 1)
MARIA, ADA = "contact:1", "contact:2"


def with_ada(session: Session) -> None:
    items.add(session, "contact", {"first_name": "Ada", "last_name": "Byron", "companies": ["company:1"]})


@BOTH
async def test_a_company_offers_its_people(seeded: Session, size: tuple[int, int]) -> None:
    with_ada(seeded)
    async with card(seeded, D3, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "company")
        await crm.press("F2")
        await crm.type("Rossi")
        await crm.press_action("list.choose")
        assert "Contacts of Rossi Srl" in crm.screen_text()
        await crm.type("Ada")
        await crm.press("tab")
        await crm.press_action("list.choose")
        deal = seeded.get(D3)
        assert (deal.get("company"), deal.get("contacts")) == ("company:1", [MARIA])
        await crm.press_action("undo")
        assert seeded.get(D3).fields.keys().isdisjoint({"company", "contacts"}), "both are one change"


async def test_who_was_left_out_is_left_out_the_next_time(seeded: Session) -> None:
    with_ada(seeded)
    for keys in (("Ada", "tab"), ("", "")):
        async with board(seeded) as (crm, _screen):
            await crm.press_action("new")
            await crm.type("Sale")
            await crm.press("tab", "tab", "F4")
            await crm.type("Rossi")
            await crm.press_action("list.choose", "form.save")
            if keys[0]:
                await crm.type(keys[0])
                await crm.press(keys[1])
            await crm.press_action("list.choose")
    made = seeded.find("deal").items[-2:]
    assert [one.get("contacts") for one in made] == [[MARIA], [MARIA]]


async def test_a_company_offers_its_people_for_what_is_made_on_its_card(seeded: Session) -> None:
    with_ada(seeded)
    for type_key, tab in (("deal", "deals"), ("quote", "quotes")):
        async with card(seeded, CO1, LARGE) as (crm, screen):
            await screen.tabs.go_to(tab)
            await crm.press_action("new")
            await crm.type("Sale")
            await crm.press_action("form.save")
            assert "Contacts of Rossi Srl" in crm.screen_text()
            if type_key == "deal":
                await crm.type("Ada")
                await crm.press("tab")
            await crm.press_action("list.choose")
        made = seeded.find(type_key).items[-1]
        assert (made.get("company"), made.get("contacts")) == ("company:1", [MARIA]), "who was left out is left out"
    async with card(seeded, CO1, LARGE) as (crm, screen):
        await screen.tabs.go_to("contacts")
        await crm.press_action("new")
        await crm.type("Bruno")
        await crm.press_action("form.save")
        assert crm.dialog is None, "people have no people"


async def test_what_is_made_from_a_company_brings_its_people(seeded: Session) -> None:
    with_ada(seeded)
    async with card(seeded, CO1, LARGE) as (crm, _screen):
        await crm.press_action("create")
        await crm.type("Invoice")
        await crm.press_action("list.choose")
        assert "Maria Rossi, Ada Byron" in crm.screen_text()
        await crm.press_action("form.save")
    made = seeded.find("invoice").items[-1]
    assert (made.get("company"), made.get("contacts")) == ("company:1", [MARIA, ADA])


async def test_another_one_becomes_the_main_one(seeded: Session) -> None:
    with_ada(seeded)
    async with card(seeded, D1) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "contacts")
        await crm.press_action("client.main")
        assert "no others" in crm.said()
        items.edit(seeded, D1, {"contacts": [MARIA, ADA]})
        screen.reload("contacts")
        await crm.settle()
        assert "main" in crm.screen_text()
        await crm.press_action("client.main")
        await crm.type("Ada")
        await crm.press_action("list.choose")
        assert seeded.get(D1).get("contacts") == [ADA, MARIA]
        await go_to(crm, "amount")
        await crm.press_action("client.main")
        assert "to choose the main one" in crm.said()


async def test_a_contact_is_made_while_one_is_looked_for(seeded: Session) -> None:
    async with card(seeded, D1) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "contacts")
        await crm.press("F2")
        await crm.type("Ada Byron")
        assert "new contact “Ada Byron”" in crm.screen_text()
        await crm.press("space")
        await crm.press_action("list.choose")
        ada = seeded.get(Ref("contact", 2))
        assert (ada.get("first_name"), ada.get("last_name")) == ("Ada", "Byron")
        assert seeded.get(D1).get("contacts") == [ADA]


async def test_a_company_is_made_in_a_form(seeded: Session) -> None:
    async with board(seeded) as (crm, _screen):
        await crm.press_action("new")
        await crm.type("Sale")
        await crm.press("tab", "tab", "F4")
        await crm.type("Zorzi")
        await crm.press_action("list.choose", "form.save")
        assert seeded.get(Ref("company", 3)).get("title") == "Zorzi"
        assert seeded.find("deal").items[-1].get("company") == "company:3"


async def test_a_lead_from_somebody_who_is_known_says_so_and_takes_the_client(seeded: Session) -> None:
    items.edit(seeded, Ref("contact", 1), items.values(seeded, "contact", {"phone": "+39 041 5551234"}))
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "lead"), LARGE) as crm:
        await crm.press_action("new")
        await crm.type("Once more")
        await crm.press("enter", "enter")
        await crm.type("+39 041 5551234")
        await crm.press_action("form.save")
        assert crm.said() == "L-2 was created. Repeat lead; known: C-1 Maria Rossi"
        assert "returning" in "".join(crm.screen_lines()[:-2])
        await crm.press_action("open")
        assert "Repeat lead" in crm.screen_lines()[0]
        await go_to(crm, "company/known/contact:1")
        assert "enter takes it" in crm.screen_text()
        await crm.press_action("field.edit")
        assert crm.said() == "Maria Rossi is the client now"
        assert seeded.get(Ref("lead", 2)).get("contacts") == [MARIA]
        assert "enter takes it" not in crm.screen_text()
        await crm.press_action("undo")
        assert seeded.get(Ref("lead", 2)).get("contacts") is None
