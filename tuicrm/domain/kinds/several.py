"""Several values as one text: lines, `;`, and commas where a value holds none; one that holds a break stands in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from tuicrm.domain.kinds import traits_of


def split(text: str, kind: str) -> list[str]:
    """The values of a text that someone typed or `joined` made: without blanks around them, quotes taken off, no empty ones.

    Quotes are quotes when they stand around a whole value (`"a;b"`, as in CSV: `""` in them is one); else they are a part of it."""
    return [piece for piece in _pieces(text, traits_of(kind).breaks) if piece]


def joined(texts: Iterable[str], kind: str, between: str = "") -> str:
    """One text of several values that `split` takes apart again."""
    traits = traits_of(kind)
    between = between or ("\n" if traits.a_line_each else f"{traits.breaks[-1]} ")
    return between.join(_quoted(text, traits.breaks) for text in texts)


def between_for_people(kind: str) -> str:
    """What stands between the values where nobody reads them back: several ways to reach someone have lines of their own."""
    return "\n" if traits_of(kind).a_line_each else ", "


@cache
def _pattern(breaks: str) -> re.Pattern[str]:
    return re.compile(rf'[^\S\n]*+"((?:[^"]++|"")*+)"[^\S\n]*+(?=[{breaks}]|\Z)|([^{breaks}]*+)')


def _pieces(text: str, breaks: str) -> Iterator[str]:
    at, pattern = 0, _pattern(breaks)
    # The pattern's second way matches always.
    while found := pattern.match(text, at):
        yield found[2].strip() if found[1] is None else found[1].replace('""', '"')
        at = found.end() + 1
        if at > len(text):
            return


def _quoted(text: str, breaks: str) -> str:
    plain = text == text.strip() and not text.startswith('"') and not re.search(f"[{breaks}]", text)
    return text if plain else '"' + text.replace('"', '""') + '"'
