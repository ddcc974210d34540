"""Numbers and yes/no; and how people write numbers."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

import msgspec

from tuicrm.domain import money
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue, Compared, setting
from tuicrm.domain.kinds.written_numbers import Mark, WrittenNumber, readings, take_apart
from tuicrm.domain.schema import Field
from tuicrm.i18n import _, ngettext
from tuicrm.limits import NUMBER_DECIMALS, NUMBER_DIGITS, TYPED_NUMBER
from tuicrm.regex import regex

SUFFIXES = {"k": 3, "m": 6, "mln": 6, "mio": 6, "b": 9, "mrd": 9}
"""What people write behind a number, and the zeros it stands for."""

_SUFFIX = regex(f"({'|'.join(sorted(SUFFIXES, key=len, reverse=True))})(?![^\\W\\d_])", re.IGNORECASE)
_EXAMPLE = Decimal("38000.50")
_CENTS = 2
"""Digits behind the point of the example."""
_CANONICAL = regex(r"[+-]?\d+(\.\d+)?")
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\t": " ", "\u2019": "'", "\u2212": "-"})
_YES = frozenset({"yes", "y", "true", "1", "x", "sì", "si", "s", "vero", "on", "✓"})
_NO = frozenset({"no", "n", "false", "0", "falso", "off"})


class Signs(msgspec.Struct, frozen=True):
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
    """A number as people write it: `38k`, `1.2M`, `(5)`, `38.000,50` or `38,000.50` by the locale. Raises BadValue."""
    if context.canonical:
        return number_of(text.translate(_BLANKS).strip())
    if len(text) > TYPED_NUMBER.most:
        raise BadValue(TYPED_NUMBER.told, text)
    number = take_apart(text)
    zeros, rest = suffixed(number.after) if number else (0, "")
    if number is None or number.before or rest or number.percent or number.exponent:
        raise BadValue(expected_number(context), text)
    digits = _meant(number, context)
    if digits is None:
        raise BadValue(expected_number(context), text)
    return signed(digits, number.minus, zeros, text)


def suffixed(after: str) -> tuple[int, str]:
    """How many zeros the word behind a number stands for (`k` of `k EUR`), and what else is there."""
    found = _SUFFIX.match(after)
    return (SUFFIXES[found[1].lower()], after[found.end() :].strip()) if found else (0, after)


def local_mark(locale: str) -> Mark:
    """What stands before decimals in a locale, of the two marks that numbers are read by."""
    return "," if signs(locale).point == "," else "."


def _meant(number: WrittenNumber, context: Context) -> str | None:
    """Of the numbers that the digits could be, the locale's: `1.234` is not the same in English and Italian, `1.5` is."""
    found = readings(number)
    return found.get(local_mark(context.locale)) or next(iter(found.values()), None)


def signed(digits: str, minus: bool, zeros: int, given: str) -> Decimal:
    """A canonical text with its sign, and so many zeros behind it. Raises BadValue beyond all bounds."""
    whole, _point, decimals = digits.partition(".")
    # By text: Decimal's own shift rounds to 28 digits.
    moved, rest = decimals[:zeros].ljust(zeros, "0"), decimals[zeros:]
    return bounded(Decimal(f"{'-' if minus else ''}{whole}{moved}{rest and '.' + rest}"), given)


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


def bounded(number: Decimal, given: object) -> Decimal:
    """The number, unless it has more digits than anything that is counted here. Raises BadValue."""
    if number and number.adjusted() >= NUMBER_DIGITS.most:
        raise BadValue(NUMBER_DIGITS.told, given)
    if decimals_of(number) > NUMBER_DECIMALS.most:
        raise BadValue(NUMBER_DECIMALS.told, given)
    # There is no -0 for people.
    return number or abs(number)


def grouped(number: Decimal, context: Context, digits: int | None = None) -> str:
    """`38,000.50`, with a fixed number of digits after the point, or as many as it has."""
    text = f"{number:,.{digits}f}" if digits is not None else f"{number:,f}"
    if context.canonical:
        return text.replace(",", "")
    local = signs(context.locale)
    if (local.point, local.group) == (".", ","):
        return text
    return text.translate({ord(","): local.group, ord("."): local.point})


def number_of(value: object) -> Decimal:
    """A number from its JSON form. Raises BadValue: also on NaN, infinities and exponents."""
    text = value if isinstance(value, str) else repr(value) if isinstance(value, (int, float)) else ""
    if len(text) > TYPED_NUMBER.most:
        raise BadValue(TYPED_NUMBER.told, value)
    if isinstance(value, bool) or not _CANONICAL.fullmatch(text):
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


class NumberKind(Compared):
    """A decimal number (`number`), kept as text."""

    name = "number"

    def parse(self, text: str, field: Field, context: Context) -> str | int | None:
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

    def read(self, value: object, field: Field, context: Context) -> str | int:
        number = number_of(value)
        precision = setting(field, "precision")
        if precision is not None and decimals_of(number) > precision:
            raise BadValue(
                ngettext(
                    "at most {n} digit after the point is expected",
                    "at most {n} digits after the point are expected",
                    precision,
                ),
                value,
            )
        within(number, field)
        return f"{number:f}"

    def format(self, value: object, field: Field, context: Context) -> str:
        text = self.edit(value, field, context)
        return text if context.canonical or not _unit(field) else f"{text} {_unit(field)}"

    def edit(self, value: object, field: Field, context: Context) -> str:
        try:
            return grouped(number_of(value), context)
        except BadValue:
            return str(value)


class IntegerKind(NumberKind):
    """A whole number (`integer`), typed with or without `%`."""

    name = "integer"

    def parse(self, text: str, field: Field, context: Context) -> str | int | None:
        word = text.strip()
        return super().parse(word.removesuffix("%") or word, field, context)

    def read(self, value: object, field: Field, context: Context) -> int:
        number = number_of(value)
        if number != number.to_integral_value():
            raise BadValue(_("a whole number is expected"), value)
        within(number, field)
        return int(number)


class BooleanKind(Compared):
    """Yes or no (`boolean`)."""

    name = "boolean"

    def parse(self, text: str, field: Field, context: Context) -> bool | None:
        word = text.strip().casefold()
        if not word:
            return None
        if word in _YES or word == _("yes").casefold():
            return True
        if word in _NO or word == _("no").casefold():
            return False
        raise BadValue(_("yes or no is expected"), text)

    def read(self, value: object, field: Field, context: Context) -> bool | None:
        if isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        if isinstance(value, str):
            return self.parse(value, field, context)
        raise BadValue(_("yes or no is expected"), value)

    def format(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, bool):
            return str(value)
        if context.canonical:
            return "yes" if value else "no"
        return _("yes") if value else _("no")

    def edit(self, value: object, field: Field, context: Context) -> str:
        return self.format(value, field, context)
