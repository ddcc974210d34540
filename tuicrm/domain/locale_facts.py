"""What Babel says of the languages we ship, written down: reading a locale takes 40 ms, too many for one Swiss franc.

`tests/domain/test_locale_facts.py` holds it to Babel; any other locale is asked of Babel itself."""

from __future__ import annotations

MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "it": ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
}
"""Short names of months by language."""

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "it": ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
}
"""Short names of weekdays by language, from Monday on."""

_ITS_CODE = ("CHF", "PLN", "CZK", "SEK")
_CODES = {code: code for code in _ITS_CODE}
SYMBOLS = {
    "en_GB": {**_CODES, "EUR": "€", "GBP": "£", "USD": "US$", "JPY": "JP¥"},
    "en_US": {**_CODES, "EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"},
    "it_IT": {**_CODES, "EUR": "€", "GBP": "£", "USD": "USD", "JPY": "JPY"},
}
"""Signs of the currencies that a new workspace offers, by locale."""
