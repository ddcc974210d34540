"""A question to the search index: what each thing typed may be, as data and as FTS5 is asked for it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tuicrm.domain.words import Chunk, holds, phone_forms
from tuicrm.services.search_index import link_word


class Alternatives(msgspec.Struct, frozen=True):
    """What one chunk may be: itself, words spelt nearly so, values that point at what is named so."""

    chunk: Chunk
    near: tuple[str, ...] = ()
    values: frozenset[tuple[str, str]] = frozenset()
    """`("person", "anna")`, `("option", "source/web")`."""


class Asked(msgspec.Struct, frozen=True):
    """A whole question: chunks with what each may be, and the phone number that all of it may be."""

    parts: tuple[Alternatives, ...]
    phone: str = ""


def expression(asked: Asked, columns: Sequence[str]) -> str:
    """What FTS5 is asked. Words are letters and digits alone, so that quoting them is all there is to do.

    Numbers are looked for as such (`phone`) from so many digits on as may be part of one; every number begins as "t" and ends in some
    digit, so that the beginning of a word is looked for everywhere else."""
    texts, numbers = [name for name in columns if name != "phone"], "phone" in columns
    every = " AND ".join(f"({_alternatives(part, texts, numbers=numbers)})" for part in asked.parts)
    return f"({every}) OR {_phone(asked.phone)}" if asked.phone and numbers else every


def _alternatives(part: Alternatives, texts: Sequence[str], *, numbers: bool) -> str:
    *before, last = part.chunk.words
    either = [" AND ".join((*(f'"{word}"' for word in before), f'"{last}" *'))]
    either += [f'"{word}"' for word in part.near]
    if "links" in texts:
        either += [f'"{link_word(kind, value)}"' for kind, value in part.values]
    where = "{" + " ".join(texts) + "}"
    found = f"({where} : ({' OR '.join(f'({one})' for one in either)}))"
    return f"{found} OR {_phone(part.chunk.digits)}" if numbers and part.chunk.digits else found


def _phone(typed: str) -> str:
    begins, wholes = phone_forms(typed)
    either = " OR ".join((*(f'"{one}" *' for one in begins), *(f'"{one}"' for one in wholes)))
    return f"(phone : ({either}))"


def holds_any(either: Sequence[tuple[str, ...]], folded: str) -> bool:
    """Whether a folded text holds all the words of one of the alternatives."""
    return any(holds(words, folded) for words in either)
