"""Money: exact amounts with a currency, rates kept by hand, sums over several currencies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import NamedTuple

from msgspec import Struct, field

# ISO 4217 minor units: all that differ from two.
_NO_CENTS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_DIGITS = {
    **dict.fromkeys(_NO_CENTS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
# Rounding in the usual 28 digits fails on larger numbers; old records may hold any.
_WIDE = Context(prec=100)
# Beyond this the default context of `decimal` overflows somewhere; nobody's amounts come near.
_MOST_DIGITS = 40


class Money(NamedTuple):
    """An amount of one currency (ISO 4217 code)."""

    amount: Decimal
    currency: str


def decimal_of(value: object) -> Decimal | None:
    """A Decimal from a number's JSON form (str, or a plain JSON number); None for anything else and for absurd sizes."""
    text = value if isinstance(value, str) else repr(value)
    if not isinstance(value, (str, int, float)) or isinstance(value, bool) or len(text) > _MOST_DIGITS:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if "e" in text or "E" in text:
        exponent = number.as_tuple().exponent
        return number if isinstance(exponent, int) and abs(exponent) <= _MOST_DIGITS else None
    return number if number.is_finite() else None


def money_of(value: object) -> Money | None:
    """Read `{"amount": "38000.00", "currency": "EUR"}`; None for anything else."""
    if not isinstance(value, dict):
        return None
    amount, currency = decimal_of(value.get("amount")), value.get("currency")
    return Money(amount, currency) if amount is not None and isinstance(currency, str) and currency else None


def money_json(money: Money) -> dict[str, str]:
    """The JSON form. Digits after the point are kept as they are: round first where that is wanted."""
    return {"amount": f"{money.amount:f}", "currency": money.currency}


def minor_digits(currency: str) -> int:
    """How many digits after the point a currency has (ISO 4217); two for unknown ones."""
    return _DIGITS.get(currency, 2)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """To the currency's smallest unit, halves away from zero (as on invoices)."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_UP, _WIDE)


def round_to(money: Money, digits: int) -> Money:
    """To so many digits after the point, halves away from zero; what has no more of them stays as it is."""
    exponent = money.amount.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= digits:
        return money
    return money._replace(amount=money.amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE))


class Rates(Struct, frozen=True):
    """Rates kept by hand: how many units of `base` one unit of a currency is worth. What is no positive number is no rate."""

    base: str
    rates: Mapping[str, str] = field(default_factory=dict)

    def rate(self, currency: str) -> Decimal | None:
        """What one unit is worth in the base currency; None when nobody has said."""
        if currency == self.base:
            return Decimal(1)
        rate = decimal_of(self.rates.get(currency))
        return rate if rate is not None and rate > 0 else None

    def convert(self, money: Money) -> Decimal | None:
        """Worth in the base currency, not rounded; None without a rate."""
        rate = self.rate(money.currency)
        return None if rate is None else money.amount * rate

    def table(self) -> dict[str, str]:
        """All known rates, the base's too: what conditions and sort keys carry."""
        known = {currency: f"{rate:f}" for currency in self.rates if (rate := self.rate(currency)) is not None}
        return {**known, self.base: "1"}


class Sum(NamedTuple):
    """A sum in the base currency; `approximate` when anything was converted. `unrated` holds what has no rate, by currency."""

    total: Decimal
    approximate: bool
    unrated: dict[str, Decimal]


def add_up(amounts: Mapping[str, Decimal], rates: Rates) -> Sum:
    """Convert sums by currency (as `Store.fold` gives them) into one, rounded to the base currency's smallest unit."""
    total, approximate = Decimal(0), False
    unrated: dict[str, Decimal] = {}
    for currency, amount in amounts.items():
        worth = rates.convert(Money(amount, currency))
        if worth is None:
            unrated[currency] = amount
        else:
            total += worth
            approximate = approximate or currency != rates.base
    return Sum(round_money(total, rates.base), approximate, unrated)
