"""Product rows as the value of a field: checked as JSON, typed a row a line, told in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue, Compared
from tuicrm.domain.kinds.money import PRICE, MoneyKind, money_text
from tuicrm.domain.kinds.numbers import bounded, decimals_of, number_of
from tuicrm.domain.kinds.text import checked_line
from tuicrm.domain.products import Discount, ProductRow, figures, from_catalogue, row_json, rows_of, totals
from tuicrm.domain.schema import Field
from tuicrm.i18n import _, ngettext
from tuicrm.limits import AMOUNT_DECIMALS, PRODUCT_NAME, PRODUCT_ROWS, PRODUCT_UNIT

"""Rows of an item."""

_Part = TypeVar("_Part")

_PARTS = frozenset({"id", "product", "name", "quantity", "unit", "price", "discount", "tax", "included"})
_HUNDRED = Decimal(100)


class ProductsKind(Compared):
    """The product rows of an item (`products`): one value, a list of rows (`domain/products.py`)."""

    name = "products"

    def parse(self, text: str, field: Field, context: Context) -> list[dict[str, Any]] | None:
        from tuicrm.domain.kinds.product_lines import parse_lines

        return self.read(parse_lines(text, field, context), field, context)

    def read(self, value: object, field: Field, context: Context) -> list[dict[str, Any]] | None:
        if value is None:
            return None
        if not isinstance(value, list):
            raise BadValue(_("a list of product rows is expected"), value)
        if len(value) > PRODUCT_ROWS.most:
            raise BadValue(PRODUCT_ROWS.told, value)
        rows = []
        for number, given in enumerate(value, 1):
            try:
                rows.append(row_json(read_row(given, field, context)))
            except BadValue as bad:
                if len(value) == 1:
                    raise
                raise BadValue(_("row {n}: {problem}").format(n=number, problem=bad.message), bad.value) from bad
        return rows or None

    def format(self, value: object, field: Field, context: Context) -> str:
        if context.canonical:
            return self.edit(value, field, context)
        rows = rows_of(value)
        summed = totals(rows)
        if summed is None:
            return str(value)
        count = ngettext("{n} product", "{n} products", len(rows))
        return f"{count}, {money_text(summed.total, summed.currency, context)}"

    def edit(self, value: object, field: Field, context: Context) -> str:
        from tuicrm.domain.kinds.product_lines import line

        return "\n".join(line(row, context) for row in rows_of(value))

    def comparable(self, value: object) -> str | None:
        return "\n".join(row.name for row in rows_of(value)).casefold() or None


def read_row(given: object, field: Field, context: Context) -> ProductRow:
    """A row in JSON form, checked. One that names a product and no price is filled from the catalogue. Raises BadValue."""
    if not isinstance(given, dict) or not set(given) <= _PARTS:
        known = ", ".join(sorted(_PARTS))
        raise BadValue(_("a product row is expected, with these parts: {known}").format(known=known), given)
    told: dict[str, Any] = {part: value for part, value in given.items() if value is not None}
    product = _product(told.get("product"), field, context)
    if product and "price" not in told:
        told = {**row_json(_known(product, context)), **told}
    currency, price = _price(told.get("price"), context)
    tax = _within_hundred(told["tax"], _("tax")) if "tax" in told else None
    row = ProductRow(
        name=_name(told.get("name")),
        quantity=_quantity(told.get("quantity", "1")),
        price=price,
        currency=currency,
        discount=_discount(told.get("discount"), price),
        tax=tax,
        included=_flag(told.get("included", False)) and tax is not None,
        unit=_part(_("unit"), lambda: checked_line(told.get("unit", ""), PRODUCT_UNIT)),
        product=product,
        id=_id(told.get("id", 0)),
    )
    for figure in figures(row):
        _part(_("row total"), partial(bounded, figure, f"{figure:f}"))
    return row


def _part(name: str, read: Callable[[], _Part]) -> _Part:
    """What `read` gives; what it refuses is told with the part's name."""
    try:
        return read()
    except BadValue as bad:
        raise BadValue(f"{name}: {bad.message}", bad.value) from bad


def _known(product: str, context: Context) -> ProductRow:
    fields: Mapping[str, Any] | None = context.names.fields(Ref.parse(product))
    if fields is None:
        ref = context.names.show_ref(Ref.parse(product))
        raise BadValue(_("there is no {ref}").format(ref=ref), product)
    return from_catalogue(product, fields, context.currency)


def _product(value: object, field: Field, context: Context) -> str:
    """A stored ref, or a ref as people write it. Whether the product still exists is not asked: rows outlive it."""
    if not value:
        return ""
    ref = Ref.read(value) or (context.names.read_ref(value) if isinstance(value, str) else None)
    if ref is None or ref.type not in field.targets:
        raise BadValue(_("product: a ref such as P-7 is expected"), value)
    return str(ref)


def _name(value: object) -> str:
    name = _part(_("name"), lambda: checked_line("" if value is None else value, PRODUCT_NAME))
    if not name:
        raise BadValue(_("name: required"), value)
    return name


def _quantity(value: object) -> Decimal:
    quantity = _part(_("quantity"), lambda: _fine(number_of(value), value))
    if quantity < 0:
        raise BadValue(_("quantity: at least 0 is expected"), value)
    return quantity


def _fine(number: Decimal, given: object) -> Decimal:
    if decimals_of(number) > AMOUNT_DECIMALS.most:
        raise BadValue(AMOUNT_DECIMALS.told, given)
    return number


def _price(value: object, context: Context) -> tuple[str, Decimal]:
    """Currency and amount; a plain number is in the currency at hand."""
    if value is None:
        raise BadValue(_("price: required"), value)
    given = value if isinstance(value, dict) else {"amount": value, "currency": context.currency}
    money = _part(_("price"), lambda: MoneyKind().read(given, PRICE, context))
    return str(money["currency"]), Decimal(money["amount"])


def _discount(value: object, price: Decimal) -> Discount | None:
    if not value:
        return None
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= {"percent", "amount"}:
        raise BadValue(_('discount: {"percent": "10"} or {"amount": "20.00"} is expected'), value)
    part, number = next(iter(value.items()))
    if part == "percent":
        percent = _within_hundred(number, _("discount"))
        return Discount(percent) if percent else None
    amount = _part(_("discount"), lambda: _fine(number_of(number), number))
    if not 0 <= amount <= max(price, Decimal(0)):
        raise BadValue(_("discount: cannot be more than the price"), value)
    return Discount(amount, percent=False) if amount else None


def _within_hundred(value: object, name: str) -> Decimal:
    """A percentage. Raises BadValue below 0 and above 100."""
    percent = _part(name, lambda: _fine(number_of(value), value))
    if not 0 <= percent <= _HUNDRED:
        raise BadValue(_("{name}: 0 to 100 per cent is expected").format(name=name), value)
    return percent


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadValue(_("included: true or false is expected"), value)
    return value


def _id(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
        raise BadValue(_("id: a whole number is expected"), value)
    return value
