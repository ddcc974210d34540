"""Lengths of time in hours and minutes: what was worked, how long a visit takes."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue, Compared
from tuicrm.domain.kinds.numbers import bounded
from tuicrm.domain.money import decimal_of
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.limits import TYPED_NUMBER

_HOUR = 60
_CLOCK = re.compile(r"([0-9]+):([0-5]?[0-9])")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")
"""Hours alone. No more than two decimals: what follows a mark by three digits could be thousands."""
_SAID = re.compile(
    rf"(?:({_PLAIN.pattern})\s*(?:h|hrs?|hours?|or[ae])\.?)?\s*(?:([0-9]+)\s*(?:m|mins?|minutes?|minut[oi])?\.?)?",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"([0-9]+)\s*(?:m|mins?|minutes?|minut[oi])\.?", re.IGNORECASE)


class DurationKind(Compared):
    """A length of time (`duration`), kept as whole minutes; typed `1:30`, `1h 30m`, `90 min`, `1.5` (hours)."""

    name = "duration"

    def parse(self, text: str, field: Field, context: Context) -> int | None:
        word = text.strip()
        return self.read(_minutes(word), field, context) if word else None

    def read(self, value: object, field: Field, context: Context) -> int:
        """Minutes, or a text as it is typed."""
        if isinstance(value, str):
            value = _minutes(value.strip())
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise BadValue(_expected(), value)
        bounded(Decimal(value), value)
        least, most = (_bound(field, name) for name in ("min", "max"))
        if least is not None and value < least:
            raise BadValue(_("at least {n} is expected").format(n=clock(least)), clock(value))
        if most is not None and value > most:
            raise BadValue(_("at most {n} is expected").format(n=clock(most)), clock(value))
        return value

    def format(self, value: object, field: Field, context: Context) -> str:
        return clock(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        return self.format(value, field, context)


def clock(minutes: int) -> str:
    """`1:30`."""
    sign, whole = ("-", -minutes) if minutes < 0 else ("", minutes)
    return f"{sign}{whole // _HOUR}:{whole % _HOUR:02}"


def hours(minutes: int) -> Decimal:
    """As a number of hours, to the hundredth."""
    return (Decimal(minutes) / _HOUR).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()


def _minutes(word: str) -> int:
    if len(word) > TYPED_NUMBER.most:
        raise BadValue(TYPED_NUMBER.told, word)
    if found := _CLOCK.fullmatch(word):
        return int(found[1]) * _HOUR + int(found[2])
    if found := _MINUTES.fullmatch(word):
        return int(found[1])
    if _PLAIN.fullmatch(word):
        return _of_hours(word)
    found = _SAID.fullmatch(word)
    if found is None or found[1] is None:
        raise BadValue(_expected(), word)
    return _of_hours(found[1]) + int(found[2] or 0)


def _of_hours(text: str) -> int:
    """Whole minutes: a third of an hour, `0.33`, is 20."""
    return int((Decimal(text.replace(",", ".")) * _HOUR).to_integral_value(ROUND_HALF_UP))


def _bound(field: Field, name: str) -> int | None:
    """A least or most, which is set in hours, in minutes."""
    told = decimal_of(field.settings.get(name))
    return None if told is None else int((told * _HOUR).to_integral_value(ROUND_HALF_UP))


def _expected() -> str:
    return _("hours and minutes are expected, such as 1:30 or 1h 30m")
