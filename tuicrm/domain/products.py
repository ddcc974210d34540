"""Product rows: what an item sells, and what that comes to. Exact (Decimal), in the smallest unit of the currency.

**Where rounding happens: in each row, and nowhere else.** Quantity × unit price less its discount is rounded to the currency's
smallest unit, then the tax of that; all other figures are sums and differences of rounded ones. So whoever adds up what is shown
gets what is shown: net + tax = total in every row, and every total is the sum of its column. (Rounding a sum of taxes instead can
differ from the rows by a cent; rounding the unit price, as the model does for its `priceExclusive`, by a cent a piece.)

A row is kept as JSON in the field `products` of its item, in the order of the rows:
`{"id": 1, "product": "product:3", "name": "Consulting", "quantity": "2", "unit": "day", "price": {"amount": "800.00", "currency":
"EUR"}, "discount": {"percent": "10"}, "tax": "22", "included": true}`. `id` is the row's within its item; without `product` it is
free text; `discount` is per cent or `{"amount": "20.00"}` off each unit; without `tax` there is none; `included` says that the price
holds it already. Names, prices and taxes are the row's own: what is offered does not change with the catalogue.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.money import Money, Rates, decimal_of, minor_digits, money_of, round_money

FIELD = "products"
"""The key of the field that holds an item's rows, and the name of its kind."""

COLUMNS = ("name", "quantity", "unit", "price", "discount", "tax", "total")
"""The columns in which rows are shown; all but the total can be set."""

_ONE, _HUNDRED = Decimal(1), Decimal(100)
# Eighteen digits times eighteen, with decimals on both sides: more than the usual 28.
_EXACT = decimal.Context(prec=100)


class Discount(msgspec.Struct, frozen=True):
    """What is taken off a unit's price: per cent of it, or an amount."""

    value: Decimal
    percent: bool = True


class ProductRow(Struct, frozen=True):
    """One product row. `unit` is a key of the dictionary of units, or free text; `product` a stored ref, "" for free text."""

    name: str
    quantity: Decimal
    price: Decimal
    currency: str
    discount: Discount | None = None
    tax: Decimal | None = None
    included: bool = False
    unit: str = ""
    product: str = ""
    id: int = 0


# -- JSON --------------------------------------------------------------------------------------------------------------
def row_of(value: object) -> ProductRow | None:
    """A row from its JSON form, leniently; None for what is none."""
    if not isinstance(value, dict):
        return None
    price, quantity = money_of(value.get("price")), decimal_of(value.get("quantity"))
    name = value.get("name")
    if price is None or quantity is None or not isinstance(name, str):
        return None
    product, unit, number = value.get("product"), value.get("unit"), value.get("id")
    return ProductRow(
        name=name,
        quantity=quantity,
        price=price.amount,
        currency=price.currency,
        discount=_discount_of(value.get("discount")),
        tax=decimal_of(value.get("tax")),
        included=value.get("included") is True,
        unit=unit if isinstance(unit, str) else "",
        product=product if isinstance(product, str) else "",
        id=number if isinstance(number, int) and not isinstance(number, bool) else 0,
    )


def _discount_of(value: object) -> Discount | None:
    for part, percent in (("percent", True), ("amount", False)):
        number = decimal_of(value.get(part)) if isinstance(value, dict) else None
        if number:
            return Discount(number, percent)
    return None


def rows_of(value: object) -> list[ProductRow]:
    """The readable rows of a field's value, in their order."""
    return [row for one in value if (row := row_of(one)) is not None] if isinstance(value, list) else []


def keyed(value: object) -> list[tuple[int, Any]]:
    """The rows of a field's value as they are kept, readable or not, each with an id: its own, or a new one where it has none."""
    kept = value if isinstance(value, list) else []
    own = [one.get("id") if isinstance(one, dict) else 0 for one in kept]
    ids = [one if isinstance(one, int) and not isinstance(one, bool) and one > 0 else 0 for one in own]
    fresh = max(ids, default=0)
    found: list[tuple[int, Any]] = []
    for at, one in enumerate(ids):
        if not one or one in ids[:at]:
            fresh += 1
        found.append((one if one and one not in ids[:at] else fresh, kept[at]))
    return found


def row_json(row: ProductRow) -> dict[str, Any]:
    """The JSON form: what is empty is left out, amounts have the currency's digits at least."""
    told: dict[str, Any] = {"id": row.id} if row.id else {}
    if row.product:
        told["product"] = row.product
    told |= {"name": row.name, "quantity": f"{row.quantity:f}"}
    if row.unit:
        told["unit"] = row.unit
    told["price"] = {"amount": amount_text(row.price, row.currency), "currency": row.currency}
    if row.discount and row.discount.value:
        part, value = "percent", f"{row.discount.value:f}"
        if not row.discount.percent:
            part, value = "amount", amount_text(row.discount.value, row.currency)
        told["discount"] = {part: value}
    if row.tax is not None:
        told |= {"tax": f"{row.tax:f}", **({"included": True} if row.included else {})}
    return told


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount with the currency's digits, or as many as it has: `800.00`, `0.0025`."""
    return f"{amount:.{max(minor_digits(currency), _decimals(amount))}f}"


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


# -- figures -----------------------------------------------------------------------------------------------------------
class Figures(NamedTuple):
    """What a row comes to. `net + tax == total`, and `total + discount == full`, which it would be without the discount; all with
    tax but `net`."""

    full: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal


