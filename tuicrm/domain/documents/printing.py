"""A value as a document prints it: in the document's language, in the form that the placeholder's modifier asks for.

Modifiers (reference §9): letters of a date for days and moments, `Format=#LAST_NAME# #NAME#` for names and addresses, and for numbers
and amounts `W=Y` (in words), `WZ=Y` (whole ones without zeros), `NO_SIGN=Y` (without currency or unit), several with commas.
"""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.domain.documents.in_words import money_in_words, number_in_words
from tuicrm.domain.documents.languages import locale_of
from tuicrm.domain.documents.php_dates import php_date, unknown_letters
from tuicrm.domain.documents.values import (
    AddressValue,
    DateValue,
    DocValue,
    FlagValue,
    ListValue,
    MomentValue,
    MoneyValue,
    NameValue,
    NumberValue,
    OneValue,
    PictureValue,
    TextValue,
    ValueKind,
)
from tuicrm.domain.money import minor_digits
from tuicrm.i18n import N_, _, in_language

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

_OPTION = re.compile(r"(?:\A|,)\s*([A-Za-z_]+)\s*=")
_PART = re.compile(r"#(/?[A-Z0-9_]+)#")
_HOLES = re.compile(r"[^\S\n]*(?:,[^\S\n]*)+")
_YES = frozenset({"y", "yes", "1", "true"})
_WORDS, _NO_ZEROS, _NO_SIGN, _FORMAT = "W", "WZ", "NO_SIGN", "FORMAT"
_ALSO = {"WORDS": _WORDS, "NS": _NO_SIGN}
_OF_NUMBERS = (_WORDS, _NO_ZEROS, _NO_SIGN)
# What `format` and Babel's own arithmetic round to would be 28 digits.
_WIDE = decimal.Context(prec=100)

NAME_PARTS = ("TITLE", "NAME", "SECOND_NAME", "LAST_NAME", "NAME_SHORT", "SECOND_NAME_SHORT", "LAST_NAME_SHORT")
"""What `Format=` of a name can have between its signs; those called short are an initial."""

ADDRESS_FORMAT = {
    "ADDRESS_1": "line1", "ADDRESS_2": "line2", "POSTAL_CODE": "postcode", "CITY": "city", "REGION": "region",
    "PROVINCE": "province", "COUNTRY": "country",
}  # fmt: skip
"""What `Format=` of an address can have, and the part that it is."""

_NOTHING = ("NOBR", "/NOBR")
"""Signs of the model product that mean nothing in a document."""


def printed(value: DocValue | None, modifier: str, language: str) -> str:
    """The text that stands in the document; "" for no value. Never raises: a modifier that means nothing for it changes nothing."""
    if value is None:
        return ""
    if isinstance(value, ListValue):
        texts = (printed(one, modifier, language) for one in value.values)
        return value.between.join(text for text in texts if text)
    return _PRINT[type(value)](value, modifier, language)


def check_modifier(kind: ValueKind, modifier: str) -> str | None:
    """What is wrong with a modifier for a value of that kind, for people; None where nothing is."""
    return _CHECK[kind](modifier) if modifier else None


# -- options -----------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=256)
def _options(modifier: str) -> Mapping[str, str]:
    """`W=Y,NO_SIGN=Y` by name; a value may hold commas, but not what looks like the next name."""
    found = list(_OPTION.finditer(modifier))
    ends = [one.start() for one in found[1:]] + [len(modifier)] * bool(found)
    pairs = ((one[1].upper(), modifier[one.end() : end].strip()) for one, end in zip(found, ends, strict=True))
    return {_ALSO.get(name, name): value for name, value in pairs}


def _asks(modifier: str, name: str) -> bool:
    return bool(modifier) and _options(modifier).get(name, "").casefold() in _YES


# -- numbers and amounts -----------------------------------------------------------------------------------------------
def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


class _Figures(NamedTuple):
    """How a language writes numbers, or amounts of a currency: what stands before and behind one from 0 on, and one below 0; the sign
    between thousands and the decimal point."""

    around: tuple[str, str]
    below: tuple[str, str]
    group: str
    point: str


