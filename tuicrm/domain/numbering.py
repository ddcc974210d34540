"""Numbers of items, pure: what a pattern makes of a number and a day, and what is wrong with a pattern (reference §9, "Numerator")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from tuicrm.domain.schema import Numerator, Reset
from tuicrm.errors import FieldProblem
from tuicrm.i18n import N_, _
from tuicrm.limits import NUMBER_PATTERN
from tuicrm.regex import regex

LARGEST = 10**12
WIDEST = 20

RESETS: Mapping[Reset, str] = {
    "never": N_("never"),
    "year": N_("every year"),
    "month": N_("every month"),
    "day": N_("every day"),
}
"""When the counter begins anew, in words."""

_WORD = regex(r"\{([^{}]*)\}")
_NUMBER = regex(r"NUMBER(?::(\d{1,2}))?")
_DATES = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d"}
_TOLD_BY = {"never": (), "year": ("YEAR",), "month": ("YEAR", "MONTH"), "day": ("YEAR", "MONTH", "DAY")}
WORDS = "{NUMBER} {NUMBER:4} {YEAR} {MONTH} {DAY}"
"""What a pattern can hold."""


def formatted(numerator: Numerator, number: int, day: date) -> str:
    """`{YEAR}-{NUMBER:4}` → `2026-0042`."""

    def word(found: re.Match[str]) -> str:
        name = found[1]
        if name in _DATES:
            # Not strftime("%Y"), which leaves years before 1000 short on some systems.
            return f"{day.year:04}" if name == "YEAR" else day.strftime(_DATES[name])
        counted = _NUMBER.fullmatch(name)
        return str(number).zfill(int(counted[1] or 0)) if counted else found[0]

    return _WORD.sub(word, numerator.pattern)


def period(numerator: Numerator, day: date) -> str:
    """The period that a day lies in: the counter of each begins anew."""
    return {"never": "", "year": f"{day.year:04}", "month": day.isoformat()[:7], "day": day.isoformat()}[
        numerator.reset
    ]


def problems(numerator: Numerator) -> list[FieldProblem]:
    """What is wrong with a numerator."""
    found = list(_pattern_problems(numerator))
    for name, value in (("start", numerator.start), ("step", numerator.step)):
        if not 1 <= value <= LARGEST:
            found.append(FieldProblem(name, _("a number from 1 to {n} is expected").format(n=f"{LARGEST:,}"), value))
    return found


def _pattern_problems(numerator: Numerator) -> list[FieldProblem]:
    pattern = numerator.pattern
    words = _WORD.findall(pattern)
    if not pattern.strip() or len(pattern) > NUMBER_PATTERN.most or any(ord(character) < 32 for character in pattern):
        message = _("one line of at most {n} characters is expected").format(n=NUMBER_PATTERN.most)
        return [FieldProblem("pattern", message, pattern)]
    unknown = [word for word in words if word not in _DATES and not _counts(word)]
    if unknown or set("{}") & set(_WORD.sub("", pattern)):
        message = _("{word} cannot be used in a pattern; these can: {words}").format(
            word=f"{{{unknown[0]}}}" if unknown else "{ }", words=WORDS
        )
        return [FieldProblem("pattern", message, pattern)]
    if sum(map(_counts, words)) != 1:
        return [FieldProblem("pattern", _("it must contain {NUMBER} exactly once"), pattern)]
    untold = [name for name in _TOLD_BY[numerator.reset] if name not in words]
    if untold:
        message = _("numbers that restart {when} would repeat: add {words} to the pattern").format(
            when=_(RESETS[numerator.reset]), words=" ".join(f"{{{name}}}" for name in untold)
        )
        return [FieldProblem("pattern", message, pattern)]
    return []


def _counts(word: str) -> bool:
    found = _NUMBER.fullmatch(word)
    return found is not None and int(found[1] or 0) <= WIDEST
