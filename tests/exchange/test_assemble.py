"""Cells of a row become one item's values."""

from __future__ import annotations

from tests.exchange.types import COMPANY, CONTACT, DEAL
from tuicrm.exchange.assemble import Problem, assemble, split_name
from tuicrm.exchange.column_styles import ColumnStyle
from tuicrm.exchange.mapping import guess_mapping


def test_columns_of_one_field_are_put_together() -> None:
    columns = ["Name", "address.line1", "address.city", "phone.work", "phone.mobile", "email", "web"]
    row = dict(zip(columns, ["Agrolait", "2nd Avenue", "New York", "1234567", "415", "", "agrolait.com"], strict=True))
    values, problems = assemble(guess_mapping(columns, COMPANY, ()), COMPANY, row, {}, "EUR")
    assert problems == ()
    assert values == {
        "title": "Agrolait",
        "address": {"line1": "2nd Avenue", "city": "New York"},
        "phone": [
            {"value": "1234567", "typed": "1234567", "type": "work"},
            {"value": "415", "typed": "415", "type": "mobile"},
        ],
        "web": [{"value": "agrolait.com", "type": "work"}],
    }


def test_an_amount_takes_its_currency_from_its_column_else_the_given_one() -> None:
    mapping = guess_mapping(["amount", "amount.currency"], DEAL, ())
    row = {"amount": "1.000,50", "amount.currency": "usd"}
    assert assemble(mapping, DEAL, row, {"amount": ColumnStyle("dmy", ",")}, "EUR").values == {
        "amount": {"amount": "1000.50", "currency": "USD"}
    }
    assert assemble(mapping, DEAL, {"amount": "5"}, {}, "EUR").values == {"amount": {"amount": "5", "currency": "EUR"}}
    assert assemble(mapping, DEAL, {"amount.currency": "usd"}, {}, "EUR").values == {}


def test_bad_cells_are_told_and_the_good_ones_stay() -> None:
    mapping = guess_mapping(["title", "close_date"], DEAL, ())
    values, problems = assemble(mapping, DEAL, {"title": "x", "close_date": "soon"}, {}, "EUR")
    assert values == {"title": "x"}
    assert problems == (Problem("close_date", "close_date", "soon", "a date is expected, such as 2026-12-18"),)


def test_a_multi_valued_field_takes_what_semicolons_part() -> None:
    assert assemble(guess_mapping(["tags"], DEAL, ()), DEAL, {"tags": "a; b;"}, {}, "EUR").values == {
        "tags": ["a", "b"]
    }


def test_names_of_people_are_cut_before_the_last_word() -> None:
    assert split_name("Ada Maria Byron", CONTACT) == {"first_name": "Ada Maria", "last_name": "Byron"}
    assert split_name("Bob", CONTACT) == {"first_name": "Bob"}
    assert split_name("Rossi & C. Srl", COMPANY) == {"title": "Rossi & C. Srl"}
