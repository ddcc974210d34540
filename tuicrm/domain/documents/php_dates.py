"""Dates by the letters of PHP's `date()`, which the model product's templates use: `d.m.Y`, `j F Y`, `H:i`.

A backslash prints the letter after it. Names of months and days are the document's language's.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import datetime

from tuicrm.domain.documents.languages import code_of, locale_of

_NOON = 12
_SHORT_YEAR = 100
_DEGREE = frozenset({"it", "es", "pt"})
_THIRTEENTH = 13
_TEENS = range(11, _THIRTEENTH + 1)


def php_date(form: str, when: datetime, language: str) -> str:
    """The moment in that form; letters that mean nothing stand as they are. What a moment without a zone cannot tell is empty."""
    told: list[str] = []
    letters = iter(form)
    for letter in letters:
        if letter == "\\":
            told.append(next(letters, "\\"))
        else:
            tell = LETTERS.get(letter)
            told.append(tell(when, language) if tell else letter)
    return "".join(told)


def unknown_letters(form: str) -> str:
    """The letters of a form that mean nothing in a date and are not behind a backslash, each once."""
    found: dict[str, None] = {}
    letters = iter(form)
    for letter in letters:
        if letter == "\\":
            next(letters, "")
        elif letter.isalpha() and letter not in LETTERS:
            found[letter] = None
    return "".join(found)


# -- names -------------------------------------------------------------------------------------------------------------
def _month(width: str) -> Callable[[datetime, str], str]:
    return lambda when, language: str(locale_of(language).months["format"][width][when.month]).rstrip(".")


def _day(width: str) -> Callable[[datetime, str], str]:
    return lambda when, language: str(locale_of(language).days["format"][width][when.weekday()]).rstrip(".")


def _ordinal(when: datetime, language: str) -> str:
    """`st`, `nd`, `rd`, `th` in English, `º` where it is written so."""
    code = code_of(language)
    if code in _DEGREE:
        return "º"
    if code != "en":
        return ""
    return "th" if when.day in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(when.day % 10, "th")


# -- zones -------------------------------------------------------------------------------------------------------------
def _offset(when: datetime, colon: str) -> str:
    """`+0100`, `+01:00`; "" without a zone."""
    told = when.strftime("%z")
    return f"{told[:3]}{colon}{told[3:5]}" if told else ""


def _zone(when: datetime, _language: str) -> str:
    return getattr(when.tzinfo, "key", "") or (when.tzname() or "")


def _seconds(when: datetime) -> int:
    return int(((offset := when.utcoffset()) and offset.total_seconds()) or 0)


def _beat(when: datetime) -> int:
    """Swatch's Internet time, which PHP has."""
    past = when.hour * 3600 + when.minute * 60 + when.second - _seconds(when) + 3600
    return int(past / 86.4) % 1000


def _twelve(when: datetime) -> int:
    return when.hour % _NOON or _NOON


def _half(when: datetime) -> str:
    return "am" if when.hour < _NOON else "pm"


def _stamp(when: datetime) -> str:
    return f"{when.year:04}-{when.month:02}-{when.day:02}T{when:%H:%M:%S}{_offset(when, ':')}"


def _mail(when: datetime) -> str:
    """As in the head of a mail, which is English everywhere."""
    date = php_date("D, d M Y H:i:s", when, "en")
    return f"{date} {_offset(when, '')}".rstrip()


def _plain(tell: Callable[[datetime], object]) -> Callable[[datetime, str], str]:
    return lambda when, _language: str(tell(when))


LETTERS: Mapping[str, Callable[[datetime, str], str]] = {
    # days
    "d": _plain(lambda when: f"{when.day:02}"),
    "D": _day("abbreviated"),
    "j": _plain(lambda when: when.day),
    "l": _day("wide"),
    "N": _plain(datetime.isoweekday),
    "S": _ordinal,
    "w": _plain(lambda when: when.isoweekday() % 7),
    "z": _plain(lambda when: when.timetuple().tm_yday - 1),
    # weeks and months
    "W": _plain(lambda when: f"{when.isocalendar().week:02}"),
    "F": _month("wide"),
    "m": _plain(lambda when: f"{when.month:02}"),
    "M": _month("abbreviated"),
    "n": _plain(lambda when: when.month),
    "t": _plain(lambda when: monthrange(when.year, when.month)[1]),
    # years
    "L": _plain(lambda when: int(isleap(when.year))),
    "o": _plain(lambda when: when.isocalendar().year),
    "Y": _plain(lambda when: f"{when.year:04}"),
    "y": _plain(lambda when: f"{when.year % _SHORT_YEAR:02}"),
    # times
    "a": _plain(_half),
    "A": _plain(lambda when: _half(when).upper()),
    "B": _plain(lambda when: f"{_beat(when):03}"),
    "g": _plain(_twelve),
    "G": _plain(lambda when: when.hour),
    "h": _plain(lambda when: f"{_twelve(when):02}"),
    "H": _plain(lambda when: f"{when.hour:02}"),
    "i": _plain(lambda when: f"{when.minute:02}"),
    "s": _plain(lambda when: f"{when.second:02}"),
    "u": _plain(lambda when: f"{when.microsecond:06}"),
    "v": _plain(lambda when: f"{when.microsecond // 1000:03}"),
    # zones
    "e": _zone,
    "I": _plain(lambda when: int(bool(when.dst()))),
    "O": _plain(lambda when: _offset(when, "")),
    "P": _plain(lambda when: _offset(when, ":")),
    "p": _plain(lambda when: "Z" if when.tzinfo and not _seconds(when) else _offset(when, ":")),
    "T": _plain(lambda when: when.tzname() or ""),
    "Z": _plain(lambda when: _seconds(when) if when.tzinfo else ""),
    # whole ones
    "c": _plain(_stamp),
    "r": _plain(_mail),
    "U": _plain(lambda when: int(when.timestamp()) if when.tzinfo else ""),
}
"""What each letter tells of a moment, in a language."""
