"""What somebody typed on the command line or in a filter: canonical forms always mean themselves, all else is read as on screen.

`38000.50` and `2026-12-18` are the same to everyone, whatever their locale; `38k`, `1.234,56`, `18/12` and `fri` are read as this
person writes them, and what was understood is told (`Context.heard`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from msgspec.structs import replace

from tuicrm.domain.context import Context
from tuicrm.domain.kinds import kind_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.values import parse_field
from tuicrm.domain.schema import Field
from tuicrm.regex import regex

_Read = TypeVar("_Read")

_AMOUNT = regex(r"[+-]?\d+(\.\d+)?( ?(?P<code>[A-Za-z]{3}))?", re.ASCII)
_DAY = regex(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", re.ASCII)
_LONGEST = 40


def either(
    text: str, read: Callable[[Context], _Read], context: Context, *, is_time: bool = False
) -> tuple[_Read, bool]:
    """What `read` makes of the text in canonical form, else in this person's own; and whether it was the former. `is_time`: it is a
    day or a moment that is wanted.

    Raises BadValue. A canonical form that is refused is not tried again: `1.234` must not become another number for that."""
    try:
        return read(replace(context, canonical=True)), True
    except BadValue:
        if _is_canonical(text, context, is_time=is_time):
            raise
        return read(replace(context, canonical=False)), False


def _is_canonical(text: str, context: Context, *, is_time: bool) -> bool:
    """Whether a text is the same to everyone. `38 EUR` is; `38 mln` and `18 dec` are not, there being no such currencies; `18.12` is a
    number, and no day."""
    word = text.strip()
    if _DAY.fullmatch(word):
        return True
    found = None if is_time else _AMOUNT.fullmatch(word)
    if found is None or not found["code"]:
        return found is not None
    from tuicrm.domain.kinds.money import is_currency

    return is_currency(found["code"].upper(), context)


def parse(text: str, field: Field, context: Context) -> object:
    """What was typed for a field, each of several values by itself; None for nothing. Raises BadValue."""
    if not (field.traits.is_own_hand or field.traits.holds_rows):
        return parse_field(text, field, context)
    return parse_field(text, field, context, _one)


def _one(text: str, field: Field, context: Context) -> Any:
    kind = kind_of(field.kind)
    value, canonical = either(text, lambda known: kind.parse(text, field, known), context, is_time=field.traits.is_time)
    if value is not None and not (
        canonical and _is_canonical(text, context, is_time=field.traits.is_time) and not _doubtful(text, context)
    ):
        hear(text, value, field, context)
    return value


def _doubtful(text: str, context: Context) -> bool:
    """Whether a canonical number would be another one as this person writes them: `1.234` in Italian."""
    from tuicrm.domain.kinds.numbers import number_of, parse_decimal

    amount = text.strip().partition(" ")[0]
    try:
        return parse_decimal(amount, replace(context, canonical=False)) != number_of(amount)
    except BadValue:
        return False


def hear(text: str, value: Any, field: Field, context: Context) -> None:
    """Tell what was understood. An amount that names no currency is told without one: on another item it is another."""
    if context.heard is None or not field.traits.is_own_hand:
        return
    from tuicrm.domain.kinds.numbers import grouped
    from tuicrm.domain.kinds.preview import preview

    people = replace(context, canonical=False)
    told = preview(value, field, people)
    if field.traits.has_currency and not _names_currency(text, people):
        told = grouped(Decimal(value["amount"]), people)
    if told and told != text.strip():
        context.heard(text.strip()[:_LONGEST], told)


def _names_currency(text: str, context: Context) -> bool:
    """Whether an amount would be the same whatever the item's currency is."""
    kind, field = kind_of("money"), Field("", "money", "")
    try:
        one, other = (kind.parse(text, field, replace(context, currency=code)) for code in ("EUR", "USD"))
    except BadValue:
        return False
    return bool(one == other)


# -- numbers and times alone -------------------------------------------------------------------------------------------
def number(text: str, context: Context) -> Decimal:
    """A number. Raises BadValue."""
    return Decimal(str(_one(text, Field("", "number", ""), context) or _nothing(text, "number", context)))


def money(text: str, context: Context) -> tuple[Decimal, str]:
    """An amount and its currency. Raises BadValue."""
    value = _one(text, Field("", "money", ""), context) or _nothing(text, "money", context)
    return Decimal(value["amount"]), value["currency"]


def _nothing(text: str, kind: str, context: Context) -> Any:
    """Raise what a kind says of a text that is no value."""
    return kind_of(kind).parse(text.strip() or "?", Field("", kind, ""), replace(context, canonical=False))


def when(text: str, context: Context) -> str | datetime:
    """A day (`2026-12-18`) or a moment in UTC, whichever was typed. Raises BadValue."""
    from tuicrm.domain.kinds.moments import expected_date, parse_moment

    day = Field("", "date", "")
    try:
        return str(_one(text, day, context) or _nothing(text, "datetime", context))
    except BadValue as bad:
        try:
            moment, _canonical = either(text, lambda known: parse_moment(text, known), context, is_time=True)
        except BadValue as worse:
            # A day that does not exist is told as that.
            raise (worse if bad.message == expected_date(context) else bad) from None
    if not _is_canonical(text, context, is_time=True):
        hear(text, moment.isoformat(), Field("", "datetime", ""), context)
    return moment
