"""Texts of other programs' cells in our JSON forms. How a column writes dates and numbers shows in all its values together:
`03/04/2026` alone could be two days, beside `25/04/2026` it is one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from tuicrm.domain.kinds.base import BadValue
from tuicrm.i18n import _
from tuicrm.limits import TYPED_NUMBER


class Style(NamedTuple):
    """How a column writes dates and decimals. `sure` is False where its values fit several ways and the default decided."""

    order: Literal["dmy", "mdy"] = "dmy"
    decimal: Literal[".", ","] = "."
    sure: bool = True


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ].*)?")
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d|)")
_CURRENCY = re.compile(r"^\s*([A-Z]{3}|[€$£])?\s*([-+]?[\d.,'\u00a0\u202f ]*\d[\d.,]*)\s*([A-Z]{3}|[€$£])?\s*$")
_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD"}
_GROUPS = re.compile(r"[\s'\u00a0\u202f]")
_YES = frozenset({"true", "yes", "y", "1", "t", "x", "on", "si", "sì", "s", "vero"})
_NO = frozenset({"false", "no", "n", "0", "f", "off", "falso"})


def column_style(values: Iterable[str], default: Style) -> Style:
    """The style in which all values of a column make sense; `default` (the person's locale) where they do not tell."""
    order, decimal = "", ""
    dates = numbers = False
    for text in values:
        if found := _YEAR_LAST.fullmatch(text.strip()):
            dates = True
            order = "dmy" if int(found[1]) > 12 else "mdy" if int(found[2]) > 12 else order
        elif marks := re.findall(r"[.,]", text):
            numbers = True
            decimal = _mark(text.strip(), marks) or decimal
    return Style(
        "dmy" if order == "dmy" else "mdy" if order == "mdy" else default.order,
        "," if decimal == "," else "." if decimal == "." else default.decimal,
        sure=(bool(order) or not dates) and (bool(decimal) or not numbers),
    )


def _mark(text: str, marks: list[str]) -> str:
    """The decimal mark that a number shows: the last of two different ones, or one that cannot separate thousands."""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return "." if last == "," else ","
    return "" if re.search(r"\d[.,]\d{3}\b", text) and not re.match(r"\D*0[.,]", text) else last


def read_cell(text: str, kind: str, style: Style) -> Any:
    """One cell as a value of `kind` in its JSON form, None when empty; kinds that need names (list, person, item…) stay text.

    Money without a currency has "" for it. Raises BadValue with what is expected.
    """
    text = text.strip()
    if not text:
        return None
    if kind in ("integer", "number", "money") and len(text) > TYPED_NUMBER.most:
        raise BadValue(TYPED_NUMBER.told, text)
    match kind:
        case "boolean":
            return _boolean(text)
        case "date":
            return _date(text, style).isoformat()
        case "datetime":
            return _datetime(text, style)
        case "integer":
            return _integer(text, style)
        case "number":
            return _number(text, style)
        case "money":
            return _money(text, style)
        case _:
            return text


def _boolean(text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise BadValue(_("yes or no is expected"), text)
    return folded in _YES


def _date(text: str, style: Style) -> date:
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _YEAR_LAST.fullmatch(text):
            first, second, year = int(found[1]), int(found[2]), int(found[3])
            return date(year, second, first) if style.order == "dmy" else date(year, first, second)
    except ValueError:
        pass
    raise BadValue(_("a date is expected, such as 2026-12-18"), text)


def _datetime(text: str, style: Style) -> str:
    """In UTC. A time without a zone is taken as UTC; a day alone is its midnight."""
    found = _STAMP.fullmatch(text)
    if not found:
        return f"{_date(text, style).isoformat()}T00:00:00Z"
    zone = found[5] if found[5] not in ("", "Z") else "+00:00"
    try:
        when = datetime.fromisoformat(f"{found[1]}-{found[2]}-{found[3]}T{found[4]}{zone}")
    except ValueError:
        raise BadValue(_("a date and time is expected, such as 2026-12-18 09:30"), text) from None
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(text: str, style: Style) -> str:
    thousands = "," if style.decimal == "." else "."
    plain = _GROUPS.sub("", text)
    grouped = re.fullmatch(
        rf"[-+]?\d{{1,3}}(?:{re.escape(thousands)}\d{{2,3}})+(?:{re.escape(style.decimal)}\d+)?", plain
    )
    if grouped:
        plain = plain.replace(thousands, "")
    plain = plain.replace(style.decimal, ".") if style.decimal == "," else plain
    if not re.fullmatch(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)", plain):
        raise BadValue(_("a number is expected"), text)
    return format(Decimal(plain), "f")


def _integer(text: str, style: Style) -> int:
    number = Decimal(_number(text, style))
    if number != number.to_integral_value():
        raise BadValue(_("a whole number is expected"), text)
    return int(number)


def _money(text: str, style: Style) -> dict[str, str]:
    found = _CURRENCY.match(text)
    if not found or (found[1] and found[3]):
        raise BadValue(_("an amount is expected, such as 38000.00 EUR"), text)
    currency = found[1] or found[3] or ""
    return {"amount": _number(found[2], style), "currency": _SYMBOLS.get(currency, currency)}
