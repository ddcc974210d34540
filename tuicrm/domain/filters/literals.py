"""Values as a filter writes them: canonical numbers and dates, the words for days, yes and no. Never a locale's forms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from tuicrm.domain.context import Context
from tuicrm.domain.filters.syntax import Word
from tuicrm.domain.money import Money, Rates, decimal_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _

_YES = frozenset(("yes", "true", "on", "1", "sì", "si"))
_NO = frozenset(("no", "false", "off", "0"))

# So that a day more, or another zone, still is a date of four digits.
_FIRST_YEAR, _LAST_YEAR = 1000, 9999
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]|\Z)", re.ASCII)
_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_RELATIVE = re.compile(r"(today|tomorrow|yesterday|now)?(?:([+-])(\d{1,5})([hdwmy]))?\Z", re.IGNORECASE)


class Day(NamedTuple):
    """A whole day of the person's own zone."""

    day: date


class Moment(NamedTuple):
    """A point in time, in UTC."""

    at: datetime


When: TypeAlias = Day | Moment


def number(word: Word) -> Decimal:
    """Raises UsageError."""
    found = decimal_of(word.text)
    if found is None:
        raise _expected(_("a number like 1000 or 1000.50"), word)
    return found


def integer(word: Word) -> int:
    """Raises UsageError."""
    found = decimal_of(word.text)
    if found is None or found != found.to_integral_value():
        raise _expected(_("a whole number"), word)
    return int(found)


def money(word: Word, rates: Rates) -> Decimal:
    """`1000` in the base currency, `1000 USD` converted. Raises UsageError, also when there is no rate."""
    amount, _space, currency = word.text.strip().partition(" ")
    found = decimal_of(amount)
    if found is None:
        raise _expected(_("an amount like 1000, 1000.50 or “1000 USD”"), word)
    code = currency.strip().upper() or rates.base
    worth = rates.convert(Money(found, code))
    if worth is None:
        raise UsageError(_("there is no rate for {currency}").format(currency=code), word.start)
    return worth


def boolean(word: Word) -> bool:
    """Raises UsageError."""
    text = word.text.casefold()
    if text not in _YES | _NO:
        raise _expected(_("yes or no"), word)
    return text in _YES


def when(word: Word, context: Context) -> When:
    """A day (`2026-11-23`, `today`, `today+14d`, `-7d`, `+2w`) or a moment (`now`, `now-2h`, `2026-11-23T09:30`).

    A moment without a zone is the person's own. Units: h, d, w, m(onths), y. Raises UsageError."""
    text = word.text.strip()
    try:
        found = (None if word.quoted else _relative(text, context)) or _absolute(text, context)
        if not _FIRST_YEAR < found[0].year < _LAST_YEAR:
            raise ValueError(text)
        return found
    except (ValueError, OverflowError):
        raise _expected(_("a date like 2026-11-23, today, today+14d, -7d or now"), word) from None


def day(word: Word, context: Context) -> date:
    """A day; of a moment, the day it falls on for the person. Raises UsageError."""
    found = when(word, context)
    return found.day if isinstance(found, Day) else found.at.astimezone(context.zone).date()


def bounds(day: date, context: Context) -> tuple[str, str]:
    """The UTC times at which a day of the person's zone begins and at which the next one does, as they are stored."""
    begin = datetime.combine(day, time(), context.zone)
    end = datetime.combine(day + timedelta(days=1), time(), context.zone)
    return stored(begin), stored(end)


def stored(moment: datetime) -> str:
    """As the store keeps it: UTC, whole seconds, "Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _relative(text: str, context: Context) -> When | None:
    found = _RELATIVE.match(text)
    if not found or not text:
        return None
    word, sign, count, unit = found.groups()
    word = (word or "").casefold()
    steps = int(f"{sign}{count}") if count else 0
    hours = (unit or "").casefold() == "h"
    if word == "now" or (hours and not word):
        return Moment(_moved_moment(context.now, steps, (unit or "h").casefold()))
    if hours:
        raise ValueError(text)
    today = context.now.astimezone(context.zone).date() + timedelta(days=_DAYS.get(word, 0))
    return Day(_moved(today, steps, (unit or "d").casefold()))


def _moved_moment(moment: datetime, steps: int, unit: str) -> datetime:
    if unit == "h":
        return moment + timedelta(hours=steps)
    return datetime.combine(_moved(moment.date(), steps, unit), moment.timetz())


def _moved(start: date, steps: int, unit: str) -> date:
    from calendar import monthrange  # imports locale: 3 ms

    if unit in ("d", "w"):
        return start + timedelta(days=steps * (7 if unit == "w" else 1))
    months = start.year * 12 + start.month - 1 + steps * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    # A month on from 31 January is its last day.
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _absolute(text: str, context: Context) -> When:
    if not _ISO.match(text):
        raise ValueError(text)
    if len(text) == len("2026-11-23"):
        return Day(date.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=context.zone)
    return Moment(moment.astimezone(UTC))


def _expected(expected: str, word: Word) -> UsageError:
    message = _("{expected} is expected here, not “{found}”").format(expected=expected, found=word.text)
    return UsageError(message, word.start)
