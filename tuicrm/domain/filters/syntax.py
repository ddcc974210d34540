"""What a filter says, before anybody knows what its names mean. Every node knows where it stands in the text."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from tuicrm.domain.filters.tokens import as_word, quote
from tuicrm.regex import regex

_AMOUNT = regex(r"[+-]?\d[\d.]* [A-Z]{3}")


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


def unparse(node: Node) -> str:
    """The canonical text: parsed again it says the same, and unparses to the same text."""
    match node:
        case Comparison(field=field, operator=operator, value=value):
            return f"{_word(field)} {operator} {_value(value)}"
        case Membership(field=field, values=values, negated=negated):
            return f"{_word(field)} {'not in' if negated else 'in'} ({', '.join(map(_value, values))})"
        case Emptiness(field=field, negated=negated):
            return f"{_word(field)} is {'not empty' if negated else 'empty'}"
        case Phrase(word=word):
            return _word(word)
        case Negation(part=part):
            return f"not {_within(part, (Conjunction, Disjunction))}"
        case Conjunction(parts=parts):
            return " and ".join(_within(part, (Disjunction,)) for part in parts)
        case Disjunction(parts=parts):
            return " or ".join(_within(part, ()) for part in parts)


def _within(part: Node, loose: tuple[type, ...]) -> str:
    text = unparse(part)
    return f"({text})" if isinstance(part, loose) else text


def _word(word: Word) -> str:
    return quote(word.text) if word.quoted else as_word(word.text)


def _value(word: Word) -> str:
    # `1000 USD` is one value without quotes (`parse.py`).
    return word.text if not word.quoted and _AMOUNT.fullmatch(word.text) else _word(word)
