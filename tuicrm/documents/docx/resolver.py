"""Who knows the values: what the engine asks while it fills."""

from __future__ import annotations

from typing import Protocol


class Resolver(Protocol):
    """Knows what each name stands for. It is told what is printed by being asked for it, in the order of the document.

    `row` is the index in the list that the name belongs to; None outside its rows, and for names of no list. It is always one that
    the list has.
    """

    def text(self, name: str, modifier: str, row: int | None) -> str:
        """What is printed: "" for what is unknown or empty. Line ends and tabs are kept; it is never read as a placeholder."""

    def list_of(self, name: str) -> str | None:
        """The list that a name belongs to: `Products` for `ProductsProductName`, and for `Products` itself; None for other names."""

    def count(self, list_name: str) -> int:
        """How many rows a list has."""

    def holds(self, name: str, row: int | None) -> bool:
        """Whether a name has a value: what `{#Name}` asks."""

    def picture(self, name: str, row: int | None) -> bytes | None:
        """A PNG or JPEG file; None takes the picture away."""
