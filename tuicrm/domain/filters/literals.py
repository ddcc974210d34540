"""Values as a filter writes them: numbers, amounts, days and moments as everywhere else (`domain/typed.py`), yes and no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias, TypeVar

from msgspec.structs import replace

from tuicrm.domain import typed
from tuicrm.domain.context import Context
from tuicrm.domain.filters.syntax import Word
from tuicrm.domain.filters.tokens import quote
from tuicrm.domain.kinds import kind_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.moments import expected_moment, numbered_day
from tuicrm.domain.kinds.money import expected_amount
from tuicrm.domain.kinds.numbers import expected_number, grouped
from tuicrm.domain.money import Money, Rates
from tuicrm.domain.schema import Field
from tuicrm.domain.stamps import stamp
from tuicrm.errors import UsageError
from tuicrm.i18n import _

_YES = frozenset(("yes", "true", "on", "1", "sì", "si"))
_NO = frozenset(("no", "false", "off", "0"))

# So that a day more, or another zone, still is a date of four digits.
_FIRST_YEAR, _LAST_YEAR = 1000, 9999

_EXAMPLE = Decimal("38000.50")

_Value = TypeVar("_Value")


class Day(NamedTuple):
    """A whole day of the person's own zone."""

    day: date


class Moment(NamedTuple):
    """A point in time, in UTC."""

    at: datetime


When: TypeAlias = Day | Moment


def number(word: Word, context: Context) -> Decimal:
    """Raises UsageError."""
    example = _in_quotes(grouped(_EXAMPLE, replace(context, canonical=False)))
    expected = _("a number is expected, such as 38000, 38k or {example}").format(example=example)
    return _read(word, typed.number, context, expected)


def integer(word: Word, context: Context) -> int:
    """Raises UsageError."""
    expected = _("a whole number is expected, such as 38000 or 38k")
    found = _read(word, typed.number, context, expected)
    if found != found.to_integral_value():
        message = _("{message}, not “{found}”").format(message=expected, found=word.text)
        raise UsageError(message, word.start)
    return int(found)


def money(word: Word, rates: Rates, context: Context) -> Decimal:
    """`1000` in the base currency, `1000 USD` converted. Raises UsageError, also when there is no rate."""
    example = _in_quotes(f"{grouped(_EXAMPLE, replace(context, canonical=False))} EUR")
    expected = _("an amount is expected, such as 38000, 38k or {example}").format(example=example)
    amount, code = _read(word, typed.money, replace(context, currency=rates.base), expected)
    worth = rates.convert(Money(amount, code))
    if worth is None:
        raise UsageError(_("there is no rate for {currency}").format(currency=code), word.start)
    return worth


def of_kind(word: Word, kind: str, context: Context) -> object:
    """Any value of a kind whose texts mean the same to everyone, as comparisons have it. Raises UsageError."""
    of_any = Field("", kind, "")
    return kind_of(kind).comparable(
        _read(word, lambda text, known: kind_of(kind).read(text, of_any, known), context, "")
    )


def boolean(word: Word) -> bool:
    """Raises UsageError."""
    text = word.text.casefold()
    if text not in _YES | _NO:
        message = _("{message}, not “{found}”").format(message=_("yes or no is expected"), found=word.text)
        raise UsageError(message, word.start)
    return text in _YES


def when(word: Word, context: Context) -> When:
    """A day (`2026-11-23`, `today+14d`, `-7d`, `fri`) or a moment (`now-2h`, `2026-11-23T09:30`, `"tomorrow 9:30"`).

    A moment without a zone is the person's own. Units: h, d, w, m(onths), y, and those of the languages that ship.
    Raises UsageError."""
    expected = _('a day is expected, such as 2026-12-18, {day}, fri, today+14d, -7d, or a moment: now-2h, "fri 15:00"')
    found = _read(word, typed.when, context, expected.format(day=numbered_day(context)))
    read = Day(date.fromisoformat(found)) if isinstance(found, str) else Moment(found)
    if not _FIRST_YEAR < read[0].year < _LAST_YEAR:
        raise UsageError(_("there is no such day: {text}").format(text=word.text), word.start)
    return read


def _in_quotes(example: str) -> str:
    """A number as a filter takes it: some locales have blanks between thousands."""
    whole, _space, _currency = example.rpartition(" ") if example[-1].isalpha() else (example, "", "")
    plain = not any(sign.isspace() or sign in "'\u2019" for sign in whole)
    return example if plain else quote(example)


def _read(word: Word, read: Callable[[str, Context], _Value], context: Context, expected: str) -> _Value:
    """Raises UsageError: with what is `expected`, in forms that a filter takes, where the text is of no form at all."""
    try:
        return read(word.text, context)
    except BadValue as bad:
        people = replace(context, canonical=False)
        of_no_form = bad.message in (expected_number(people), expected_amount(people), expected_moment())
        told = expected if of_no_form else bad.message
        raise UsageError(_("{message}, not “{found}”").format(message=told, found=word.text), word.start) from bad


def day(word: Word, context: Context) -> date:
    """A day; of a moment, the day it falls on for the person. Raises UsageError."""
    found = when(word, context)
    return found.day if isinstance(found, Day) else found.at.astimezone(context.zone).date()


def bounds(day: date, context: Context) -> tuple[str, str]:
    """The UTC times at which a day of the person's zone begins and at which the next one does, as they are stored."""
    begin = datetime.combine(day, time(), context.zone)
    end = datetime.combine(day + timedelta(days=1), time(), context.zone)
    return stamp(begin), stamp(end)
