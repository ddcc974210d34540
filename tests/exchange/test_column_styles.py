"""A column is judged as a whole, and the file's other columns with it, before any cell is read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.columns import ENGLISH, ITALIAN, field, judged, style_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.exchange.cells import read_cell
from tuicrm.exchange.column_styles import ColumnCells, ColumnStyle, judge


@pytest.mark.parametrize(
    ("cells", "default", "order", "why"),
    [
        (["03/04/2026", "25/04/2026"], ENGLISH, "dmy", "shown"),
        (["03/04/2026", "04/25/2026"], ITALIAN, "mdy", "shown"),
        (["04/25/2026", "03/04/2026", "04/28/26"], ITALIAN, "mdy", "shown"),
        (["03/04/2026"], ITALIAN, "dmy", "person"),
        (["03/04/2026"], ENGLISH, "mdy", "person"),
        (["25/04/2026", "03/04/2026", "04/28/2026"], ENGLISH, None, "both"),
        (["04/28/2026", "03/04/2026", "25/04/2026"], ITALIAN, None, "both"),
    ],
)
def test_which_number_is_the_month(cells: list[str], default: ColumnStyle, order: str | None, why: str) -> None:
    """In whatever order the rows stand."""
    for texts in (cells, cells[::-1]):
        found = judged(default, f=("date", texts))["f"]
        assert (found.style.order_of("/"), found.dates["/"].why) == (order, why)


def test_what_shows_both_orders_is_told_with_the_cells_that_do() -> None:
    found = judged(f=("date", ["25/04/2026", "03/04/2026", "04/28/2026"]))["f"]
    assert [(cell.text, cell.line) for cell in found.dates["/"].cells] == [("25/04/2026", 2), ("04/28/2026", 4)]
    with pytest.raises(BadValue, match=r"2026-03-04 or 2026-04-03.*both orders.*25/04/2026.*04/28/2026"):
        read_cell("03/04/2026", field("date"), found.style)
    assert [read_cell(text, field("date"), found.style) for text in ("25/04/2026", "04/28/2026", "05/05/2026")] == [
        "2026-04-25",
        "2026-04-28",
        "2026-05-05",
    ]


def test_nothing_is_told_where_no_day_could_be_another() -> None:
    """Also where both orders stand in it."""
    assert judged(f=("date", ["25/04/2026", "04/28/2026", "2026-03-04", "04/04/2026"]))["f"].dates == {}


def test_days_with_points_and_with_strokes_are_judged_apart() -> None:
    found = judged(ITALIAN, f=("date", ["04/28/2026", "03/04/2026", "03.04.2026"]))["f"]
    assert read_cell("03/04/2026", field("date"), found.style) == "2026-03-04"
    assert read_cell("03.04.2026", field("date"), found.style) == "2026-04-03"
    assert (found.dates["/"].why, found.dates["."].why) == ("shown", "person")


def test_what_a_column_does_not_show_another_may() -> None:
    found = judged(ENGLISH, made=("date", ["03/04/2026"]), closed=("datetime", ["25/04/2026 10:00"]))
    assert (found["made"].style.order_of("/"), found["made"].dates["/"].why) == ("dmy", "file")
    assert found["made"].dates["/"].cells[1].column == "closed"
    found = judged(ENGLISH, a=("number", ["1.234"]), b=("number", ["12,5"]))
    assert (found["a"].style.decimal, found["a"].numbers and found["a"].numbers.why) == (",", "file")
    apart = judged(ENGLISH, a=("date", ["03/04/2026"]), b=("date", ["25/04/2026"]), c=("date", ["04/25/2026"]))
    assert (apart["a"].style.order_of("/"), apart["a"].dates["/"].why) == ("mdy", "person")


@pytest.mark.parametrize(
    ("kind", "cells", "default", "decimal", "why"),
    [
        ("number", ["1.234", "1.234,50"], ENGLISH, ",", "shown"),
        ("number", ["1,234", "12.5"], ITALIAN, ".", "shown"),
        ("number", ["1.234"], ITALIAN, ",", "person"),
        ("number", ["1,5", "2.5", "1.234"], ENGLISH, None, "both"),
        ("integer", ["1.234"], ENGLISH, ",", "unit"),
        ("money", ["3,100"], ITALIAN, ".", "unit"),
        ("money", ["1.234 KWD"], ITALIAN, ",", "person"),
        ("money", ["12,345", "0.1"], ITALIAN, ".", "shown"),
    ],
)
def test_which_mark_stands_before_decimals(
    kind: str, cells: list[str], default: ColumnStyle, decimal: str | None, why: str
) -> None:
    found = judged(default, f=(kind, cells))["f"]
    assert found.numbers is not None
    assert (found.style.decimal, found.numbers.why) == (decimal, why)


@pytest.mark.parametrize("cells", [["1.234.567"], ["0.125"], ["12.5", "7"], ["1 234", "5"], ["2026"], [""], ["many"]])
def test_nothing_is_told_where_no_number_could_be_another(cells: list[str]) -> None:
    assert judged(ITALIAN, f=("number", cells))["f"].numbers is None


def test_an_amount_is_no_fraction_that_its_currency_does_not_have() -> None:
    """Of the column's own currency, or of the one beside it."""
    column = ColumnCells("f", field("money"), ITALIAN)
    for line, (text, currency) in enumerate([("3,100", "EUR"), ("2,500", "KWD"), ("1,000", "JPY")], 2):
        column.see(text, line, currency)
    style = judge([column], ITALIAN)["f"].style
    amounts = [
        read_cell(text, field("money"), style, currency)["amount"]
        for text, currency in (("3,100", "EUR"), ("2,500", "KWD"))
    ]
    assert amounts == ["3100", "2500"]
    priced = ColumnCells("f", field("money", precision=4), ITALIAN)
    priced.see("3,100", 2)
    assert judge([priced], ITALIAN)["f"].style.decimal == ",", "a field of prices has more decimals"


