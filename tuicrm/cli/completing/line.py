"""A command line that is still being typed, read as its shell reads it: quotes that are not closed yet, backslashes, words."""

from __future__ import annotations

from typing import NamedTuple

BREAKS = " \t\n\"'><=;|&(:"
"""Where bash begins a new word to complete (its COMP_WORDBREAKS), unless it was told otherwise."""

_ENDS = frozenset(";|&\n")
"""Behind these begins another command."""


class ShellLine(NamedTuple):
    """`words` stand before the word that is being typed (the program's own name left out), `word` is that one, unquoted.

    `kept` of it (unquoted too) stands before what the shell would replace; `quote` is the quote that is open in it, or ""."""

    words: list[str]
    word: str
    kept: str = ""
    quote: str = ""


def of_words(words: list[str]) -> ShellLine:
    """Of words that the shell has taken apart; the last one is as it was typed."""
    word, quote, _places = _unquoted(words[-1])
    return ShellLine(words[:-1], word, quote=quote)


def of_bash(text: str, breaks: str = BREAKS) -> ShellLine:
    """Of the line up to the cursor."""
    raw = _split(text)
    words = [_unquoted(one)[0] for one in raw]
    word, quote, places = _unquoted(raw[-1])
    # Where a quote is open bash replaces all behind it, else what stands behind the last of its breaks.
    begin = max((at for at, outside, sign in places if outside and sign in breaks), default=0)
    if quote:
        begin = max((at for at, _outside, sign in places if sign == "\0"), default=begin)
    return ShellLine(words[1:-1], word, word[:begin], quote)


def _split(text: str) -> list[str]:
    """The words as they were typed, the last one (perhaps empty) being typed; of several commands the last."""
    words, word, quote, at = list[str](), "", "", 0
    while at < len(text):
        sign = text[at]
        if sign == "\\" and quote != "'":
            word += text[at : at + 2]
            at += 2
            continue
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in _ENDS:
            words, word, at = [], "", at + 1
            continue
        elif sign.isspace():
            if word:
                words.append(word)
            word, at = "", at + 1
            continue
        word += sign
        at += 1
    return [*words, word]


def _unquoted(raw: str) -> tuple[str, str, list[tuple[int, bool, str]]]:
    """A word without its quotes, the quote that is still open, and what stands where: for each sign the place behind it in the word,
    whether it stood outside of quotes, and itself (`\\0` for an opening quote)."""
    word, quote, at = "", "", 0
    places: list[tuple[int, bool, str]] = []
    while at < len(raw):
        sign = raw[at]
        at += 1
        if sign == "\\" and quote != "'" and at < len(raw):
            escaped = raw[at]
            word += escaped if not quote or escaped in '"\\$`' else sign + escaped
            at += 1
        elif quote and sign == quote:
            quote = ""
        elif not quote and sign in "\"'":
            quote = sign
            places.append((len(word), False, "\0"))
        elif sign != "\\" or quote == "'":
            word += sign
            places.append((len(word), not quote, sign))
    return word, quote, places