@lru_cache(maxsize=64)
def _written(language: str, currency: str) -> _Figures | None:
    """Asked of Babel once, which takes 100 µs a number; None where it does not group by thousands, as in India."""
    pattern = _pattern(language, 0, money=bool(currency))
    if pattern.grouping != (3, 3):
        return None
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = locale_of(language)
    one, less = (_by_babel(Decimal(number), 0, language, currency).partition("1") for number in (1, -1))
    return _Figures((one[0], one[2]), (less[0], less[2]), get_group_symbol(locale), get_decimal_symbol(locale))


def _pattern(language: str, digits: int, *, money: bool) -> NumberPattern:
    locale = locale_of(language)
    pattern: NumberPattern = copy(locale.currency_formats["standard"] if money else locale.decimal_formats[None])
    pattern.frac_prec = (digits, digits)
    return pattern


def _by_babel(number: Decimal, digits: int, language: str, currency: str) -> str:
    pattern = _pattern(language, digits, money=bool(currency))
    with decimal.localcontext(_WIDE):
        return pattern.apply(number, locale_of(language), currency=currency or None, currency_digits=False)


def _figures(number: Decimal, digits: int, language: str, currency: str = "") -> str:
    """`38,000.50`, `€38,000.50`: with so many digits behind the point, at least as many as it has, as the language writes it."""
    known = _written(language, currency)
    if known is None:
        return _by_babel(number, digits, language, currency)
    before, behind = known.below if number < 0 else known.around
    text = f"{number.copy_abs():,.{digits}f}".translate({ord(","): known.group, ord("."): known.point})
    return f"{before}{text}{behind}"


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _money(value: MoneyValue, modifier: str, language: str) -> str:
    amount, currency = value.amount, value.currency
    sign, zeros = not _asks(modifier, _NO_SIGN), not _asks(modifier, _NO_ZEROS)
    if _asks(modifier, _WORDS):
        told = money_in_words(amount, currency, language, sign=sign, zeros=zeros)
        if told is not None:
            return told
    digits = 0 if not zeros and _is_whole(amount) else max(_decimals(amount), minor_digits(currency))
    return _figures(amount, digits, language, currency if sign else "")


def _number(value: NumberValue, modifier: str, language: str) -> str:
    number = value.number
    unit = f" {value.unit}" if value.unit and not _asks(modifier, _NO_SIGN) else ""
    if _asks(modifier, _WORDS):
        told = number_in_words(number, language)
        if told is not None:
            return told + unit
    digits = 0 if _asks(modifier, _NO_ZEROS) and _is_whole(number) else _decimals(number)
    return _figures(number, digits, language) + unit


# -- dates -------------------------------------------------------------------------------------------------------------
def _long_date(when: datetime, language: str) -> str:
    from babel.dates import format_date

    return format_date(when.date(), "long", locale_of(language))


def _date(value: DateValue, modifier: str, language: str) -> str:
    when = datetime.combine(value.day, time())
    return php_date(modifier, when, language) if modifier else _long_date(when, language)


def _moment(value: MomentValue, modifier: str, language: str) -> str:
    if modifier:
        return php_date(modifier, value.when, language)
    day = _long_date(value.when, language)
    return day if value.as_day else f"{day} {value.when:%H:%M}"


# -- names and addresses -----------------------------------------------------------------------------------------------
def _name(value: NameValue, modifier: str, _language: str) -> str:
    parts = {"TITLE": value.title, "NAME": value.first, "SECOND_NAME": value.second, "LAST_NAME": value.last}
    form = _options(modifier).get(_FORMAT)
    if form is None:
        return " ".join(part for part in parts.values() if part)
    short = {f"{name}_SHORT": f"{part[0]}." if part else "" for name, part in parts.items() if name != "TITLE"}
    return _formed(form, {**parts, **short})


