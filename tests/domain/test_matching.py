"""What conditions and sort keys mean, case by case."""

from decimal import Decimal
from typing import Any

import pytest

from tuicrm.domain.conditions import ALWAYS, NEVER, And, Condition, Empty, Not, OneOf, Or, Search, Sort, Test
from tuicrm.domain.kinds import kind_of
from tuicrm.domain.matching import comparable_of, matcher, reader, sort_key

RATES = {"EUR": "1", "USD": "0.5"}
DEAL: dict[str, Any] = {
    "title": "ERP Connector",
    "amount": {"amount": "1000.00", "currency": "USD"},
    "unrated": {"amount": "1.00", "currency": "GBP"},
    "stage": "new",
    "done": False,
    "count": 0,
    "rate": "7.50",
    "close_date": "2026-12-18",
    "contacts": ["contact:1", "contact:2"],
    "phones": [{"value": "+390255550142", "typed": "02 5555 0142", "type": "work"}],
    "emails": [{"value": "Anna@Rossi.it", "type": "work"}],
    "address": {"line1": "Via Roma 1", "city": "Milano", "postcode": "20100"},
    "tags": [],
    "comment": "",
}


def money(op: Any, value: str, path: str = "amount") -> Test:
    return Test(path, "money", op, Decimal(value), RATES)


HOLD: list[Condition] = [
    ALWAYS,
    Test("title", "string", "=", "erp connector"),
    Test("title", "string", "~", "conn"),
    Test("title", "string", "!=", "erp"),
    money("=", "500"),
    money(">", "499.99"),
    money("!=", "1000"),
    OneOf("amount", "money", (Decimal(500),), RATES),
    Test("amount.currency", "string", "=", "usd"),
    Test("done", "boolean", "=", False),
    Test("count", "integer", "<=", 0),
    Test("rate", "number", "=", Decimal("7.5")),
    Test("close_date", "date", "<", "2027-01-01"),
    Test("contacts", "item", "=", "contact:2"),
    OneOf("stage", "stage", ("won", "new")),
    Test("missing", "string", "!=", "x"),
    Test("emails", "email", "=", "anna@rossi.it"),
    Test("phones", "phone", "=", "+390255550142"),
    Test("phones", "phone", "~", "0255 550"),
    Test("phones.type", "string", "=", "work"),
    Test("address", "address", "~", "milano"),
    Search("rossi", ("title", "emails")),
    Search("02 5555", ("phones",)),
    Empty("tags"),
    Empty("comment"),
    Empty("nothing.at.all"),
    Not(Empty("done")),
    Not(Empty("count")),
    And((Test("stage", "stage", "=", "new"), Not(NEVER))),
    Or((NEVER, ALWAYS)),
]
FAIL: list[Condition] = [
    NEVER,
    money(">", "500"),
    money("=", "1000"),
    money("!=", "5", "unrated"),
    money("<", "999", "unrated"),
    money("<", "999", "missing"),
    Test("contacts", "item", "!=", "contact:2"),
    Test("contacts", "item", "=", "contact"),
    Test("stage", "integer", "<", 5),
    Test("missing", "string", "=", ""),
    Test("missing", "date", "<", "2099-01-01"),
    OneOf("missing", "list", ("a",)),
    OneOf("stage", "stage", ()),
    Search("work", ("emails", "phones")),
    Search("02 555 6", ("phones",)),
    Search("erp", ("stage", "nothing")),
    Empty("title"),
    Or(()),
]


@pytest.mark.parametrize("condition", HOLD, ids=repr)
def test_holds(condition: Condition) -> None:
    assert matcher(condition)(DEAL)


@pytest.mark.parametrize("condition", FAIL, ids=repr)
def test_fails(condition: Condition) -> None:
    assert not matcher(condition)(DEAL)


def test_digits_of_a_search_are_looked_for_in_phones_only() -> None:
    assert not matcher(Search("12 34 5", ("title",)))({"title": "part 12345"})


@pytest.mark.parametrize(
    ("kind", "value", "comparable"),
    [
        ("string", "Straße", "strasse"),
        ("string", 5, None),
        ("integer", True, None),
        ("money", {"amount": "3", "currency": "USD"}, Decimal("1.5")),
        ("money", {"amount": "3", "currency": "GBP"}, None),
        ("address", {"city": "Milano", "line1": "Via Roma"}, "via roma, milano"),
        ("file", {"name": "Offer.PDF", "blob": "ab", "size": 1}, "offer.pdf"),
        ("email", {"value": "", "type": "work"}, None),
    ],
)
def test_comparables(kind: str, value: Any, comparable: Any) -> None:
    assert comparable_of(kind, value, RATES) == comparable


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", "Straße"),
        ("link", "https://Example.com"),
        ("integer", 7),
        ("number", "7.50"),
        ("boolean", False),
        ("date", "2026-12-18"),
        ("datetime", "2026-12-18T09:30:00Z"),
        ("list", "Key"),
        ("dictionary", "Key"),
        ("person", "anna"),
        ("item", "company:7"),
        ("money", {"amount": "3.00", "currency": "USD"}),
        ("phone", {"value": "+390255550142", "typed": "02 5555 0142", "type": "work"}),
        ("email", {"value": "Anna@rossi.it", "type": "work"}),
        ("web", {"value": "https://Rossi.it", "type": "work"}),
        ("messenger", {"value": "@Anna", "type": "telegram"}),
        ("file", {"blob": "ab", "name": "Offer.pdf", "size": 3}),
    ],
)
def test_kinds_compare_as_matching_does(kind: str, value: Any) -> None:
    assert kind_of(kind).comparable(value) == reader(kind)(value) is not None


def order(docs: dict[int, dict[str, Any]], *sorts: Sort) -> list[int]:
    key = sort_key(sorts)
    return sorted(docs, key=lambda item_id: key(docs[item_id], item_id))


def test_nulls_come_last_in_both_directions_and_the_id_is_the_last_key() -> None:
    docs: dict[int, dict[str, Any]] = {3: {"n": "b"}, 1: {}, 4: {"n": "B"}, 2: {"n": "a"}, 5: {"n": []}}
    assert order(docs, Sort("n", "string")) == [2, 3, 4, 1, 5]
    assert order(docs, Sort("n", "string", descending=True)) == [3, 4, 2, 1, 5]


def test_several_sort_keys() -> None:
    docs: dict[int, dict[str, Any]] = {
        1: {"s": "a", "m": {"amount": "1", "currency": "EUR"}},
        2: {"s": "a", "m": {"amount": "3", "currency": "USD"}},
        3: {"s": "A", "m": {"amount": "9", "currency": "GBP"}},
        4: {"s": "0"},
    }
    assert order(docs, Sort("s", "string"), Sort("m", "money", True, RATES)) == [4, 2, 1, 3]
