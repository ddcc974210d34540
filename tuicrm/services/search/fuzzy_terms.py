"""Words of names and other short texts that are like a typed one: those that hold it, and those with a slip or two."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.store.indexes import WordIndex

_LEAST = 3
_MOST = 30
_TWO_SLIPS_FROM = 6


class Spelling:
    """The words kept in the index, in memory from the first question on; new ones are read when it is asked again."""

    def __init__(self, index: WordIndex) -> None:
        self._index = index
        self._words: list[str] = []
        self._numbers: list[str] = []
        """Words without a letter: of many items each has one of its own, and nobody finds them by one that is like them."""
        self._last = 0
        self._lock = threading.Lock()

    def near(self, word: str) -> list[str]:
        """The words that are like it, the likest first; not itself, nor those that begin with it."""
        if len(word) < _LEAST:
            return []
        with self._lock:
            self._read()
            known, numbers = self._words, self._numbers
        if word.isdigit():
            return _holding(word, [*known, *numbers])
        return list(dict.fromkeys([*_misspelt(word, known), *_holding(word, known)]))[:_MOST]

    def _read(self) -> None:
        rows = list(self._index.spelt(self._last))
        if rows and rows[0][0] < self._last:
            self._words, self._numbers, self._last = [], [], 0  # made anew meanwhile
        elif rows:
            self._words = [*self._words, *(word for _number, word in rows if not word.isdigit())]
            self._numbers = [*self._numbers, *(word for _number, word in rows if word.isdigit())]
            self._last = rows[-1][0]


def _holding(word: str, known: list[str]) -> list[str]:
    """Words that hold it, other than at their beginning."""
    return [one for one in known if word in one and not one.startswith(word)][:_MOST]


def _misspelt(word: str, known: list[str]) -> list[str]:
    """Words of nearly the same letters, or that begin so: whoever is still typing has not come to the end."""
    if len(word) <= _LEAST:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
    found: dict[str, float] = {}
    for cut in (0, len(word), len(word) + 1):
        texts = [one[:cut] for one in known] if cut else known
        for _text, distance, at in process.extract(word, texts, scorer=OSA.distance, score_cutoff=slips, limit=_MOST):
            one = known[at]
            if not one.startswith(word):
                found[one] = min(distance + (0.5 if cut else 0), found.get(one, 9))
    return sorted(found, key=lambda one: (found[one], one))
