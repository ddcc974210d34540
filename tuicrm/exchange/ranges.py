"""Numbers and ranges of numbers as the values of a dropdown: `11-50` employees are among “Fewer than 50”."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from tuicrm.regex import regex

_NUMBER = r"\d{1,3}(?:[., '\u00a0\u202f’]\d{3})+(?!\d)|\d+"
_TWO = regex(rf"({_NUMBER})\s*(?:-|–|—|\.\.\.?|…|[^\W\d]+)\s*({_NUMBER})")
_ONE = regex(_NUMBER)
_ABOVE = regex(
    r"[>≥+]|\bmore\b|\bover\b|\babove\b|\bpiù\b|\boltre\b|\bmehr\b|\bplus\b|\bmás\b|\bболее\b", re.IGNORECASE
)
_BELOW = regex(
    r"[<≤]|\bfewer\b|\bless\b|\bunder\b|\bup to\b|\bmeno\b|\bfino\b|\bweniger\b|\bmoins\b|\bmenos\b|\bменее\b",
    re.IGNORECASE,
)
_UP_TO = regex(r"≤|\bup to\b|\bfino\b", re.IGNORECASE)
_LONGEST = 60
_WHOLE, _MOST = 0.9, 0.5


class Range(NamedTuple):
    """From the one to the other, both within."""

    low: float
    high: float


class Fit(NamedTuple):
    """Where a range goes: which of the options, and whether (nearly) all of it lies there."""

    place: int
    whole: bool


def read_range(text: str) -> Range | None:
    """What a text of a number or a range says (`11-50`, `50 to 250 people`, `500+`, `<50`, `120`); None for any other text."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    numbers = [_whole(found) for found in _ONE.findall(text)]
    if len(numbers) == 2 and _TWO.search(text):
        low, high = numbers
        return Range(low, high) if low <= high else None
    if len(numbers) != 1:
        return None
    if _ABOVE.search(text):
        return Range(numbers[0], math.inf)
    if _BELOW.search(text):
        return Range(0, numbers[0] if _UP_TO.search(text) else numbers[0] - 1)
    return Range(numbers[0], numbers[0])


def fitting(text: str, labels: Sequence[Sequence[str]]) -> Fit | None:
    """The option that most of a range lies in. `labels` are those of each option, in any language; options that are no ranges, or
    fewer than half of the given one, are None."""
    wanted = read_range(text)
    ranges = _options(labels)
    if wanted is None or not any(one and one.low < one.high < math.inf for one in ranges):
        return None
    shares = [_share(wanted, one) if one else 0.0 for one in ranges]
    best = max(range(len(shares)), key=shares.__getitem__)
    return Fit(best, shares[best] >= _WHOLE) if shares[best] > _MOST else None


def _options(labels: Sequence[Sequence[str]]) -> list[Range | None]:
    """The options as ranges; a bare number beside ranges is what lies below or above all of them."""
    read = [next((found for label in one if (found := read_range(label))), None) for one in labels]
    wide = [one for one in read if one and one.low < one.high < math.inf and one.low > 0]
    for place, one in enumerate(read):
        if one and one.low == one.high and wide:
            if one.low <= min(other.low for other in wide):
                read[place] = Range(0, one.low - 1)
            elif one.low >= max(other.high for other in wide):
                read[place] = Range(one.low, math.inf)
    return read


def _share(wanted: Range, option: Range) -> float:
    """How much of the wanted range lies in an option, 0 to 1. One without an end is taken as ten times its beginning."""
    high = wanted.high if wanted.high < math.inf else max(wanted.low, 1) * 10
    both = min(high, option.high) - max(wanted.low, option.low) + 1
    return max(both, 0) / (high - wanted.low + 1)


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))
