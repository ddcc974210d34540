"""An item's product rows as view data, for the products tab and the command line alike, and as programs read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from tuicrm.domain.card import ProductsView, ProductView, SumView
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.money import money_text
from tuicrm.domain.kinds.product_lines import discount_text, percent_text, tax_text, unit_label
from tuicrm.domain.kinds.product_parts import price_text, typed
from tuicrm.domain.money import money_of
from tuicrm.domain.products import (
    FIELD,
    ProductRow,
    ProductTotals,
    amount_text,
    figures,
    keyed,
    row_of,
    rows_of,
    totals,
)
from tuicrm.i18n import _
from tuicrm.services.kernel.product_rules import MANUAL
from tuicrm.services.kernel.session import Session


def view(session: Session, item: Item) -> ProductsView:
    """The rows and their sums, as texts."""
    context = session.context()
    rows = [(row_id, row_of(kept), kept) for row_id, kept in keyed(item.get(FIELD))]
    shown = tuple(ProductView(row_id, _texts(row, kept, context)) for row_id, row, kept in rows)
    summed = totals([row for _id, row, _kept in rows if row])
    if summed is None:
        return ProductsView(shown)
    return ProductsView(shown, _sums(summed, context), _note(session, item, summed, context))


def _texts(row: ProductRow | None, kept: object, context: Context) -> tuple[str, ...]:
    if row is None:
        name = kept.get("name") if isinstance(kept, dict) else None
        return (f"{name or '?'} ({_('cannot be read')})", "", "", "", "", "", "")
    return (
        row.name,
        typed(row, "quantity", context),
        unit_label(row.unit, context),
        price_text(row, context),
        discount_text(row.discount, context),
        tax_text(row, context),
        price_text(replace(row, price=figures(row).total), context),
    )


def _sums(summed: ProductTotals, context: Context) -> tuple[SumView, ...]:
    def money(amount: Decimal) -> str:
        return money_text(amount, summed.currency, context)

    lines = [SumView(_("Discounts (already deducted)"), money(summed.discount))] if summed.discount else []
    if summed.taxes:
        lines.append(SumView(_("Net"), money(summed.net)))
    for tax in summed.taxes:
        words = _("Tax {rate} of {net}").format(rate=percent_text(tax.rate, context), net=money(tax.net))
        lines.append(SumView(words, money(tax.tax)))
    return (*lines, SumView(_("Total"), money(summed.total), strong=True))


def _note(session: Session, item: Item, summed: ProductTotals, context: Context) -> tuple[str, ...]:
    """What the item's amount has to do with the total."""
    item_type = session.workspace.type(item.type)
    amount = money_of(item.get(item_type.amount))
    if amount is None:
        return ()
    told = {
        "field": session.label(session.workspace.fields(item.type)[item_type.amount].label),
        "amount": money_text(amount.amount, amount.currency, context),
    }
    if item.get(MANUAL) is True:
        return (_("{field} {amount}, set by hand").format(**told), _("{amount} by hand").format(**told))
    if amount != (summed.total, summed.currency):
        # Written past the door, or before there were rows: the next change of a row sets it right.
        return (_("{field} {amount}").format(**told),)
    return (_("{field} {amount} = sum of products").format(**told), _("{amount} = products").format(**told))


def plain(item: Item) -> dict[str, Any]:
    """The rows with their figures, and the sums, as programs read them."""
    rows = []
    for row_id, kept in keyed(item.get(FIELD)):
        row = row_of(kept)
        told = {**kept, "id": row_id} if isinstance(kept, dict) else {"id": row_id}
        rows.append({**told, **({"figures": _amounts(figures(row)._asdict())} if row else {})})
    summed = totals([row for _id, kept in keyed(item.get(FIELD)) if (row := row_of(kept))])
    if summed is None:
        return {"rows": rows, "totals": None}
    taxes = [_amounts(tax._asdict()) for tax in summed.taxes]
    sums = {name: f"{getattr(summed, name):f}" for name in ("full", "discount", "net", "tax", "total")}
    by_hand = item.get(MANUAL) is True
    return {"rows": rows, "totals": {"currency": summed.currency, **sums, "taxes": taxes}, "amount_by_hand": by_hand}


_ROW = ("ref", "name", "quantity", "unit", "price", "currency", "discount", "tax", "tax_included")
_COME = ("net", "tax_amount", "total")
PRODUCT_COLUMNS = tuple(f"product_{name}" for name in (*_ROW, *_COME))
"""The columns of `product_cells`."""


def product_cells(item: Item, show_ref: Callable[[Ref], str]) -> list[list[str]]:
    """The rows as cells in canonical form; one empty row where there are none."""
    found = []
    for row in rows_of(item.get(FIELD)):
        ref, come = Ref.read(row.product), figures(row)
        discount = f"{row.discount.value:f}{'%' if row.discount.percent else ''}" if row.discount else ""
        found.append(
            [
                show_ref(ref) if ref else "",
                row.name,
                f"{row.quantity:f}",
                row.unit,
                amount_text(row.price, row.currency),
                row.currency,
                discount,
                "" if row.tax is None else f"{row.tax:f}",
                "" if row.tax is None else "yes" if row.included else "no",
                *(f"{amount:f}" for amount in (come.net, come.tax, come.total)),
            ]
        )
    return found or [[""] * len(PRODUCT_COLUMNS)]


def _amounts(told: Mapping[str, Any]) -> dict[str, str]:
    return {name: f"{value:f}" for name, value in told.items()}
