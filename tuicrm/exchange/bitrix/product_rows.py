"""Product rows of the model product (crm.item.productrow.list) in our terms.

There, a row has four prices of a unit: before and after the discount, with tax and without. Here it has one, before the discount, and
says whether the tax is in it; what it comes to is the same (to the cent of a unit: see `domain/products.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tuicrm.domain.money import decimal_of
from tuicrm.exchange.bitrix.payloads import PayloadProductRows, SourceRow
from tuicrm.exchange.bitrix.types import ID_LETTERS, by_number
from tuicrm.exchange.bitrix.values import upper_snake

_OWNERS = {**ID_LETTERS, "SI": "invoice", "I": "invoice"}
_ABSOLUTE = "1"
_HUNDRED = Decimal(100)
_CENT, _MILLIONTH = Decimal("0.01"), Decimal("0.000001")


def product_rows(rows: Sequence[Mapping[str, Any]]) -> PayloadProductRows:
    """The rows of an answer, those of an item in their order."""
    by_code = [{upper_snake(key): value for key, value in row.items()} for row in rows]
    by_code.sort(key=lambda row: _number(row.get("SORT")) or Decimal(0))
    return PayloadProductRows(tuple(_row(row) for row in by_code))


def _row(row: Mapping[str, Any]) -> SourceRow:
    tax = _number(row.get("TAX_RATE"))
    included = tax is not None and row.get("TAX_INCLUDED") == "Y"
    price, discount = _price(row, tax or Decimal(0), included=included)
    code = str(row.get("MEASURE_CODE") or "")
    return SourceRow(
        id=str(row["ID"]),
        type=_owner(str(row.get("OWNER_TYPE") or "")),
        item=str(row.get("OWNER_ID") or ""),
        product=str(row.get("PRODUCT_ID") or "").lstrip("0"),
        name=str(row.get("PRODUCT_NAME") or "").strip(),
        quantity=_text(_number(row.get("QUANTITY")) or Decimal(0)),
        price=_text(price),
        discount=discount,
        tax=None if tax is None else _text(tax),
        included=included,
        measure=code,
        unit=str(row.get("MEASURE_NAME") or ""),
    )


def _owner(letters: str) -> str:
    """`D` is a deal, `Tb1` the smart process 177: its number in hexadecimal digits."""
    if letters in _OWNERS:
        return _OWNERS[letters]
    number = letters.removeprefix("T").lower()
    if letters[:1] == "T" and number and all(digit in "0123456789abcdef" for digit in number):
        return by_number(int(number, 16))
    return ""


def _price(row: Mapping[str, Any], tax: Decimal, *, included: bool) -> tuple[Decimal, dict[str, str] | None]:
    """A unit's price before the discount, with tax where it is included, and the discount."""
    after = _number(row.get("PRICE" if included else "PRICE_EXCLUSIVE"))
    if after is None:
        # Only the price with tax was asked for.
        gross = _number(row.get("PRICE")) or Decimal(0)
        after = (gross * _HUNDRED / (_HUNDRED + tax)).quantize(_CENT)
    before = _number(row.get("PRICE_BRUTTO" if included else "PRICE_NETTO"))
    if before is None:
        return after, None
    if str(row.get("DISCOUNT_TYPE_ID")) != _ABSOLUTE:
        rate = _number(row.get("DISCOUNT_RATE"))
        rate = rate if rate is None else rate.quantize(_MILLIONTH)
        return before, {"percent": _text(rate)} if rate else None
    taken = before - after
    return before, {"amount": _text(taken)} if taken > 0 else None


def _number(value: object) -> Decimal | None:
    """A number, told as one or as a text."""
    return decimal_of(str(value)) if isinstance(value, int | str | Decimal) and not isinstance(value, bool) else None


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"
