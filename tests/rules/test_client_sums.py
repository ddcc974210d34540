"""Deals that are not for somebody to read: what the card and the commands of their client tell of them and their sums."""

from __future__ import annotations

import pytest

from tests.driver import LARGE
from tests.rules.world import World
from tests.screens.opening import card
from tuicrm.domain.items import Ref
from tuicrm.services.items import items

D1, CO1 = Ref("deal", 1), Ref("company", 1)
ROW = {"name": "Nagelkiste", "quantity": "3", "price": {"amount": "41.00", "currency": "EUR"}, "tax": "22"}
BY_HAND = "777.00"
BY = ("luca", "anna")


@pytest.fixture
def sold(world: World) -> World:
    """A deal of a company with a row; its amount was set by hand."""
    world.deal(company=str(CO1))
    items.edit(world.anna, D1, {"products": [ROW]})
    items.edit(world.anna, D1, {"amount": {"amount": BY_HAND, "currency": "EUR"}})
    role = next(record for record in world.anna.workspace.records["role"].values() if not record.doc.get("admin"))
    with world.anna.change("rules") as change:
        rules = {where: {**rule, "export": "all"} for where, rule in role.doc["rules"].items()}
        change.put("role", {**role.doc, "rules": rules}, role.id)
    world.look()
    return world


async def seen(world: World, by: str, ref: Ref, *tabs: str) -> str:
    """A card and its tabs, as one person sees them."""
    session = world.luca if by == "luca" else world.anna
    shown = ""
    async with card(session, ref, LARGE) as (crm, screen):
        shown += crm.screen_text()
        for tab in tabs:
            if any(one.key == tab for one in screen.card.tabs):
                screen.start(screen.tabs.go_to(tab))
                await crm.settle()
                shown += crm.screen_text()
    return shown


def told(world: World, by: str, *commands: str) -> str:
    """What commands answer, as text and as JSON; refused or not."""
    answers = ""
    for words in commands:
        for json in ((), ("--json",)):
            ran = world.command(*words.split(), *json, by="luca" if by == "luca" else world.anna.person_key)
            answers += ran.out + ran.err
    return answers


@pytest.mark.parametrize("by", BY)
async def test_a_client_s_sums_are_of_what_may_be_read(sold: World, by: str) -> None:
    items.edit(sold.anna, D1, {"responsible": sold.anna.person_key, "open_to_all": False})
    role = next(record for record in sold.anna.workspace.records["role"].values() if not record.doc.get("admin"))
    with sold.anna.change("rules") as change:
        change.put("role", {**role.doc, "rules": {**role.doc["rules"], "deal": {"read": "own"}}}, role.id)
    sold.look()
    shown = await seen(sold, by, CO1, "deals", "relations") + told(
        sold, by, "company show CO-1 --all", "relations CO-1"
    )
    assert ("777" in shown, "Hotel Aurora" in shown, "open: 1" in shown) == (by == "anna",) * 3
