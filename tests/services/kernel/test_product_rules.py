"""The amount follows the product rows, whichever way either of them changes, and says so; rows are in the item's currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import card_of, require_field
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused, RequiredFields
from tuicrm.services.definitions.currencies import set_rate
from tuicrm.services.history import history
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, products, timeline
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)


@pytest.fixture(autouse=True)
def _no_amount_yet(seeded: Session) -> None:
    """Nobody set an amount by hand yet."""
    items.edit(seeded, D1, {"amount": eur("0")})
    items.edit(seeded, Ref("deal", 2), {"amount": None})


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def row(price: Any = "100", quantity: str = "1", tax: str | None = "22", **more: Any) -> dict[str, Any]:
    return {"name": "Thing", "price": price, "quantity": quantity, **({"tax": tax} if tax else {}), **more}


def set_(session: Session, ref: Ref = D1, **fields: Any) -> Mapping[str, Any]:
    return items.edit(session, ref, fields).fields


def told(session: Session, ref: Ref = D1) -> tuple[str, ...]:
    """What the card says beside the amount."""
    sections = card_of(session, ref).sections
    return next(field.told for section in sections for field in section.fields if field.key == "amount")


# -- following ---------------------------------------------------------------------------------------------------------
def test_the_amount_is_the_sum(seeded: Session) -> None:
    doc = set_(seeded, products=[row("100", "2"), row("10.005", tax=None)])
    assert doc["amount"] == eur("254.01")
    assert doc["tax"] == "44.00"
    assert "manual_amount" not in doc
    assert [one["id"] for one in doc["products"]] == [1, 2]
    assert told(seeded)[0] == "= sum of products"


def test_a_new_item_has_the_sum_of_its_rows(seeded: Session) -> None:
    item = items.add(seeded, "quote", {"title": "Offer", "products": [row("100")]})
    assert (item.get("amount"), item.get("tax")) == (eur("122.00"), "22.00")
    assert item.get("products")[0]["id"] == 1


def test_types_without_a_tax_of_their_own_have_the_sum(seeded: Session) -> None:
    item = items.edit(seeded, Ref("lead", 1), {"products": [row("100")]})
    assert item.get("amount") == eur("122.00")
    assert "tax" not in item.fields


def test_the_timeline_says_that_the_amount_changed(seeded: Session) -> None:
    set_(seeded, products=[row("100")])
    assert next(entry.kind for entry in timeline.view(seeded, D1).entries) == "amount"


def test_other_edits_leave_the_amount_alone(seeded: Session) -> None:
    set_(seeded, products=[row("100")])
    before = set_(seeded, amount=eur("99.00"))
    assert set_(seeded, title="Other")["amount"] == before["amount"] == eur("99.00")


def test_without_rows_the_amount_is_what_it_was_set_to(seeded: Session) -> None:
    doc = set_(seeded, amount=eur("5"))
    assert "manual_amount" not in doc
    assert set_(seeded, manual_amount=False)["amount"] == eur("5.00")
    assert told(seeded) == ()


def test_when_the_last_row_goes_an_amount_that_followed_is_zero(seeded: Session) -> None:
    set_(seeded, products=[row("100")])
    doc = set_(seeded, products=None)
    assert doc["amount"] == eur("0.00")
    assert "products" not in doc
    assert "tax" not in doc


# -- before the first row ----------------------------------------------------------------------------------------------
def test_the_first_rows_do_not_replace_an_amount_that_somebody_set(seeded: Session) -> None:
    set_(seeded, amount=eur("38000"))
    before = seeded.get(D1)
    doc = set_(seeded, products=[row("100")])
    assert (doc["amount"], doc["manual_amount"], doc["tax"]) == (eur("38000.00"), True, "22.00")
    kept = products.amount_kept(seeded, before, seeded.get(D1))
    assert kept == "Amount stays € 38,000.00, as it was set; the products make € 122.00"
    before = seeded.get(D1)
    set_(seeded, products=[row("200")])
    assert products.amount_kept(seeded, before, seeded.get(D1)) == "", "told once"
    products.follow_sum(seeded, D1)
    assert seeded.get(D1).get("amount") == eur("244.00")
    undo(seeded)
    undo(seeded)
    undo(seeded)
    assert seeded.get(D1).get("products") is None
    assert seeded.get(D1).get("amount") == eur("38000.00")


def test_an_amount_that_the_first_rows_come_to_follows_them(seeded: Session) -> None:
    set_(seeded, amount=eur("122"))
    before = seeded.get(D1)
    assert "manual_amount" not in set_(seeded, products=[row("100")])
    assert products.amount_kept(seeded, before, seeded.get(D1)) == ""
    assert set_(seeded, products=[row("200")])["amount"] == eur("244.00")
    set_(seeded, products=None)
    assert set_(seeded, products=[row("100")])["amount"] == eur("122.00"), "nothing is left of it"


def test_whoever_says_that_the_sum_counts_is_heard(seeded: Session) -> None:
    set_(seeded, amount=eur("38000"))
    assert set_(seeded, products=[row("100")], manual_amount=False)["amount"] == eur("122.00")


# -- by hand -----------------------------------------------------------------------------------------------------------
def test_an_amount_set_by_hand_stays(seeded: Session) -> None:
    set_(seeded, products=[row("100")])
    assert set_(seeded, amount=eur("110"))["manual_amount"] is True
    doc = set_(seeded, products=[row("200")])
    assert (doc["amount"], doc["tax"]) == (eur("110.00"), "44.00")
    assert told(seeded) == ("set by hand, the products add up to € 244.00", "by hand")
    assert set_(seeded, products=None)["amount"] == eur("110.00")


def test_it_is_taken_back_to_the_sum(seeded: Session) -> None:
    set_(seeded, products=[row("100")])
    set_(seeded, amount=eur("110"))
    doc = set_(seeded, manual_amount=False)
    assert (doc["amount"], doc["manual_amount"]) == (eur("122.00"), False)
    set_(seeded, amount=eur("110"))
    doc = set_(seeded, amount=eur("122"))
    assert doc["manual_amount"] is False, "set to the sum, it is the sum"
    set_(seeded, amount=eur("110"))
    doc = set_(seeded, amount=None)
    assert (doc["amount"], doc["manual_amount"]) == (eur("122.00"), False), "emptied, it is the sum"


def test_it_can_be_kept_by_hand_where_it_is(seeded: Session) -> None:
    set_(seeded, products=[row("100")])
    set_(seeded, manual_amount=True)
    assert set_(seeded, products=[row("1")])["amount"] == eur("122.00")


def test_rows_and_an_amount_together_say_which_it_is(seeded: Session) -> None:
    """Exports and imports, conversions: both come at once."""
    by_hand = items.add(seeded, "deal", {"title": "a", "amount": eur("5"), "products": [row("100")]})
    followed = items.add(seeded, "deal", {"title": "b", "amount": eur("122"), "products": [row("100")]})
    told_so = items.add(
        seeded, "deal", {"title": "c", "amount": eur("5"), "products": [row("100")], "manual_amount": False}
    )
    assert [one.get("manual_amount") for one in (by_hand, followed, told_so)] == [True, None, False]
    assert [one.get("amount") for one in (by_hand, followed, told_so)] == [eur("5.00"), eur("122.00"), eur("122.00")]


def test_nobody_sets_a_tax_that_the_rows_make(seeded: Session) -> None:
    set_(seeded, products=[row("100")])
    with pytest.raises(Refused, match=r"it is calculated from the products: 22\.00"):
        set_(seeded, tax="5")
    assert set_(seeded, tax="22")["tax"] == "22.00"
    set_(seeded, products=None)
    assert set_(seeded, tax="5")["tax"] == "5"


# -- currencies --------------------------------------------------------------------------------------------------------
def test_rows_come_into_the_items_currency(seeded: Session) -> None:
    set_rate(seeded, "USD", "0.5")
    doc = set_(seeded, products=[row(usd("100"), tax=None, discount={"amount": "10"}), row("7", tax=None)])
    assert [one["price"] for one in doc["products"]] == [eur("50.00"), eur("7.00")]
    assert doc["products"][0]["discount"] == {"amount": "5.00"}
    assert doc["amount"] == eur("52.00")


def test_an_item_without_an_amount_takes_the_currency_of_its_first_row(seeded: Session) -> None:
    doc = items.add(seeded, "deal", {"title": "x", "products": [row(usd("100"), tax=None)]})
    assert doc.get("amount") == usd("100.00")


def test_another_currency_converts_the_rows(seeded: Session) -> None:
    set_rate(seeded, "USD", "0.5")
    set_(seeded, products=[row("50", tax=None)])
    fields = items.values(seeded, "deal", {"currency": "USD"}, within=seeded.get(D1))
    doc = set_(seeded, **fields)
    assert (doc["amount"], doc["products"][0]["price"]) == (usd("100.00"), usd("100.00"))
    assert doc.get("manual_amount") is not True


def test_without_a_rate_it_is_refused(seeded: Session) -> None:
    with pytest.raises(Refused, match="Thing is in USD, and there is no rate to convert it to EUR: set one first"):
        set_(seeded, products=[row(usd("100"))])
    set_(seeded, products=[row("50")])
    with pytest.raises(Refused, match="Thing is in EUR, and there is no rate to convert it to CHF: set one first"):
        set_(seeded, amount={"amount": "5", "currency": "CHF"})


def test_currencies_without_cents_and_with_three_digits(seeded: Session) -> None:
    yen = items.add(
        seeded, "deal", {"title": "y", "products": [row({"amount": "333", "currency": "JPY"}, "3", "8", included=True)]}
    )
    assert (yen.get("amount"), yen.get("tax")) == ({"amount": "999", "currency": "JPY"}, "74")
    dinar = items.add(
        seeded, "deal", {"title": "t", "products": [row({"amount": "12.3456", "currency": "TND"}, "1.5", "19")]}
    )
    assert (dinar.get("amount"), dinar.get("tax")) == ({"amount": "22.036", "currency": "TND"}, "3.518")


# -- the door ----------------------------------------------------------------------------------------------------------
def test_it_is_one_undo(seeded: Session) -> None:
    before = seeded.get(D1).fields
    set_(seeded, products=[row("100")])
    undo(seeded)
    after = dict(seeded.get(D1).fields)
    assert {key: after.get(key) for key in ("amount", "tax", "products", "manual_amount")} == {
        key: before.get(key) for key in ("amount", "tax", "products", "manual_amount")
    }
    redo(seeded)
    assert seeded.get(D1).get("amount") == eur("122.00")


def test_rows_can_be_required(seeded: Session) -> None:
    require_field(seeded, "deal", "products", always=False, pipeline="general", stages=["executing"])
    with pytest.raises(RequiredFields, match="Products"):
        set_(seeded, stage="executing")
    assert set_(seeded, stage="executing", products=[row()])["stage"] == "executing"
    with pytest.raises(RequiredFields, match="Products"):
        set_(seeded, products=None)


def test_rows_are_on_no_type_that_has_none(seeded: Session) -> None:
    with pytest.raises(Refused, match="no such field"):
        items.add(seeded, "company", {"title": "x", "products": [row()]})


def test_rows_without_sense_are_refused_by_name(seeded: Session) -> None:
    with pytest.raises(Refused, match="Products: row 2: quantity: at least 0 is expected"):
        set_(seeded, products=[row(), row(quantity="-1")])


def test_a_change_of_fields_elsewhere_does_not_mend_what_a_script_wrote(seeded: Session) -> None:
    from tuicrm.store.protocol import Op

    record = seeded.store.get("deal", [1])[0]
    seeded.store.commit([Op("deal", 1, {**record.doc, "products": [{"name": "?"}, row("5")]})], by="script")
    assert set_(seeded, title="Other")["products"] == [{"name": "?"}, row("5")]
    set_rate(seeded, "USD", "0.5")


def test_whoever_works_obeys(open_as: OpenAs, seeded: Session) -> None:
    luca = open_as("luca")
    doc = items.edit(luca, Ref("deal", 2), {"products": [row("100")]}).fields
    assert doc["amount"] == eur("122.00")


def test_the_history_tells_the_rows_that_changed(seeded: Session) -> None:
    set_(seeded, products=[row("100"), row("5")])
    kept = seeded.get(D1).get("products")
    set_(seeded, products=[kept[0], {**kept[1], "quantity": "2"}])
    step = history.steps(seeded, D1)[0]
    told = next(one for one in history.texts(seeded, D1, step, seeded.context()) if one.key == "products")
    assert (told.old, told.new) == ("1 × Thing, € 5.00 +22%", "2 × Thing, € 5.00 +22%")
