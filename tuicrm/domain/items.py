"""Items and refs: the records that people work on, as plain data."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import Struct


class Ref(NamedTuple):
    """What names an item: its type's key and its id. Stored as `deal:42`; people read and type `D-42`."""

    type: str
    id: int

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read the stored form. Raises ValueError on anything else."""
        kind, colon, number = text.partition(":")
        if not colon or not kind or not number.isascii() or not number.isdigit():
            raise ValueError(text)
        return cls(kind, int(number))

    @classmethod
    def read(cls, value: Any) -> Ref | None:
        """The same from what a record holds; None for anything else."""
        try:
            return cls.parse(value)
        except (AttributeError, ValueError):
            return None


class Item(Struct, frozen=True):
    """One record as the person asking may see it: `fields` holds JSON-form values by key (see `domain/kinds`)."""

    type: str
    id: int
    rev: int
    fields: dict[str, Any]

    @property
    def ref(self) -> Ref:
        return Ref(self.type, self.id)

    def get(self, key: str) -> Any:
        return self.fields.get(key)
