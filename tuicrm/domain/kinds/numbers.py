"""Numbers and yes/no; and how people write numbers."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from tuicrm.domain import money
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue, Compared, setting
from tuicrm.domain.schema import Field
from tuicrm.i18n import _

SUFFIXES = {"k": 3, "m": 6, "mln": 6, "mio": 6, "b": 9, "mrd": 9}
"""What people write behind a number, and the zeros it stands for."""

_EXAMPLE = Decimal("38000.50")
_CENTS = 2
"""Digits behind the point of the example."""
_LONGEST = 60
_MOST_DIGITS = 18
_MOST_DECIMALS = 12
_CANONICAL = re.compile(r"[+-]?\d+(\.\d+)?")
_TYPED = re.compile(r"([+-]?) ?([\d.,' ]*\d) ?([a-zA-Z]*)")
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\t": " ", "\u2019": "'", "\u2212": "-"})
_YES = frozenset({"yes", "y", "true", "1", "x", "sì", "si", "s", "vero", "on", "✓"})
_NO = frozenset({"no", "n", "false", "0", "falso", "off"})


class Signs(NamedTuple):
    """How a locale writes numbers."""

    point: str
    group: str


# Babel takes 60 ms to import and 60 more to read a locale: the locales of our own languages do without.
_KNOWN = {"en_GB": Signs(".", ","), "en_US": Signs(".", ","), "it_IT": Signs(",", ".")}


@lru_cache(maxsize=32)
def signs(locale: str) -> Signs:
    """The decimal point and the sign between thousands; English ones for an unknown locale."""
    if locale in _KNOWN:
        return _KNOWN[locale]
    from babel.core import UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol

    try:
        return Signs(get_decimal_symbol(locale), get_group_symbol(locale).translate(_BLANKS))
    except (UnknownLocaleError, ValueError):
        return _KNOWN["en_GB"]


def parse_decimal(text: str, context: Context) -> Decimal:
    """A number as people write it: `38k`, `1.2M`, `38.000,50` or `38,000.50` by the locale. Raises BadValue."""
    word = text.translate(_BLANKS).strip()
    if context.canonical:
        return number_of(word)
    found = _TYPED.fullmatch(word) if len(word) <= _LONGEST else None
    suffix = found[3].lower() if found else ""
    if found is None or (suffix and suffix not in SUFFIXES):
        raise BadValue(expected_number(context), text)
    digits = _plain_digits(found[2], signs(context.locale))
    if digits is None:
        raise BadValue(expected_number(context), text)
    whole, _point, decimals = digits.partition(".")
    # By text: Decimal's own shift rounds to 28 digits.
    shift = SUFFIXES.get(suffix, 0)
    moved, rest = decimals[:shift].ljust(shift, "0"), decimals[shift:]
    return bounded(Decimal(f"{found[1]}{whole or 0}{moved}{rest and '.' + rest}"), text)


def _plain_digits(typed: str, local: Signs) -> str | None:
    """Digits with a `.` as their point; None where the signs make no number.

    Of two different signs the last is the point. One alone is what the locale says, as long as it could stand between
    thousands: `1.234` is not the same in English and Italian, `1.5` is."""
    marks = re.findall(r"[.,]", typed)
    last = marks[-1] if marks else ""
    if len(set(marks)) == 1 and (len(marks) > 1 or re.fullmatch(r"\d{1,3}[.,]\d{3}", typed)):
        point = last if len(marks) == 1 and last == local.point else ""
    else:
        point = last
    whole, _point, decimals = typed.rpartition(point) if point else (typed, "", "")
    groups = re.split(r"[.,' ]", whole)
    separators = set(whole) & set(".,' ")
    in_threes = len(separators) == 1 and 0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if (separators and not in_threes) or (decimals and not decimals.isdecimal()):
        return None
    return "".join(groups) + ("." + decimals if decimals else "")


def expected_number(context: Context, field: Field | None = None, *, whole: bool = False) -> str:
    """What is expected, in forms that the field takes."""
    example, precision = example_within(field), setting(field, "precision") if field else None
    if example:
        told = (
            _("a whole number is expected, such as {example}")
            if whole
            else _("a number is expected, such as {example}")
        )
    elif whole:
        told = _("a whole number is expected, such as 38000 or 38k")
    elif precision is not None and precision < _CENTS:
        told = _("a number is expected, such as 38000 or 38k")
    else:
        told, example = _("a number is expected, such as 38000, 38k or {example}"), grouped(_EXAMPLE, context)
    return told.format(example=example)


def example_within(field: Field | None) -> str:
    """A number that the field's least and most allow; "" where they allow what is usual."""
    least, most = (money.decimal_of(field.settings.get(name)) if field else None for name in ("min", "max"))
    if most is not None and most <= _EXAMPLE:
        return f"{most:f}"
    return f"{least:f}" if least is not None and least > _EXAMPLE.to_integral_value(ROUND_FLOOR) else ""


