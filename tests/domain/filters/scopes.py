"""A small workspace for the tests of filters: deals with two pipelines, people, a dictionary, companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tuicrm.domain.context import Choice, Context
from tuicrm.domain.filters import Scope
from tuicrm.domain.items import Ref
from tuicrm.domain.money import Rates
from tuicrm.domain.schema import Dictionary, Field, Option, Pipeline, Stage

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
"""In Rome it is half past midnight on the 24th."""

COMPANIES = {7: "Rossi Srl", 8: "Ferrari Legnami", 9: "Rossi e figli", 10: "Twin", 11: "Twin"}
PEOPLE = [
    Choice("anna", "Anna Bianchi", "anna@x.it"),
    Choice("mc", "Marco Conti"),
    Choice("mc2", "Marco Conti", "m2@x.it"),
]
SOURCES = Dictionary("source", "Source", [Option("web", {"en": "Website", "it": "Sito"}), Option("fair", "Trade fair")])


class FakeNames:
    def person(self, key: str) -> str | None:
        return next((person.label for person in PEOPLE if person.key == key), None)

    def people(self) -> Sequence[Choice]:
        return PEOPLE

    def item(self, ref: Ref) -> str | None:
        return COMPANIES.get(ref.id)

    def fields(self, ref: Ref) -> Mapping[str, Any] | None:
        return None

    def show_ref(self, ref: Ref) -> str:
        return f"CO-{ref.id}"

    def read_ref(self, text: str) -> Ref | None:
        prefix, _, number = text.upper().partition("-")
        kind = {"CO": "company", "C": "contact"}.get(prefix)
        return Ref(kind, int(number)) if kind and number.isdecimal() else None

    def items(self, text: str, targets: Sequence[str]) -> Sequence[Choice]:
        wanted = text.casefold()
        return [Choice(f"company:{n}", name, f"CO-{n}") for n, name in COMPANIES.items() if name.casefold() == wanted]

    def room(self, key: str) -> str | None:
        return {"blue": "Blue", "car": "Red car"}.get(key)

    def rooms(self) -> Sequence[Choice]:
        return [Choice("blue", "Blue"), Choice("car", "Red car")]

    def dictionary(self, key: str) -> Dictionary | None:
        return SOURCES if key == "source" else None


def find_items(text: str, targets: Sequence[str]) -> list[str]:
    return [f"company:{n}" for n, name in COMPANIES.items() if text in name.casefold() and "company" in targets]


def field(key: str, kind: str, label: Any = "", **more: Any) -> Field:
    return Field(key, kind, label or key.capitalize(), **more)


FIELDS = [
    field("title", "string", {"en": "Title", "it": "Titolo"}),
    field("amount", "money", {"en": "Amount", "it": "Importo"}),
    field("currency", "string", derived="amount.currency"),
    field("probability", "integer"),
    field("rate", "number"),
    field("open_to_all", "boolean"),
    field("close_date", "date", {"en": "Expected close", "it": "Chiusura prevista"}),
    field("created", "datetime"),
    field("stage", "stage"),
    field("pipeline", "pipeline"),
    field("company", "item", targets=["company"]),
    field("responsible", "person"),
    field("source", "dictionary", dictionary="source"),
    field("colour", "list", options=[Option("r", "Red"), Option("r2", "Red", retired=True), Option("b", "Blue")]),
    field("phones", "phone", many=True),
    field("emails", "email", many=True),
    field("site", "web"),
    field("one", "string", "Twice"),
    field("two", "string", "Twice"),
]
PIPELINES = [
    Pipeline(
        "retail",
        "deal",
        "Retail",
        [
            Stage("new", {"en": "New", "it": "Nuovo"}, "blue"),
            Stage("p", "Proposal", "blue"),
            Stage("w", "Won", "green"),
        ],
    ),
    Pipeline(
        "bulk",
        "deal",
        "Wholesale",
        [Stage("new", "New", "blue"), Stage("q", "Proposal", "blue"), Stage("p", "Paid", "red")],
    ),
]


def make_scope() -> Scope:
    context = Context(FakeNames(), NOW, ZoneInfo("Europe/Rome"), country="IT", me="anna", canonical=True)
    return Scope({one.key: one for one in FIELDS}, PIPELINES, Rates("EUR", {"USD": "0.5"}), context, find_items)