def _address(value: AddressValue, modifier: str, language: str) -> str:
    told = {part: text for part, text in value.parts.items() if text}
    if "country" in told:
        told["country"] = _country(told["country"], language)
    form = _options(modifier).get(_FORMAT)
    if form is not None:
        return _formed(form, {name: told.get(part, "") for name, part in ADDRESS_FORMAT.items()})
    town = " ".join(told[part] for part in ("postcode", "city", "province") if part in told)
    pieces = (told.get("line1"), told.get("line2"), town, told.get("region"), told.get("country"))
    return ", ".join(piece for piece in pieces if piece)


def _country(code: str, language: str) -> str:
    """`Italia` for IT; what is no code stands as it is."""
    return str(locale_of(language).territories.get(code.upper(), code)) if len(code) == 2 else code


def _formed(form: str, parts: Mapping[str, str]) -> str:
    """The form with its parts put in; what stood around an empty one is taken away."""
    told = _PART.sub(lambda found: parts.get(found[1], ""), form)
    lines = (_HOLES.sub(", ", line).strip(" ,;") for line in told.split("\n"))
    return "\n".join(" ".join(line.split()) for line in lines if line)


# -- the rest ----------------------------------------------------------------------------------------------------------
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "svg"})


def _picture(value: PictureValue, _modifier: str, _language: str) -> str:
    """The name of a file that is no picture; a picture is put in where a picture stands, not where text does."""
    return "" if value.name.rpartition(".")[2].lower() in _PICTURES else value.name


def _flag(value: FlagValue, _modifier: str, language: str) -> str:
    return in_language(N_("yes") if value.yes else N_("no"), language)


_PRINT: Mapping[type[OneValue], Callable[[Any, str, str], str]] = {
    TextValue: lambda value, _modifier, _language: value.text,
    NumberValue: _number,
    MoneyValue: _money,
    DateValue: _date,
    MomentValue: _moment,
    NameValue: _name,
    AddressValue: _address,
    PictureValue: _picture,
    FlagValue: _flag,
}


# -- what is wrong -----------------------------------------------------------------------------------------------------
def _check_nothing(modifier: str) -> str | None:
    return _("this value is printed in one way only; leave out ~{modifier}").format(modifier=modifier)


def _check_date(form: str) -> str | None:
    unknown = unknown_letters(form)
    if not unknown:
        return None
    told = _("{letters} means nothing in a date; behind a backslash it is printed as it is")
    return told.format(letters=" ".join(unknown))


def _check_numbers(modifier: str) -> str | None:
    told = _options(modifier)
    known = ", ".join(f"{name}=Y" for name in _OF_NUMBERS)
    wrong = [name for name in told if name not in _OF_NUMBERS]
    if not told or wrong:
        word = wrong[0] if wrong else modifier
        return _("{word} does not say how a number is printed; there are: {known}").format(word=word, known=known)
    bad = next((name for name, value in told.items() if value.casefold() not in {*_YES, "n", "no", "0", "false"}), "")
    return _("{name}: Y or N is expected").format(name=bad) if bad else None


def _check_form(parts: tuple[str, ...], modifier: str) -> str | None:
    told = _options(modifier)
    example = f"Format={' '.join(f'#{part}#' for part in parts)}"
    if set(told) != {_FORMAT}:
        return _("a form is expected, such as {example}").format(example=example)
    wrong = [part for part in _PART.findall(told[_FORMAT]) if part not in (*parts, *_NOTHING)]
    if wrong:
        known = ", ".join(f"#{part}#" for part in parts)
        return _("#{part}# is not a part of it; there are: {known}").format(part=wrong[0], known=known)
    return None


_CHECK: Mapping[ValueKind, Callable[[str], str | None]] = {
    "text": _check_nothing,
    "number": _check_numbers,
    "money": _check_numbers,
    "date": _check_date,
    "moment": _check_date,
    "name": partial(_check_form, NAME_PARTS),
    "address": partial(_check_form, tuple(ADDRESS_FORMAT)),
    "picture": _check_nothing,
    "flag": _check_nothing,
}
