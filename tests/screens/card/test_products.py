"""The products tab of a card, as people use it: rows from the catalogue and as free text, each cell edited in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import require_field
from tests.driver import LARGE, SMALL, Crm
from tests.screens.opening import BOTH, D1, card, go_to
from tuicrm.domain.items import Ref
from tuicrm.screens.card.products import ProductsTab
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.items import items, products
from tuicrm.services.kernel.session import Session


@pytest.fixture
def shop(seeded: Session) -> Session:
    """A catalogue of two."""
    for fields in (
        {
            "title": "Consulting",
            "code": "CONS",
            "price": {"amount": "800", "currency": "EUR"},
            "unit": "day",
            "tax": "22",
        },
        {"title": "Label printer [/]", "code": "LP-4", "price": {"amount": "122", "currency": "EUR"}, "tax": "22"},
    ):
        items.add(seeded, "product", fields)
    items.edit(seeded, D1, {"amount": None})  # nobody set one by hand
    return seeded


def rows(session: Session, ref: Ref = D1) -> list[Mapping[str, Any]]:
    return [kept for _id, kept in products.entries(session.get(ref))]


def names(session: Session) -> list[str]:
    return [row["name"] for row in rows(session)]


def amount(session: Session, ref: Ref = D1) -> str:
    return str(session.get(ref).get("amount")["amount"])


def with_rows(session: Session, *typed: str, ref: Ref = D1) -> None:
    item = session.get(ref)
    given = [row for text in typed for row in products.typed_rows(session, item, text)]
    products.apply(session, ref, products.adding(given))


async def open_products(crm: Crm) -> ProductsTab:
    await crm.press("2")
    assert isinstance(crm.screen, CardScreen)
    tab = crm.screen.tabs.open
    assert isinstance(tab, ProductsTab)
    return tab


async def to_cell(crm: Crm, tab: ProductsTab, column: str) -> None:
    tab.pane.to_column(column)
    await crm.settle()


async def clear(crm: Crm) -> None:
    await crm.press("home", "ctrl+k")


# -- adding ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_a_row_comes_from_the_catalogue_and_as_free_text(shop: Session, size: tuple[int, int]) -> None:
    items.edit(shop, D1, {"amount": {"amount": "12500.00", "currency": "EUR"}})
    async with card(shop, D1, size) as (crm, _screen):
        tab = await open_products(crm)
        assert "No products yet: n adds one from the catalogue" in crm.screen_text()
        await crm.press_action("products.add")
        await crm.type("consul")
        await crm.press_action("list.choose")
        assert rows(shop)[0]["product"] == "product:1"
        said = "Consulting added. Amount stays € 12,500.00, as it was set; the products make € 976.00: = takes the sum"
        assert crm.said() == said
        assert "takes the sum" in crm.screen_text()
        assert tab.pane.column == "quantity"
        assert amount(shop) == "12500.00"
        await crm.press_action("products.sum")
        assert amount(shop) == "976.00"
        await crm.press_action("products.add")
        await crm.type("Travel [/]")
        await crm.press_action("list.choose")
        assert names(shop) == ["Consulting", "Travel [/]"]
        assert tab.pane.column == "price"
        await crm.press_action("products.edit")
        await clear(crm)
        await crm.type("100")
        assert "row total € 100.00" in crm.screen_text()
        await crm.press_action("editor.save")
        assert amount(shop) == "1076.00"
        shown = crm.screen_text()
        for text in ("Consulting", "Travel [/]", "Total", "€ 1,076.00", "= sum of products"):
            assert text in shown
        await crm.press_action("undo")
        assert rows(shop)[1]["price"]["amount"] == "0.00"
        await crm.press_action("undo", "undo", "undo")
        assert rows(shop) == []
        assert amount(shop) == "12500.00"


async def test_a_product_is_found_by_its_code(shop: Session) -> None:
    async with card(shop, D1) as (crm, _screen):
        await open_products(crm)
        await crm.press_action("products.add")
        await crm.type("lp-4")
        assert "€ 122.00" in crm.screen_text()
        await crm.press_action("list.choose")
        assert names(shop) == ["Label printer [/]"]


async def test_what_is_no_longer_offered_is_not_offered(shop: Session) -> None:
    items.edit(shop, Ref("product", 1), {"active": False})
    async with card(shop, D1) as (crm, _screen):
        await open_products(crm)
        await crm.press_action("products.add")
        assert "Label printer" in crm.screen_text()
        assert "Consulting" not in crm.screen_text()
        await crm.press_action("cancel")
        assert rows(shop) == []


# -- cells -------------------------------------------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize(
    ("column", "typed", "kept", "total"),
    [
        ("name", "Advice", {"name": "Advice"}, "1952.00"),
        ("quantity", "2.5", {"quantity": "2.5"}, "2440.00"),
        ("unit", "h", {"unit": "hour"}, "1952.00"),
        ("unit", "", {"unit": None}, "1952.00"),
        ("price", "750", {"price": {"amount": "750.00", "currency": "EUR"}}, "1830.00"),
        ("discount", "10%", {"discount": {"percent": "10"}}, "1756.80"),
        ("discount", "50", {"discount": {"amount": "50.00"}}, "1830.00"),
        ("tax", "incl 22", {"tax": "22", "included": True}, "1600.00"),
        ("tax", "", {"tax": None}, "1600.00"),
    ],
)
async def test_each_cell_is_edited_in_its_place(
    shop: Session, size: tuple[int, int], column: str, typed: str, kept: Mapping[str, Any], total: str
) -> None:
    with_rows(shop, "2 x Consulting")
    async with card(shop, D1, size) as (crm, _screen):
        tab = await open_products(crm)
        await to_cell(crm, tab, column)
        await crm.press_action("products.edit")
        await clear(crm)
        await crm.type(typed)
        await crm.press_action("editor.save")
        row = rows(shop)[0]
        assert {part: row.get(part) for part in kept} == kept
        assert amount(shop) == total
        assert "Saved: " in crm.said()
        await crm.press_action("undo")
        assert amount(shop) == "1952.00"


async def test_what_makes_no_sense_is_said_in_the_editor(shop: Session) -> None:
    with_rows(shop, "Consulting")
    async with card(shop, D1) as (crm, tab_screen):
        tab = await open_products(crm)
        await to_cell(crm, tab, "discount")
        await crm.press_action("products.edit")
        await crm.type("900")
        await crm.press_action("editor.save")
        assert "more than the price" in crm.screen_text()
        await crm.press_action("cancel")
        assert "discount" not in rows(shop)[0]
        assert tab_screen.tabs.open is tab


async def test_nothing_changed_is_not_called_saved(shop: Session) -> None:
    with_rows(shop, "Consulting")
    async with card(shop, D1) as (crm, _screen):
        tab = await open_products(crm)
        await to_cell(crm, tab, "price")
        await crm.press_action("products.edit", "editor.save")
        assert crm.said() == "Price is unchanged"


async def test_left_and_right_go_from_cell_to_cell_and_on_to_the_timeline(shop: Session) -> None:
    with_rows(shop, "Consulting")
    async with card(shop, D1, LARGE) as (crm, screen):
        tab = await open_products(crm)
        seen = [tab.pane.column]
        for _step in range(6):
            await crm.press_action("products.right")
            seen.append(tab.pane.column)
        assert seen == ["name", "quantity", "unit", "price", "discount", "tax", "total"]
        await crm.press_action("products.edit")
        assert crm.said() == "The total is calculated from the other cells."
        await crm.press_action("products.right")
        assert screen.timeline.has_focus
        await crm.press_action("card.left")
        assert tab.pane.has_focus
        await crm.press_action("products.left")
        assert tab.pane.column == "tax"


# -- rows --------------------------------------------------------------------------------------------------------------
@BOTH
async def test_rows_are_put_in_order_repeated_and_removed(shop: Session, size: tuple[int, int]) -> None:
    with_rows(shop, "A @ 1", "B @ 2", "C @ 3")
    async with card(shop, D1, size) as (crm, tab_screen):
        tab = await open_products(crm)
        await crm.press_action("products.up")
        assert crm.said() == "This is the first row."
        await crm.press_action("products.down", "products.down")
        assert names(shop) == ["B", "C", "A"]
        assert tab.pane.cursor == rows(shop)[2]["id"], "the cursor goes along"
        await crm.press_action("products.down")
        assert crm.said() == "This is the last row."
        await crm.press_action("products.up")
        assert names(shop) == ["B", "A", "C"]
        await crm.press_action("products.repeat")
        assert names(shop) == ["B", "A", "A", "C"]
        await crm.press_action("products.remove")
        assert names(shop) == ["B", "A", "C"]
        assert amount(shop) == "6.00"
        await crm.press_action("undo")
        assert names(shop) == ["B", "A", "A", "C"]
        assert tab_screen.tabs.open is tab


async def test_a_product_is_opened_from_its_row(shop: Session) -> None:
    with_rows(shop, "Travel @ 5", "CONS")
    async with card(shop, D1) as (crm, _screen):
        await open_products(crm)
        await crm.press_action("products.open")
        assert crm.said() == "This row is free text: there is no product to open."
        await crm.press_action("move.down", "products.open")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == Ref("product", 1)
        assert "Consulting" in crm.screen_text()
        await crm.press("2")
        assert "Website redesign" in crm.screen_text(), "a product lists the deals that sell it"


async def test_keys_say_why_they_cannot(shop: Session) -> None:
    async with card(shop, D1) as (crm, _screen):
        await open_products(crm)
        for action in ("edit", "repeat", "remove", "down", "up", "open"):
            await crm.press_action(f"products.{action}")
            assert crm.said() == "There is no product here; n adds one.", action
        await crm.press_action("products.sum")
        assert crm.said() == "There are no products."


async def test_who_may_not_change_the_item_is_told(open_as: OpenAs, shop: Session) -> None:
    with_rows(shop, "Consulting")
    luca = open_as("luca")
    if luca.access.may("edit", "deal", shop.get(D1).fields):
        items.edit(shop, D1, {"responsible": shop.person_key})
        luca.store.refresh()
    async with card(luca, D1) as (crm, _screen):
        await open_products(crm)
        for action in ("add", "edit", "repeat", "remove", "down"):
            await crm.press_action(f"products.{action}")
            assert crm.dialog is None
            assert "You may not change this deal." in crm.said(), action
    assert names(shop) == ["Consulting"]


# -- the amount --------------------------------------------------------------------------------------------------------
@BOTH
async def test_an_amount_by_hand_is_told_and_taken_back(shop: Session, size: tuple[int, int]) -> None:
    with_rows(shop, "Consulting")
    async with card(shop, D1, size) as (crm, _screen):
        await go_to(crm, "amount")
        assert "= sum of products" in crm.screen_text()
        await crm.press("F2")
        await clear(crm)
        await crm.type("900")
        await crm.press_action("editor.save")
        assert "set by hand, the products add up to € 976.00" in crm.screen_text() or "by hand" in crm.screen_text()
        await open_products(crm)
        assert "Amount € 900.00, set by hand" in crm.screen_text()
        await crm.press_action("products.sum")
        assert amount(shop) == "976.00"
        assert "The amount is again the sum of the products" in crm.said()
        await crm.press_action("products.sum")
        assert crm.said() == "The amount is already the sum of the products."
        await crm.press_action("undo")
        assert amount(shop) == "900.00"


async def test_the_field_on_the_card_opens_the_tab(shop: Session) -> None:
    with_rows(shop, "Consulting")
    async with card(shop, D1, LARGE) as (crm, screen):
        await go_to(crm, "products")
        assert "1 product, € 976.00" in crm.screen_text()
        assert "Products 1" in crm.screen_text()
        await crm.press_action("field.edit")
        assert isinstance(screen.tabs.open, ProductsTab)


# -- what is required, what others do ----------------------------------------------------------------------------------
async def test_what_the_item_needs_besides_is_asked_for(shop: Session) -> None:
    require_field(shop, "deal", "comment", always=True, pipeline="general")
    async with card(shop, D1) as (crm, _screen):
        await open_products(crm)
        await crm.press_action("products.add")
        await crm.type("Consulting")
        await crm.press_action("list.choose")
        assert crm.dialog is not None
        await crm.press_action("cancel")
        assert (rows(shop), crm.said()) == ([], "Nothing was changed.")
        await crm.press_action("products.add")
        await crm.type("Consulting")
        await crm.press_action("list.choose")
        await crm.type("because")
        await crm.press_action("form.save")
        assert (names(shop), shop.get(D1).get("comment")) == (["Consulting"], "because")


async def test_rows_that_are_required_are_asked_for_and_stay(shop: Session) -> None:
    require_field(shop, "deal", "products", always=False, pipeline="general", stages=["preparation"])
    async with card(shop, D1) as (crm, _screen):
        await crm.press_action("stage.next")
        assert crm.dialog is not None
        await crm.type("2 x Consulting")
        await crm.press_action("form.save")
        assert shop.get(D1).get("stage") == "preparation", crm.screen_text()
        assert rows(shop)[0]["quantity"] == "2"
        await open_products(crm)
        await crm.press_action("products.remove")
        assert "Products" in crm.said()
        assert names(shop) == ["Consulting"]


async def test_what_another_changed_meanwhile_is_told_once(open_as: OpenAs, shop: Session) -> None:
    with_rows(shop, "Consulting")
    other = open_as("anna")
    async with card(shop, D1) as (crm, _screen):
        tab = await open_products(crm)
        await to_cell(crm, tab, "price")
        await crm.press_action("products.edit")
        products.apply(other, D1, products.editing_parts(other, other.get(D1), 1, {"price": "700", "quantity": "3"}))
        shop.store.refresh()
        await clear(crm)
        await crm.type("600")
        await crm.press_action("editor.save")
        assert "changed this row" in crm.screen_text()
        assert rows(shop)[0]["price"]["amount"] == "700.00"
        await crm.press_action("editor.save")
        row = rows(shop)[0]
        assert (row["price"]["amount"], row["quantity"]) == ("600.00", "3")


async def test_many_rows_scroll_and_ascii_draws(shop: Session) -> None:
    with_rows(shop, *(f"Row {n} @ {n}" for n in range(1, 41)))
    async with card(shop, D1, SMALL, ascii_only=True) as (crm, _screen):
        tab = await open_products(crm)
        await crm.press_action("move.last")
        assert "Row 40" in crm.screen_text()
        assert tab.pane.cursor == rows(shop)[-1]["id"]
        await crm.press_action("products.remove")
        assert "Row 39" in crm.screen_text()
        assert len(rows(shop)) == 39


@BOTH
async def test_every_key_of_the_tab_can_be_done(shop: Session, size: tuple[int, int]) -> None:
    with_rows(shop, "Consulting")
    async with card(shop, D1, size) as (crm, _screen):
        await open_products(crm)
        assert crm.actions_without_method() == []
