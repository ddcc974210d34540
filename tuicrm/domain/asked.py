"""A question to a search as data: what each thing typed may be. A store translates it into its own."""

from __future__ import annotations

from msgspec import Struct

from tuicrm.digests import blake2b
from tuicrm.domain.words import Chunk


class Alternatives(Struct, frozen=True):
    """What one chunk may be: itself, words spelt nearly so, values that point at what is named so."""

    chunk: Chunk
    near: tuple[str, ...] = ()
    values: frozenset[tuple[str, str]] = frozenset()
    """`("person", "anna")`, `("option", "source/web")`."""


class SearchQuery(Struct, frozen=True):
    """A whole question: chunks with what each may be, and the phone number that all of it may be."""

    parts: tuple[Alternatives, ...]
    phone: str = ""


def link_word(kind: str, value: str) -> str:
    """The word that stands for pointing at something: a person's key, a stored ref, an option (`field/key`). Nobody types it."""
    return "x" + blake2b(f"{kind}\0{value}".encode("utf-8", "surrogatepass"), digest_size=7).hexdigest()