def test_each_amount_by_itself_where_only_its_currency_decides() -> None:
    style = style_of("money", ["3.100", "3,100"])
    assert [read_cell(text, field("money"), style)["amount"] for text in ("3.100", "3,100")] == ["3100", "3100"]


def test_what_the_currency_says_and_the_file_denies_is_nobodys_guess() -> None:
    found = judged(ENGLISH, amount=("money", ["3.100"]), margin=("number", ["12.5"]))["amount"]
    assert found.numbers is not None
    assert (found.numbers.why, [cell.text for cell in found.numbers.cells]) == ("both", ["3.100", "12.5"])
    with pytest.raises(BadValue, match=r"3.100 or 3100.*“3.100”, “12.5”"):
        read_cell("3.100", field("money"), found.style)


def test_a_spreadsheets_days_are_the_whole_column_or_nothing() -> None:
    serials = style_of("date", ["46374", "46375", ""])
    assert [read_cell(text, field("date"), serials) for text in ("46374", "46375")] == ["2026-12-18", "2026-12-19"]
    assert read_cell(
        "46374.604166667", field("datetime"), style_of("datetime", ["46374.604166667", "46375"], ITALIAN)
    ) == ("2026-12-18T13:30:00Z")
    for cells in (["46374"], ["46374", "2026-12-19"], ["46374", "1234"]):
        with pytest.raises(BadValue, match="spreadsheet's number for 2026-12-18"):
            read_cell("46374", field("date"), style_of("date", cells))


def test_cells_that_are_remembered_for_the_report() -> None:
    column = ColumnCells("f", field("datetime"), ITALIAN)
    for line, text in enumerate(["", "2026-12-18T10:00:00Z", "18/12/26 14:30", "2026-03-29 02:30", "nonsense"], 2):
        column.see(text, line)
    told: list[Any] = [column.zoneless, column.short, column.skipped, column.timed]
    assert [cell.line for cell in told] == [4, 4, 5, 3]
