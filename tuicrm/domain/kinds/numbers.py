"""Numbers and yes/no; and how people write numbers."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field
from tuicrm.i18n import _

_LARGEST_DIGITS = 18
_SUFFIXES = {"k": 3, "m": 6, "mln": 6, "mio": 6, "b": 9, "mrd": 9}
_CANONICAL = re.compile(r"[+-]?\d+(\.\d+)?")
_TYPED = re.compile(r"([+-]?)\s*([\d.,' \u00a0\u202f\u2019]*\d)\s*([a-zA-Z]*)")
_YES = frozenset({"yes", "y", "true", "1", "x", "sì", "si", "s", "vero", "on", "✓"})
_NO = frozenset({"no", "n", "false", "0", "falso", "off"})


class Signs(NamedTuple):
    """How a locale writes numbers."""

    point: str
    group: str


@lru_cache(maxsize=32)
def signs(locale: str) -> Signs:
    """The decimal point and the sign between thousands; English ones for an unknown locale."""
    # 20 to 60 ms to import: only where a locale's own forms are asked for.
    from babel.core import UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol

    try:
        return Signs(get_decimal_symbol(locale), get_group_symbol(locale).replace("\u202f", " ").replace("\u00a0", " "))
    except (UnknownLocaleError, ValueError):
        return Signs(".", ",")


def parse_decimal(text: str, context: Context) -> Decimal:
    """A number as people write it: `38k`, `1.2M`, `38.000,50` or `38,000.50` by the locale. Raises BadValue."""
    text = text.strip()
    if context.canonical:
        if not _CANONICAL.fullmatch(text):
            raise BadValue(_("a number such as 38000.50 is expected"), text)
        return bounded(Decimal(text), text)
    found = _TYPED.fullmatch(text)
    suffix = found[3].lower() if found else ""
    if found is None or (suffix and suffix not in _SUFFIXES):
        raise BadValue(_expected(context), text)
    digits = _plain_digits(found[2], signs(context.locale), text, context)
    return bounded(Decimal(found[1] + digits).scaleb(_SUFFIXES.get(suffix, 0)), text)


def _plain_digits(typed: str, local: Signs, text: str, context: Context) -> str:
    """Digits with a `.` as their point. Where both signs stand, the last one is the point; one alone follows the locale."""
    typed = re.sub(r"[ '\u00a0\u202f\u2019]", "", typed)
    if "." in typed and "," in typed:
        point = max(".,", key=typed.rfind)
    else:
        sign = "." if "." in typed else "," if "," in typed else ""
        if not sign:
            return typed
        point = "" if typed.count(sign) > 1 else sign if sign == local.point else ""
        if not point and not re.fullmatch(r"\d{1,3}([.,]\d{3})+", typed):
            # Not grouped in threes: the other sign can only have been meant as a point.
            point = sign
    group = "," if point == "." else "."
    whole, _point, fraction = typed.partition(point) if point else (typed, "", "")
    if point and (point in fraction or group in fraction):
        raise BadValue(_expected(context), text)
    if not point:
        whole = whole.replace(",", "").replace(".", "")
    groups = whole.split(group)
    if len(groups) > 1 and not all(len(part) == 3 for part in groups[1:]):
        raise BadValue(_expected(context), text)
    return "".join(groups) + (f".{fraction}" if fraction else "")


def _expected(context: Context) -> str:
    example = grouped(Decimal("38000.50"), context)
    return _("a number is expected, such as 38000, 38k or {example}").format(example=example)


def bounded(number: Decimal, given: Any) -> Decimal:
    """The number, unless it is larger than anything that is counted here."""
    if not number.is_finite() or number.adjusted() >= _LARGEST_DIGITS:
        raise BadValue(_("a number with at most {n} digits is expected").format(n=_LARGEST_DIGITS), given)
    return number


def grouped(number: Decimal, context: Context, digits: int | None = None) -> str:
    """`38,000.50`, with a fixed number of digits after the point, or as many as it has."""
    text = f"{number:,.{digits}f}" if digits is not None else f"{number:,f}"
    if context.canonical:
        return text.replace(",", "")
    local = signs(context.locale)
    if local == (".", ","):
        return text
    return text.translate({ord(","): local.group, ord("."): local.point})


def decimal_of(value: Any) -> Decimal:
    """A number from its JSON form. Raises BadValue."""
    if isinstance(value, bool) or not isinstance(value, (int, str, float)):
        raise BadValue(_("a number is expected"), value)
    text = str(value)
    if len(text) > 40 or "e" in text.lower():
        raise BadValue(_("a number such as 38000.50 is expected"), value)
    try:
        return bounded(Decimal(text), value)
    except InvalidOperation:
        raise BadValue(_("a number such as 38000.50 is expected"), value) from None


class Number:
    """A decimal number (`number`), kept as text."""

    name = "number"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        if not text.strip():
            return None
        return self.read(f"{parse_decimal(text, context):f}", field, context)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        number = decimal_of(value)
        exponent = number.as_tuple().exponent
        precision = field.settings.get("precision")
        if precision is not None and isinstance(exponent, int) and -exponent > int(precision):
            raise BadValue(_("at most {n} digits after the point are expected").format(n=precision), value)
        within(number, field)
        return f"{number:f}"

    def format(self, value: Any, field: Field, context: Context) -> str:
        """`60 %` where the field's settings name a unit."""
        text = self.edit(value, field, context)
        unit = field.settings.get("unit")
        return f"{text} {unit}" if unit and not context.canonical else text

    def edit(self, value: Any, field: Field, context: Context) -> str:
        try:
            return grouped(decimal_of(value), context)
        except BadValue:
            return str(value)

    def text(self, value: Any) -> str:
        return str(value)

    def comparable(self, value: Any) -> Any:
        try:
            return decimal_of(value)
        except BadValue:
            return None


def within(number: Decimal, field: Field) -> None:
    """Raise BadValue outside the field's least and most."""
    least, most = field.settings.get("min"), field.settings.get("max")
    if least is not None and number < Decimal(str(least)):
        raise BadValue(_("at least {n} is expected").format(n=least), f"{number:f}")
    if most is not None and number > Decimal(str(most)):
        raise BadValue(_("at most {n} is expected").format(n=most), f"{number:f}")


class Integer(Number):
    """A whole number (`integer`)."""

    name = "integer"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        return super().parse(text.strip().removesuffix("%"), field, context)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        number = decimal_of(value)
        if number != number.to_integral_value():
            raise BadValue(_("a whole number is expected"), value)
        within(number, field)
        return int(number)

    def comparable(self, value: Any) -> Any:
        return value if isinstance(value, int) and not isinstance(value, bool) else None


class Boolean:
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
        if context.canonical:
            return "yes" if value else "no"
        return _("yes") if value else _("no")

    def edit(self, value: Any, field: Field, context: Context) -> str:
        return self.format(value, field, context)

    def text(self, value: Any) -> str:
        return ""

    def comparable(self, value: Any) -> Any:
        return value if isinstance(value, bool) else None
