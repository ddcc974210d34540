"""The kinds of value that a placeholder can stand for. A value knows no language: `printing.py` makes text of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

ValueKind: TypeAlias = Literal["text", "number", "money", "date", "moment", "name", "address", "picture", "flag"]
"""What a placeholder's value is; it says which modifiers make sense."""


class TextValue(Struct, frozen=True):
    """A text as it is; newlines and tabs are the document's."""

    text: str


class NumberValue(Struct, frozen=True):
    """A number without a currency, with the decimals that it has; `unit` is what it counts (`%`)."""

    number: Decimal
    unit: str = ""


class MoneyValue(Struct, frozen=True):
    """An amount of one currency (ISO 4217 code)."""

    amount: Decimal
    currency: str


class DateValue(Struct, frozen=True):
    """A day."""

    day: date


class MomentValue(Struct, frozen=True):
    """A moment, on the person's clock. `as_day`: without a modifier its day alone is printed."""

    when: datetime
    as_day: bool = False


class NameValue(Struct, frozen=True):
    """Somebody's name in its parts; `title` is what stands before it (Dr, Mrs)."""

    title: str = ""
    first: str = ""
    second: str = ""
    last: str = ""


class AddressValue(Struct, frozen=True):
    """A postal address by its parts (`kinds/declared.py`, ADDRESS_PARTS); the country is an ISO code, or a name."""

    parts: Mapping[str, str]


class PictureValue(Struct, frozen=True):
    """A file that is kept as a blob: a picture where its content is one, else no more than its name."""

    blob: str
    name: str


class FlagValue(Struct, frozen=True):
    """Yes or no."""

    yes: bool


OneValue: TypeAlias = (
    TextValue | NumberValue | MoneyValue | DateValue | MomentValue | NameValue | AddressValue | PictureValue | FlagValue
)


class ListValue(Struct, frozen=True):
    """Several values of one kind; each is printed alike, with `between` between them."""

    values: tuple[OneValue, ...]
    between: str = ", "


DocValue: TypeAlias = OneValue | ListValue
