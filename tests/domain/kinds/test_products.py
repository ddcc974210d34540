"""Product rows as a field's value: as JSON, typed a row a line, in cells; in English, in Italian, in canonical form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.hostile import HOSTILE
from tuicrm.domain.context import Choice, Context, NoNames
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.kinds.product_lines import change_text, line, row_text
from tuicrm.domain.kinds.product_parts import typed, understood, with_part
from tuicrm.domain.kinds.values import edit_field, format_field, parse_field, read_field
from tuicrm.domain.products import Discount, ProductRow, row_json, row_of
from tuicrm.domain.schema import Dictionary, Field, Option

FIELD = Field("products", "products", "Products", targets=["product"])
CATALOGUE: dict[int, dict[str, Any]] = {
    3: {"title": "Consulting", "unit": "day", "price": {"amount": "800.00", "currency": "EUR"}, "tax": "22"},
    4: {"title": "Hosting", "price": {"amount": "12.20", "currency": "EUR"}, "tax": "22", "tax_included": True},
    5: {"title": "Twin", "price": {"amount": "1.00", "currency": "EUR"}},
    6: {"title": "Twin", "price": {"amount": "2.00", "currency": "EUR"}},
}
UNITS = Dictionary(
    "unit",
    "Units",
    [Option("day", {"en": "day", "it": "giorno"}), Option("flat", {"en": "flat rate", "it": "a corpo"})],
)


class Shop(NoNames):
    """A workspace with a small catalogue."""

    def fields(self, ref: Ref) -> Mapping[str, Any] | None:
        return CATALOGUE.get(ref.id) if ref.type == "product" else None

    def show_ref(self, ref: Ref) -> str:
        return f"P-{ref.id}"

    def read_ref(self, text: str) -> Ref | None:
        letters, _dash, number = text.upper().partition("-")
        known = {"P": "product", "D": "deal"}
        return Ref(known[letters], int(number)) if letters in known and number.isdecimal() else None

    def items(self, text: str, targets: Sequence[str]) -> Sequence[Choice]:
        found = [n for n, item in CATALOGUE.items() if item["title"].casefold() == text.casefold()]
        return [Choice(f"product:{n}", text, f"P-{n}") for n in found] if "product" in targets else []

    def dictionary(self, key: str) -> Dictionary | None:
        return UNITS if key == "unit" else None


NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
EN = Context(Shop(), NOW)
IT = Context(Shop(), NOW, language="it", locale="it_IT")
EXACT = Context(Shop(), NOW, canonical=True)


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


CONSULTING = {
    "product": "product:3", "name": "Consulting", "quantity": "2", "unit": "day", "price": eur("800.00"), "tax": "22",
}  # fmt: skip
TRAVEL = {"name": "Travel", "quantity": "1", "price": eur("120.00")}


@pytest.mark.parametrize(
    ("context", "text", "expected"),
    [
        (EN, "Consulting", [{**CONSULTING, "quantity": "1"}]),
        (EN, "2 x consulting", [CONSULTING]),
        (EN, "2 × p-3", [CONSULTING]),
        (EN, "2x Consulting", [CONSULTING]),
        (EN, "1.5 day x Consulting", [{**CONSULTING, "quantity": "1.5"}]),
        (IT, "1,5 giorno x Consulting", [{**CONSULTING, "quantity": "1.5"}]),
        (EN, "2 flat rate x Consulting", [{**CONSULTING, "unit": "flat"}]),
        (EN, "2 x Consulting @ 700", [{**CONSULTING, "price": eur("700.00")}]),
        (EN, "2 x Consulting @ 700 -10%", [{**CONSULTING, "price": eur("700.00"), "discount": {"percent": "10"}}]),
        (EN, "2 x Consulting @ -10%", [{**CONSULTING, "discount": {"percent": "10"}}]),
        (EN, "2 x Consulting @ 700 -20.5 incl 10%", [
            {**CONSULTING, "price": eur("700.00"), "discount": {"amount": "20.50"}, "tax": "10", "included": True}
        ]),
        (EN, "Hosting @ +10%", [
            {"product": "product:4", "name": "Hosting", "quantity": "1", "price": eur("12.20"), "tax": "10"}
        ]),
        (EN, "Travel @ 120", [TRAVEL]),
        (EN, "Travel @ 120 USD", [{**TRAVEL, "price": {"amount": "120.00", "currency": "USD"}}]),
        (IT, "Travel @ 1.200,50", [{**TRAVEL, "price": eur("1200.50")}]),
        (EN, "Travel @ -120", [{**TRAVEL, "price": eur("-120.00")}]),
        (EN, "3 Phase x 2 cable @ 5", [{"name": "3 Phase x 2 cable", "quantity": "1", "price": eur("5.00")}]),
        (EN, 'Monitor 24" @ 5; Travel @ 120', [{"name": 'Monitor 24"', "quantity": "1", "price": eur("5.00")}, TRAVEL]),
        (EN, '"Consulting" @ 5', [{"name": "Consulting", "quantity": "1", "price": eur("5.00")}]),
        (EN, '"a; b @ c" @ 5', [{"name": "a; b @ c", "quantity": "1", "price": eur("5.00")}]),
        (EN, "2 x Consulting\nTravel @ 120\n\n", [CONSULTING, TRAVEL]),
        (EN, "Travel @ 120; Travel @ 120", [TRAVEL, TRAVEL]),
        (EN, "mail a@b.it @ 3", [{"name": "mail a@b.it", "quantity": "1", "price": eur("3.00")}]),
        (EXACT, '[{"name": "Travel", "price": "120"}]', [TRAVEL]),
        (EXACT, '[{"product": "P-3", "quantity": "2"}]', [CONSULTING]),
    ],
)  # fmt: skip
def test_rows_are_typed_a_row_a_line(context: Context, text: str, expected: list[dict[str, Any]]) -> None:
    assert parse_field(text, FIELD, context) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Travel", "not in the catalogue, so give a price: Travel @ 100"),
        ("Travel @", "so give a price"),
        ("Travel @ much", "an amount is expected"),
        ("Travel @ 5 +120%", "tax: 0 to 100 per cent is expected"),
        ("Travel @ 5 -120%", "discount: 0 to 100 per cent is expected"),
        ("Travel @ 5 -6", "discount: cannot be more than the price"),
        ("Travel @ 5; Other", "“Other”: not in the catalogue, so give a price"),
        ("Twin", "“Twin” may be: P-5, P-6"),
        ("P-9", "there is no P-9"),
        ("x [D-1] @ 5", "product: a ref such as P-7 is expected"),
        ("[{", "this is not valid JSON"),
        ('["x"]', "a product row is expected, with these parts: discount, id, included, name"),
    ],
)
def test_what_is_no_row_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse_field(text, FIELD, EXACT if text.startswith("[") else EN)
    assert message in refused.value.message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"name": "x"}, "a list of product rows is expected"),
        ("[]", "a list of product rows is expected"),
        ([{"name": "x", "price": "5", "colour": "red"}], "a product row is expected, with these parts"),
        ([{"name": "", "price": "5"}], "name: required"),
        ([{"name": "a\nb", "price": "5"}], "name: one line is expected"),
        ([{"name": "x" * 251, "price": "5"}], "name: at most 250 characters are expected"),
        ([{"name": "x"}], "price: required"),
        ([{"name": "x", "price": "five"}], "price: a number such as 38000.50 is expected"),
        ([{"name": "x", "price": {"amount": "5", "currency": "EURO"}}], "price: a currency code"),
        ([{"name": "x", "price": "5", "quantity": "-1"}], "quantity: at least 0 is expected"),
        ([{"name": "x", "price": "5", "quantity": "0.0000001"}], "quantity: at most 6 digits after the point"),
        ([{"name": "x", "price": "5", "discount": "10%"}], 'discount: {"percent": "10"} or {"amount": "20.00"}'),
        ([{"name": "x", "price": "-5", "discount": {"amount": "1"}}], "discount: cannot be more than the price"),
        ([{"name": "x", "price": "5", "tax": "100.5"}], "tax: 0 to 100 per cent"),
        ([{"name": "x", "price": "5", "tax": "2", "included": "Y"}], "included: true or false"),
        ([{"name": "x", "price": "5", "product": "deal:3"}], "product: a ref such as P-7"),
        ([{"name": "x", "price": "5", "product": 3}], "product: a ref such as P-7"),
        ([{"name": "x", "price": "5", "id": -1}], "id: a whole number"),
        ([{"name": "x", "price": "5", "unit": "u" * 41}], "unit: at most 40 characters"),
        ([TRAVEL, {"name": "x"}], "row 2: price: required"),
        ([{"product": "product:9"}], "there is no P-9"),
        (
            [{"name": "x", "price": "999999999999999999", "quantity": "999999999"}],
            "row total: a number with at most 18",
        ),
        ([TRAVEL] * 1001, "at most 1000 product rows"),
    ],
)
def test_json_that_is_no_row_is_refused(value: Any, message: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_field(value, FIELD, EN)
    assert message in refused.value.message


def test_a_row_that_is_whole_takes_nothing_from_the_catalogue() -> None:
    row = {"product": "product:3", "name": "Old name", "quantity": "1", "price": eur("1.00")}
    assert read_field([row], FIELD, EN) == [row]
    gone = {**row, "product": "product:99"}
    assert read_field([gone], FIELD, EN) == [gone], "rows outlive their product"


def test_included_says_nothing_without_a_tax() -> None:
    assert read_field([{**TRAVEL, "included": True}], FIELD, EN) == [TRAVEL]


@pytest.mark.parametrize("empty", [None, [], "", {}])
def test_no_rows_are_empty(empty: Any) -> None:
    assert read_field(empty, FIELD, EN) is None
    assert parse_field(" ; \n", FIELD, EN) is None


def test_rows_in_a_few_words() -> None:
    rows = [CONSULTING, TRAVEL]
    assert format_field(rows, FIELD, EN) == "2 products, € 2,072.00"
    assert format_field([TRAVEL], FIELD, IT) == "1 product, € 120,00"
    assert preview(rows, FIELD, EN) == "2 products, € 2,072.00"
    assert format_field(rows, FIELD, EXACT) == ('2 day x Consulting [P-3] @ 800.00 EUR +22%\n1 x "Travel" @ 120.00 EUR')
    assert row_text(row_from(CONSULTING), EN) == "2 day × Consulting, € 800.00 +22%"
    assert row_text(row_from({**CONSULTING, "discount": {"percent": "10"}}), IT) == (
        "2 giorno × Consulting, € 800,00 -10% +22%"
    )


def row_from(value: dict[str, Any]) -> ProductRow:
    row = row_of(value)
    assert row is not None
    return row


NAMES = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1).map(str.strip).filter(bool)


@st.composite
def rows(draw: st.DrawFn) -> ProductRow:
    price = draw(st.decimals(-1000, 1000, places=draw(st.integers(2, 6))))
    off = st.decimals(Decimal("0.01"), 100, places=2).map(Discount)
    if price > 0:
        off |= st.decimals(0, price, places=6).filter(bool).map(lambda amount: Discount(amount, percent=False))
    tax = draw(st.none() | st.decimals(0, 100, places=2))
    return ProductRow(
        draw(NAMES),
        draw(st.decimals(0, 100000, places=draw(st.integers(0, 6)))),
        price,
        draw(st.sampled_from(["EUR", "USD", "JPY"])),
        draw(st.none() | off),
        tax,
        tax is not None and draw(st.booleans()),
        draw(st.sampled_from(["", "day", "flat", "Stück", "a x b", 'say "so"'])),
        draw(st.sampled_from(["", "product:3", "product:99"])),
    )


@given(st.lists(rows(), min_size=1, max_size=4), st.sampled_from([EN, IT, EXACT]))
def test_what_is_written_reads_back(some: list[ProductRow], context: Context) -> None:
    value = read_field([row_json(row) for row in some], FIELD, context)
    assert parse_field(edit_field(value, FIELD, context), FIELD, context) == value
    if context.canonical:
        assert parse_field(format_field(value, FIELD, context), FIELD, context) == value


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(name: str) -> None:
    try:
        value = read_field([{"name": name, "price": "1"}], FIELD, EN)
    except BadValue:
        return
    assert parse_field(edit_field(value, FIELD, EN), FIELD, EN) == value


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = parse_field(text, FIELD, EN)
    except BadValue:
        return
    format_field(value, FIELD, EN)


@pytest.mark.parametrize("value", [3, "x", [3], [None], [{"name": "x"}], {"a": 1}, [{"price": 3, "quantity": "x"}]])
def test_what_is_no_value_is_shown_all_the_same(value: Any) -> None:
    for context in (EN, IT, EXACT):
        assert isinstance(format_field(value, FIELD, context), str)
    edit_field(value, FIELD, EN)


# -- one part at a time ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("part", "text", "expected"),
    [
        ("name", " Advice ", {"name": "Advice"}),
        ("quantity", "3", {"quantity": "3"}),
        ("quantity", "", {"quantity": "1"}),
        ("quantity", "1,000.5", {"quantity": "1000.5"}),
        ("unit", "Day", {"unit": "day"}),
        ("unit", "giorno", {"unit": "day"}),
        ("unit", "Stück", {"unit": "Stück"}),
        ("unit", "", {}),
        ("price", "90", {"price": eur("90.00")}),
        ("price", "90 USD", {"price": {"amount": "90.00", "currency": "USD"}}),
        ("price", "", {"price": eur("0.00")}),
        ("discount", "10%", {"discount": {"percent": "10"}}),
        ("discount", "-10 %", {"discount": {"percent": "10"}}),
        ("discount", "20", {"discount": {"amount": "20"}}),
        ("discount", "", {}),
        ("tax", "10", {"tax": "10"}),
        ("tax", "+10%", {"tax": "10", "included": False}),
        ("tax", "incl 10", {"tax": "10", "included": True}),
        ("tax", "10 % incl", {"tax": "10", "included": True}),
        ("tax", "", {}),
        ("tax", "none", {}),
    ],
)
def test_parts_are_typed(part: str, text: str, expected: dict[str, Any]) -> None:
    row = {name: value for name, value in CONSULTING.items() if name != part}
    assert with_part(CONSULTING, part, text, EN) == {**row, **expected}


def test_a_bare_tax_stays_in_the_price_where_it_was() -> None:
    assert with_part({**CONSULTING, "included": True}, "tax", "10", EN)["included"] is True
    assert "included" not in with_part({**CONSULTING, "included": True}, "tax", "", EN)


@pytest.mark.parametrize(
    ("part", "text"),
    [("quantity", "many"), ("price", "x"), ("discount", "half"), ("tax", "lots"), ("tax", "+10 incl"), ("total", "5")],
)
def test_parts_that_cannot_be_read_are_refused(part: str, text: str) -> None:
    with pytest.raises(BadValue):
        with_part(CONSULTING, part, text, EN)


@given(rows(), st.sampled_from([EN, IT, EXACT]))
def test_what_an_editor_offers_reads_back(row: ProductRow, context: Context) -> None:
    kept = read_field([row_json(row)], FIELD, context)[0]
    whole = row_from(kept)
    for part in ("name", "quantity", "unit", "price", "discount", "tax"):
        changed = with_part(kept, part, typed(whole, part, context), context)
        assert read_field([changed], FIELD, context) == [kept], part


def test_what_a_row_comes_to_is_told() -> None:
    assert understood(CONSULTING, EN) == "row total € 1,952.00"
    assert understood({"name": "x"}, EN) == ""


def test_a_line_of_a_unit_of_ones_own() -> None:
    row = row_from({**TRAVEL, "unit": "Stück"})
    assert line(row, EN) == '1 "Stück" x "Travel" @ 120.00 EUR'


# -- changes -----------------------------------------------------------------------------------------------------------
def test_a_change_tells_the_rows_that_are_others() -> None:
    a, b, c = (row_from({**CONSULTING, "name": name, "id": n}) for n, name in enumerate("ABC", 1))
    more = replace(b, quantity=Decimal(3))
    assert change_text([a, b], [a, more, c], EN) == (
        "2 day × B, € 800.00 +22%",
        "3 day × B, € 800.00 +22%; 2 day × C, € 800.00 +22%",
    )
    assert change_text([a, b], [b, a], EN) == ("A; B", "B; A")
    assert change_text([], [a], EN) == ("", "2 day × A, € 800.00 +22%")
