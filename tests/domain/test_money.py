"""Money keeps its digits, converts by hand-kept rates and says what it could not convert."""

from decimal import Decimal
from typing import Any

import pytest

from tuicrm.domain.money import (
    Money,
    Rates,
    add_up,
    decimal_of,
    minor_digits,
    money_json,
    money_of,
    round_money,
)

RATES = Rates("EUR", {"USD": "0.9", "CHF": "1.05", "XXX": "0", "BAD": "much"})


@pytest.mark.parametrize(
    "value", [None, True, [], "", "a", "NaN", "Infinity", "1e999999", "0e99999", "9" * 50, {}, float("inf")]
)
def test_what_is_no_number(value: Any) -> None:
    assert decimal_of(value) is None


@pytest.mark.parametrize(("value", "number"), [("38000.00", "38000.00"), (7, "7"), (0.1, "0.1"), ("-1e3", "-1000")])
def test_numbers(value: Any, number: str) -> None:
    assert decimal_of(value) == Decimal(number)


def test_json_form_round_trips_with_its_digits() -> None:
    form = {"amount": "38000.00", "currency": "EUR"}
    money = money_of(form)
    assert money == Money(Decimal("38000.00"), "EUR")
    assert money_json(money) == form


@pytest.mark.parametrize(
    "value", [None, "12 EUR", {"amount": "1"}, {"amount": "x", "currency": "EUR"}, {"amount": "1", "currency": ""}]
)
def test_what_is_no_money(value: Any) -> None:
    assert money_of(value) is None


def test_rounding_by_currency() -> None:
    assert [minor_digits(code) for code in ("EUR", "JPY", "KWD", "CLF", "ZZZ")] == [2, 0, 3, 4, 2]
    assert round_money(Decimal("2.345"), "EUR") == Decimal("2.35")
    assert round_money(Decimal("-2.5"), "JPY") == Decimal("-3")


def test_rates() -> None:
    assert RATES.convert(Money(Decimal(10), "USD")) == Decimal("9.0")
    assert RATES.convert(Money(Decimal(10), "EUR")) == Decimal(10)
    assert [RATES.rate(code) for code in ("GBP", "XXX", "BAD")] == [None, None, None]
    assert RATES.table() == {"USD": "0.9", "CHF": "1.05", "EUR": "1"}


def test_a_sum_says_what_was_converted_and_what_could_not_be() -> None:
    plain = add_up({"EUR": Decimal(15), "GBP": Decimal(1)}, RATES)
    assert plain == (Decimal("15.00"), False, {"GBP": Decimal(1)})
    mixed = add_up({"EUR": Decimal(1), "USD": Decimal("0.55")}, RATES)
    assert mixed == (Decimal("1.50"), True, {})
