"""Money: read as people write it, shown with its sign, short where there is little room."""

from __future__ import annotations

import decimal
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue, Compared
from tuicrm.domain.kinds.numbers import SUFFIXES, decimals_of, grouped, number_of, parse_decimal, within
from tuicrm.domain.locale_facts import SYMBOLS
from tuicrm.domain.money import minor_digits, money_of
from tuicrm.domain.schema import Field
from tuicrm.i18n import _

_SIGNS = {
    "€": "EUR", "us$": "USD", "$": "USD", "£": "GBP", "¥": "JPY", "zł": "PLN", "kč": "CZK", "fr.": "CHF", "₹": "INR", "₺": "TRY",
    "₴": "UAH", "₽": "RUB",
}  # fmt: skip
_SIGNED = frozenset(_SIGNS.values())
_CODE = re.compile(r"[A-Za-z]{3}")
_CODE_FIRST = re.compile(r"([A-Za-z]{3}) ?([+-]?[\d.,].*)")
_CODE_LAST = re.compile(r"(.*\S) +([A-Za-z]{3})|(.*\d)([A-Za-z]{3})")
_LONGEST = 60
_MOST_DECIMALS = 6
_THOUSAND = Decimal(1000)
_SHORT = ((_THOUSAND, "k", 1), (_THOUSAND**2, " M", 2), (_THOUSAND**3, " B", 2))
# Rounding in the usual 28 digits fails on larger numbers; old records may hold any.
_WIDE = decimal.Context(prec=100)


class Money(Compared):
    """An amount with its currency (`money`)."""

    name = "money"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        word = " ".join(text.split())
        if not word:
            return None
        if len(word) > _LONGEST:
            raise BadValue(_expected(context), text)
        amount, currency = _canonical_parts(word, context) if context.canonical else _typed_parts(word, context)
        try:
            number = parse_decimal(amount, context)
        except BadValue:
            raise BadValue(_expected(context), text) from None
        return self.read({"amount": f"{number:f}", "currency": currency}, field, context)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        if not isinstance(value, dict) or not set(value) <= {"amount", "currency"}:
            raise BadValue(_('an object such as {"amount": "38000.00", "currency": "EUR"} is expected'), value)
        currency = value.get("currency") or context.currency
        if not isinstance(currency, str) or not _CODE.fullmatch(currency):
            raise BadValue(_("a currency code such as EUR is expected"), value)
        number = number_of(value.get("amount"))
        within(number, field)
        digits = decimals_of(number)
        if digits > _MOST_DECIMALS:
            raise BadValue(_("at most {n} digits after the point are expected").format(n=_MOST_DECIMALS), value)
        code = currency.upper()
        if not _is_currency(code, context):
            raise BadValue(
                _("there is no currency {code}; there are EUR, USD, CHF and others").format(code=code), value
            )
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


def _is_currency(code: str, context: Context) -> bool:
    """Whether there is such a currency: a slip of the keys would be an amount that no sum counts."""
    return code in _SIGNED or code == context.currency or code in context.currencies or code in _iso_4217()


@cache
def _iso_4217() -> frozenset[str]:
    # 20 ms, for currencies that few use.
    from babel.core import get_global

    return frozenset(get_global("all_currencies")) - {"XXX", "XTS"}


def _expected(context: Context) -> str:
    if context.canonical:
        return _("an amount such as 38000.50 or 38000.50 EUR is expected")
    example = grouped(Decimal("38000.50"), context)
    return _("an amount is expected, such as 38000, 38k or {example} EUR").format(example=example)


def _canonical_parts(text: str, context: Context) -> tuple[str, str]:
    amount, _space, currency = text.partition(" ")
    return (amount, currency) if _CODE.fullmatch(currency) else (text, context.currency)


def _typed_parts(text: str, context: Context) -> tuple[str, str]:
    """The number's text and the currency, whichever comes first; the base currency when none is named."""
    minus = "-" if text[0] in "-\u2212" else ""
    text = text[len(minus) :].strip()
    lowered = text.lower()
    for sign, code in _SIGNS.items():
        if lowered.startswith(sign):
            return minus + text[len(sign) :].strip(), code
        if lowered.endswith(sign):
            return minus + text[: -len(sign)].strip(), code
    found = _CODE_FIRST.fullmatch(text)
    if found:
        return minus + found[2], found[1]
    found = _CODE_LAST.fullmatch(text)
    code = (found[2] or found[4]) if found else ""
    if found and code.lower() not in SUFFIXES:
        return minus + (found[1] or found[3]), code
    return minus + text, context.currency


def _shown_digits(amount: Decimal, currency: str) -> int:
    return max(decimals_of(amount), minor_digits(currency))


@lru_cache(maxsize=256)
def symbol(currency: str, locale: str) -> str:
    """`€`, `US$`; the code where the locale has none."""
    if currency == "EUR":
        return "€"
    if known := SYMBOLS.get(locale, {}).get(currency):
        return known
    # 60 ms to import, and as much again for a locale: the first board of most has euros only.
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
    return _signed(grouped(_rounded(amount, 0), context, 0), currency, context)


def short_money(amount: Decimal, currency: str, context: Context) -> str:
    """`€ 96.3k`, `€ 1.05 M`, `€ 2.40 B`: for narrow places."""
    if abs(amount) < _THOUSAND:
        return whole_money(amount, currency, context)
    # What rounds up to a thousand thousands is a million: 999,960 is 1.00 M, never 1000.0k.
    size, word, digits = next(
        (short for short in _SHORT if abs(_rounded(amount / short[0], short[2])) < _THOUSAND), _SHORT[-1]
    )
    return _signed(grouped(_rounded(amount / size, digits), context, digits) + word, currency, context)


def _rounded(amount: Decimal, digits: int) -> Decimal:
    """Halves away from zero, and never -0."""
    rounded = amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE)
    return rounded or abs(rounded)
