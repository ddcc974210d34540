"""Fields' values as values of documents: every kind of field has one, and nothing that a record may hold breaks it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.documents.of_fields import doc_value, person_name, value_kind
from tuicrm.domain.documents.printing import check_modifier, printed
from tuicrm.domain.documents.values import ListValue, NameValue, TextValue
from tuicrm.domain.kinds import KINDS
from tuicrm.domain.schema import Field, Option


class Named(NoNames):
    """A workspace in which everything is called something."""

    def person(self, key: str) -> str | None:
        return key.title()

    def item(self, ref: object) -> str | None:
        return f"The {ref}"

    def room(self, key: str) -> str | None:
        return key.title()


CONTEXT = Context(Named(), datetime(2026, 11, 23, tzinfo=UTC), language="it", locale="it_IT")
ROW = {"name": "Nails", "quantity": "2", "price": {"amount": "1.00", "currency": "EUR"}}
SAMPLES: dict[str, tuple[Any, str]] = {
    "string": ("a", "a"), "text": ("a\nb", "a\nb"), "integer": (2026, "2.026"), "number": ("1.50", "1,50"), "boolean": (True, "sì"),
    "date": ("2026-12-18", "18 dicembre 2026"), "datetime": ("2026-12-18T09:30:00Z", "18 dicembre 2026 09:30"),
    "duration": (90, "1:30"), "money": ({"amount": "5.00", "currency": "EUR"}, "5,00\xa0€"), "link": ("https://x.example",) * 2,
    "address": ({"city": "Monza", "country": "IT"}, "Monza, Italia"), "list": ("big", "Grande"),
    "file": ({"blob": "0" * 64, "name": "a.pdf", "size": 1}, "a.pdf"), "person": ("ada rossi", "Ada Rossi"),
    "item": ("company:7", "The company:7"), "dictionary": ("it", "it"),
    "phone": ({"value": "+390255550142", "type": "fax"}, "+39 02 5555 0142"),
    "email": ({"value": "a@b.example", "type": "home"}, "a@b.example"), "web": ({"value": "https://b.example"}, "https://b.example"),
    "messenger": ({"value": "@ada", "type": "telegram"}, "@ada"), "stage": ("new", "new"), "pipeline": ("general", "general"),
    "booking": (
        {"rooms": ["blue"], "start": "2026-12-18T23:30:00Z", "minutes": 60},
        "Blue: 18 dicembre 2026 23:30 – 19 dicembre 2026 00:30",
    ),
    "products": ([ROW, {**ROW, "name": "Screws"}], "Nails\nScrews"),
}  # fmt: skip


def field(kind: str) -> Field:
    return Field("x", kind, "X", options=[Option("big", {"en": "Big", "it": "Grande"})])


def test_every_kind_is_printed() -> None:
    """A new one is asked for here, and by its table (tests/test_kind_tables.py)."""
    assert set(SAMPLES) == set(KINDS)
    told = {kind: printed(doc_value(value, field(kind), CONTEXT), "", "it") for kind, (value, _text) in SAMPLES.items()}
    assert told == {kind: text for kind, (_value, text) in SAMPLES.items()}


@pytest.mark.parametrize(
    "kind", [kind for kind, traits in KINDS.items() if traits.can_be_several and not traits.holds_rows]
)
def test_several_are_printed_one_after_another(kind: str) -> None:
    value, text = SAMPLES[kind]
    found = doc_value([value, None, value], field(kind), CONTEXT)
    assert isinstance(found, ListValue)
    assert printed(found, "", "it") in (f"{text}, {text}", f"{text}\n{text}")


ODD: tuple[object, ...] = (
    "",
    [],
    {},
    [[]],
    [None, ""],
    0,
    1.5,
    True,
    "x",
    "company:x",
    {"value": None},
    {"amount": "NaN", "currency": "EUR"},
    {"blob": 7},
)
WRONG: tuple[object, ...] = (
    *ODD,
    {"rooms": 3, "start": "9999-12-31T23:59:00Z", "minutes": 10**9},
    {"start": "x"},
    "0001-01-01T00:00:00+14:00",
    {"city": [1]},
)


@pytest.mark.parametrize("kind", [*KINDS, "of-tomorrow"])
def test_whatever_a_record_holds_is_printed_or_nothing_is(kind: str) -> None:
    assert check_modifier(value_kind(field(kind)), "") is None
    for value in WRONG:
        for each in (value, [value], [value, value]):
            assert isinstance(printed(doc_value(each, field(kind), CONTEXT), "", "it"), str)


def test_a_reference_to_nothing_is_not_printed() -> None:
    unknown = Context(NoNames(), CONTEXT.now)
    for kind, value in (("item", "company:7"), ("item", "junk"), ("person", "ada"), ("file", "junk")):
        assert doc_value(value, field(kind), unknown) in (None, TextValue("ada"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Anna Maria Bianchi", NameValue(first="Anna Maria", last="Bianchi")),
        ("Madonna", NameValue(first="Madonna")),
        ("  ", None),
    ],
)
def test_a_name_of_one_text_is_taken_apart(text: str, parts: NameValue | None) -> None:
    assert person_name(text) == parts
