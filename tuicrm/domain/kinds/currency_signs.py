"""Currencies by what people write beside an amount: a code, or a sign, which several currencies may share."""

from __future__ import annotations

from tuicrm.domain.kinds.written_numbers import WrittenNumber
from tuicrm.regex import regex

_DOLLARS = "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD UYU XCD"
# The first is the usual one; "" where there is no usual one, and only the workspace's own currency can be meant.
_SIGNS = {
    "€": "EUR", "euro": "EUR", "$": _DOLLARS, "us$": "USD", "u$s": "USD", "£": "GBP EGP FKP GIP LBP SHP SSP SYP", "¥": "JPY CNY",
    "￥": "JPY CNY", "jp¥": "JPY", "円": "JPY", "cn¥": "CNY", "元": "CNY", "r$": "BRL", "c$": "CAD", "ca$": "CAD", "a$": "AUD",
    "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "mx$": "MXN", "zł": "PLN", "kč": "CZK", "fr.": "CHF",
    "fr": "CHF", "sfr.": "CHF", "sfr": "CHF", "ft": "HUF", "lei": "RON MDL", "leu": "RON MDL", "лв": "BGN", "лв.": "BGN", "₽": "RUB",
    "руб": "RUB BYN", "руб.": "RUB BYN", "р": "RUB BYN", "р.": "RUB BYN", "₴": "UAH", "грн": "UAH", "грн.": "UAH", "₹": "INR",
    "rs": " INR PKR LKR NPR MUR SCR", "rs.": " INR PKR LKR NPR MUR SCR", "₨": " PKR INR LKR NPR MUR SCR", "₺": "TRY", "tl": "TRY",
    "₩": "KRW KPW", "฿": "THB", "₫": "VND", "đ": "VND", "₪": "ILS", "₱": "PHP", "₦": "NGN", "₵": "GHS", "gh₵": "GHS", "₡": "CRC",
    "₲": "PYG", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₮": "MNT", "₭": "LAK", "៛": "KHR", "֏": "AMD", "৳": "BDT", "rm": "MYR",
    "rp": "IDR", "дин": "RSD", "дин.": "RSD", "din": "RSD DZD", "din.": "RSD DZD", "kr": " SEK NOK DKK ISK", "kr.": " SEK NOK DKK ISK",
}  # fmt: skip
# `BR$`, `$CA`, `£GB`: a country beside the sign.
_OF_COUNTRY = regex(r"([a-z]{2})([$£])|([$£])([a-z]{2})")
_CODE = regex(r"[A-Za-z]{3}")

SIGNED = frozenset(code for codes in _SIGNS.values() for code in codes.split())
"""Currencies that a sign stands for: there is no doubt that they are some."""


def currency_beside(number: WrittenNumber, base: str) -> str | None:
    """The currency (ISO 4217, in capitals) that stands beside the digits: "" where nothing stands there, None where that is no
    currency, or may be several. A sign that several share means the `base` currency where that is one of them."""
    words = [word for word in (number.before, number.after) if word]
    if len(words) < 2:
        return _currency(words[0], base) if words else ""
    # `$1,234.50 USD`: the code says which dollar.
    for sign, code in (words, words[::-1]):
        meant = _currency(code, base)
        if sign.casefold() in _SIGNS and _CODE.fullmatch(code) and meant in _SIGNS[sign.casefold()].split():
            return meant
    return None


def currency_named(text: str) -> str:
    """The code of a currency that stands alone, as a code or a sign that only one has; else the text in capitals."""
    codes = _SIGNS.get(text.casefold(), "").split()
    return codes[0] if len(codes) == 1 else text.upper()


def _currency(word: str, base: str) -> str | None:
    shared = _SIGNS.get(word.casefold())
    if shared is not None:
        codes = shared.split(" ")
        return base if base in codes else codes[0] or None
    if found := _OF_COUNTRY.fullmatch(word.casefold()):
        country, sign = (found[1] or found[4]).upper(), found[2] or found[3]
        codes = [code for code in (*_SIGNS[sign].split(), "BRL", "WST", "TOP") if code.startswith(country)]
        return codes[0] if len(codes) == 1 else None
    return word.upper() if _CODE.fullmatch(word) else None
