"""Texts as a search takes them: words without accents and case, digits of phone numbers, and where they stand in what is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import TypeAlias

import msgspec

from tuicrm.regex import regex

TextSpan: TypeAlias = tuple[int, int]
"""Where something begins and ends in a text."""

LEAST_DIGITS = 3
_MOST_DIGITS = 30
"""Digits from which on a number typed may be part of a phone number."""

_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "þ": "th",
        "ŋ": "n",
        "ĸ": "k",
    }
)
# Scripts without spaces between words: each of their characters counts as a word.
_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ASCII_WORD = regex(r"[^\W_]+", re.ASCII)
_NO_DIGITS = regex("[^0-9]+")
_PHONE_SIGNS = frozenset("0123456789 +-./()")
_LEAST_FULL, _LEAST_BARE = 7, 5


def fold(text: str) -> str:
    """A text as it is compared: case and accents do not matter."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    folded = fold(text)
    return _word(folded).findall(folded)


def _word(text: str) -> re.Pattern[str]:
    """What a word is in this text."""
    return _ASCII_WORD if text.isascii() else _any_word()


@cache
def _any_word() -> re.Pattern[str]:
    # 10 ms to make: not where all is ASCII.
    return re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+")


@cache
def _single() -> re.Pattern[str]:
    return re.compile(rf"[{_SINGLE}]")


def _alone(word: str) -> bool:
    """Whether a word begins with a character that is a word by itself."""
    return not word[:1].isascii() and _single().match(word) is not None


def digits(text: str) -> str:
    """The decimal digits of a text, as ASCII."""
    if text.isascii():
        return _NO_DIGITS.sub("", text)
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def phone_words(number: str) -> list[str]:
    """What a phone number is found by: each of its endings, for whoever types the last digits or leaves the prefix out, and the whole
    of it (`t…`), for whoever types a longer one that ends so."""
    found = digits(number.partition(";")[0])
    endings = [found[at:] for at in range(max(len(found) - LEAST_DIGITS + 1, 0))]
    return [*endings, f"t{found.lstrip('0')}"] if endings else []


class Chunk(msgspec.Struct, frozen=True):
    """What was typed without a space in it: its words (the last one may go on), its digits where it may be part of a phone number."""

    words: tuple[str, ...]
    digits: str = ""


class SoughtWords(msgspec.Struct, frozen=True):
    """What is looked for: all chunks, or one phone number that was typed with spaces in it."""

    chunks: tuple[Chunk, ...]
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.chunks)


def wanted(text: str) -> SoughtWords:
    """What a typed text looks for."""
    chunks = []
    for piece in text.split():
        found = tuple(words(piece))
        if found:
            chunks.append(Chunk(found, _phone(piece)))
    whole = _phone(text)
    return SoughtWords(tuple(chunks), whole if len(chunks) > 1 else "")


def _phone(text: str) -> str:
    found = digits(text)
    # E.164 has 15 at most; each digit more makes another form to look for.
    if not LEAST_DIGITS <= len(found) <= _MOST_DIGITS or not _PHONE_SIGNS.issuperset(text):
        return ""
    return found.removeprefix("00") if text.startswith("00") and len(found) > _LEAST_FULL else found


def phone_forms(typed: str) -> tuple[list[str], list[str]]:
    """For digits that were typed: with what a number's ending may begin, and what a whole number may be (see `phone_words`)."""
    bare = typed.lstrip("0")
    begins = [typed, bare] if bare != typed and len(bare) >= _LEAST_BARE else [typed]
    wholes = [f"t{typed[at:]}" for at in range(1, len(typed) - _LEAST_FULL + 1) if typed[at] != "0"]
    return begins, wholes


def holds_phone(typed: str, number: str) -> bool:
    """Whether a number is found by digits that were typed."""
    known = set(phone_words(number))
    begins, wholes = phone_forms(typed)
    return any(one in known for one in wholes) or any(word.startswith(one) for one in begins for word in known)


# -- where it stands ---------------------------------------------------------------------------------------------------
@lru_cache(maxsize=512)
def _pattern(tokens: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the words in a folded text: one after the other, the last one's beginning."""
    between = [r"[\W_]*" if _alone(a) or _alone(b) else r"[\W_]+" for a, b in pairwise(tokens)]
    begin = "" if _alone(tokens[0]) else r"(?<![^\W_])"
    parts = [re.escape(tokens[0])]
    for gap, token in zip(between, tokens[1:], strict=True):
        parts += [gap, re.escape(token)]
    return re.compile(begin + "".join(parts))


def holds(tokens: tuple[str, ...], folded: str) -> bool:
    """Whether a folded text holds the words of a chunk."""
    # Most texts do not even hold the letters: looking for them is ten times as fast.
    return tokens[0] in folded and _pattern(tokens).search(folded) is not None


def spans(text: str, looked_for: Sequence[str]) -> list[TextSpan]:
    """Where words of a text begin as one of `looked_for` (folded words): what is marked where it is shown."""
    found: list[TextSpan] = []
    for start, word in _shown_words(text):
        folded = fold(word)
        longest = max((len(one) for one in looked_for if folded.startswith(one)), default=0)
        if longest:
            found.append((start, start + _reach(word, longest)))
    return found


def _shown_words(text: str) -> Iterator[tuple[int, str]]:
    for match in _word(text).finditer(text):
        yield match.start(), match[0]


def _reach(word: str, folded: int) -> int:
    """How many characters of a word make so many of its folded form."""
    if len(fold(word)) == len(word):
        return folded
    return next((n for n in range(1, len(word) + 1) if len(fold(word[:n])) >= folded), len(word))


def excerpt(text: str, around: Sequence[TextSpan], most: int) -> str:
    """At most so many characters of a text, in one line, about the first of some places; `…` where something is left out."""
    line = " ".join(text.split()) if not text.isprintable() else text
    if len(line) <= most:
        return line
    begin = around[0][0] if around else 0
    start = max(min(begin - most // 3, len(line) - most), 0)
    space = line.find(" ", start, begin) + 1 if start else 0
    start = space or start
    cut = line[start : start + most]
    return f"{'…' if start else ''}{cut}{'…' if start + most < len(line) else ''}"


def digit_spans(text: str, typed: str) -> list[TextSpan]:
    """Where digits that were typed stand in a number as it is shown."""
    places = [at for at, c in enumerate(text) if c.isdecimal()]
    shown = digits(text)
    for one in (typed, typed.lstrip("0")):
        at = shown.find(one) if one else -1
        if at >= 0:
            return [(places[at], places[at + len(one) - 1] + 1)]
    return [(places[0], places[-1] + 1)] if places else []
