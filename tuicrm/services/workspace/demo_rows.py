"""Product rows of the demo's items: as `data/demo/` writes them, filled from its catalogue, with what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.products import read_row
from tuicrm.domain.kinds.values import parse_field
from tuicrm.domain.money import money_of
from tuicrm.domain.products import FIELD, amount_text, from_catalogue, numbered, row_json, rows_of, totals
from tuicrm.domain.schema import Field, ItemType
from tuicrm.services.kernel.product_rules import MANUAL, TAX
from tuicrm.store.protocol import Doc

_PRICE = Field("price", "money", "")


def rows(field: Field, told: list[Mapping[str, Any]], catalogue: Mapping[str, Doc], context: Context) -> list[Any]:
    """The rows in JSON form. `catalogue` has the products by their stored refs."""
    found = []
    for row in told:
        product = row.get("product", "")
        filled = row_json(from_catalogue(product, catalogue[product], context.currency)) if product else {}
        price = {"price": parse_field(row["price"], _PRICE, context)} if "price" in row else {}
        found.append(read_row({**filled, **row, **price}, field, context))
    return [row_json(row) for row in numbered(found, [])]


def follow(item_type: ItemType, doc: Doc) -> None:
    """What follows from the rows: the tax, and that an amount which is not their sum was set by hand."""
    summed = totals(rows_of(doc.get(FIELD)))
    if summed is not None:
        doc[TAX] = amount_text(summed.tax, summed.currency)
        if money_of(doc.get(item_type.amount)) != (summed.total, summed.currency):
            doc[MANUAL] = True
