"""Product rows as text, a row a line: `2 day x Consulting @ 800 EUR -10% +22%`.

Only the name is needed. A name that the catalogue has, or a ref (`P-3`), is that product, and what is not told comes from there; a
name in quotes is free text. Behind `@` stand the price, then `-10%` or `-20` off each unit, then `+22%` tax added or `incl 22%` in
the price. What `line` writes has everything, the product as `[P-3]`, and reads back as the same row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from tuicrm.domain import named
from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.money import PRICE, MoneyKind, money_text
from tuicrm.domain.kinds.numbers import grouped, parse_decimal
from tuicrm.domain.money import minor_digits
from tuicrm.domain.products import Discount, ProductRow, from_catalogue, row_json
from tuicrm.domain.schema import Field, label_text
from tuicrm.i18n import _
from tuicrm.regex import regex

UNITS = "unit"
"""The dictionary of units."""

_QUOTED = r'"(?:[^"]|"")*"'
_PIECES = regex(rf"(?:(?<!\S){_QUOTED}(?=[\s;]|\Z)|[^\n;])+")
_HEAD = regex(rf"(\d[\d.,']*(?: \d{{3}})*)(?: ++({_QUOTED}|\S.{{0,39}}?) ++[x×]| *+[x×]) +(?=\S)")
_NAME = regex(rf"({_QUOTED})(?: +\[([^\]]*)\])?\Z")
_WITH_REF = regex(r"(.*\S) +\[([^\]\s]+)\]\Z")
_TAX = regex(r"(?:\A|(?<!\s)\s+)(\+|incl\.? ) *([\d.,]+) *%\Z", re.IGNORECASE)
_PERCENT = regex(r"(?:\A|(?<!\s)\s+)[-−] *([\d.,]+) *%\Z")
_AMOUNT = regex(r"(?<!\s)\s+[-−] *([\d.,']*\d)\Z")


# -- reading -----------------------------------------------------------------------------------------------------------
def parse_lines(text: str, field: Field, context: Context) -> list[Any] | None:
    """Typed rows in JSON form, not yet checked; JSON as it is; None for nothing. Raises BadValue."""
    if text.lstrip().startswith("["):
        try:
            given = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError) as problem:
            raise BadValue(_("this is not valid JSON: {problem}").format(problem=problem), text) from problem
        return given if isinstance(given, list) else [given]
    pieces = [piece for found in _PIECES.finditer(text) if (piece := found[0].strip())]
    return [_row(piece, field, context, alone=len(pieces) == 1) for piece in pieces] or None


def _row(text: str, field: Field, context: Context, *, alone: bool) -> dict[str, Any]:
    try:
        return _parsed(text, field, context)
    except BadValue as bad:
        if alone:
            raise
        raise BadValue(f"“{text[:40]}”: {bad.message}", bad.value) from bad


class _Named(NamedTuple):
    """What a name stands for: the row of the catalogue, if it is in it; `whole` where all else is told."""

    name: str
    product: str = ""
    whole: bool = False


def _parsed(text: str, field: Field, context: Context) -> dict[str, Any]:
    quantity, unit, rest = _head(text, context)
    before, at, after = _behind_at(rest)
    named = _named(before, field, context)
    told: dict[str, Any] = {}
    if named.product and not named.whole:
        told = row_json(_of_catalogue(named.product, context))
    else:
        told["name"] = named.name
        if named.product:
            told["product"] = named.product
    if quantity:
        told["quantity"] = quantity
    if unit:
        told["unit"] = unit
    if at:
        told |= _terms(after, context)
    if "price" not in told:
        raise BadValue(_("not in the catalogue, so give a price: {name} @ 100").format(name=before), text)
    return told


def _head(text: str, context: Context) -> tuple[str, str, str]:
    """Quantity, unit and what follows; a word that is no unit is part of the name."""
    found = _HEAD.match(text)
    if found is None:
        return "", "", text
    unit = (found[2] or "").strip()
    key = _unquoted(unit) if unit.startswith('"') else unit_key(unit, context)
    if unit and not key:
        return "", "", text
    return f"{parse_decimal(found[1], context):f}", key, text[found.end() :]


def _behind_at(text: str) -> tuple[str, bool, str]:
    """The name, and what stands behind the last `@` outside of quotes."""
    quoted = re.match(_QUOTED, text)
    at = text.rfind("@", quoted.end() if quoted else 0)
    if at < 0 or not text[:at].strip() or not text[at - 1].isspace():
        return text.strip(), False, ""
    return text[:at].strip(), True, text[at + 1 :].strip()


def _named(text: str, field: Field, context: Context) -> _Named:
    names = context.names
    if quoted := _NAME.fullmatch(text):
        return _Named(_unquoted(quoted[1]), _stored(quoted[2], field, context) if quoted[2] else "", whole=True)
    if marked := _WITH_REF.fullmatch(text):
        return _Named(marked[1], _stored(marked[2], field, context), whole=True)
    ref = names.read_ref(text)
    if ref is not None and ref.type in field.targets:
        return _Named(text, str(ref))
    found = names.items(text, field.targets)
    if len(found) > 1:
        choices = ", ".join(choice.detail or choice.key for choice in found)
        raise BadValue(_("“{text}” may be: {choices}").format(text=text[:40], choices=choices), text)
    return _Named(text, found[0].key if found else "")


def _stored(text: str, field: Field, context: Context) -> str:
    ref = context.names.read_ref(text)
    if ref is None or ref.type not in field.targets:
        raise BadValue(_("product: a ref such as P-7 is expected"), text)
    return str(ref)


def _of_catalogue(product: str, context: Context) -> ProductRow:
    ref = Ref.parse(product)
    fields = context.names.fields(ref)
    if fields is None:
        raise BadValue(_("there is no {ref}").format(ref=context.names.show_ref(ref)), product)
    return from_catalogue(product, fields, context.currency)


def _terms(text: str, context: Context) -> dict[str, Any]:
    """What stands behind `@`: price, discount, tax; each may be left out."""
    told: dict[str, Any] = {}
    if tax := _TAX.search(text):
        told |= {"tax": f"{parse_decimal(tax[2], context):f}", "included": tax[1] != "+"}
        text = text[: tax.start()]
    if percent := _PERCENT.search(text):
        told["discount"] = {"percent": f"{parse_decimal(percent[1], context):f}"}
        text = text[: percent.start()]
    elif amount := _AMOUNT.search(text):
        told["discount"] = {"amount": f"{parse_decimal(amount[1], context):f}"}
        text = text[: amount.start()]
    if text.strip():
        told["price"] = MoneyKind().parse(text.strip(), PRICE, context)
    return told


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"').strip()


# -- writing -----------------------------------------------------------------------------------------------------------
def line(row: ProductRow, context: Context) -> str:
    """The row as `parse_lines` reads it back."""
    quantity = grouped(row.quantity, context)
    unit = unit_label(row.unit, context)
    if unit and unit_key(unit, context) != row.unit:
        unit = _in_quotes(row.unit)
    ref = Ref.read(row.product)
    name = row.name if ref and not _needs_quotes(row.name) else _in_quotes(row.name)
    product = f" [{context.names.show_ref(ref)}]" if ref else ""
    price = f"{grouped(row.price, context, _digits(row))} {row.currency}"
    return " ".join(filter(None, (quantity, unit, "x", f"{name}{product}", "@", price, _rest(row, context))))


def _digits(row: ProductRow) -> int:
    exponent = row.price.as_tuple().exponent
    return max(-exponent if isinstance(exponent, int) else 0, minor_digits(row.currency))


def _rest(row: ProductRow, context: Context) -> str:
    discount = f"-{discount_text(row.discount, context)}" if row.discount else ""
    return " ".join(filter(None, (discount, tax_text(row, context))))


def _needs_quotes(name: str) -> bool:
    return name.startswith('"') or any(sign in name for sign in ";@[]") or any(sign in name for sign in "\n\r")


def _in_quotes(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# -- for people --------------------------------------------------------------------------------------------------------
def row_text(row: ProductRow, context: Context) -> str:
    """A row in words, for histories and searches: `2 day × Consulting, € 800.00 −10%`."""
    unit = unit_label(row.unit, context)
    price = money_text(row.price, row.currency, context)
    return " ".join(
        filter(None, (grouped(row.quantity, context), unit, "×", f"{row.name},", price, _rest(row, context)))
    )


def change_text(before: Sequence[ProductRow], after: Sequence[ProductRow], context: Context) -> tuple[str, str]:
    """What two states of an item's rows have of their own; the names in their order where only that is another."""
    sides = [[row for row in one if row not in other] for one, other in ((before, after), (after, before))]
    if not sides[0] and not sides[1]:
        return "; ".join(row.name for row in before), "; ".join(row.name for row in after)
    gone, come = ("; ".join(row_text(row, context) for row in side) for side in sides)
    return gone, come


def discount_text(discount: Discount | None, context: Context) -> str:
    """`10%`, or the amount off each unit; "" for none."""
    if discount is None:
        return ""
    return f"{grouped(discount.value, context)}{'%' if discount.percent else ''}"


def tax_text(row: ProductRow, context: Context) -> str:
    """`+22%` that is added, `incl 22%` that the price holds; "" for none."""
    return "" if row.tax is None else f"{'incl ' if row.included else '+'}{percent_text(row.tax, context)}"


def unit_label(unit: str, context: Context) -> str:
    """What people read for a unit; free text as it is."""
    return next((label_text(label, context.language) for key, label in _units(context) if key == unit), unit)


def unit_key(text: str, context: Context) -> str:
    """The key of a unit by key or label; "" for what the dictionary does not have."""
    if not text.strip():
        return ""
    return next(iter(named.find(text, [named.labelled(key, key, label, "") for key, label in _units(context)])), "")


def _units(context: Context) -> Iterator[tuple[str, Any]]:
    words = context.names.dictionary(UNITS)
    return ((option.key, option.label) for option in words.entries) if words else iter(())


def percent_text(value: Decimal, context: Context) -> str:
    """`22%`."""
    return f"{grouped(value, context)}%"
