"""Money: read as people write it, shown with its sign, short where there is little room."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.numbers import bounded, decimal_of, grouped, parse_decimal, within
from tuicrm.domain.money import minor_digits, money_of
from tuicrm.domain.schema import Field
from tuicrm.i18n import _

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "zł": "PLN", "kč": "CZK", "fr.": "CHF"}
_CODE = re.compile(r"[A-Za-z]{3}")
_MOST_DIGITS = 6
_SHORT = ((Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))


class Money:
    """An amount with its currency (`money`)."""

    name = "money"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        text = text.strip()
        if not text:
            return None
        amount, currency = _parted(text, context)
        try:
            number = parse_decimal(amount, context)
        except BadValue:
            raise BadValue(_expected(context), text) from None
        return self.read({"amount": f"{number:f}", "currency": currency}, field, context)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        if not isinstance(value, dict) or not set(value) <= {"amount", "currency"}:
            raise BadValue(_expected(context), value)
        currency = value.get("currency") or context.currency
        if not isinstance(currency, str) or not _CODE.fullmatch(currency):
            raise BadValue(_("a currency code such as EUR is expected"), value)
        number = bounded(decimal_of(value.get("amount")), value)
        within(number, field)
        digits = _digits(number)
        if digits > _MOST_DIGITS:
            raise BadValue(_("at most {n} digits after the point are expected").format(n=_MOST_DIGITS), value)
        code = currency.upper()
        return {"amount": f"{number:.{max(digits, minor_digits(code))}f}", "currency": code}

    def format(self, value: Any, field: Field, context: Context) -> str:
        money = money_of(value)
        return money_text(money.amount, money.currency, context) if money else str(value)

    def edit(self, value: Any, field: Field, context: Context) -> str:
        money = money_of(value)
        if money is None:
            return str(value)
        return f"{grouped(money.amount, context, _shown_digits(money.amount, money.currency))} {money.currency}"

    def text(self, value: Any) -> str:
        return str(value.get("amount", "")) if isinstance(value, dict) else ""

    def comparable(self, value: Any) -> Any:
        return money_of(value)


def _expected(context: Context) -> str:
    if context.canonical:
        return _("an amount such as 38000.50 or 38000.50 EUR is expected")
    example = grouped(Decimal("38000.50"), context)
    return _("an amount is expected, such as 38000, 38k or {example} EUR").format(example=example)


def _parted(text: str, context: Context) -> tuple[str, str]:
    """The number's text and the currency, whichever comes first; the base currency when none is named."""
    lowered = text.casefold()
    if not context.canonical:
        for sign, code in _SIGNS.items():
            if lowered.startswith(sign):
                return text[len(sign) :].strip(), code
            if lowered.endswith(sign):
                return text[: -len(sign)].strip(), code
    first, _space, rest = text.partition(" ")
    if _CODE.fullmatch(first) and rest and not context.canonical:
        return rest.strip(), first.upper()
    before, _space, last = text.rpartition(" ")
    if before and _CODE.fullmatch(last):
        return before.strip(), last.upper()
    return text, context.currency


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _shown_digits(amount: Decimal, currency: str) -> int:
    return max(_digits(amount), minor_digits(currency))


@lru_cache(maxsize=256)
def symbol(currency: str, locale: str) -> str:
    """`€`, `US$`; the code where the locale has none."""
    # 20 to 60 ms to import: not before an amount is shown.
    from babel.core import UnknownLocaleError
    from babel.numbers import get_currency_symbol

    try:
        return get_currency_symbol(currency, locale)
    except (UnknownLocaleError, ValueError):
        return currency


def _signed(text: str, currency: str, context: Context) -> str:
    if context.canonical:
        return f"{text} {currency}"
    minus = "-" if text.startswith("-") else ""
    return f"{minus}{symbol(currency, context.locale)} {text.removeprefix('-')}"


def money_text(amount: Decimal, currency: str, context: Context) -> str:
    """`€ 38,000.00`; canonical: `38000.00 EUR`."""
    return _signed(grouped(amount, context, _shown_digits(amount, currency)), currency, context)


def whole_money(amount: Decimal, currency: str, context: Context) -> str:
    """`€ 96,300`: without cents, for boards."""
    return _signed(grouped(amount.quantize(Decimal(1), ROUND_HALF_UP), context, 0), currency, context)


def short_money(amount: Decimal, currency: str, context: Context) -> str:
    """`€ 96.3k`, `€ 1.05 M`: three figures, for narrow places."""
    for size, word in _SHORT:
        if abs(amount) >= size:
            scaled = amount / size
            digits = 0 if abs(scaled) >= 1000 else 1 if word == "k" else 2
            space = "" if word == "k" else " "
            return _signed(grouped(scaled, context, digits) + space + word, currency, context)
    return whole_money(amount, currency, context)
