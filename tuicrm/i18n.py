"""Translation of tuicrm's own texts: gettext with English sources. What users typed is never translated."""

from __future__ import annotations

import gettext as _gettext
from functools import lru_cache

from tuicrm.files import data_folder

LANGUAGES = ("en", "it")
_current = "en"


@lru_cache(maxsize=8)
def _catalogue(language: str) -> _gettext.NullTranslations:
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation("tuicrm", str(data_folder() / "locale"), [language], fallback=True)


def set_language(language: str) -> None:
    """Choose the language of this process ("it", "it_IT.UTF-8"); unknown ones mean English."""
    global _current
    code = language.partition(".")[0].partition("_")[0].lower()
    _current = code if code in LANGUAGES else "en"


def language() -> str:
    """The language in use: one of LANGUAGES."""
    return _current


def _(message: str) -> str:
    """Translate now. Named values go in afterwards: `_("{n} of {all}").format(n=1, all=2)`."""
    return _catalogue(_current).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate by number; `{n}` is filled in."""
    return _catalogue(_current).ngettext(one, many, n).format(n=n)


def N_(message: str) -> str:
    """Mark a text for translation where it is defined; `_` translates it where it is shown."""
    return message
