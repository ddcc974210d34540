"""Money: read as people write it, shown with its sign, short where there is little room."""

from __future__ import annotations

import decimal
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from msgspec.structs import replace

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue, Compared, setting
from tuicrm.domain.kinds.currency_signs import SIGNED, currency_beside
from tuicrm.domain.kinds.numbers import (
    decimals_of,
    example_within,
    grouped,
    local_mark,
    number_of,
    parse_decimal,
    signed,
    suffixed,
    within,
)
from tuicrm.domain.kinds.written_numbers import decimals_in, readings, take_apart
from tuicrm.domain.locale_facts import SYMBOLS
from tuicrm.domain.money import minor_digits, money_of
from tuicrm.domain.schema import Field
from tuicrm.i18n import _, ngettext, only_ascii
from tuicrm.limits import AMOUNT_DECIMALS, TYPED_NUMBER
from tuicrm.regex import regex

_CODE = regex(r"[A-Za-z]{3}")
_THOUSAND = Decimal(1000)
_SHORT = ((_THOUSAND, "k", 1), (_THOUSAND**2, " M", 2), (_THOUSAND**3, " B", 2))
# Rounding in the usual 28 digits fails on larger numbers; old records may hold any.
_WIDE = decimal.Context(prec=100)

PRICE = Field("price", "money", "", settings={"precision": AMOUNT_DECIMALS.most})
"""What one of a thing costs: of small things, more decimals than the currency has."""


class MoneyKind(Compared):
    """An amount with its currency (`money`)."""

    name = "money"

    def parse(self, text: str, field: Field, context: Context) -> dict[str, str] | None:
        word = " ".join(text.split())
        if not word:
            return None
        if len(word) > TYPED_NUMBER.most:
            raise BadValue(TYPED_NUMBER.told, text)
        if context.canonical:
            amount, currency = _canonical_parts(word, context)
            number = _exact(amount, text, field, context)
        else:
            number, currency = _typed(text, field, context)
        return self.read({"amount": f"{number:f}", "currency": currency}, field, context)

    def read(self, value: object, field: Field, context: Context) -> dict[str, str]:
        if not isinstance(value, dict) or not set(value) <= {"amount", "currency"}:
            raise BadValue(_('an object such as {"amount": "38000.00", "currency": "EUR"} is expected'), value)
        currency = value.get("currency") or context.currency
        if not isinstance(currency, str) or not _CODE.fullmatch(currency):
            raise BadValue(_("a currency code such as EUR is expected"), value)
        number = number_of(value.get("amount"))
        within(number, field)
        code = currency.upper()
        if not is_currency(code, context):
            raise BadValue(
                _("there is no currency {code}; there are EUR, USD, CHF and others").format(code=code), value
            )
        most, digits = most_decimals(code, field), decimals_of(_without_zeros(number))
        if digits > most:
            raise BadValue(_too_many(code, most), value)
        if decimals_of(number) > AMOUNT_DECIMALS.most:
            raise BadValue(AMOUNT_DECIMALS.told, value)
        return {"amount": f"{number:.{max(digits, minor_digits(code))}f}", "currency": code}

    def format(self, value: object, field: Field, context: Context) -> str:
        money = money_of(value)
        return money_text(money.amount, money.currency, context) if money else str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        money = money_of(value)
        if money is None:
            return str(value)
        return f"{grouped(money.amount, context, _shown_digits(money.amount, money.currency))} {money.currency}"


def most_decimals(currency: str, field: Field) -> int:
    """How many digits an amount may have after the point: the currency's smallest unit says it, or else the field (of prices of small
    things). Nobody has said it of a currency of one's own."""
    told = setting(field, "precision")
    if told is not None:
        return min(told, AMOUNT_DECIMALS.most)
    return minor_digits(currency) if currency in SIGNED or currency in _iso_4217() else AMOUNT_DECIMALS.most


def _too_many(currency: str, most: int) -> str:
    if not most:
        return _("{currency} has no decimals").format(currency=currency)
    return ngettext(
        "{currency} has at most {n} decimal", "{currency} has at most {n} decimals", most, currency=currency
    )


def _without_zeros(number: Decimal) -> Decimal:
    """Without zeros at the end of its decimals."""
    return (
        number.quantize(Decimal(1), context=_WIDE) if number == number.to_integral_value() else number.normalize(_WIDE)
    )


def is_currency(code: str, context: Context) -> bool:
    """Whether there is such a currency: a slip of the keys would be an amount that no sum counts."""
    return code in SIGNED or code == context.currency or code in context.currencies or code in _iso_4217()


@cache
def _iso_4217() -> frozenset[str]:
    # 20 ms, for currencies that few use.
    from babel.core import get_global

    return frozenset(get_global("all_currencies")) - {"XXX", "XTS"}


def expected_amount(context: Context, field: Field | None = None) -> str:
    """What is expected, in forms that the field takes."""
    if within := example_within(field):
        return _("an amount is expected, such as {example}").format(example=within)
    if context.canonical:
        return _("an amount such as 38000.50 or 38000.50 EUR is expected")
    example = grouped(Decimal("38000.50"), context)
    return _("an amount is expected, such as 38000, 38k or {example} EUR").format(example=example)


def _canonical_parts(text: str, context: Context) -> tuple[str, str]:
    amount, _space, currency = text.partition(" ")
    return (amount, currency) if _CODE.fullmatch(currency) else (text, context.currency)


def _exact(amount: str, given: str, field: Field, context: Context) -> Decimal:
    try:
        return parse_decimal(amount, context)
    except BadValue:
        raise BadValue(expected_amount(context, field), given) from None


def _typed(text: str, field: Field, context: Context) -> tuple[Decimal, str]:
    """The number and the currency, whichever comes first; the base currency where nothing is said of it. Raises BadValue."""
    number = take_apart(text)
    zeros, after = suffixed(number.after) if number else (0, "")
    currency = currency_beside(replace(number, after=after), context.currency) if number else None
    found = readings(number) if number else {}
    if number is None or currency is None or not found or number.percent or number.exponent:
        raise BadValue(expected_amount(context, field), text)
    mark = local_mark(context.locale)
    digits = found.get(mark) or next(iter(found.values()))
    currency = currency or context.currency
    most = most_decimals(currency, field)
    if len(set(found.values())) > 1 and not zeros and decimals_in(digits) > most:
        # What would be no amount of this currency may be meant as thousands: neither is taken for granted.
        whole = next(one for one in found.values() if one != digits)
        told = _("{text} could be {whole} or {fraction}; {reason}").format(
            text=text.strip(), whole=whole, fraction=digits.replace(".", mark), reason=_too_many(currency, most)
        )
        raise BadValue(told, text)
    return signed(digits, number.minus, zeros, text), currency


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
    sign = symbol(currency, context.locale)
    if only_ascii() and not sign.isascii():
        sign = currency
    return f"{minus}{sign} {text.removeprefix('-')}"


def money_text(amount: Decimal, currency: str, context: Context) -> str:
    """`€ 38,000.00`; canonical: `38000.00 EUR`."""
    return _signed(grouped(amount, context, _shown_digits(amount, currency)), currency, context)


def whole_money(amount: Decimal, currency: str, context: Context) -> str:
    """`€ 96,300`: without cents, for boards. What is less than one keeps them: `€ 0.10` is not nothing."""
    if amount and abs(amount) < 1:
        return money_text(amount, currency, context)
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
