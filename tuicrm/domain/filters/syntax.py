"""What a filter says, before anybody knows what its names mean. Every node knows where it stands in the text."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Word(Struct, frozen=True):
    """A name or a value. What was `quoted` is never a word of the language (`me`, `today`)."""

    text: str
    start: int
    end: int
    quoted: bool = False


class Comparison(Struct, frozen=True):
    """`field operator value`; the operator is one of `tokens.OPERATORS`."""

    field: Word
    operator: str
    operator_at: int
    value: Word
    start: int
    end: int


class Membership(Struct, frozen=True):
    """`field in (a, b)`, `field not in (…)`."""

    field: Word
    values: tuple[Word, ...]
    negated: bool
    start: int
    end: int


class Emptiness(Struct, frozen=True):
    """`field is empty`, `field is not empty`."""

    field: Word
    negated: bool
    start: int
    end: int


class Phrase(Struct, frozen=True):
    """A bare word or a quoted text: searched everywhere."""

    word: Word
    start: int
    end: int


class Negation(Struct, frozen=True):
    """`not` before a part."""

    part: Node
    start: int
    end: int


class Conjunction(Struct, frozen=True):
    """Two or more parts that all hold; no parts for the empty filter."""

    parts: tuple[Node, ...]
    start: int
    end: int


class Disjunction(Struct, frozen=True):
    """Two or more parts of which one holds."""

    parts: tuple[Node, ...]
    start: int
    end: int


Node: TypeAlias = Comparison | Membership | Emptiness | Phrase | Negation | Conjunction | Disjunction
