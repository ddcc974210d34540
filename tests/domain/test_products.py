"""What product rows come to: worked examples done by hand, and what must hold for any rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tuicrm.domain.money import Rates, minor_digits
from tuicrm.domain.products import (
    Discount,
    Figures,
    ProductRow,
    TaxLine,
    converted,
    figures,
    from_catalogue,
    keyed,
    numbered,
    row_json,
    row_of,
    rows_of,
    totals,
)


def row(
    quantity: str, price: str, tax: str | None = None, *, off: str = "", incl: bool = False, currency: str = "EUR"
) -> ProductRow:
    """`off` is `10%` or an amount."""
    discount = Discount(Decimal(off.rstrip("%")), off.endswith("%")) if off else None
    rate = Decimal(tax) if tax is not None else None
    return ProductRow("Thing", Decimal(quantity), Decimal(price), currency, discount, rate, incl)


def told(one: Figures) -> tuple[str, ...]:
    return tuple(f"{figure:f}" for figure in one)


# full, discount, net, tax, total
WORKED = [
    pytest.param(row("2", "800.00", "22"), ("1952.00", "0.00", "1600.00", "352.00", "1952.00"), id="tax added"),
    pytest.param(
        row("2", "976", "22", incl=True), ("1952.00", "0.00", "1600.00", "352.00", "1952.00"), id="tax included"
    ),
    # 59.97 × 22 % = 13.1934
    pytest.param(row("3", "19.99", "22"), ("73.16", "0.00", "59.97", "13.19", "73.16"), id="tax is rounded in the row"),
    # 59.97 × 22 / 122 = 10.8142…
    pytest.param(
        row("3", "19.99", "22", incl=True), ("59.97", "0.00", "49.16", "10.81", "59.97"), id="net is the rest"
    ),
    # 3 × 19.99 × 0.95 = 56.9715; 22 % of 56.97 = 12.5334; without the discount 59.97 + 13.19
    pytest.param(row("3", "19.99", "22", off="5%"), ("73.16", "3.66", "56.97", "12.53", "69.50"), id="per cent, added"),
    # 2 × (50 - 5.25) = 89.50
    pytest.param(row("2", "50", "10", off="5.25"), ("110.00", "11.55", "89.50", "8.95", "98.45"), id="amount, added"),
    # 2 × (50 - 5.25) = 89.50, of which 10 / 110 = 8.1363…
    pytest.param(
        row("2", "50", "10", off="5.25", incl=True),
        ("100.00", "10.50", "81.36", "8.14", "89.50"),
        id="amount, included",
    ),
    pytest.param(
        row("7", "10", "22", off="100%"), ("85.40", "85.40", "0.00", "0.00", "0.00"), id="all off by per cent"
    ),
    pytest.param(row("7", "10", "22", off="10"), ("85.40", "85.40", "0.00", "0.00", "0.00"), id="all off by amount"),
    pytest.param(row("7", "10", "22", off="0%"), ("85.40", "0.00", "70.00", "15.40", "85.40"), id="nothing off"),
    pytest.param(row("7", "10", "0"), ("70.00", "0.00", "70.00", "0.00", "70.00"), id="a tax of nothing"),
    pytest.param(row("7", "10"), ("70.00", "0.00", "70.00", "0.00", "70.00"), id="no tax"),
    pytest.param(row("1", "10", "100", incl=True), ("10.00", "0.00", "5.00", "5.00", "10.00"), id="as much tax again"),
    pytest.param(row("0", "10", "22"), ("0.00", "0.00", "0.00", "0.00", "0.00"), id="none of it"),
    # Halves go away from zero, as on invoices: 0.25 × 10 % = 0.025.
    pytest.param(row("1", "0.25", "10"), ("0.28", "0.00", "0.25", "0.03", "0.28"), id="half a cent of tax"),
    pytest.param(row("5", "0.001"), ("0.01", "0.00", "0.01", "0.00", "0.01"), id="half a cent"),
    pytest.param(row("1000", "0.0025", "22"), ("3.05", "0.00", "2.50", "0.55", "3.05"), id="prices finer than a cent"),
    pytest.param(row("1", "-500", "22"), ("-610.00", "0.00", "-500.00", "-110.00", "-610.00"), id="paid already"),
    # 999 × 8 / 108 = 74
    pytest.param(
        row("3", "333", "8", incl=True, currency="JPY"), ("999", "0", "925", "74", "999"), id="a currency without cents"
    ),
    # 899.1 → 899, of which 8 / 108 = 66.59
    pytest.param(
        row("3", "333", "8", off="10%", incl=True, currency="JPY"), ("999", "100", "832", "67", "899"), id="yen, less"
    ),
    # 1.5 × 12.3456 = 18.5184; 19 % of 18.518 = 3.51842
    pytest.param(
        row("1.5", "12.3456", "19", currency="TND"),
        ("22.036", "0.000", "18.518", "3.518", "22.036"),
        id="a currency with three digits",
    ),
    # 1.5 × 12.3456 × 0.9 = 16.66656
    pytest.param(
        row("1.5", "12.3456", "19", off="10%", currency="TND"),
        ("22.036", "2.202", "16.667", "3.167", "19.834"),
        id="three digits, less",
    ),
]


@pytest.mark.parametrize(("one", "expected"), WORKED)
def test_worked_examples(one: ProductRow, expected: tuple[str, ...]) -> None:
    assert told(figures(one)) == expected


def test_the_models_own_example() -> None:
    """crm.item.productrow.list as documented: 3 × 100,000 with 10 % tax in it, less 10 %, and 1 × 5,550 without tax. A unit is worth
    priceNetto 90909.09 before the discount without tax, priceExclusive 81818.18 after it, price 90000; discountSum is 9090.91."""
    unit = row("1", "100000", "10", off="10%", incl=True)
    assert figures(replace(unit, discount=None)).net == Decimal("90909.09")
    assert figures(unit)[2:] == (Decimal("81818.18"), Decimal("8181.82"), Decimal(90000))
    assert figures(replace(unit, discount=None)).net - figures(unit).net == Decimal("9090.91")
    three = replace(unit, quantity=Decimal(3))
    # The model would say 3 × 81818.18 = 245454.54 net: rounding units, it loses a cent of 270000 / 1.1 = 245454.5454….
    assert figures(three)[2:] == (Decimal("245454.55"), Decimal("24545.45"), Decimal(270000))
    summed = totals([three, row("1", "5550")])
    assert summed is not None
    assert (summed.net, summed.tax, summed.total) == (Decimal("251004.55"), Decimal("24545.45"), Decimal(275550))
    assert summed.taxes == (TaxLine(Decimal(10), Decimal("245454.55"), Decimal("24545.45")),)


def test_rows_of_several_rates() -> None:
    """By hand: 56.97 + 12.53 · 976.00 of which 176.00 · 100.00 of which 9.09 · 12.00 · 50.00 at 0 %."""
    summed = totals(
        [
            row("3", "19.99", "22", off="5%"),
            row("1", "976", "22", incl=True),
            row("4", "25", "10", incl=True),
            row("1", "12"),
            row("1", "50", "0"),
        ]
    )
    assert summed is not None
    assert summed.taxes == (
        TaxLine(Decimal(0), Decimal("50.00"), Decimal("0.00")),
        TaxLine(Decimal(10), Decimal("90.91"), Decimal("9.09")),
        TaxLine(Decimal(22), Decimal("856.97"), Decimal("188.53")),
    )
    assert (summed.net, summed.tax, summed.total) == (Decimal("1009.88"), Decimal("197.62"), Decimal("1207.50"))
    assert (summed.full, summed.discount) == (Decimal("1211.16"), Decimal("3.66"))


def test_no_rows_come_to_nothing() -> None:
    assert totals([]) is None


def test_rows_of_another_currency_are_counted_apart() -> None:
    summed = totals([row("1", "10"), row("1", "10", currency="USD")])
    assert summed is not None
    assert (summed.total, summed.apart) == (Decimal("10.00"), 1)


# -- what must hold for any rows ---------------------------------------------------------------------------------------
def decimals(least: str, most: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(least), Decimal(most), places=places)


CURRENCIES = st.sampled_from(["EUR", "JPY", "TND", "CLF"])


@st.composite
def any_row(draw: st.DrawFn, currency: str = "") -> ProductRow:
    price = draw(decimals("0", "100000000", draw(st.integers(0, 6))))
    by_amount = draw(st.booleans())
    off = draw(decimals("0", "100", 2))
    discount = Discount(price * off / 100, percent=False) if by_amount else Discount(off)
    return ProductRow(
        "Thing",
        draw(decimals("0", "1000000", draw(st.integers(0, 6)))),
        price,
        currency or draw(CURRENCIES),
        draw(st.sampled_from([None, discount])),
        draw(st.none() | decimals("0", "100", 2)),
        draw(st.booleans()),
    )


@given(any_row())
def test_a_row_adds_up(one: ProductRow) -> None:
    full, discount, net, tax, total = figures(one)
    assert net + tax == total
    assert full - discount == total
    digits = minor_digits(one.currency)
    assert all(figure == round(figure, digits) for figure in (full, discount, net, tax, total))


@given(any_row())
def test_nothing_is_negative_by_rounding(one: ProductRow) -> None:
    assert min(figures(one)) >= 0


@given(any_row())
def test_what_is_in_the_price_is_what_it_costs(one: ProductRow) -> None:
    """With tax included, the total is quantity × price; added, the net is: rounding never moves what was agreed."""
    plain = replace(one, discount=None)
    agreed = figures(plain).total if one.included or one.tax is None else figures(plain).net
    exact = one.quantity * one.price
    assert abs(agreed - exact) * 2 <= Decimal(1).scaleb(-minor_digits(one.currency))


@given(any_row(), st.integers(0, 100))
def test_per_cent_and_amount_agree(one: ProductRow, percent: int) -> None:
    by_percent = replace(one, discount=Discount(Decimal(percent)))
    by_amount = replace(one, discount=Discount(one.price * percent / 100, percent=False))
    assert figures(by_percent) == figures(by_amount)


@given(st.lists(any_row("EUR"), min_size=1, max_size=30))
def test_totals_are_sums_of_what_is_shown(rows: list[ProductRow]) -> None:
    summed = totals(rows)
    assert summed is not None
    shown = [figures(one) for one in rows]
    for name in Figures._fields:
        assert getattr(summed, name) == sum(getattr(one, name) for one in shown)
    assert sum(tax.tax for tax in summed.taxes) == summed.tax
    untaxed = sum(figures(one).net for one in rows if one.tax is None)
    assert sum(tax.net for tax in summed.taxes) + untaxed == summed.net


@given(st.lists(any_row("EUR"), min_size=1, max_size=10), st.randoms())
def test_order_changes_no_total(rows: list[ProductRow], random: Any) -> None:
    other = list(rows)
    random.shuffle(other)
    assert totals(other) == totals(rows)


# -- JSON, ids, currencies ---------------------------------------------------------------------------------------------
@given(any_row())
def test_a_row_is_kept_whole(one: ProductRow) -> None:
    kept = row_of(row_json(one))
    assert kept is not None
    assert figures(kept) == figures(one)
    assert row_json(kept) == row_json(one)


@pytest.mark.parametrize(
    "value", [None, 3, "row", [], {}, {"name": "x"}, {"name": "x", "quantity": "1", "price": "5"}, {"name": 3}]
)
def test_what_is_no_row_is_none(value: Any) -> None:
    assert row_of(value) is None
    assert rows_of(value) == rows_of([value]) == []


def test_what_is_empty_is_left_out() -> None:
    assert row_json(row("1", "5")) == {
        "name": "Thing",
        "quantity": "1",
        "price": {"amount": "5.00", "currency": "EUR"},
    }
    assert row_json(row("1", "0.0025", "22", off="0.001", incl=True, currency="EUR")) == {
        "name": "Thing",
        "quantity": "1",
        "price": {"amount": "0.0025", "currency": "EUR"},
        "discount": {"amount": "0.001"},
        "tax": "22",
        "included": True,
    }


def test_a_product_becomes_a_row() -> None:
    fields = {"title": "Support", "unit": "month", "price": {"amount": "90", "currency": "USD"}, "tax": "22"}
    made = from_catalogue("product:3", {**fields, "tax_included": True}, "EUR")
    assert (made.name, made.unit, made.currency, made.product) == ("Support", "month", "USD", "product:3")
    assert (made.quantity, made.price, made.tax, made.included) == (Decimal(1), Decimal(90), Decimal(22), True)
    assert from_catalogue("product:3", {}, "EUR").currency == "EUR"


RATES = Rates("EUR", {"USD": "0.5", "JPY": "0.01"})


def test_rows_are_converted_by_the_rates() -> None:
    one = row("2", "10.00", off="1.00")
    dollars = converted(one, "USD", RATES)
    assert dollars is not None
    assert (dollars.price, dollars.discount, dollars.currency) == (
        Decimal(20),
        Discount(Decimal(2), percent=False),
        "USD",
    )
    yen = converted(replace(dollars, price=Decimal("0.11")), "JPY", RATES)
    assert yen is not None
    assert yen.price == 6, "0.11 USD are 5.5 JPY"
    assert converted(one, "EUR", RATES) == one
    assert converted(one, "CHF", RATES) is None


def test_prices_finer_than_a_cent_stay_fine() -> None:
    found = converted(row("1", "0.0025"), "USD", RATES)
    assert found is not None
    assert found.price == Decimal("0.0050")


def test_rows_get_ids_of_their_own() -> None:
    before = numbered([row("1", "1"), row("2", "2")], [])
    assert [one.id for one in before] == [1, 2]
    same = [replace(one, id=0) for one in reversed(before)]
    assert [one.id for one in numbered(same, before)] == [2, 1], "rows without ids are known again"
    other = [replace(before[0], name="Other", id=0), before[0], replace(before[0], price=Decimal(9))]
    assert [one.id for one in numbered(other, before)] == [3, 1, 2], "an id is one row's only"


def test_kept_rows_without_ids_have_some_all_the_same() -> None:
    kept: list[Any] = [{"name": "a"}, {"id": 4, "name": "b"}, "no row", {"id": 4}, {"id": True}]
    assert [one for one, _row in keyed(kept)] == [5, 4, 6, 7, 8]
    assert keyed(None) == []
