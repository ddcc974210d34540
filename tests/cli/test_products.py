"""Product rows from the outside: shown, added, changed, removed, put in order; the catalogue as a noun."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """A catalogue of two; D-1 has two rows."""
    crm("product", "add", "title=Consulting", "code=CONS", "price=800 EUR", "unit=day", "tax=22")
    crm("product", "add", "title=Label printer", "code=LP-4", "price=122", "unit=pcs", "tax=22", "tax_included=yes")
    ran = crm("deal", "products", "add", "D-1", "2 day x Consulting", "Travel @ 123.45")
    assert ran.code == 0, ran.err
    told = "Amount stays € 12,500.00, as it was set; the products make € 2,075.45. `tuicrm deal products sum D-1` takes the sum."
    assert told in ran.err
    ran = crm("deal", "products", "sum", "D-1")
    assert ran.code == 0
    assert "stays" not in ran.err
    return crm


def rows(crm: Crm, ref: str = "D-1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = crm("deal", "products", ref, "--json").json["rows"]
    return found


def names(crm: Crm) -> list[str]:
    return [row["name"] for row in rows(crm)]


# -- shown -------------------------------------------------------------------------------------------------------------
def test_rows_are_a_table_with_what_they_come_to(shop: Crm) -> None:
    ran = shop("deal", "products", "D-1")
    assert ran.code == 0
    shown = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert shown[0] == "Product Quantity Unit Price Discount Tax Total"
    assert shown[1] == "1 Consulting 2 day 800.00 +22% 1,952.00"
    assert shown[2] == "2 Travel 1 123.45 123.45"
    assert "Net € 1,723.45" in shown
    assert "Tax 22% of € 1,600.00 € 352.00" in shown
    assert "Total € 2,075.45" in shown
    assert shown[-1] == "Amount € 2,075.45 = sum of products"


def test_rows_are_an_envelope_for_programs(shop: Crm) -> None:
    told = shop("deal", "products", "show", "D-1", "--json").json
    assert (told["status"], told["ref"], told["amount_by_hand"]) == ("ok", "D-1", False)
    assert told["rows"][0] == {
        "id": 1,
        "product": "product:1",
        "name": "Consulting",
        "quantity": "2",
        "unit": "day",
        "price": {"amount": "800.00", "currency": "EUR"},
        "tax": "22",
        "figures": {"full": "1952.00", "discount": "0.00", "net": "1600.00", "tax": "352.00", "total": "1952.00"},
    }
    assert told["totals"] == {
        "currency": "EUR",
        "full": "2075.45",
        "discount": "0.00",
        "net": "1723.45",
        "tax": "352.00",
        "total": "2075.45",
        "taxes": [{"rate": "22", "net": "1600.00", "tax": "352.00"}],
    }


def test_an_item_without_rows_says_so(crm: Crm) -> None:
    ran = crm("deal", "products", "D-3")
    assert (ran.code, ran.out, ran.err) == (0, "", "D-3 has no products yet.\n")
    assert crm("deal", "products", "D-3", "--json").json["rows"] == []


# -- added -------------------------------------------------------------------------------------------------------------
def test_a_product_is_added_by_name_code_or_ref_with_more_said(shop: Crm) -> None:
    for word in ("label printer", "lp-4", "P-2"):
        ran = shop("deal", "products", "add", "D-3", word, "quantity=3", "discount=10%", "--json")
        assert ran.code == 0, ran.out
        row = ran.json["rows"][-1]
        assert (row["product"], row["name"], row["quantity"], row["discount"], row["included"]) == (
            "product:2",
            "Label printer",
            "3",
            {"percent": "10"},
            True,
        )


def test_free_text_needs_a_price(shop: Crm) -> None:
    ran = shop("deal", "products", "add", "D-1", "Odd thing")
    assert ran.code == 4
    assert "not in the catalogue, so give a price: Odd thing @ 100" in ran.err
    assert shop("deal", "products", "add", "D-1", "Odd thing", "price=100", "tax=incl 10").code == 0
    assert shop("deal", "products", "add", "D-1", "name=A; b @ c", "price=5").code == 0
    assert names(shop) == ["Consulting", "Travel", "Odd thing", "A; b @ c"]
    assert "product" not in rows(shop)[2]


def test_a_row_can_come_before_another(shop: Crm) -> None:
    assert shop("deal", "products", "add", "D-1", "First @ 1", "Second @ 2", "--at", "1").code == 0
    assert names(shop) == ["First", "Second", "Consulting", "Travel"]


def test_rows_come_from_stdin(shop: Crm) -> None:
    assert shop("deal", "products", "add", "D-3", "-", stdin="LP-4\n3 h x Work @ 90 -20\n").code == 0
    assert [(row["name"], row["quantity"]) for row in rows(shop, "D-3")] == [("Label printer", "1"), ("Work", "3")]
    assert rows(shop, "D-3")[1]["discount"] == {"amount": "20.00"}


def test_a_dry_run_shows_what_it_would_come_to(shop: Crm) -> None:
    before = shop("deal", "products", "D-1", "--json").json
    for words in (("add", "D-1", "LP-4"), ("edit", "D-1", "1", "discount=50%"), ("remove", "D-1", "1")):
        ran = shop("deal", "products", *words, "--dry-run", "--json")
        assert ran.code == 0
        assert ran.json["totals"]["total"] != before["totals"]["total"]
        assert "Nothing was changed" in shop("deal", "products", *words, "--dry-run").err
    assert shop("deal", "products", "D-1", "--json").json == before
    assert shop("deal", "products", "add", "D-1", "Nonsense @ 1", "quantity=-1", "--dry-run").code == 4


# -- changed -----------------------------------------------------------------------------------------------------------
def test_parts_of_a_row_change(shop: Crm) -> None:
    ran = shop("deal", "products", "edit", "D-1", "travel", "quantity=2", "tax=10", "unit=h", "name=Trip", "--json")
    assert ran.code == 0
    row = ran.json["rows"][1]
    assert (row["name"], row["quantity"], row["unit"], row["tax"], row["figures"]["total"]) == (
        "Trip",
        "2",
        "hour",
        "10",
        "271.59",
    )
    assert shop("deal", "products", "edit", "D-1", "2", "unit=", "tax=").code == 0
    assert "unit" not in rows(shop)[1]
    assert "tax" not in rows(shop)[1]


def test_rows_and_units_are_named_whatever_case_and_accents(shop: Crm) -> None:
    assert shop("deal", "products", "edit", "D-1", " CÓNSULTING ", "unit=HOUR", "quantity=7").code == 0
    assert [(row["quantity"], row["unit"]) for row in rows(shop) if row["name"] == "Consulting"] == [("7", "hour")]
    wrong = shop("deal", "products", "edit", "D-1", "Travl", "quantity=1")
    assert (wrong.code, "choose one of: Travel, Consulting" in wrong.err) == (3, True)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("edit", "D-1", "9", "quantity=1"), 3, "There is no row 9; there are 2."),
        (("edit", "D-1", "plane", "quantity=1"), 3, "There is no row “plane”; choose one of: Consulting, Travel"),
        (
            ("edit", "D-1", "1", "colour=red"),
            4,
            "a row has no colour; it has: name, quantity, unit, price, discount, tax",
        ),
        (("edit", "D-1", "1", "quantity=many"), 4, "quantity"),
        (("edit", "D-1", "1", "quantity=-2"), 4, "quantity: at least 0 is expected"),
        (("edit", "D-1", "1", "discount=900"), 4, "discount: cannot be more than the price"),
        (("edit", "D-1", "1", "tax=101"), 4, "tax: 0 to 100 per cent is expected"),
        (("edit", "D-1", "1", "name="), 4, "name: required"),
        (("edit", "D-1", "1"), 2, "PART=VALUE"),
        (("add", "D-1"), 2, "ROW"),
        (("add", "D-1", "A @ 1", "B @ 2", "quantity=2"), 2, "one row at a time"),
        (("add", "D-99", "A @ 1"), 3, "D-99"),
        (("remove", "D-1"), 2, "ROW"),
        (("move", "D-1", "1", "0"), 2, "PLACE"),
        (("shwo",), 2, "“shwo”"),
    ],
)
def test_what_cannot_be_says_why(shop: Crm, words: tuple[str, ...], code: int, told: str) -> None:
    ran = shop("deal", "products", *words)
    assert (ran.code, told in ran.err) == (code, True), ran.err
    failed = shop("deal", "products", *words, "--json")
    assert (failed.code, failed.json["status"]) == (code, "error")


def test_rows_of_one_name_are_told_apart_by_number(shop: Crm) -> None:
    shop("deal", "products", "add", "D-1", "Travel @ 5")
    ran = shop("deal", "products", "remove", "D-1", "travel")
    assert (ran.code, "Several rows are called “travel”" in ran.err) == (2, True)
    assert shop("deal", "products", "remove", "D-1", "3", "1").code == 0
    assert names(shop) == ["Travel"]


def test_rows_are_put_in_order(shop: Crm) -> None:
    assert shop("deal", "products", "move", "D-1", "2", "1").code == 0
    assert names(shop) == ["Travel", "Consulting"]
    assert "It is already there." in shop("deal", "products", "move", "D-1", "travel", "1").err
    assert shop("deal", "products", "move", "D-1", "travel", "99").code == 0
    assert names(shop) == ["Consulting", "Travel"]


def test_each_change_is_undone_and_its_revision_can_be_expected(shop: Crm) -> None:
    rev = shop("deal", "products", "D-1", "--json").json["rev"]
    assert shop("deal", "products", "remove", "D-1", "1", "--expect", str(rev - 1)).code == 6
    assert shop("deal", "products", "remove", "D-1", "1", "--expect", str(rev)).code == 0
    assert shop("undo").code == 0
    assert names(shop) == ["Consulting", "Travel"]
    assert "add Consulting, Travel to D-1" in shop("log").out


def test_an_amount_by_hand_goes_back_to_the_sum(shop: Crm) -> None:
    shop("deal", "edit", "D-1", "amount=2000")
    ran = shop("deal", "products", "D-1")
    assert "Amount € 2,000.00, set by hand" in ran.out
    assert "by hand" in shop("deal", "show", "D-1").out
    ran = shop("deal", "products", "sum", "D-1", "--json")
    assert (ran.json["amount_by_hand"], shop("deal", "show", "D-1", "--json").fields["amount"]["amount"]) == (
        False,
        "2075.45",
    )


# -- everywhere --------------------------------------------------------------------------------------------------------
def test_types_without_rows_say_so(crm: Crm) -> None:
    ran = crm("contact", "products", "C-1")
    assert (ran.code, ran.err) == (4, "Error: Contacts have no product rows.\n")


def test_who_may_not_change_the_item_may_not_change_its_rows(shop: Crm) -> None:
    ran = shop("deal", "products", "add", "D-1", "A @ 1", "--as", "luca")
    assert ran.code == 5, ran.err


def test_leads_quotes_and_invoices_have_rows_too(shop: Crm) -> None:
    for noun in ("lead", "quote", "invoice"):
        ref = shop(noun, "add", "title=x").out.strip()
        ran = shop(noun, "products", "add", ref, "CONS", "--json")
        assert ran.code == 0, ran.out
        assert shop(noun, "show", ref, "--json").fields["amount"]["amount"] == "976.00"


def test_a_filter_finds_items_by_what_they_sell(shop: Crm) -> None:
    for where in ("products = P-1", "products = consulting", "products ~ trav", "Prodotti = P-1"):
        assert [item["ref"] for item in shop("deal", "list", "--where", where, "--json").json["items"]] == ["D-1"], (
            where
        )
    assert shop("deal", "list", "--where", "products = P-2", "--json").json["total"] == 0
    assert shop("deal", "list", "--where", "products is not empty", "--json").json["total"] == 1


def test_a_process_does_it_too(process: Crm) -> None:
    ran = process("deal", "products", "add", "D-1", "2 x Thing @ 10 -10% +22%", "--json")
    assert (ran.code, ran.json["totals"]["total"]) == (0, "21.96")
    ran = process("deal", "products", "D-1", env={"COLUMNS": "40"})
    assert ran.code == 0
    assert max(len(line) for line in ran.out.splitlines()) <= 40
    assert "Thing" in ran.out
    assert "21.96" in ran.out


def test_rows_go_along_into_what_is_made_of_an_item(shop: Crm) -> None:
    assert [shop("deal", "create", "D-1", noun).code for noun in ("quote", "invoice")] == [0, 0]
    for noun, ref in (("quote", "Q-1"), ("invoice", "INV-1")):
        told = shop(noun, "products", ref, "--json").json
        assert (told["rows"], told["amount_by_hand"]) == (rows(shop), False)
        assert shop(noun, "show", ref, "--json").fields["amount"]["amount"] == "2075.45"
    shop("deal", "edit", "D-1", "amount=2000")
    shop("deal", "create", "D-1", "quote", "--again")
    assert shop("quote", "show", "Q-2", "--json").fields["amount"]["amount"] == "2000.00"
    assert shop("quote", "products", "Q-2", "--json").json["amount_by_hand"] is True


# -- out of here -------------------------------------------------------------------------------------------------------
def test_a_csv_has_the_rows_in_a_cell_that_comes_in_again(shop: Crm, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    shop("deal", "edit", "D-1", "amount=5")
    columns = "title,stage,amount,products,manual_amount"
    assert shop("export", "deal", "--columns", columns, "--where", "title ~ website", "-o", str(path)).code == 0
    before = rows(shop)
    shop("deal", "delete", "D-1")
    assert shop("import", str(path), "--type", "deal").code == 0
    assert rows(shop, "D-4") == before
    assert shop("deal", "products", "D-4", "--json").json["amount_by_hand"] is True


def test_a_csv_can_have_a_line_a_row(shop: Crm) -> None:
    ran = shop("export", "deal", "--columns", "title", "--sort", "-title", "--products")
    found = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(one["ref"], one["product_ref"], one["product_name"], one["product_total"]) for one in found] == [
        ("D-1", "P-1", "Consulting", "1952.00"),
        ("D-1", "", "Travel", "123.45"),
        ("D-2", "", "", ""),
        ("D-3", "", "", ""),
    ]
    assert (found[0]["product_tax"], found[0]["product_tax_included"], found[0]["product_net"]) == (
        "22",
        "no",
        "1600.00",
    )
    assert ran.err == "3 items written\n"
    assert shop("export", "contact", "--products").code == 4
    assert shop("export", "deal", "--products", "--json").code == 2
