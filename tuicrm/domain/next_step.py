"""A next step as it is typed in one line: what is to be done, then the day and time of it, `Send the offer tomorrow 10`."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.moments import parse_moment
from tuicrm.limits import TYPED_DATE
from tuicrm.regex import regex

_MOST_WORDS = 7
"""Words that a day with its time has at most: `Fri 18 Dec 2026 at 9:30 pm`."""
_NUMBER = regex(r"[\d.,]+")
_CLOCK = regex(r"\d{1,2}(?::\d\d)?\s?(?:am|pm)?")
BEFORE_TIME = frozenset(["at", "alle", "ore", "@"])
_BEFORE_DAY = frozenset(["on", "by", "for", "per", "entro", "il"]) | BEFORE_TIME
"""Words that lead to a day or a time and say nothing once it is read, in the languages that days are read in."""
_MARKS = " ,;:–—-"


def split_step(text: str, context: Context, alone: time = time()) -> tuple[str, datetime | None]:
    """What is to be done ("" for a day alone), and when: the longest end of the text that is a day or a time; None where it ends in no
    such thing. A day `alone` means that time of it. What ends in a full stop is text to its end."""
    words = text.split()
    for at in range(max(len(words) - _MOST_WORDS, 0), len(words)):
        moment = _moment(words[at:], context, alone)
        if moment is not None:
            return _without_lead(words[:at]), moment
    return text.strip(), None


def _moment(words: list[str], context: Context, alone: time) -> datetime | None:
    """When the words say that something is to be done. A bare number says how many, or how much; a time alone is still to come."""
    first, *rest = words
    text = " ".join((first, *(word for word in rest if word.casefold() not in BEFORE_TIME)))
    if _NUMBER.fullmatch(text) or text.endswith(".") or len(text) > TYPED_DATE.most:
        return None
    try:
        moment = parse_moment(text, context, alone)
        return moment + timedelta(days=1) if moment < context.now and _CLOCK.fullmatch(text) else moment
    except (BadValue, OverflowError):
        return None


def _without_lead(words: list[str]) -> str:
    """The words before a day, without `on` or `at`."""
    kept = list(words)
    while len(kept) > 1 and kept[-1].casefold() in _BEFORE_DAY:
        kept.pop()
    return " ".join(kept).rstrip(_MARKS)
