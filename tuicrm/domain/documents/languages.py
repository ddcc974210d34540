"""The document's language, which need not be the maker's: what Babel knows of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.core import Locale

_DEFAULTS = {"en": "en_GB", "it": "it_IT"}
"""A language without a country is written so: as the program's own words are."""


def locale_name(language: str) -> str:
    """`en_GB` for "en": the locale by which a document of that language writes numbers."""
    plain = language.partition(".")[0].replace("-", "_")
    return _DEFAULTS.get(plain, plain)


def code_of(language: str) -> str:
    """The language without its country: "en" for "en_GB"."""
    return locale_name(language).partition("_")[0].lower()


@lru_cache(maxsize=32)
def locale_of(language: str) -> Locale:
    """What Babel knows of a language ("it", "en_US"); English for one that it does not know."""
    # 60 ms to import: nothing but documents asks here.
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(locale_name(language))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse(_DEFAULTS["en"])
