"""Product rows of Bitrix24 on their way in: into items that come with them, and behind those that are here; none comes twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.services.importing.conftest import Put
from tuicrm.domain.importing import Report
from tuicrm.domain.items import Ref
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items, products
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)
PHONE = {
    "id": 17649,
    "ownerId": 13142,
    "ownerType": "D",
    "productId": 9621,
    "productName": "phone 14",
    "price": 90000,
    "priceExclusive": 81818.18,
    "priceNetto": 90909.09,
    "priceBrutto": 100000,
    "quantity": 3,
    "discountTypeId": 2,
    "discountRate": 10,
    "discountSum": 9090.91,
    "taxRate": 10,
    "taxIncluded": "Y",
    "measureCode": 796,
    "measureName": "pcs",
    "sort": 20,
}
"""Laid out as in the documentation of crm.item.productrow.list."""
CABLE = PHONE | {
    "id": 17650,
    "productId": 0,
    "productName": "cable",
    "price": 5550,
    "priceExclusive": 5550,
    "priceNetto": 5550,
    "priceBrutto": 5550,
    "quantity": 1,
    "discountRate": 0,
    "taxRate": None,
    "measureCode": 9999,
    "measureName": "spool",
    "sort": 10,
}
DEAL = {"ID": "13142", "TITLE": "Phones", "STAGE_ID": "NEW", "OPPORTUNITY": "275550.00", "CURRENCY_ID": "EUR"}
CATALOGUE = {
    "ID": "9621",
    "NAME": "phone 14",
    "CATALOG_ID": "24",
    "PRICE": "100000.00",
    "CURRENCY_ID": "EUR",
    "VAT_INCLUDED": "Y",
    "ACTIVE": "Y",
}


def put_rows(put: Put, *rows: dict[str, Any], name: str = "crm.item.productrow.list.json") -> Path:
    return put(name, {"result": {"productRows": list(rows)}})


def put_deal(put: Put, **more: Any) -> Path:
    return put("crm.deal.list.json", {"result": [DEAL | more]})


def notes(report: Report) -> Sequence[str]:
    return [note for file in report.files for note in file.notes]


def kept(session: Session, ref: Ref = D1) -> list[dict[str, Any]]:
    return [row for _id, row in products.entries(session.get(ref))]


def test_they_come_with_their_item_in_their_order_and_link_to_the_catalogue(workspace: Session, put: Put) -> None:
    files = [put_rows(put, PHONE, CABLE), put_deal(put), put("crm.product.list.json", {"result": [CATALOGUE]})]
    report = run_import(workspace, files)
    assert notes(report) == ["2 product rows imported"]
    assert kept(workspace) == [
        {"id": 1, "name": "cable", "quantity": "1", "unit": "spool", "price": {"amount": "5550.00", "currency": "EUR"}},
        {
            "id": 2,
            "product": "product:1",
            "name": "phone 14",
            "quantity": "3",
            "unit": "pcs",
            "price": {"amount": "100000.00", "currency": "EUR"},
            "discount": {"percent": "10"},
            "tax": "10",
            "included": True,
        },
    ]
    deal = workspace.get(D1)
    assert (deal.get("amount")["amount"], deal.get("tax"), deal.get("manual_amount")) == ("275550.00", "24545.45", None)
    product = workspace.get(Ref("product", 1))
    assert (
        product.get("title"),
        product.get("price")["amount"],
        product.get("tax_included"),
        product.get("active"),
    ) == (
        "phone 14",
        "100000.00",
        True,
        True,
    )


def test_none_comes_twice(workspace: Session, put: Put) -> None:
    files = [put_rows(put, PHONE, CABLE), put_deal(put)]
    run_import(workspace, files)
    before = workspace.get(D1)
    again = run_import(workspace, files)
    assert notes(again) == ["2 product rows are already here"]
    assert workspace.get(D1) == before
    assert notes(run_import(workspace, [put_rows(put, PHONE, PHONE)])) == ["2 product rows are already here"]


def test_they_come_to_an_item_that_is_here(workspace: Session, put: Put) -> None:
    run_import(workspace, [put_deal(put)])
    row = {"name": "own", "price": {"amount": "1", "currency": "EUR"}}
    items.edit(workspace, D1, {"products": [row], "manual_amount": False})
    report = run_import(workspace, [put_rows(put, PHONE)])
    assert notes(report) == ["1 product row imported"]
    assert [one["name"] for one in kept(workspace)] == ["own", "phone 14"]
    assert workspace.get(D1).get("amount")["amount"] == "270001.00"
    assert "product" not in kept(workspace)[1], "what the catalogue does not have is free text"
    assert [one.kind for one in report.remarks] == ["link"]
    undo(workspace)
    assert [one["name"] for one in kept(workspace)] == ["own"]
    assert notes(run_import(workspace, [put_rows(put, PHONE)])) == ["1 product row imported"]


def test_a_dry_run_writes_nothing(workspace: Session, put: Put) -> None:
    run_import(workspace, [put_deal(put)])
    seq = workspace.store.seq()
    report = run_import(workspace, [put_rows(put, PHONE)], ImportOptions(dry_run=True))
    assert (notes(report), workspace.store.seq()) == (["1 product row imported"], seq)


def test_an_amount_by_hand_stays(workspace: Session, put: Put) -> None:
    run_import(workspace, [put_rows(put, PHONE), put_deal(put, OPPORTUNITY="5.00", IS_MANUAL_OPPORTUNITY="Y")])
    deal = workspace.get(D1)
    assert (deal.get("amount")["amount"], deal.get("manual_amount")) == ("5.00", True)


@pytest.mark.parametrize(
    ("told", "part", "value", "total"),
    [
        ({"taxIncluded": "N"}, "price", {"amount": "90909.09", "currency": "EUR"}, "269999.99"),
        ({"discountTypeId": 1}, "discount", {"amount": "10000.00"}, "270000.00"),
        ({"discountTypeId": 1, "taxIncluded": "N"}, "discount", {"amount": "9090.91"}, "269999.99"),
        ({"taxRate": None, "priceExclusive": 90000, "priceNetto": 100000}, "tax", None, "270000.00"),
        ({"priceBrutto": None}, "discount", None, "270000.00"),
        ({"discountRate": 33.33333333}, "discount", {"percent": "33.333333"}, "200000.00"),
        ({"quantity": 0.5}, "quantity", "0.5", "45000.00"),
    ],
)
def test_prices_and_discounts_of_every_kind(
    workspace: Session, put: Put, told: dict[str, Any], part: str, value: Any, total: str
) -> None:
    run_import(workspace, [put_rows(put, PHONE | told), put_deal(put, OPPORTUNITY=None)])
    assert kept(workspace)[0].get(part) == value
    assert workspace.get(D1).get("amount")["amount"] == total


def test_what_cannot_be_taken_is_told(workspace: Session, put: Put) -> None:
    strange = [PHONE | {"id": n, "ownerType": kind} for n, kind in enumerate(("D", "C", "Tb1", "?", "Txyz"), 1)]
    report = run_import(workspace, [put_rows(put, *strange)])
    assert notes(report) == ["5 product rows skipped: their items are not here, or have no products"]
    nameless = run_import(workspace, [put_deal(put), put_rows(put, PHONE | {"productName": " "}, name="rows.json")])
    told = [one.reason for file in nameless.files for one in file.examples]
    assert ["name: required" in one for one in told] == [True], told
