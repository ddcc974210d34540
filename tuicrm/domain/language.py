"""The words of the filter language, in each language that ships. English always works; a person's own works for them beside it.

What is kept is kept in English (`filters.in_english`), so that everyone can read it. Days and hours have their words in
`domain/kinds/moments.py`, where everything that is typed has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

ENGLISH = "en"

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    ENGLISH: {
        "and": ("and",),
        "or": ("or",),
        "not": ("not",),
        "in": ("in",),
        "is": ("is",),
        "empty": ("empty",),
        "me": ("me",),
        "yes": ("yes",),
        "no": ("no",),
        "today": ("today",),
    },
    "it": {
        "and": ("e", "ed"),
        "or": ("o", "od", "oppure"),
        "not": ("non",),
        "in": ("in", "tra"),
        "is": ("è", "é", "e'", "sono"),
        "empty": ("vuoto", "vuota", "vuoti", "vuote"),
        "me": ("io", "me"),
        "yes": ("sì", "si"),
        "no": ("no",),
        "today": ("oggi",),
    },
}
"""By language, what stands for each word of the language; the first is the one that is offered."""

_JOINTS = ("and", "or", "not", "in", "is", "empty")


def _code(language: str) -> str:
    return language.partition("_")[0]


@cache
def keywords(language: str) -> Mapping[str, str]:
    """What a person may write for the words that hold a filter together: theirs, and English → English."""
    own = WORDS.get(_code(language), {})
    local = {word: english for english in _JOINTS for word in own.get(english, ())}
    return {**local, **{english: english for english in _JOINTS}}


@cache
def all_keywords() -> frozenset[str]:
    """Those of all languages: as values they stand in quotes."""
    return frozenset(word for language in WORDS for word in keywords(language) if keywords(language)[word] != "empty")


def own(english: str, language: str) -> str:
    """A word as this person's language has it."""
    return (WORDS.get(_code(language), {}).get(english) or (english,))[0]


@cache
def every(english: str) -> frozenset[str]:
    """A word in all languages."""
    return frozenset(word for words in WORDS.values() for word in words[english])
