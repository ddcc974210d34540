"""Writes the names of countries, as Babel (CLDR) has them, into tuicrm/domain/country_names.py: `python -m scripts.country_names`.

Reading them from Babel takes a second (125 locales), whoever types an address would wait for it.
"""

from __future__ import annotations

from pathlib import Path

from babel.core import Locale, UnknownLocaleError, get_global
from babel.languages import get_official_languages

from tuicrm.i18n import LANGUAGES

MODULE = Path(__file__).parent.parent / "tuicrm" / "domain" / "country_names.py"
_HEAD = '''"""Names of countries by their ISO 3166 code: codes of three letters, names in our languages and in their own.

Written by scripts/country_names.py from Babel; not to be edited: what else people call a country stands in `countries.py`."""
'''
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


def codes() -> list[str]:
    """The codes of all countries and territories."""
    known = map(str, Locale.parse("en").territories)
    return sorted(code for code in known if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY)


def names(code: str) -> list[str]:
    """The names of one, each once, its codes of three letters first."""
    found = _three_letters(code)
    for language in (*LANGUAGES, *get_official_languages(code, de_facto=True, regional=True)):
        try:
            name = Locale.parse(language).territories.get(code)
        except (UnknownLocaleError, ValueError):
            continue
        if name and name not in found:
            found.append(name)
    return found


def _three_letters(code: str) -> list[str]:
    """Present and past ones."""
    aliases = get_global("territory_aliases")
    return [alias for alias, meant in aliases.items() if len(alias) == 3 and alias.isalpha() and meant == [code]]


def module() -> str:
    """The whole module."""
    lines = [f'    "{code}": "{"|".join(names(code))}",' for code in codes()]
    return "\n".join(
        [_HEAD, "NAMES = {", *(line if len(line) < 127 else f"{line}  # fmt: skip" for line in lines), "}", ""]
    )


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")
