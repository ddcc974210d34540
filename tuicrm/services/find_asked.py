"""A question to the search index: what each thing typed may be, as data and as FTS5 is asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tuicrm.domain.words import Chunk, holds, phone_forms
from tuicrm.services.search_index import link_word


class Alternatives(NamedTuple):
    """What one chunk may be: itself, words spelt nearly so, values that point at what is named so."""

    chunk: Chunk
    near: tuple[str, ...] = ()
    values: frozenset[tuple[str, str]] = frozenset()
    """`("person", "anna")`, `("option", "source/web")`."""


class Asked(NamedTuple):
    """A whole question: chunks with what each may be, and the phone number that all of it may be."""

    parts: tuple[Alternatives, ...]
    phone: str = ""


def expression(asked: Asked, columns: Sequence[str]) -> str:
    """What FTS5 is asked. Words are letters and digits alone, so that quoting them is all there is to do."""
    every = " AND ".join(f"({_alternatives(part, columns)})" for part in asked.parts)
    where = "{" + " ".join(columns) + "}"
    whole = f"{where} : ({every})"
    if asked.phone and "phone" in columns:
        return f"({whole}) OR ({where} : ({_phone(asked.phone)}))"
    return whole


def _alternatives(part: Alternatives, columns: Sequence[str]) -> str:
    *before, last = part.chunk.words
    either = [" AND ".join((*(f'"{word}"' for word in before), f'"{last}" *'))]
    either += [f'"{word}"' for word in part.near]
    if part.chunk.digits:
        either.append(_phone(part.chunk.digits))
    if "links" in columns:
        either += [f'"{link_word(kind, value)}"' for kind, value in part.values]
    return " OR ".join(f"({one})" for one in either)


def _phone(typed: str) -> str:
    begins, wholes = phone_forms(typed)
    return " OR ".join((*(f'"{one}" *' for one in begins), *(f'"{one}"' for one in wholes)))


def holds_any(either: Sequence[tuple[str, ...]], folded: str) -> bool:
    return any(holds(words, folded) for words in either)
