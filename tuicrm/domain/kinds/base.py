"""The contract of a field type. Values are kept in their JSON form everywhere; a kind knows how to read, check and show them."""

from __future__ import annotations

from typing import Any, Protocol

from tuicrm.domain.context import Context
from tuicrm.domain.matching import reader
from tuicrm.domain.money import decimal_of
from tuicrm.domain.schema import Field


class BadValue(ValueError):
    """A value that a kind refuses. The message says what is expected; `value` is what was given."""

    def __init__(self, message: str, value: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.value = value


class Kind(Protocol):
    """One field type. One object a kind, no state.

    Values (JSON form): string, text, link: str · integer: int · number: str of a Decimal · boolean: bool · date: "2026-12-18" ·
    datetime: "2026-12-18T09:30:00Z" · money: {"amount": "38000.00", "currency": "EUR"} · address: {line1, line2, city,
    postcode, region, province, country} · list, dictionary: option key · file: {"blob", "name", "size"} · person: person key ·
    item: "company:7" · phone: {"value": "+390255550142", "typed": "02 5555 0142", "type": "work"} · email, web, messenger:
    {"value", "type"} · booking: {"rooms": ["blue"], "start": "2027-01-12T09:00:00Z", "minutes": 60} · products: a list of rows
    (`domain/products.py`). A field with `many` holds a list of these; None, "" and [] are empty.
    """

    name: str

    def parse(self, text: str, field: Field, context: Context) -> Any:
        """What a person typed, as one value (None for empty text). Raises BadValue with what is expected."""

    def read(self, value: object, field: Field, context: Context) -> Any:
        """Check and normalise one value already in JSON form (JSON input, imports, old records). Raises BadValue."""

    def format(self, value: object, field: Field, context: Context) -> str:
        """One value for people, or in canonical form when the context says so; never raises."""

    def edit(self, value: object, field: Field, context: Context) -> str:
        """One value as an editor offers it for changing: `parse` reads it back to the same value."""

    def comparable(self, value: object) -> Any:
        """One value as `conditions.Test.value` has it: the same type for all values, None when it has none.

        Money gives (Decimal, currency); matching converts it."""


class Compared:
    """Mixed into kinds: values compare just as filters and stores compare them."""

    name = ""

    def comparable(self, value: object) -> Any:
        """One value as `matching.reader` reads it for the kind; None when it has none."""
        return reader(self.name)(value)


def setting(field: Field, name: str) -> int | None:
    """A field's setting that is a whole number of at least 0; None when it has none. Imports bring others' oddities."""
    number = decimal_of(field.settings.get(name))
    return int(number) if number is not None and number >= 0 else None
