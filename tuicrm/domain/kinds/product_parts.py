"""One part of a product row as it is typed: in a cell of the products tab, or as `quantity=3` on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.money import PRICE, MoneyKind, money_text
from tuicrm.domain.kinds.numbers import grouped, parse_decimal
from tuicrm.domain.kinds.product_lines import discount_text, tax_text, unit_key, unit_label
from tuicrm.domain.money import minor_digits
from tuicrm.domain.products import ProductRow, figures, row_of
from tuicrm.i18n import _
from tuicrm.regex import regex

PARTS = ("name", "quantity", "unit", "price", "discount", "tax")
"""What can be typed of a row."""

_TAX = regex(r"(\+|incl\.?)? *([\d.,]+) *%? *(incl\.?)?", re.IGNORECASE)
_NONE = frozenset({"-", "0%", "none", "no"})


def with_part(row: Mapping[str, Any], part: str, text: str, context: Context) -> dict[str, Any]:
    """The row, in JSON form, with a part as it was typed; the whole is not yet checked. Raises BadValue."""
    word, told = " ".join(text.split()), dict(row)
    match part:
        case "name":
            told["name"] = text.strip()
        case "quantity":
            told["quantity"] = f"{parse_decimal(word, context):f}" if word else "1"
        case "unit":
            told["unit"] = unit_key(word, context) or word
        case "price":
            money = row.get("price")
            currency = money.get("currency") if isinstance(money, dict) else ""
            inside = replace(context, currency=currency or context.currency)
            told["price"] = MoneyKind().parse(word or "0", PRICE, inside)
        case "discount":
            told["discount"] = _discount(word, context)
        case "tax":
            _set_tax(told, word, context)
        case _:
            raise BadValue(_("a row has no {part}; it has: {known}").format(part=part, known=", ".join(PARTS)), text)
    return {name: value for name, value in told.items() if value not in (None, "")}


def _discount(word: str, context: Context) -> dict[str, str] | None:
    """`10%`, or an amount off each unit; None for nothing."""
    word = word.lstrip("-− ")
    if not word:
        return None
    percent = word.endswith("%")
    number = f"{parse_decimal(word.rstrip('% '), context):f}"
    return {"percent" if percent else "amount": number}


def _set_tax(told: dict[str, Any], word: str, context: Context) -> None:
    """`22` keeps how the price holds it, `+22` is added, `incl 22` is in the price; nothing is none."""
    if not word or word.casefold() in _NONE:
        told.pop("tax", None)
        told.pop("included", None)
        return
    found = _TAX.fullmatch(word)
    if found is None or (found[1] == "+" and found[3]):
        raise BadValue(_("a tax is expected: 22 or +22 is added, incl 22 is in the price, empty is no tax"), word)
    told["tax"] = f"{parse_decimal(found[2], context):f}"
    if found[1] or found[3]:
        told["included"] = found[1] != "+"


def typed(row: ProductRow, part: str, context: Context) -> str:
    """A part as an editor offers it; `with_part` reads it back."""
    match part:
        case "name":
            return row.name
        case "quantity":
            return grouped(row.quantity, context)
        case "unit":
            return unit_label(row.unit, context)
        case "price":
            return price_text(row, context)
        case "discount":
            return discount_text(row.discount, context)
    return tax_text(row, context)


def price_text(row: ProductRow, context: Context) -> str:
    """A unit's price without its currency: `800.00`, `0.0025`."""
    exponent = row.price.as_tuple().exponent
    return grouped(row.price, context, max(-exponent if isinstance(exponent, int) else 0, minor_digits(row.currency)))


def understood(row: Mapping[str, Any], context: Context) -> str:
    """What a row comes to as it stands now: `row total € 1,952.00`; "" where it is none yet."""
    found = row_of(row)
    if found is None:
        return ""
    total = figures(found).total
    return _("row total {sum}").format(sum=money_text(total, found.currency, context))
