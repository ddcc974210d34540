"""Items and refs: the records that people work on, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    def read(cls, value: object) -> Ref | None:
        """The same from what a record holds; None for anything else."""
        try:
            return cls.parse(value) if isinstance(value, str) else None
        except ValueError:
            return None


class Item(Struct, frozen=True):
    """One record as the person asking may see it: `fields` holds JSON-form values by key (see `domain/kinds`)."""

    type: str
    id: int
    rev: int
    fields: dict[str, Any]

    @property
    def ref(self) -> Ref:
        """What other items and people name it by."""
        return Ref(self.type, self.id)

    def get(self, key: str) -> Any:
        """A field's value in JSON form; None for an empty or unknown one."""
        return self.fields.get(key)


class Walk:
    """The items of a filter in order, all of one type, and where one of them stands: for going from card to card (`[`, `]`)."""

    def __init__(self, type_key: str = "", ids: Sequence[int] = ()) -> None:
        self._type = type_key
        self._ids = ids
        self._last = 0

    def __len__(self) -> int:
        return len(self._ids)

    def place(self, ref: Ref) -> int:
        """Counted from 0; -1 when it is not among them. Asked again for the same one, it is not looked for again."""
        ids = self._ids
        if ref.type != self._type:
            return -1
        if not (self._last < len(ids) and ids[self._last] == ref.id):
            try:
                self._last = ids.index(ref.id)
            except ValueError:
                return -1
        return self._last

    def beside(self, ref: Ref, step: int) -> Ref | None:
        """The item so many places on; None beyond the ends, and beside what is not among them."""
        place = self.place(ref)
        there = place + step
        if place < 0 or not 0 <= there < len(self._ids):
            return None
        try:
            return Ref(self._type, self._ids[there])
        except IndexError:  # others took some away since
            return None


class MixedWalk(Walk):
    """Items of several types in order: what a search found, what is related."""

    def __init__(self, refs: Iterable[Ref]) -> None:
        super().__init__()
        self._refs = list(dict.fromkeys(refs))

    def __len__(self) -> int:
        return len(self._refs)

    def place(self, ref: Ref) -> int:
        """Where an item stands, from 0; -1 for anything else."""
        return self._refs.index(ref) if ref in self._refs else -1

    def beside(self, ref: Ref, step: int) -> Ref | None:
        """The item so many steps on (or back, below 0); None past the ends."""
        place = self.place(ref)
        there = place + step
        return self._refs[there] if place >= 0 and 0 <= there < len(self._refs) else None
