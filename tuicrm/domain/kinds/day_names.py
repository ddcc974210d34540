"""Days as people write and call them: `18 Dec 2026`, `Wed`; weekdays by their names in every language of the program."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from tuicrm.domain.context import Context
from tuicrm.domain.locale_facts import DAYS, MONTHS

_LONG = (
    ("monday", "lunedì", "lunedi"),
    ("tuesday", "martedì", "martedi"),
    ("wednesday", "mercoledì", "mercoledi"),
    ("thursday", "giovedì", "giovedi"),
    ("friday", "venerdì", "venerdi"),
    ("saturday", "sabato"),
    ("sunday", "domenica"),
)
_WEEKDAYS = {word: at for at, words in enumerate(_LONG) for word in words} | {
    name.casefold(): at for names in DAYS.values() for at, name in enumerate(names)
}


@lru_cache(maxsize=16)
def _names(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Short names of months and weekdays."""
    if language in MONTHS:
        return MONTHS[language], DAYS[language]
    # 20 to 60 ms to import: not for the languages that we ship.
    from babel.core import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return MONTHS["en"], DAYS["en"]
    months, days = locale.months["format"]["abbreviated"], locale.days["format"]["abbreviated"]
    return tuple(months[n].rstrip(".") for n in range(1, 13)), tuple(days[n].rstrip(".") for n in range(7))


def day_text(day: date, context: Context, *, year: bool = True) -> str:
    """`18 Dec 2026`, `18 Dec`."""
    text = f"{day.day} {_names(context.language)[0][day.month - 1]}"
    return f"{text} {day.year:04}" if year else text


def weekday(day: date, context: Context) -> str:
    """`Wed`."""
    return _names(context.language)[1][day.weekday()]


def weekday_named(word: str) -> int | None:
    """The day of the week that a word in small letters is, short or long: 0 for Monday. None for any other word."""
    return _WEEKDAYS.get(word)
