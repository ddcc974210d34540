"""What product rows, their taxes and their sums print: the same figures as the card has (`domain/products.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from tuicrm.domain.context import Context
from tuicrm.domain.documents.values import DocValue, FlagValue, MoneyValue, NumberValue, TextValue, ValueKind
from tuicrm.domain.kinds.product_lines import unit_label
from tuicrm.domain.money import Money, round_money
from tuicrm.domain.products import Figures, ProductRow, ProductTotals, TaxLine, figures, totals, unit_price
from tuicrm.i18n import N_


class RowOnPaper(NamedTuple):
    """A row with what it comes to. `at` counts from 1."""

    at: int
    row: ProductRow
    come: Figures


class SayableValue(NamedTuple):
    """What can be said of a row, a tax or the sums: its label (translated where it is shown), its kind, other names of it."""

    label: str
    kind: ValueKind
    also: tuple[str, ...] = ()


def on_paper(rows: Sequence[ProductRow]) -> list[RowOnPaper]:
    """The rows with their figures, each worked out once."""
    return [RowOnPaper(at, row, figures(row)) for at, row in enumerate(rows, start=1)]


# -- rows --------------------------------------------------------------------------------------------------------------
def _each(one: RowOnPaper, *, discounted: bool, taxed: bool) -> Decimal:
    """A unit's price with or without its discount and its tax, rounded as an amount."""
    row = one.row if discounted else replace(one.row, discount=None)
    come = figures(replace(row, quantity=Decimal(1)))
    return come.total if taxed else come.net


def _money(row: RowOnPaper, amount: Decimal) -> MoneyValue:
    return MoneyValue(amount, row.row.currency)


def _discount(one: RowOnPaper) -> DocValue | None:
    """As the card has it: per cent, or an amount off each unit."""
    discount = one.row.discount
    if discount is None:
        return None
    return NumberValue(discount.value, "%") if discount.percent else _money(one, discount.value)


def _off_each(one: RowOnPaper) -> Decimal:
    return round_money(one.row.price - unit_price(one.row), one.row.currency)


_ROW: Mapping[str, tuple[SayableValue, Callable[[RowOnPaper, Context], DocValue | None]]] = {
    "Index": (SayableValue(N_("Number of the row"), "number"), lambda one, _context: NumberValue(Decimal(one.at))),
    "ProductName": (SayableValue(N_("Product"), "text", ("Name",)), lambda one, _context: TextValue(one.row.name)),
    "ProductQuantity": (
        SayableValue(N_("Quantity"), "number", ("Quantity",)),
        lambda one, _context: NumberValue(one.row.quantity),
    ),
    "ProductMeasure": (
        SayableValue(N_("Unit"), "text", ("ProductMeasureName", "ProductUnit", "Measure")),
        lambda one, context: TextValue(unit_label(one.row.unit, context)),
    ),
    "ProductPrice": (
        SayableValue(N_("Price of a unit"), "money", ("ProductPriceRaw", "Price")),
        lambda one, _context: _money(one, one.row.price),
    ),
    "ProductDiscount": (SayableValue(N_("Discount"), "number", ("ProductDiscountRate",)), lambda one, _context: _discount(one)),
    "ProductDiscountSum": (
        SayableValue(N_("Discount of a unit, as an amount"), "money"),
        lambda one, _context: _money(one, _off_each(one)) if one.row.discount else None,
    ),
    "ProductDiscountTotal": (
        SayableValue(N_("Discount of the row, as an amount"), "money"),
        lambda one, _context: _money(one, one.come.discount) if one.row.discount else None,
    ),
    "ProductTaxRate": (
        SayableValue(N_("Tax rate, per cent"), "number", ("ProductTax",)),
        lambda one, _context: NumberValue(one.row.tax) if one.row.tax is not None else None,
    ),
    "ProductTaxIncluded": (
        SayableValue(N_("Whether the price holds the tax"), "flag"),
        lambda one, _context: FlagValue(one.row.included) if one.row.tax is not None else None,
    ),
    "ProductTaxSum": (
        SayableValue(N_("Tax of the row"), "money", ("ProductTaxValue", "ProductTaxValueSum")),
        lambda one, _context: _money(one, one.come.tax) if one.row.tax is not None else None,
    ),
    "ProductPriceNetto": (
        SayableValue(N_("Price of a unit without discount and tax"), "money"),
        lambda one, _context: _money(one, _each(one, discounted=False, taxed=False)),
    ),
    "ProductPriceBrutto": (
        SayableValue(N_("Price of a unit without discount, with tax"), "money"),
        lambda one, _context: _money(one, _each(one, discounted=False, taxed=True)),
    ),
    "ProductPriceExclusive": (
        SayableValue(N_("Price of a unit with discount, without tax"), "money"),
        lambda one, _context: _money(one, _each(one, discounted=True, taxed=False)),
    ),
    "ProductPriceInclusive": (
        SayableValue(N_("Price of a unit with discount and tax"), "money"),
        lambda one, _context: _money(one, _each(one, discounted=True, taxed=True)),
    ),
    "ProductPriceExclusiveSum": (
        SayableValue(N_("Row without tax"), "money", ("ProductNet",)),
        lambda one, _context: _money(one, one.come.net),
    ),
    "ProductPriceRawSum": (
        SayableValue(N_("Row without discount"), "money"),
        lambda one, _context: _money(one, one.come.full),
    ),
    "ProductPriceSum": (
        SayableValue(N_("Row with discount and tax"), "money", ("ProductSum", "ProductTotal", "Sum")),
        lambda one, _context: _money(one, one.come.total),
    ),
}  # fmt: skip

