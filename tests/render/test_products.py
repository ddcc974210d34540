"""Product rows as a table: exact at any width, harmless, and with the columns that there is room for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.render.hostile import any_text, assert_line
from tuicrm.domain.card import ProductsView, ProductView, SumView
from tuicrm.domain.products import COLUMNS
from tuicrm.render.line import Line
from tuicrm.render.products import ProductRows, product_lines

VIEW = ProductsView(
    (
        ProductView(4, ("Consulting, a long name of something", "2", "day", "1,800.00", "10%", "+22%", "3,952.80")),
        ProductView(2, ("Travel", "1", "", "123.45", "", "", "123.45")),
    ),
    (SumView("Net", "€ 3,363.45"), SumView("Total", "€ 4,076.25", strong=True)),
    ("Amount € 4,076.25 = sum of products", "€ 4,076.25 = products"),
)


def plain(line: Line) -> str:
    return "".join(run.text for run in line)


def drawn(view: ProductsView, cells: int) -> list[str]:
    rows = ProductRows(view, cells, "Nothing yet")
    return [plain(rows.line(y, None)).rstrip() for y in rows.rows]


def test_all_columns_where_there_is_room() -> None:
    lines = drawn(VIEW, 100)
    assert lines[0].split() == ["Product", "Quantity", "Unit", "Price", "Discount", "Tax", "Total"]
    assert lines[1].split()[-6:] == ["2", "day", "1,800.00", "10%", "+22%", "3,952.80"]
    assert lines[-1].strip() == "Amount € 4,076.25 = sum of products"


def test_what_matters_most_where_there_is_little() -> None:
    lines = drawn(VIEW, 40)
    assert [word in lines[0] for word in ("Product", "Qty", "Total", "Unit")] == [True, True, True, False]
    assert "3,952.80" in lines[1]
    assert drawn(VIEW, 24)[-1].strip() == "€ 4,076.25 = products"


def test_an_empty_one_says_what_to_do() -> None:
    assert drawn(ProductsView(()), 60)[1:] == ["  Nothing yet"]


def test_rows_are_numbered_for_the_command_line() -> None:
    many = ProductsView(tuple(ProductView(n, (f"Row {n}", "1", "", "1", "", "", "1")) for n in range(1, 11)))
    lines = [plain(line) for line in product_lines(many, 60)]
    assert lines[1].startswith("   1  Row 1 ")
    assert lines[10].startswith("  10  Row 10 ")
    assert lines[0].index("Product") == lines[1].index("Row")


def test_cells_are_where_they_are_drawn() -> None:
    rows = ProductRows(VIEW, 100)
    text = plain(rows.line(1, 4))
    for column, shown in zip(COLUMNS, VIEW.rows[0].texts, strict=True):
        x, cells = rows.cell(column)
        assert text[x : x + cells].strip() == shown[:cells]
    assert (rows.at(1), rows.at(2), rows.at(3), rows.span(2)) == (4, 2, None, (2, 2))


TEXTS = any_text
ROWS = st.builds(
    ProductsView,
    st.lists(st.builds(ProductView, st.integers(1, 9), st.tuples(*[TEXTS] * len(COLUMNS))), max_size=4).map(tuple),
    st.lists(st.builds(SumView, TEXTS, TEXTS, st.booleans()), max_size=3).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
)


@given(ROWS, st.integers(1, 120))
def test_any_rows_are_exact_and_harmless(view: ProductsView, cells: int) -> None:
    rows = ProductRows(view, cells, "Nothing yet")
    for y in range(len(rows.rows) + 2):
        assert_line(rows.line(y, view.rows[0].id if view.rows else None), cells)
