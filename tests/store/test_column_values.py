"""Columns read many values at once: the same as one by one, whatever the values are."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from tuicrm.domain.conditions import Sort
from tuicrm.store.column import FILLED, RAW, SEARCH, ColumnForm, PathColumn, entry_of, of_kind
from tuicrm.store.orders import sorted_rows

FORMS = [
    RAW,
    SEARCH,
    FILLED,
    *(of_kind(kind) for kind in ("string", "date", "money", "boolean", "number", "phone", "address")),
]
MONEY = [{"amount": "5.00", "currency": "EUR"}, {"amount": "5", "currency": "EUR"}, {"amount": "x", "currency": "EUR"}]
VALUES: list[list[Any]] = [
    [None],
    ["", "a", "A", "ß", None],
    ["a", "", "b"],
    [f"title {n}" for n in range(300)] + [None],
    [True, 1, 1.0, "1", None, 0, False],
    [*MONEY, None],
    [
        *MONEY,
        {"amount": 5, "currency": "EUR"},
        {"amount": "5.00"},
        {"currency": "EUR", "amount": "5.00", "more": 1},
        {},
    ],
    [*MONEY, "5", ["a", "b"], [], [""], {"value": "+39", "typed": "39"}],
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("values", VALUES)
def test_many_values_read_as_each_alone(form: ColumnForm, values: list[Any]) -> None:
    chance = random.Random(7)
    column, entry = PathColumn("field", form), entry_of("field", form)
    all_values: list[Any] = []
    for size in (1, 3, 400, 1):
        some = [chance.choice(values) for _n in range(size)] + values
        column.extend_values(some)
        all_values += some
    found = [column.entries[code] for code in column.codes]
    wanted = [entry({"field": value}) for value in all_values]
    assert [(type(one), one) for one in found] == [(type(one), one) for one in wanted]
    assert len({(type(one), str(one)) for one in column.entries}) == len(column.entries)
    assert isinstance(column.codes, bytearray) == (len(column.entries) <= 256)


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_nearly_all_distinct_sorts_as_by_ranks(descending: bool) -> None:
    chance = random.Random(3)
    values = [chance.choice([None, "", f"t{chance.randrange(500)}", f"T{chance.randrange(90)}"]) for _n in range(700)]
    column, sort = PathColumn("field", of_kind("string")), Sort("field", "string", descending)
    column.extend_values(values)
    for rows in (range(700), list(range(0, 700, 3))):
        as_it_is = PathColumn("field", of_kind("string"))
        as_it_is.extend_values([f"distinct {n}" for n in range(2_000)])
        as_it_is.entries, as_it_is.codes = column.entries + as_it_is.entries, column.codes
        assert as_it_is.sorts_sooner_as_it_is("string", {})
        ranked = PathColumn("field", of_kind("string"))
        ranked.entries, ranked.codes = as_it_is.entries, as_it_is.codes
        ranked.ranks("string", {})
        assert not ranked.sorts_sooner_as_it_is("string", {})
        assert sorted_rows(rows, [as_it_is], [sort]) == sorted_rows(rows, [ranked], [sort])


def test_money_sorts_by_its_worth_and_what_has_no_rate_stands_last() -> None:
    rates = {"EUR": "1", "USD": "0.5"}
    column = PathColumn("field", of_kind("money"))
    column.extend_values([{"amount": f"{n}", "currency": "USD" if n % 2 else "EUR"} for n in range(20)])
    column.extend_values([{"amount": "1", "currency": "XXX"}, None])
    sort = Sort("field", "money", True, rates)
    worth = [Decimal(n) / (2 if n % 2 else 1) for n in range(20)]
    assert sorted_rows(range(22), [column], [sort]) == [*sorted(range(20), key=lambda n: -worth[n]), 20, 21]
