"""Numbers and amounts in words, as contracts and cheques have them: `one thousand and 50/100 euros`, `mille/50 euro`."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from tuicrm.domain.documents.languages import code_of, locale_name, locale_of
from tuicrm.domain.money import minor_digits

_JOINED = {"en": " and {cents}", "it": "/{cents}"}
"""How the smallest units stand behind the words, by language; `/100` is understood in Italian."""

_POINTS = {"it": "virgola"}
"""What stands before decimals where num2words does not say it."""


@lru_cache(maxsize=8)
def _converter(language: str) -> Any:
    """What num2words has for a language; None where it has nothing."""
    # 30 ms, for amounts in words only.
    from num2words import CONVERTER_CLASSES  # type: ignore[import-untyped]

    return CONVERTER_CLASSES.get(locale_name(language)) or CONVERTER_CLASSES.get(code_of(language))


def _words(number: int, language: str) -> str | None:
    """A whole number in words; None where nobody can say it."""
    converter = _converter(language)
    if converter is None:
        return None
    try:
        with localcontext():  # its Arabic leaves the precision of all arithmetic another
            return str(converter.to_cardinal(number)).strip()
    except (NotImplementedError, OverflowError, ArithmeticError, LookupError, TypeError, ValueError):
        return None


def _negative(language: str) -> str:
    """What stands before a number below 0: `minus `."""
    one, less = _words(1, language), _words(-1, language)
    return less.removesuffix(one) if one and less and less.endswith(one) else "-"


def number_in_words(number: Decimal, language: str) -> str | None:
    """`one point five`, `uno virgola cinque`; None where the language is unknown or the number beyond its words."""
    whole, _point, decimals = f"{number.copy_abs():f}".partition(".")
    told = _words(int(whole), language)
    if told is None:
        return None
    if decimals:
        point = _POINTS.get(code_of(language)) or str(getattr(_converter(language), "pointword", ".")).strip()
        digits = [_words(int(digit), language) or digit for digit in decimals]
        told = " ".join([told, point, *digits])
    return _negative(language) + told if number < 0 else told


def money_in_words(
    amount: Decimal, currency: str, language: str, *, sign: bool = True, zeros: bool = True
) -> str | None:
    """`one thousand and 50/100 euros`, `mille/50 euro`: without the currency, or without `00/100`, where `sign` or `zeros` says no.
    None as for numbers."""
    whole, _point, decimals = f"{amount.copy_abs():f}".partition(".")
    told = _words(int(whole), language)
    if told is None:
        return None
    cents = decimals.rstrip("0").ljust(minor_digits(currency), "0")
    if cents and (zeros or int(cents)):
        code = code_of(language)
        part = cents if code == "it" else f"{cents}/1{'0' * len(cents)}"
        told += _JOINED.get(code, " {cents}").format(cents=part)
    if amount < 0:
        told = _negative(language) + told
    return f"{told} {_currency(currency, amount, language)}" if sign else told


def _currency(currency: str, amount: Decimal, language: str) -> str:
    """`euros`, `dollari statunitensi`; the code where nobody knows its name."""
    from babel.numbers import get_currency_name

    with localcontext(prec=100):  # how many there are is asked of numbers of any size
        return str(get_currency_name(currency, abs(amount), locale_of(language)))
