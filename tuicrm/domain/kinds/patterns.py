"""Patterns that a field's texts must fit. A workspace may hold any: none of them may hang the program.

Python's `re` has no time limit. What it does at worst grows with the text: as a power of its length, by the number of loops in
the pattern, or exponentially, where a loop holds another loop or a choice. So the worse a pattern, the shorter the
texts that are tried against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import comb

from tuicrm.limits import PATTERN, PATTERNED
from tuicrm.regex import regex

_LONGEST_NESTED = 16
# About a quarter of a second.
_STEPS = 5_000_000
_MARK = regex(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[*+?]|\{\d*,?\d*\}|[()|]|.", re.DOTALL)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern; None when it is none, or longer than one can be."""
    if len(pattern) > PATTERN.most:
        return None
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


@lru_cache(maxsize=256)
def longest(pattern: str) -> int:
    """How long a text may be that is tried against the pattern."""
    loops, nested = _loops(pattern)
    if nested:
        return _LONGEST_NESTED
    return next(
        length for length in range(PATTERNED.most, 0, -1) if length == 1 or comb(length + loops, loops) < _STEPS
    )


def _loops(pattern: str) -> tuple[int, bool]:
    """How many loops a pattern has, and whether any holds a loop or a choice."""
    loops = 0
    branching = [False]
    closed = False
    for mark in _marks(pattern):
        if mark == "(":
            branching.append(False)
        elif mark == ")" and len(branching) > 1:
            closed = branching.pop()
            branching[-1] |= closed
            continue
        elif mark == "|":
            branching[-1] = True
        elif mark in "*+" or mark[0] == "{":
            if closed:
                return loops + 1, True
            loops += 1
            branching[-1] = True
        closed = False
    return loops, False


def _marks(pattern: str) -> Iterator[str]:
    for found in _MARK.finditer(pattern):
        mark = found[0]
        # A plain character, or a class of them, says nothing of loops.
        yield mark if mark in "*+?()|" or (mark[0] == "{" and len(mark) > 1) else "."