ROW_NAMES: Mapping[str, SayableValue] = {name: told for name, (told, _tell) in _ROW.items()}
"""What can be said of a row, behind the list's name: `ProductsProductName`."""


def row_value(name: str, one: RowOnPaper, context: Context) -> DocValue | None:
    """What a name of `ROW_NAMES` says of a row; units by their names in the context's language."""
    return _ROW[name][1](one, context)


# -- taxes -------------------------------------------------------------------------------------------------------------
_TAX: Mapping[str, tuple[SayableValue, Callable[[int, TaxLine, str], DocValue]]] = {
    "Index": (SayableValue(N_("Number of the row"), "number"), lambda at, _tax, _currency: NumberValue(Decimal(at))),
    "TaxRate": (SayableValue(N_("Tax rate, per cent"), "number", ("Rate",)), lambda _at, tax, _currency: NumberValue(tax.rate)),
    "TaxBase": (
        SayableValue(N_("What is taxed"), "money", ("TaxNetto", "Base")),
        lambda _at, tax, currency: MoneyValue(tax.net, currency),
    ),
    "TaxSum": (SayableValue(N_("Tax"), "money", ("TaxValue", "Sum")), lambda _at, tax, currency: MoneyValue(tax.tax, currency)),
    "TaxBrutto": (
        SayableValue(N_("What is taxed, with the tax"), "money"),
        lambda _at, tax, currency: MoneyValue(tax.net + tax.tax, currency),
    ),
}  # fmt: skip

TAX_NAMES: Mapping[str, SayableValue] = {name: told for name, (told, _tell) in _TAX.items()}
"""What can be said of the rows of one rate: `TaxesTaxRate`."""


def tax_value(name: str, index: int, tax: TaxLine, currency: str) -> DocValue:
    """What a name of `TAX_NAMES` says of a rate; `index` counts from 1."""
    return _TAX[name][1](index, tax, currency)


# -- sums --------------------------------------------------------------------------------------------------------------
TOTAL_NAMES: Mapping[str, SayableValue] = {
    "TotalSum": SayableValue(N_("Total"), "money", ("TotalAmount",)),
    "TotalBeforeTax": SayableValue(N_("Total without tax"), "money", ("TotalNet",)),
    "TotalTax": SayableValue(N_("Tax in the total"), "money"),
    "TotalDiscount": SayableValue(N_("Discounts in the total"), "money"),
    "TotalBeforeDiscount": SayableValue(N_("Total without discounts"), "money"),
    "TotalRaw": SayableValue(N_("Total without discounts and tax"), "money"),
    "TotalQuantity": SayableValue(N_("Quantities together"), "number"),
    "TotalRows": SayableValue(N_("Number of rows"), "number"),
}
"""What can be said of all rows together."""


def total_values(rows: Sequence[RowOnPaper], amount: Money | None, tax: Decimal | None) -> dict[str, DocValue]:
    """The sums by name, those of the rows in the currency of the first; without any rows the item's own amount and tax, where it has
    them."""
    summed = totals([one.row for one in rows])
    if summed is None:
        return _without_rows(amount, tax)
    counted = [one.row for one in rows if one.row.currency == summed.currency]
    raw = sum((figures(replace(row, discount=None)).net for row in counted), Decimal(0))
    found: dict[str, DocValue] = {name: MoneyValue(value, summed.currency) for name, value in _sums(summed, raw)}
    found["TotalQuantity"] = NumberValue(sum((row.quantity for row in counted), Decimal(0)))
    found["TotalRows"] = NumberValue(Decimal(len(rows)))
    return found


def _sums(summed: ProductTotals, raw: Decimal) -> Sequence[tuple[str, Decimal]]:
    return (
        ("TotalSum", summed.total),
        ("TotalBeforeTax", summed.net),
        ("TotalTax", summed.tax),
        ("TotalDiscount", summed.discount),
        ("TotalBeforeDiscount", summed.full),
        ("TotalRaw", raw),
    )


def _without_rows(amount: Money | None, tax: Decimal | None) -> dict[str, DocValue]:
    if amount is None:
        return {}
    found: dict[str, DocValue] = {"TotalSum": MoneyValue(*amount)}
    if tax is not None:
        found["TotalTax"] = MoneyValue(tax, amount.currency)
    return found
