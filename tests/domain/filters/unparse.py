"""A filter's syntax back to text: parsed again it says the same, which is how tests know that nothing was lost in parsing."""

from __future__ import annotations

import re

from tuicrm.domain.filters import parse
from tuicrm.domain.filters.syntax import (
    Comparison,
    Conjunction,
    Disjunction,
    Emptiness,
    Membership,
    Negation,
    Node,
    Phrase,
    Word,
)
from tuicrm.domain.filters.tokens import as_word, quote

_AMOUNT = re.compile(r"[+-]?\d[\d.]* [A-Z]{3}")


def canonical(text: str, language: str = "en") -> str:
    """The same filter, written as everybody writes it. Raises UsageError."""
    return unparse(parse(text, language))


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
