"""Texts of other programs' cells in our JSON forms, read by the style of their column (`column_styles.py`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tuicrm.domain.kinds import KINDS, ByKind, written_dates, written_numbers
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.currency_signs import currency_beside
from tuicrm.domain.kinds.written_dates import WrittenDate
from tuicrm.domain.kinds.written_numbers import WrittenNumber, readings
from tuicrm.domain.schema import Field
from tuicrm.domain.stamps import stamp
from tuicrm.exchange.column_styles import ColumnStyle, decimals_of, fitting_marks, of_serial, serial_day
from tuicrm.i18n import _
from tuicrm.limits import TYPED_NUMBER

_YES = frozenset({"true", "yes", "y", "1", "t", "x", "on", "si", "sì", "s", "vero"})
_NO = frozenset({"false", "no", "n", "0", "f", "off", "falso"})
_MOST_ZEROS = 30


def read_cell(text: str, field: Field, style: ColumnStyle, currency: str = "") -> Any:
    """One cell as a value of a field in its JSON form, None when empty; kinds that need names (list, person, item…) stay text.

    Money without a currency has "" for it; `currency` is what another column says. Raises BadValue with what is expected."""
    text = text.strip()
    if not text:
        return None
    if field.traits.is_number and len(text) > TYPED_NUMBER.most:
        raise BadValue(TYPED_NUMBER.told, text)
    return _READ[field.kind](text, field, style, currency) if field.kind in KINDS else text


def _as_it_is(text: str, _field: Field, _style: ColumnStyle, _currency: str) -> str:
    return text


def _boolean(text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise BadValue(_("yes or no is expected"), text)
    return folded in _YES


# -- days and times ----------------------------------------------------------------------------------------------------
def _date(text: str, style: ColumnStyle) -> date:
    """The day as it is written: no zone moves it."""
    if style.serials and (serial := serial_day(text)):
        return of_serial(serial)[0]
    found = written_dates.take_apart(text, style.today, style.languages)
    if found is None:
        raise BadValue(_expected_date(text), text)
    return _day(found, text, style)


def _day(found: WrittenDate, text: str, style: ColumnStyle) -> date:
    days = sorted(set(found.days.values()))
    if len(days) == 1:
        return days[0]
    order = style.order_of(found.mark)
    if order is None:
        told = _("it could be {one} or {other}, and the column has both orders: {cells}")
        cells = ", ".join(f"“{cell}”" for cell in style.shown)
        raise BadValue(told.format(one=days[0].isoformat(), other=days[1].isoformat(), cells=cells), text)
    return found.days[order]


def _expected_date(text: str) -> str:
    if serial := serial_day(text):
        told = _(
            "a date is expected, such as 2026-12-18; this may be a spreadsheet's number for {day}, "
            "but only a whole column of such numbers can be read that way"
        )
        return told.format(day=of_serial(serial)[0].isoformat())
    return _("a date is expected, such as 2026-12-18")


def _datetime(text: str, style: ColumnStyle) -> str:
    """In UTC. A time without a zone is of the person's own clock, and so is the midnight that a day alone means."""
    if style.serials and (serial := serial_day(text)):
        day, since = of_serial(serial)
        return _stamp(datetime.combine(day, time()) + since, style)
    found = written_dates.take_apart(text, style.today, style.languages)
    if found is None:
        raise BadValue(_expected_moment(), text)
    written = datetime.combine(_day(found, text, style), found.clock or time(), found.offset)
    return _stamp(written, style)


def _stamp(moment: datetime, style: ColumnStyle) -> str:
    try:
        return stamp(moment.replace(tzinfo=moment.tzinfo or style.zone))
    except OverflowError:
        raise BadValue(_expected_moment(), moment.isoformat()) from None


def _expected_moment() -> str:
    return _("a date and time is expected, such as 2026-12-18 09:30")


# -- numbers -----------------------------------------------------------------------------------------------------------
def _plain_number(text: str, field: Field, style: ColumnStyle) -> str:
    number = written_numbers.take_apart(text)
    if number is None or number.before or number.after:
        raise BadValue(_("a number is expected"), text)
    return format(_decimal(number, decimals_of(number, field, "", style.currency), text, style), "f")


def _integer(text: str, field: Field, style: ColumnStyle) -> int:
    number = Decimal(_plain_number(text, field, style))
    if number != number.to_integral_value():
        raise BadValue(_("a whole number is expected"), text)
    return int(number)


def _money(text: str, field: Field, style: ColumnStyle, currency: str) -> dict[str, str]:
    number = written_numbers.take_apart(text)
    beside = currency_beside(number, style.currency) if number else None
    if number is None or beside is None or number.percent:
        raise BadValue(_("an amount is expected, such as 38000.00 EUR"), text)
    most = decimals_of(number, field, currency, style.currency)
    return {"amount": format(_decimal(number, most, text, style), "f"), "currency": beside}


def _decimal(number: WrittenNumber, most: int | None, text: str, style: ColumnStyle) -> Decimal:
    """The number that is meant. Raises BadValue where the column shows that it could be two."""
    found = readings(number)
    if not found or abs(number.exponent) > _MOST_ZEROS:
        raise BadValue(_("a number is expected"), text)
    if len(set(found.values())) == 1:
        digits = next(iter(found.values()))
    elif style.decimal is not None:
        digits = found[style.decimal]
    else:
        fitting = fitting_marks(found, most)
        if len(fitting) != 1 or style.strict:
            cells = ", ".join(f"“{cell}”" for cell in style.shown)
            told = _("it could be {one} or {other}, and the column has both: {cells}")
            raise BadValue(told.format(one=found["."], other=found[","], cells=cells), text)
        digits = found[fitting[0]]
    # Neither rounds, as Decimal's own sign and shift do beyond 28 digits.
    value = Decimal(f"{digits}E{number.exponent}")
    return value.copy_negate() if number.minus and value else value


_READ: ByKind[Callable[[str, Field, ColumnStyle, str], Any]] = ByKind(
    {
        "boolean": lambda text, _field, _style, _currency: _boolean(text),
        "date": lambda text, _field, style, _currency: _date(text, style).isoformat(),
        "datetime": lambda text, _field, style, _currency: _datetime(text, style),
        "integer": lambda text, field, style, _currency: _integer(text, field, style),
        "number": lambda text, field, style, _currency: _plain_number(text, field, style),
        "money": _money,
        # Their names are looked up, or their kinds read them.
        **dict.fromkeys(("list", "dictionary", "person", "item", "stage", "pipeline", "products"), _as_it_is),
        **dict.fromkeys(
            ("booking", "duration", "string", "text", "link", "address", "file", "phone", "email", "web", "messenger"),
            _as_it_is,
        ),
    }
)
"""A filled cell in the JSON form of a kind. Raises BadValue."""