def bounded(number: Decimal, given: Any) -> Decimal:
    """The number, unless it has more digits than anything that is counted here. Raises BadValue."""
    if number and number.adjusted() >= _MOST_DIGITS:
        raise BadValue(_("a number with at most {n} digits is expected").format(n=_MOST_DIGITS), given)
    if decimals_of(number) > _MOST_DECIMALS:
        raise BadValue(_("at most {n} digits after the point are expected").format(n=_MOST_DECIMALS), given)
    # There is no -0 for people.
    return number or abs(number)


def grouped(number: Decimal, context: Context, digits: int | None = None) -> str:
    """`38,000.50`, with a fixed number of digits after the point, or as many as it has."""
    text = f"{number:,.{digits}f}" if digits is not None else f"{number:,f}"
    if context.canonical:
        return text.replace(",", "")
    local = signs(context.locale)
    if local == (".", ","):
        return text
    return text.translate({ord(","): local.group, ord("."): local.point})


def number_of(value: Any) -> Decimal:
    """A number from its JSON form. Raises BadValue: also on NaN, infinities and exponents."""
    text = value if isinstance(value, str) else repr(value) if isinstance(value, (int, float)) else ""
    if isinstance(value, bool) or len(text) > _LONGEST or not _CANONICAL.fullmatch(text):
        raise BadValue(_("a number such as 38000.50 is expected"), value)
    return bounded(Decimal(text), value)


def within(number: Decimal, field: Field) -> None:
    """Raise BadValue outside the field's least and most."""
    least, most = (money.decimal_of(field.settings.get(name)) for name in ("min", "max"))
    if least is not None and number < least:
        raise BadValue(_("at least {n} is expected").format(n=least), f"{number:f}")
    if most is not None and number > most:
        raise BadValue(_("at most {n} is expected").format(n=most), f"{number:f}")


def _unit(field: Field) -> str:
    """What a field's numbers count (`%`); "" for nothing in particular."""
    unit = field.settings.get("unit")
    return unit if isinstance(unit, str) else ""


def decimals_of(number: Decimal) -> int:
    """How many digits stand after the point."""
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


class Number(Compared):
    """A decimal number (`number`), kept as text."""

    name = "number"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        word = text.strip()
        word = word.removesuffix(_unit(field)).rstrip() or word
        return self.read(f"{self._typed(word, field, context):f}", field, context) if word else None

    def _typed(self, word: str, field: Field, context: Context) -> Decimal:
        try:
            return parse_decimal(word, context)
        except BadValue as bad:
            if bad.message != expected_number(context):
                raise
            raise BadValue(expected_number(context, field, whole=self.name == "integer"), word) from None

    def read(self, value: Any, field: Field, context: Context) -> Any:
        number = number_of(value)
        precision = setting(field, "precision")
        if precision is not None and decimals_of(number) > precision:
            raise BadValue(_("at most {n} digits after the point are expected").format(n=precision), value)
        within(number, field)
        return f"{number:f}"

    def format(self, value: Any, field: Field, context: Context) -> str:
        text = self.edit(value, field, context)
        return text if context.canonical or not _unit(field) else f"{text} {_unit(field)}"

    def edit(self, value: Any, field: Field, context: Context) -> str:
        try:
            return grouped(number_of(value), context)
        except BadValue:
            return str(value)

    def text(self, value: Any) -> str:
        return str(value)


class Integer(Number):
    """A whole number (`integer`), typed with or without `%`."""

    name = "integer"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        word = text.strip()
        return super().parse(word.removesuffix("%") or word, field, context)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        number = number_of(value)
        if number != number.to_integral_value():
            raise BadValue(_("a whole number is expected"), value)
        within(number, field)
        return int(number)


class Boolean(Compared):
    """Yes or no (`boolean`)."""

    name = "boolean"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        word = text.strip().casefold()
        if not word:
            return None
        if word in _YES or word == _("yes").casefold():
            return True
        if word in _NO or word == _("no").casefold():
            return False
        raise BadValue(_("yes or no is expected"), text)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        if isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        if isinstance(value, str):
            return self.parse(value, field, context)
        raise BadValue(_("yes or no is expected"), value)

    def format(self, value: Any, field: Field, context: Context) -> str:
        if not isinstance(value, bool):
            return str(value)
        if context.canonical:
            return "yes" if value else "no"
        return _("yes") if value else _("no")

    def edit(self, value: Any, field: Field, context: Context) -> str:
        return self.format(value, field, context)

    def text(self, value: Any) -> str:
        return ""