class TaxLine(NamedTuple):
    """The rows of one rate: what is taxed, and the tax."""

    rate: Decimal
    net: Decimal
    tax: Decimal


class ProductTotals(msgspec.Struct, frozen=True):
    """What the rows of one currency come to together: the sums of their figures. `taxes` by rate, the lowest first; rows without tax
    are in none of them. `apart` counts rows of other currencies, which are not in the sums."""

    currency: str
    full: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal
    taxes: tuple[TaxLine, ...] = ()
    apart: int = 0


def unit_price(row: ProductRow) -> Decimal:
    """A unit's price less its discount, exact."""
    if row.discount is None:
        return row.price
    if row.discount.percent:
        return _EXACT.divide(_EXACT.multiply(row.price, _HUNDRED - row.discount.value), _HUNDRED)
    return _EXACT.subtract(row.price, row.discount.value)


def figures(row: ProductRow) -> Figures:
    """What the row comes to, rounded as the module says."""
    net, tax, total = _taxed(row, unit_price(row))
    full = sum(_taxed(row, row.price)[:2], Decimal(0)) if row.discount else total
    return Figures(full, full - total, net, tax, total)


def _taxed(row: ProductRow, price: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and total of so many units at a price."""
    basis = round_money(_EXACT.multiply(row.quantity, price), row.currency)
    rate = row.tax or Decimal(0)
    if row.included:
        tax = round_money(_EXACT.divide(_EXACT.multiply(basis, rate), _HUNDRED + rate), row.currency)
        return basis - tax, tax, basis
    tax = round_money(_EXACT.divide(_EXACT.multiply(basis, rate), _HUNDRED), row.currency)
    return basis, tax, basis + tax


def totals(rows: Sequence[ProductRow]) -> ProductTotals | None:
    """What the rows come to in the currency of the first; None without rows."""
    if not rows:
        return None
    currency = rows[0].currency
    counted = [(row, figures(row)) for row in rows if row.currency == currency]
    taxes: dict[Decimal, TaxLine] = {}
    for row, one in counted:
        if row.tax is not None:
            known = taxes.get(row.tax, TaxLine(row.tax, Decimal(0), Decimal(0)))
            taxes[row.tax] = TaxLine(known.rate, known.net + one.net, known.tax + one.tax)
    full, discount, net, tax, total = (
        sum((getattr(one, name) for _row, one in counted), Decimal(0)) for name in Figures._fields
    )
    by_rate = tuple(taxes[rate] for rate in sorted(taxes))
    return ProductTotals(currency, full, discount, net, tax, total, by_rate, len(rows) - len(counted))


# -- changing ----------------------------------------------------------------------------------------------------------
def from_catalogue(product: str, fields: Mapping[str, Any], currency: str) -> ProductRow:
    """A row of one unit of a product, from what its item holds; `currency` is for one without a price."""
    price = money_of(fields.get("price")) or Money(Decimal(0), currency)
    unit = fields.get("unit")
    return ProductRow(
        name=str(fields.get("title") or ""),
        quantity=_ONE,
        price=price.amount,
        currency=price.currency,
        tax=decimal_of(fields.get("tax")),
        included=fields.get("tax_included") is True,
        unit=unit if isinstance(unit, str) else "",
        product=product,
    )


def converted(row: ProductRow, currency: str, rates: Rates) -> ProductRow | None:
    """The row in another currency, its unit's price rounded to that one's smallest unit (finer where it was finer); None without
    rates."""
    if row.currency == currency:
        return row
    have, want = rates.rate(row.currency), rates.rate(currency)
    if have is None or want is None:
        return None
    finer = max(_decimals(row.price) - minor_digits(row.currency), 0)
    unit = _ONE.scaleb(-minor_digits(currency) - finer)

    def turned(amount: Decimal) -> Decimal:
        worth = _EXACT.divide(_EXACT.multiply(amount, have), want)
        return worth.quantize(unit, ROUND_HALF_UP, _EXACT)

    price, discount = turned(row.price), row.discount
    if discount is not None and not discount.percent:
        discount = Discount(turned(discount.value), percent=False)
    return replace(row, price=price, currency=currency, discount=discount)


def numbered(rows: Iterable[ProductRow], before: Sequence[ProductRow]) -> list[ProductRow]:
    """The rows, each with an id of its own: those without one get that of the row they seem to have been (the same, else of the same
    product and name), else a new one."""
    given = _apart(rows)
    taken = {row.id for row in given}
    free = [row for row in before if row.id and row.id not in taken]
    fresh = max((row.id for row in (*before, *given)), default=0)
    found: list[ProductRow] = []
    for row in given:
        was = None if row.id else _the_one(row, free)
        if was is not None:
            free.remove(was)
        elif not row.id:
            fresh += 1
        found.append(row if row.id else replace(row, id=was.id if was else fresh))
    return found


def _apart(rows: Iterable[ProductRow]) -> list[ProductRow]:
    """The rows; of those with the same id, only the first keeps it."""
    seen: set[int] = set()
    found: list[ProductRow] = []
    for row in rows:
        found.append(replace(row, id=0) if row.id in seen else row)
        seen.add(row.id)
    return found


def _the_one(row: ProductRow, before: Sequence[ProductRow]) -> ProductRow | None:
    """The row that this one was."""
    same = next((one for one in before if replace(one, id=0) == row), None)
    return same or next((one for one in before if (one.product, one.name) == (row.product, row.name)), None)
