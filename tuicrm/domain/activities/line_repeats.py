"""How an activity repeats, as its typed line says: `every monday 10 until 1 mar`, `monthly on 31`, `ogni lunedì alle 10`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tuicrm.domain.activities import rule_words
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.next_step import BEFORE_TIME
from tuicrm.regex import regex

RANGE = regex(r"(\d{1,2}(?:[:.]\d\d)?)\s?[-–]\s?(\d{1,2})(?:[:.](\d\d))?")
"""From when until when."""
_HOUR = regex(r"1?\d|2[0-3]|0\d")
_CLOCK = regex(r"\d{1,2}:\d\d(-\d{1,2}:\d\d)?")
_EVERY = frozenset(("every", "each", "ogni", "tutti"))
_ENDS = regex(r"(?:until|till|fino|sino)\b|(?:for |per )?\d{1,9} (?:times?|occurrences|volt[ae])\b")
_MOST_TRIGGERS = 4
_LONGEST_RULE = 12
"""Words that a repetition has at most."""

SaysWhen: TypeAlias = Callable[[Sequence[str], Context], bool]


def without_rule(words: Sequence[str], context: Context, says_when: SaysWhen) -> tuple[list[str], str]:
    """The words without a repetition, and its rule; an hour behind it is a time then. "" where they name no such. Adverbs (`weekly`)
    name one only before what `says_when`: a weekly report is text."""
    folded = [word.casefold().rstrip(",;") for word in words]
    triggers = [at for at, word in enumerate(folded) if word in _EVERY or word in rule_words.ADVERBS]
    for at in reversed(triggers[-_MOST_TRIGGERS:]):
        count, rule = _longest_rule(folded[at:], "", context)
        if not rule or (folded[at] not in _EVERY and not (at and _only_when(words[at + count :], context, says_when))):
            continue
        said = " ".join(folded[at : at + count])
        before, rest = list(words[:at]), list(words[at + count :])
        for end in range(len(rest)):
            if _ENDS.match(" ".join(folded[at + count + end :][:2])):
                longer, ended = _longest_rule(folded[at + count + end :], said, context)
                if ended:
                    rest[end : end + longer], rule = [], ended
                    break
        behind = _with_clock(rest)
        if len(behind) > 1 and _CLOCK.fullmatch(behind[0]) and not says_when(behind, context):
            behind = [*behind[1:], behind[0]]  # "every monday 10:00 with the team": times are read at the end
        if len(rest) > 2 and rest[-2].casefold() in BEFORE_TIME:  # "every monday Standup at 10"
            behind = [*behind[:-2], *_with_clock(behind[-2:])]
        return [*before, *behind], rule
    return list(words), ""


def _longest_rule(words: Sequence[str], before: str, context: Context) -> tuple[int, str]:
    """How many of the words, at most, are a repetition together with those `before`, and its rule."""
    for count in range(min(len(words), _LONGEST_RULE), 0, -1):
        try:
            return count, rule_words.read_rule(" ".join((before, *words[:count])), context)
        except BadValue:
            continue
    return 0, ""


def _only_when(words: Sequence[str], context: Context, says_when: SaysWhen) -> bool:
    """Whether words say when, or how long, or until when it repeats, and nothing else."""
    if not words or _ENDS.match(" ".join(words[:2]).casefold()):
        return True
    return says_when(_with_clock(words), context)


def _with_clock(words: Sequence[str]) -> list[str]:
    """Words behind a repetition: `10`, `at 10`, `10-11` are times of its days."""
    found = list(words)
    at = 1 if len(found) > 1 and found[0].casefold() in BEFORE_TIME else 0
    if at < len(found) and _HOUR.fullmatch(found[at]) and found[at + 1 : at + 2] != ["min"]:
        found[at] = f"{found[at]}:00"
        return found[at:] if at else found
    span = RANGE.fullmatch(found[at]) if at < len(found) else None
    if span is not None:
        begin = span[1] if not span[1].isdigit() else f"{span[1]}:00"
        return [f"{begin}-{span[2]}:{span[3] or '00'}", *found[at + 1 :]]
    return found
