"""A country is known by whatever people call it."""

from __future__ import annotations

import pytest
from babel.core import Locale

from scripts import country_names
from tuicrm.domain.countries import country_code
from tuicrm.domain.country_names import NAMES
from tuicrm.i18n import LANGUAGES


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("GB", ["GB", "gb", "GBR", "UK", "U.K.", "United Kingdom", "Great Britain", "England", "Regno Unito"]),
        ("US", ["US", "USA", "U.S.A.", "U.S.", "United States", "united states of america", "Stati Uniti", "The United States"]),
        ("DE", ["DE", "DEU", "Germany", "Germania", "Deutschland", "BRD"]),
        ("RU", ["Russia", "Россия", "россия", "Russian Federation", "RUS", "Российская Федерация"]),
        ("NL", ["Netherlands", "The Netherlands", "Holland", "Olanda", "Paesi Bassi", "Nederland"]),
        ("CH", ["Schweiz", "Svizzera", "Suisse", "Switzerland", "CHE"]),
        ("CI", ["Côte d’Ivoire", "Cote d'Ivoire", "Ivory Coast", "Costa d’Avorio"]),
        ("TR", ["Turkey", "Türkiye", "Turkiye", "Turchia"]),
        ("CZ", ["Czech Republic", "Czechia", "Česko", "Repubblica Ceca"]),
        ("KR", ["South Korea", "Korea, Republic of", "대한민국"]),
        ("LC", ["St. Lucia", "Saint Lucia"]),
        ("TT", ["Trinidad & Tobago", "Trinidad and Tobago"]),
        ("GR", ["Ελλάδα", "Greece", "Grecia"]),
        ("JP", ["日本", "Japan"]),
        ("GH", ["Ghana", " ghana "]),
        ("", ["", "  ", "Freedonia", "ZZ", "EU", "12", "\x1b[31m", "()"]),
    ],
)  # fmt: skip
def test_a_country_by_its_names(code: str, names: list[str]) -> None:
    assert {name: country_code(name) for name in names} == dict.fromkeys(names, code)


def test_every_country_is_known_in_every_language_that_ships_by_code_and_by_name() -> None:
    wrong = [
        (name, code)
        for language in LANGUAGES
        for code in NAMES
        for name in (code, str(Locale.parse(language).territories.get(code, code)))
        if country_code(name) != code
    ]
    assert not wrong


def test_the_names_are_those_that_babel_has() -> None:
    """`python -m scripts.country_names` writes them."""
    assert country_names.MODULE.read_text("utf-8") == country_names.module()
