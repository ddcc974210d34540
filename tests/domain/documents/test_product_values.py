"""Rows, taxes and sums as documents print them: whoever adds up what is printed gets what is printed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.documents.product_values import ROW_NAMES, TOTAL_NAMES, on_paper, row_value, total_values
from tuicrm.domain.documents.values import DocValue, MoneyValue, NumberValue
from tuicrm.domain.money import Money
from tuicrm.domain.products import Discount, ProductRow

CONTEXT = Context(NoNames(), datetime(2026, 11, 23, tzinfo=UTC))

numbers = st.decimals(0, 100_000, places=2)
percents = st.decimals(0, 100, places=1)
rows = st.builds(
    ProductRow,
    name=st.just("x"),
    quantity=st.decimals(0, 1_000, places=3),
    price=numbers,
    currency=st.just("EUR"),
    discount=st.none() | st.builds(Discount, percents),
    tax=st.none() | percents,
    included=st.booleans(),
)


def amount(value: DocValue | None) -> Decimal:
    if value is None:
        return Decimal(0)
    assert isinstance(value, MoneyValue | NumberValue)
    return value.amount if isinstance(value, MoneyValue) else value.number


@given(st.lists(rows, min_size=1, max_size=6))
def test_every_total_is_the_sum_of_its_column(given_rows: list[ProductRow]) -> None:
    paper = on_paper(given_rows)
    sums = total_values(paper, Money(Decimal(7), "EUR"), Decimal(1))
    assert set(sums) == set(TOTAL_NAMES)
    columns = {
        "TotalSum": "ProductPriceSum",
        "TotalBeforeTax": "ProductPriceExclusiveSum",
        "TotalTax": "ProductTaxSum",
        "TotalDiscount": "ProductDiscountTotal",
        "TotalBeforeDiscount": "ProductPriceRawSum",
        "TotalQuantity": "ProductQuantity",
    }
    for total, name in columns.items():
        assert amount(sums[total]) == sum(amount(row_value(name, one, CONTEXT)) for one in paper)
    assert amount(sums["TotalBeforeTax"]) + amount(sums["TotalTax"]) == amount(sums["TotalSum"])
    assert amount(sums["TotalRows"]) == len(given_rows)


@given(rows)
def test_a_units_prices_stand_in_their_order(row: ProductRow) -> None:
    one = on_paper([row])[0]
    netto, brutto, exclusive, inclusive = (
        amount(row_value(f"ProductPrice{name}", one, CONTEXT)) for name in ("Netto", "Brutto", "Exclusive", "Inclusive")
    )
    assert exclusive <= netto <= brutto
    assert exclusive <= inclusive <= brutto


def test_every_name_says_something_of_a_whole_row() -> None:
    row = ProductRow(
        "x", Decimal(2), Decimal(10), "EUR", Discount(Decimal(1), percent=False), Decimal(22), included=False, unit="h"
    )
    one = on_paper([row])[0]
    assert not [name for name in ROW_NAMES if row_value(name, one, CONTEXT) is None]
    assert row_value("ProductDiscount", one, CONTEXT) == MoneyValue(Decimal(1), "EUR")


def test_without_rows_the_items_own_amount_is_the_total() -> None:
    assert total_values([], None, Decimal(5)) == {}
    assert total_values([], Money(Decimal(7), "EUR"), None) == {"TotalSum": MoneyValue(Decimal(7), "EUR")}
    assert set(total_values([], Money(Decimal(7), "EUR"), Decimal(1))) == {"TotalSum", "TotalTax"}


def test_rows_of_other_currencies_are_not_in_the_sums() -> None:
    """As on the card."""
    paper = on_paper([ProductRow("x", Decimal(1), Decimal(5), currency) for currency in ("EUR", "USD", "EUR")])
    sums = total_values(paper, None, None)
    assert (sums["TotalSum"], sums["TotalRaw"]) == (MoneyValue(Decimal("10.00"), "EUR"),) * 2
    assert sums["TotalRows"] == NumberValue(Decimal(3))
