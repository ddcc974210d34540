"""What is written down of the languages we ship is what Babel says."""

from __future__ import annotations

import pytest
from babel.core import Locale
from babel.numbers import get_currency_symbol

from tuicrm.domain.kinds.numbers import _KNOWN
from tuicrm.domain.locale_facts import DAYS, MONTHS, SYMBOLS
from tuicrm.i18n import LANGUAGES
from tuicrm.services.kernel.builtin_definitions import load_currencies


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_and_days_of_every_language_we_ship(language: str) -> None:
    months, days = (getattr(Locale.parse(language), what)["format"]["abbreviated"] for what in ("months", "days"))
    assert MONTHS[language] == tuple(months[n].rstrip(".").replace("Sept", "Sep") for n in range(1, 13))
    assert DAYS[language] == tuple(days[n].rstrip(".") for n in range(7))


@pytest.mark.parametrize("locale", sorted(SYMBOLS))
def test_signs_of_every_currency_that_a_new_workspace_offers(locale: str) -> None:
    assert SYMBOLS[locale] == {code: get_currency_symbol(code, locale) for code in load_currencies()}


def test_the_same_locales_are_written_down_as_for_numbers() -> None:
    assert set(SYMBOLS) == set(_KNOWN)
