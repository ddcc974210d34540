"""Product rows of items that become one: all of them in order, or those of one; what the amount then is; undone to the last cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.services.duplicates.test_merging import choose_main, state
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.products import FIELD, rows_of, totals
from tuicrm.errors import Refused
from tuicrm.services.duplicates import merging
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

D1, D2, D4 = Ref("deal", 1), Ref("deal", 2), Ref("deal", 4)
WORK: dict[str, Any] = {"name": "Work", "quantity": "3", "price": {"amount": "33.33", "currency": "EUR"}, "tax": "22"}
NAILS: dict[str, Any] = {"name": "Nails", "quantity": "7", "price": {"amount": "0.15", "currency": "EUR"}, "tax": "22"}
BOARD: dict[str, Any] = {
    "name": "Board", "quantity": "1", "price": {"amount": "80.00", "currency": "EUR"}, "discount": {"percent": "12.5"},
    "tax": "10", "included": True,
}  # fmt: skip


@pytest.fixture
def sold(seeded: Session) -> Session:
    """D-1 sells work and nails, D-2 a board."""
    items.edit(seeded, D1, {"title": "Shed", FIELD: [WORK, NAILS], "manual_amount": False})
    items.edit(seeded, D2, {"title": "Shed", FIELD: [BOARD], "manual_amount": False})
    return seeded


def merge(session: Session, *refs: Ref, **chosen: Ref) -> Item:
    plan = merging.plan(session, refs)
    return merging.merge(session, plan, {**choose_main(plan), **chosen})


def names(item: Item) -> list[str]:
    return [row.name for row in rows_of(item.get(FIELD))]


def amount(item: Item) -> str:
    return str(item.get("amount")["amount"])


def test_all_rows_come_together_and_the_amount_follows_exactly(sold: Session) -> None:
    plan = merging.plan(sold, [D1, D2])
    assert {
        row.field.key: row.outcome for row in plan.rows if row.field.key in (FIELD, "amount", "tax", "manual_amount")
    } == {
        FIELD: "united",
        "amount": "follows",
    }
    before = state(sold)
    parts = [totals(rows_of(sold.get(ref).get(FIELD))) for ref in (D1, D2)]
    assert merging.amount_told(sold, plan, {}) == "Amount: € 193.27"
    assert "1 product row" in merging.told(plan)
    merged = merge(sold, D1, D2)
    assert names(merged) == ["Work", "Nails", "Board"]
    assert [row.id for row in rows_of(merged.get(FIELD))] == [1, 2, 3]
    # 99.99 + 22.00 tax; 1.05 + 0.23; 70.00 with its tax
    assert amount(merged) == "193.27"
    assert Decimal(amount(merged)) == sum(part.total for part in parts if part)
    assert Decimal(merged.get("tax")) == sum(part.tax for part in parts if part)
    assert merged.get("manual_amount") is not True
    undo(sold)
    assert state(sold) == before
    redo(sold)
    assert names(sold.get(D1)) == ["Work", "Nails", "Board"]


@pytest.mark.parametrize(("whose", "stay", "total"), [(D1, ["Work", "Nails"], "123.27"), (D2, ["Board"], "70.00")])
def test_the_rows_of_one_can_be_chosen(sold: Session, whose: Ref, stay: list[str], total: str) -> None:
    merged = merge(sold, D1, D2, products=whose)
    assert names(merged) == stay
    assert amount(merged) == total


def test_three_in_the_order_in_which_they_were_given(sold: Session) -> None:
    items.add(sold, "deal", {"title": "Shed", FIELD: [NAILS]})
    assert names(merge(sold, D2, D4, D1)) == ["Board", "Nails", "Work", "Nails"]


def test_the_same_rows_stay_once(sold: Session) -> None:
    items.edit(sold, D2, {FIELD: [{**WORK, "id": 7}, NAILS]})
    plan = merging.plan(sold, [D1, D2])
    row = plan.row(FIELD)
    assert row is not None
    assert row.outcome == "same"
    assert amount(merge(sold, D1, D2)) == "123.27"


def test_an_amount_set_by_hand_is_to_be_chosen_and_stays_set(sold: Session) -> None:
    items.edit(sold, D2, {"amount": {"amount": "65.00", "currency": "EUR"}})
    plan = merging.plan(sold, [D1, D2])
    assert "amount" in {row.field.key for row in merging.undecided(plan, {})}
    before = state(sold)
    merged = merge(sold, D1, D2, amount=D2)
    assert (amount(merged), merged.get("manual_amount")) == ("65.00", True)
    undo(sold)
    assert state(sold) == before
    merged = merge(sold, D1, D2, amount=D1)
    assert (amount(merged), merged.get("manual_amount") is True) == ("193.27", False), (
        "the first one's follows its rows"
    )


def test_an_amount_that_was_set_by_hand_can_follow_again(sold: Session) -> None:
    items.edit(sold, D1, {"amount": {"amount": "100.00", "currency": "EUR"}})
    merged = merge(sold, D1, D2, amount=D2)
    assert (amount(merged), merged.get("manual_amount") is True) == ("193.27", False)


def test_an_amount_without_rows_stays_what_it_was_chosen_to_be(sold: Session) -> None:
    items.edit(sold, D1, {FIELD: None, "amount": {"amount": "500.00", "currency": "EUR"}})
    merged = merge(sold, D1, D2, amount=D1)
    assert names(merged) == ["Board"]
    assert (amount(merged), merged.get("manual_amount")) == ("500.00", True)


def test_rows_of_another_currency_are_turned_or_refused_with_the_reason(sold: Session) -> None:
    from tuicrm.services.definitions.currencies import set_rate

    items.add(sold, "deal", {"title": "Shed", FIELD: [{**BOARD, "price": {"amount": "80.00", "currency": "USD"}}]})
    plan = merging.plan(sold, [D1, D4])
    before = state(sold)
    with pytest.raises(Refused, match="there is no rate"):
        merging.merge(sold, plan, choose_main(plan))
    assert "there is no rate" in merging.amount_told(sold, plan, {})
    assert state(sold) == before
    set_rate(sold, "USD", "0.5")
    assert amount(merge(sold, D1, D4)) == "158.27"


def test_products_of_the_catalogue_take_the_rows_along_that_name_them(sold: Session) -> None:
    p1, p2 = (items.add(sold, "product", {"title": "Nails"}).ref for _time in range(2))
    items.edit(sold, D1, {FIELD: [WORK, {**NAILS, "product": str(p2)}]})
    before = state(sold)
    plan = merging.plan(sold, [p1, p2])
    assert plan.belongings.items == 1
    merging.merge(sold, plan, choose_main(plan))
    assert [row.product for row in rows_of(sold.get(D1).get(FIELD))] == ["", str(p1)]
    assert amount(sold.get(D1)) == "123.27", "names and prices are the row's own"
    undo(sold)
    assert state(sold) == before
